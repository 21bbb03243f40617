// Tests for a policy: few requests that reach every cell of its decisions and both sides of every boundary, and for every goal that was
// not reached the proof that it cannot be, or why nothing is known.

import type { Ir } from '../ir/ir.ts';
import type { Grounding } from '../symbolic/ground.ts';
import { Space } from '../symbolic/space.ts';
import type { Condition } from './conditions.ts';
import { type Covered, cover } from './cover.ts';
import { type Goal, type Goals, goalsOf, innerGoalsOf, ProbedEdges } from './goals.ts';
import { type Pair, type PairResult, Pairs } from './pairs.ts';
import { Probes } from './probe.ts';
import { Questions } from './questions.ts';
import { type GeneratedRequest, type GenerateReport, type GoalResult, goalText } from './report.ts';
import { type Sample, Samples, type Subject } from './samples.ts';
import { Sensitivity } from './sensitivity.ts';

export interface GenerateOptions {
  /** Time after which goals that are still open become unknown. */
  readonly budgetMs?: number;
}

const DEFAULT_BUDGET_MS = 60_000;

/** The same policy gives the same report, unless the time runs out. */
export function generateRequests(subject: Subject, options: GenerateOptions = {}): GenerateReport {
  const deadline = performance.now() + (options.budgetMs ?? DEFAULT_BUDGET_MS);
  const probed = new ProbedEdges(subject.ir);
  const samples = new Samples(subject, new Probes(probed.innerIr, probed.edges));
  const search = <Found>(ir: Ir, find: (ground: Grounding) => Found): Search<Found> => {
    const made: Pick<Search<Found>, 'goals' | 'sensitivity'>[] = [];
    const ground = ([only]: readonly Grounding[]): void => {
      made.push({ goals: find(only!), sensitivity: new Sensitivity(only!) });
    };
    const space = new Space([{ ir, schemas: subject.schemas }], ground, deadline);
    return { ...made[0]!, questions: new Questions(space, samples, deadline) };
  };
  const base = search(probed.ir, (ground) => goalsOf(ground, probed));
  const hasInner = probed.conditions.some((condition) => probed.innerBoundaries(condition).length > 0);
  const inner = hasInner ? search(probed.innerIr, (ground) => innerGoalsOf(ground, probed)) : null;
  const generation = new Generation(base, inner, probed);
  return { policy: subject.ir.name, version: subject.ir.version, ...generation.run() };
}

/** Goals, and whom to ask about them. */
interface Search<Found> {
  readonly goals: Found;
  readonly sensitivity: Sensitivity;
  readonly questions: Questions;
}

type Missed = Pick<GoalResult, 'reason'> & { readonly status: 'unreachable' | 'unknown' };

/** A goal, the samples that stand for it, and why there are none. */
interface Outcome {
  readonly kind: GoalResult['kind'];
  readonly subject: string;
  readonly samples: readonly Sample[];
  readonly missed: Missed | null;
}

const ALWAYS_HOLDS = 'proved: it holds for every request that the schema allows';
const NEVER_HOLDS = 'proved: it holds for no request that the schema allows';
const DEAD = 'proved: no rule that it is a part of decides any request';
const UNREACHABLE = 'proved: the schema allows no such request';

class Generation {
  readonly #base: Search<Goals>;
  readonly #inner: Search<readonly Goal[]> | null;
  readonly #goals: readonly Goal[];
  readonly #samples: Samples;
  readonly #pairs: Pairs;
  readonly #missed = new Map<Goal, Missed>();
  /** Rules that decide no request. */
  readonly #dead = new Set<number>();
  readonly #unpaired = new Map<Condition, Missed>();

  constructor(base: Search<Goals>, inner: Search<readonly Goal[]> | null, probed: ProbedEdges) {
    this.#base = base;
    this.#inner = inner;
    this.#goals = [...base.goals.goals, ...(inner?.goals ?? [])];
    this.#samples = base.questions.samples;
    this.#pairs = new Pairs(probed, base.questions, base.sensitivity);
  }

  run(): Pick<GenerateReport, 'requests' | 'goals'> {
    this.#sample({ ...this.#base, goals: this.#base.goals.goals });
    if (this.#inner !== null) this.#sample(this.#inner);
    // Pairs are found first: their requests reach other goals as well.
    const pairs = this.#findPairs(new Set());
    // What was not found when it was asked for may have come with something else.
    for (const [goal, { status }] of this.#missed)
      if (status === 'unknown' && this.#samples.all.some(goal.isReachedBy)) this.#missed.delete(goal);
    const open = this.#goals.filter((goal) => !this.#missed.has(goal));
    const reaching = open.map((goal) => this.#samples.all.filter(goal.isReachedBy));
    const covered = cover(reaching, (needed) => this.#again(pairs, new Set(needed)), this.#pairs);
    return reportOf(this.#outcomes(covered), covered.samples);
  }

  /** A sample for each goal that has none yet. */
  #sample({ goals, sensitivity, questions }: Search<readonly Goal[]>): void {
    for (const goal of goals) {
      if (this.#samples.all.some(goal.isReachedBy)) continue;
      const { formula, condition, hint } = goal;
      // Best is a request whose decision depends on the condition.
      if (condition !== null) {
        const asked = [formula, sensitivity.of(condition)];
        if (questions.ask(asked, goal.isReachedBy, hint).kind === 'found') continue;
      }
      const reply = questions.ask([formula], goal.isReachedBy, hint);
      if (reply.kind === 'none') {
        this.#missed.set(goal, { status: 'unreachable', reason: UNREACHABLE });
        if (goal.rule !== null) this.#dead.add(goal.rule);
      }
      if (reply.kind === 'unknown') this.#missed.set(goal, { status: 'unknown', reason: reply.reason });
    }
  }

  #findPairs(needed: Set<Sample>): Map<Condition, Pair> {
    const pairs = new Map<Condition, Pair>();
    for (const condition of this.#base.goals.conditions) {
      const result = this.#unable(condition) ?? this.#pairs.find(condition, needed);
      if ('status' in result) this.#unpaired.set(condition, result);
      else if (result.kind === 'pair') {
        pairs.set(condition, result.pair);
        needed.add(result.pair.holds).add(result.pair.fails);
      } else this.#unpaired.set(condition, missedPair(result));
    }
    return pairs;
  }

  /** Why there can be no pair for a condition, or none was looked for. */
  #unable(condition: Condition): Missed | null {
    for (const goal of this.#goals) {
      if (goal.condition !== condition || (goal.kind !== 'holds' && goal.kind !== 'fails')) continue;
      const missed = this.#missed.get(goal);
      if (missed?.status === 'unreachable')
        return { ...missed, reason: goal.kind === 'holds' ? NEVER_HOLDS : ALWAYS_HOLDS };
      if (missed !== undefined) return missed;
    }
    const isDead = condition.rules.every((rule) => this.#dead.has(rule));
    return isDead ? { status: 'unreachable', reason: DEAD } : null;
  }

  /** Pairs that are as strong, of samples that are needed anyway where there are such. */
  #again(pairs: ReadonlyMap<Condition, Pair>, needed: Set<Sample>): Map<Condition, Pair> {
    const { all } = this.#samples;
    const again = new Map<Condition, Pair>();
    for (const [condition, before] of pairs) {
      const ordered = [...needed, ...all.filter((sample) => !needed.has(sample))];
      const pair = this.#pairs.among(condition, ordered, before.strength) ?? before;
      needed.add(pair.holds).add(pair.fails);
      again.set(condition, pair);
    }
    return again;
  }

  #outcomes({ samples, pairs }: Covered): readonly Outcome[] {
    const goals = this.#goals.map((goal): Outcome => {
      const first = samples.find(goal.isReachedBy);
      return {
        kind: goal.kind,
        subject: goal.subject,
        samples: first === undefined ? [] : [first],
        missed: this.#missed.get(goal) ?? null,
      };
    });
    const conditions = this.#base.goals.conditions.map((condition): Outcome => {
      const pair = pairs.get(condition);
      return {
        kind: 'independence',
        subject: condition.text,
        samples: pair === undefined ? [] : [pair.holds, pair.fails],
        missed: this.#unpaired.get(condition) ?? null,
      };
    });
    return [...goals, ...conditions];
  }
}

function missedPair(result: Exclude<PairResult, { kind: 'pair' }>): Missed {
  if (result.kind === 'unknown') return { status: 'unknown', reason: result.reason };
  const reason = 'proved: whether it holds, with all other conditions as they are, changes no decision';
  return { status: 'unreachable', reason };
}

function reportOf(
  outcomes: readonly Outcome[],
  samples: readonly Sample[],
): Pick<GenerateReport, 'requests' | 'goals'> {
  const covers = new Map<Sample, string[]>(samples.map((sample) => [sample, []]));
  for (const { kind, subject, samples: standing } of outcomes)
    for (const sample of standing) covers.get(sample)!.push(goalText({ kind, subject }));
  // A request is called after the first goal that it stands for; in the order of the goals.
  const order = [...new Set(outcomes.flatMap((outcome) => outcome.samples))];
  const names = new Map(
    order.map((sample, at) => [sample, `generated ${at + 1}: ${covers.get(sample)![0]!}`] as const),
  );
  return {
    requests: order.map((sample): GeneratedRequest => {
      const { effect, rule, reason } = sample.decision;
      return {
        name: names.get(sample)!,
        request: sample.request,
        expect: { effect, rule, reason },
        covers: covers.get(sample)!,
      };
    }),
    goals: outcomes.map(
      ({ kind, subject, samples: standing, missed }): GoalResult => ({
        kind,
        subject,
        status: missed?.status ?? 'reached',
        reason: missed?.reason ?? null,
        requests: standing.map((sample) => names.get(sample)!),
      }),
    ),
  };
}
