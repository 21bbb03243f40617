// Pairs of versions to compare, made from choices that fast-check draws.

import fc from 'fast-check';
import type { Json } from '../../../src/value/json.ts';
import { Draw } from '../../parity/draw.ts';
import { trueLines } from './cells.ts';
import { editPolicy } from './edits.ts';
import { canonical, distinct, NotEnumerable } from './enumerate.ts';
import { evolveWorld } from './evolve.ts';
import { makeHeader, makePolicy } from './generate.ts';
import { type Policy, policyText } from './policy.ts';
import { rewritePolicy } from './rewrites.ts';
import { compileVersion, type Subject } from './subject.ts';
import { makeWorld, requestsOf, schemaOf, type World } from './world.ts';

/**
 * `evolved`: one policy over two releases of a schema; `upgraded`: with an edited copy. `open`: edited copies over a world that can only be
 * sampled.
 */
export const PAIR_KINDS = ['independent', 'edited', 'rewritten', 'evolved', 'upgraded', 'open'] as const;
export type PairKind = (typeof PAIR_KINDS)[number];

export interface Seeds {
  readonly world: readonly number[];
  readonly policy: readonly number[];
  readonly change: readonly number[];
}

export const SEEDS: fc.Arbitrary<Seeds> = fc.record({
  world: fullChoices(60),
  policy: fullChoices(250),
  change: fullChoices(250),
});

// Always as many as asked for: used up choices give the simplest case, of which few are needed.
function fullChoices(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: 999_983 }), { minLength: count, maxLength: count });
}

export interface Side {
  readonly world: World;
  readonly policy: Policy;
}

export interface Pair {
  readonly kind: PairKind;
  readonly old: Side;
  readonly next: Side;
}

/** A pair that compiles, with every request of both worlds (of open ones a sample). */
export interface Built {
  readonly pair: Pair;
  readonly old: Subject;
  readonly next: Subject;
  readonly requests: readonly Json[];
  /** Those of them that are valid under one of the two schemas only. */
  readonly oneSided: ReadonlySet<Json>;
}

const MAX_REQUESTS = 20_000;
const ATTEMPTS = 4;

/** Null when the policies do not compile. `refused` is told why. */
export function makePair(
  kind: PairKind,
  seeds: Seeds,
  refused: (codes: readonly string[]) => void = () => {},
): Built | null {
  const worldDraw = new Draw(seeds.world);
  const limit = worldDraw.pick([60, 150, 400, 1000, kind === 'evolved' || kind === 'upgraded' ? 600 : 2000]);
  const world = makeWorld(worldDraw, limit, kind === 'open');
  const draw = new Draw(seeds.policy);
  const header = makeHeader(draw);
  const first = attempt(refused, () => ({ world, policy: makePolicy(draw, world, header) }));
  if (first === null) return null;
  const change = new Draw(seeds.change);
  const second = attempt(refused, () => {
    const { policy } = first.side;
    switch (kind) {
      case 'independent':
        return { world, policy: makePolicy(change, world, header) };
      case 'rewritten':
        return { world, policy: rewritePolicy(change, policy) };
      case 'evolved':
        return { world: evolveWorld(change, world), policy };
      case 'upgraded':
        return { world: evolveWorld(change, world), policy: editPolicy(change, policy, world, header) };
      default:
        return { world, policy: editPolicy(change, policy, world, header) };
    }
  });
  if (second === null) return null;
  const [old, next] = change.once(3) ? [second, first] : [first, second];
  return build({ kind, old: old.side, next: next.side }, old.subject, next.subject);
}

function attempt(refused: (codes: readonly string[]) => void, make: () => Side) {
  for (let i = 0; i < ATTEMPTS; i++) {
    const side = make();
    const compiled = compile(side);
    if ('evaluator' in compiled) return { side, subject: compiled };
    refused(compiled);
  }
  return null;
}

function compile({ world, policy }: Side): Subject | readonly string[] {
  return compileVersion({ source: policyText(policy), schema: schemaOf(world) });
}

/** As `makePair` ends; for pairs that are given. */
export function buildPair(pair: Pair): Built | null {
  const [old, next] = [compile(pair.old), compile(pair.next)];
  return 'evaluator' in old && 'evaluator' in next ? build(pair, old, next) : null;
}

function build(pair: Pair, old: Subject, next: Subject): Built | null {
  try {
    const requests = requestsOf(pair.old.world, MAX_REQUESTS);
    if (pair.old.world === pair.next.world) return { pair, old, next, requests, oneSided: new Set() };
    const others = requestsOf(pair.next.world, MAX_REQUESTS);
    const [before, after] = [requests, others].map((world) => new Set(world.map(canonical)));
    const all = distinct([...requests, ...others]);
    const shared = (request: Json): boolean => {
      const text = canonical(request);
      return before!.has(text) && after!.has(text);
    };
    return { pair, old, next, requests: all, oneSided: new Set(all.filter((one) => !shared(one))) };
  } catch (error) {
    if (error instanceof NotEnumerable) return null;
    throw error;
  }
}

/** The files of a pair and its true cells, written as a trap file. */
export function showPair({ pair, old, next, requests }: Built): string {
  const same = canonical(old.version.schema) === canonical(next.version.schema);
  const lines = trueLines(old, next, requests);
  const parts = [
    `# ${pair.kind}, ${requests.length} requests`,
    `${same ? 'schema' : 'old schema'}:\n${JSON.stringify(old.version.schema)}`,
    ...(same ? [] : [`new schema:\n${JSON.stringify(next.version.schema)}`]),
    `old:\n${old.version.source.trimEnd()}`,
    `new:\n${next.version.source.trimEnd()}`,
    `cells:\n${lines.length === 0 ? 'none' : lines.join('\n')}`,
  ];
  return parts.join('\n');
}
