// The contract fixtures as files: where they are, how a case is read and written.
//
//   contract_fixtures/<set>/<area>/<case>/   policy.policy, its schemas, cases.json; a set is `v1`, which is frozen, or `next`
//   contract_fixtures/bundles/<area>-<case>/   bundle.policyb, disassembly.txt, requests.jsonl, decisions.jsonl: generated from the above

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '../src/diagnostic/diagnostic.ts';
import type { Decision } from '../src/evaluator/evaluator.ts';
import { type Compiled, compilePolicy } from '../src/policy.ts';

export const FIXTURES = 'contract_fixtures';

/** A decision without the hash of the bundle: that belongs to the binary contract, not to the meaning of the language. */
export type ExpectedDecision = Omit<Decision, 'policy'> & {
  readonly policy: { readonly name: string; readonly version: string | null };
};

/** What is judged: data, or text for `evaluateJson` alone, in base64 when it is not UTF-8. */
export type CaseInput =
  | { readonly request: unknown }
  | { readonly text: string | readonly TextPart[] }
  | { readonly base64: string };
/** Part of a long text: itself, or a text and how many times it stands there. */
type TextPart = string | readonly [text: string, times: number];
export type Case = CaseInput & { readonly title: string; readonly decision?: ExpectedDecision };

export interface Fixture {
  /** `<set>/<area>/<case>`, such as `v1/expressions/maps`. */
  readonly name: string;
  readonly folder: string;
  readonly cases: readonly Case[];
}

/** The sets of fixtures that say what the language means: `next`, and each frozen `v1`, `v2`, …. */
function fixtureSets(): string[] {
  return folders(FIXTURES).filter((name) => name === 'next' || /^v\d+$/.test(name));
}

/** Every fixture of every set, in the order of its name. */
export function readFixtures(): Fixture[] {
  return fixtureSets().flatMap(readSet);
}

function readSet(set: string): Fixture[] {
  return folders(join(FIXTURES, set)).flatMap((area) =>
    folders(join(FIXTURES, set, area)).map((name) => {
      const folder = join(FIXTURES, set, area, name);
      return { name: `${set}/${area}/${name}`, folder, cases: readCases(join(folder, 'cases.json')) };
    }),
  );
}

function readCases(file: string): Case[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Case[];
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The folder of the bundle that is made from a fixture. */
export function bundleFolder(fixture: Fixture): string {
  return join(FIXTURES, 'bundles', fixture.name.split('/').slice(1).join('-'));
}

/** Compiles the policy of a fixture; throws with its diagnostics when it has errors. */
export function compileFixture(fixture: Fixture): Compiled {
  const result = compilePolicy(join(fixture.folder, 'policy.policy'), {
    readFile: (path) =>
      existsSync(path)
        ? { ok: true, bytes: readFileSync(path) }
        : { ok: false, reason: 'no such file or directory' },
  });
  if (result.ok) return result.compiled;
  const lines = result.diagnostics.map((one) => {
    const { message, hint } = describe(one);
    const place = `${one.place.file}${one.place.span === null ? '' : ` at ${one.place.span.start}`}`;
    return `${place}: ${one.code} ${message}${hint === null ? '' : ` (${hint})`}`;
  });
  throw new Error(lines.join('\n'));
}

/** The request as the bytes that `evaluateJson` gets. */
export function requestBytes(input: CaseInput): Uint8Array {
  if ('base64' in input) return Buffer.from(input.base64, 'base64');
  return new TextEncoder().encode('text' in input ? textOf(input.text) : JSON.stringify(input.request));
}

function textOf(text: string | readonly TextPart[]): string {
  if (typeof text === 'string') return text;
  return text.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join('');
}

/** What `requests.jsonl` says of a case: its input alone. */
export function inputOf(one: CaseInput): CaseInput {
  if ('base64' in one) return { base64: one.base64 };
  return 'text' in one ? { text: one.text } : { request: one.request };
}

export function withoutHash(decision: Decision): ExpectedDecision {
  const { name, version } = decision.policy;
  return { ...decision, policy: { name, version } };
}
