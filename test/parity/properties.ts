// The properties that hold for every case: what the parity test checks for a minute and `npm run fuzz` for long.

import fc from 'fast-check';
import { decodeBundle } from '../../src/bytecode/codec.ts';
import { ATOMS, CALCS, NODES } from '../../src/bytecode/opcodes.ts';
import type { TypedPolicy } from '../../src/checker/typed.ts';
import { hasErrors } from '../../src/diagnostic/diagnostic.ts';
import { checkPolicy, compilePolicy, type Host } from '../../src/policy.ts';
import { EVALUATORS, type Subject } from '../contract/evaluators.ts';
import { evaluateNaively } from '../spec/naive.ts';
import { choices } from './draw.ts';
import { type Case, makeCase, type Seeds } from './policies.ts';
import { schemaText } from './schema-json.ts';

export const SEEDS: fc.Arbitrary<Seeds> = fc.record({
  schema: choices(160),
  header: choices(60),
  items: fc.array(choices(120), { minLength: 0, maxLength: 7, size: 'max' }),
  requests: fc.array(choices(120), { minLength: 1, maxLength: 12, size: 'max' }),
});

/** What a run has seen. */
export class Tally {
  cases = 0;
  discarded = 0;
  requests = 0;
  invalid = 0;
  defaulted = 0;
  readonly reached = new Set<string>();
  readonly refusals = new Map<string, number>();

  get discardRate(): number {
    return this.cases === 0 ? 0 : this.discarded / this.cases;
  }

  /** Opcodes that no bundle of the run has. */
  get missing(): string[] {
    const all = [ATOMS, CALCS, NODES].flatMap((table) => Object.keys(table));
    return [...new Set(all)].filter((name) => !this.reached.has(name));
  }
}

/** A case as a person reads it. */
export function showCase({ policy, schema, requests }: Case): string {
  const shown = requests.map(({ value, text }) => text ?? inspect(value));
  return `${policy}\ns.json: ${schemaText(schema)}\nrequests:\n${shown.join('\n')}`;
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === 'bigint' || typeof v === 'function' || typeof v === 'symbol' || typeof v === 'undefined')
      return `<${typeof v}>`;
    return typeof v === 'number' && !Number.isFinite(v) ? `<${v}>` : v;
  });
}

/** The evaluators' decisions on one request, and that of the specification; for cases written by hand. */
export function difference(policy: string, schema: string, value: unknown): string | null {
  const compiled = compilePolicy('p.policy', hostOf(policy, schema, ''));
  if (!compiled.ok) return compiled.diagnostics.map(({ code }) => code).join();
  const { bytes, typed } = compiled.compiled;
  const subjects = EVALUATORS.map(({ name, load }) => ({ name, subject: load(bytes) }));
  return disagreement(typed, subjects, { value, text: JSON.stringify(value) }, new Tally());
}

function hostOf(policy: string, schema: string, folder: string): Host {
  const files = new Map([
    [`${folder}p.policy`, policy],
    [`${folder}s.json`, schema],
  ]);
  return {
    readFile: (path) => {
      const text = files.get(path);
      if (text === undefined) return { ok: false, reason: 'no such file' };
      return { ok: true, bytes: new TextEncoder().encode(text) };
    },
  };
}

/** Limits of the bundle, which a policy that checks may still exceed. */
const BUNDLE_LIMITS = /^P306[345]$/;

/** Why a case breaks a property; null when it keeps them all. */
export function broken(seeds: Seeds, tally: Tally): string | null {
  const made = makeCase(seeds);
  tally.cases += 1;
  const host = hostOf(made.policy, schemaText(made.schema), '');
  const checked = checkPolicy('p.policy', host);
  if (checked.typed === null) {
    tally.discarded += 1;
    for (const { code } of checked.diagnostics.filter((d) => hasErrors([d])))
      tally.refusals.set(code, (tally.refusals.get(code) ?? 0) + 1);
    return null;
  }
  const compiled = compilePolicy('p.policy', host);
  if (!compiled.ok) {
    const codes = compiled.diagnostics.filter((d) => hasErrors([d])).map((d) => d.code);
    return codes.every((code) => BUNDLE_LIMITS.test(code))
      ? null
      : `it checks but does not compile: ${codes.join()}`;
  }
  const { bytes, typed } = compiled.compiled;
  // Compiling three times more costs more than everything else.
  const why = (tally.cases % 4 === 0 ? differentBytes(made, bytes) : null) ?? reach(bytes, tally);
  if (why !== null) return why;
  // One loaded evaluator judges all requests: nothing of one may be left for the next.
  const subjects = EVALUATORS.map(({ name, load }) => ({ name, subject: load(bytes) }));
  for (const request of made.requests) {
    const difference = disagreement(typed, subjects, request, tally);
    if (difference !== null) return difference;
  }
  return null;
}

/** The bytes are a function of what the sources say. */
function differentBytes(made: Case, bytes: Uint8Array): string | null {
  const others = [
    ['a second time', hostOf(made.policy, schemaText(made.schema), ''), ''],
    ['in another folder', hostOf(made.policy, schemaText(made.schema), 'other/folder/'), 'other/folder/'],
    [
      'with the keys of the schema in another order',
      hostOf(made.policy, schemaText(made.schema, true), ''),
      '',
    ],
  ] as const;
  for (const [what, host, folder] of others) {
    const again = compilePolicy(`${folder}p.policy`, host);
    if (!again.ok || Buffer.compare(again.compiled.bytes, bytes) !== 0)
      return `other bytes when compiled ${what}`;
  }
  return null;
}

/** The bundle verifies; its operations are counted. */
function reach(bytes: Uint8Array, tally: Tally): string | null {
  const decoded = decodeBundle(bytes);
  if (!decoded.ok) return `the bundle does not verify: ${decoded.message}`;
  const { atoms, calcs, nodes } = decoded.bundle;
  for (const { op } of [...atoms, ...calcs, ...nodes]) tally.reached.add(op);
  return null;
}

/** A smaller case that breaks a property too: fewer requests and items, then shorter and simpler choices. */
export function reduced(seeds: Seeds, attempts = 600): Seeds {
  let best = seeds;
  let left = attempts;
  const adopt = (next: Seeds): boolean => {
    if (left-- <= 0 || explain(next, new Tally()) === null) return false;
    best = next;
    return true;
  };
  for (const request of seeds.requests) if (adopt({ ...best, requests: [request] })) break;
  for (let i = best.items.length - 1; i >= 0; i--)
    adopt({ ...best, items: best.items.filter((_, k) => k !== i) });
  const parts = (): ((list: readonly number[]) => Seeds)[] => [
    ...best.items.map((_, i) => (list: readonly number[]) => ({
      ...best,
      items: best.items.map((old, k) => (k === i ? list : old)),
    })),
    (schema) => ({ ...best, schema }),
    (header) => ({ ...best, header }),
    ...best.requests.map((_, i) => (list: readonly number[]) => ({
      ...best,
      requests: best.requests.map((old, k) => (k === i ? list : old)),
    })),
  ];
  const lists = (): (readonly number[])[] => [...best.items, best.schema, best.header, ...best.requests];
  for (let part = 0; part < lists().length; part++) {
    for (let keep = lists()[part]!.length >> 1; keep > 0; keep >>= 1)
      while (adopt(parts()[part]!(lists()[part]!.slice(0, -keep))) && lists()[part]!.length > keep);
    for (let i = 0; i < lists()[part]!.length; i++)
      if (lists()[part]![i] !== 0) adopt(parts()[part]!(lists()[part]!.with(i, 0)));
  }
  return best;
}

/** As `broken`, with what is thrown as a reason. */
export function explain(seeds: Seeds, tally: Tally): string | null {
  try {
    return broken(seeds, tally);
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

interface Named {
  readonly who: string;
  readonly decision: unknown;
}

function disagreement(
  typed: TypedPolicy,
  subjects: readonly { readonly name: string; readonly subject: Subject }[],
  request: Case['requests'][number],
  tally: Tally,
): string | null {
  tally.requests += 1;
  const expected = { who: 'specification', decision: sorted(evaluateNaively(typed, request.value)) };
  if (expected.decision.includes('"invalid":{')) tally.invalid += 1;
  else if (expected.decision.includes('"rule":null')) tally.defaulted += 1;
  for (const { name, subject } of subjects) {
    const found: Named[] = [];
    const evaluated = subject.evaluate(request.value);
    found.push({ who: `${name} on an object`, decision: evaluated });
    const { effect, reason, rule, severity, obligations } = evaluated;
    const outcome = sorted({ effect, reason, rule, severity, obligations });
    if (sorted(subject.decide(request.value)) !== outcome)
      return `decide of ${name} differs from its evaluate on ${inspect(request.value)}`;
    if (request.text !== null) {
      const json = new TextDecoder().decode(subject.evaluateJson(new TextEncoder().encode(request.text)));
      if (sorted(JSON.parse(json)) !== json) return `${name} writes JSON that is not canonical: ${json}`;
      found.push({ who: `${name} on text`, decision: JSON.parse(json) });
    }
    for (const { who, decision } of found) {
      const got = withoutBundle(decision);
      if (got !== expected.decision)
        return `on ${inspect(request.value)}\n  ${expected.who}: ${expected.decision}\n  ${who}: ${got}`;
    }
  }
  return null;
}

function withoutBundle(decision: unknown): string {
  const { policy, ...rest } = decision as {
    policy: { bundle: string; name: string; version: string | null };
  };
  return sorted({ ...rest, policy: { name: policy.name, version: policy.version } });
}

/** JSON with the keys of every object in order (RFC 8785 for what decisions hold). */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
