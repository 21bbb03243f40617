// Cases that are too long to be written down: limits on both sides, deep chains, explosions.
import { type Case, complete } from './case-file.ts';

function times(n: number, line: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => line(i)).join('\n');
}

function sized(
  title: string,
  max: number,
  code: string,
  source: (n: number, mark: string) => string,
): Case[] {
  return [
    { title: `${title}: ${max}`, source: complete(source(max, '')) },
    { title: `${title}: ${max + 1}`, source: complete(source(max + 1, `//~ ${code}`)) },
  ];
}

const joined = (n: number, item: (i: number) => string, by = ', '): string =>
  Array.from({ length: n }, (_, i) => item(i)).join(by);

export const GENERATED: readonly Case[] = [
  ...sized('effects', 32, 'P3052', (n, mark) =>
    [
      `effects ${joined(n, (i) => `e${i}`, ' < ')} ${mark}`,
      'default e0',
      'allow standard when flag',
      times(n, (i) => `e${i} r${i} when flag`),
    ]
      .join('\n')
      .replace('allow standard when flag\n', 'e0 standard when flag\n'),
  ),
  ...sized(
    'severities',
    32,
    'P3052',
    (n, mark) => `severities ${joined(n, (i) => `s${i}`, ' < ')} ${mark}\ndeny r when flag severity s0`,
  ),
  ...sized(
    'obligations',
    16,
    'P3052',
    (n, mark) => `effects allow < deny(${joined(n, (i) => `o${i}: int = 1`)}) ${mark}\ndeny r when flag`,
  ),
  ...sized(
    'remediations',
    16,
    'P3052',
    (n, mark) => `deny r when flag\n${times(n, (i) => `remediation "${i}" ${i === 16 ? mark : ''}`)}`,
  ),
  ...sized(
    'tags',
    16,
    'P3052',
    (n, mark) => `deny r when flag\ntags [${joined(n, (i) => `"${i}"`)}] ${mark}`,
  ),
  ...sized('reason', 128, 'P3078', (n, mark) => `deny r when flag\nreason "${'R'.repeat(n)}" ${mark}`),
  ...sized(
    'version',
    128,
    'P3052',
    (n, mark) => `policy case version "${'1'.repeat(n)}" ${mark}
request from "standard.schema.json"
effects deny
combining most_restrictive
default deny
deny r when flag`,
  ),
  ...sized(
    'columns',
    32,
    'P3052',
    (n, mark) => `table t (${joined(n, () => 'env')}) first { ${mark}\n${joined(n, () => '_')} -> deny\n}`,
  ),
  ...sized(
    'bytes of a pattern',
    4096,
    'P3052',
    (n, mark) => `deny r when text matches glob "${'a'.repeat(n)}" ${mark}`,
  ),
  ...sized(
    'bytes of a text',
    4096,
    'P3052',
    (n, mark) => `deny r when text contains "${'a'.repeat(n)}" ${mark}`,
  ),
  ...sized(
    'patterns',
    4096,
    'P3052',
    (n, mark) => `deny r when text matches glob [${joined(n, (i) => `"a${i}"`)}] ${mark}`,
  ),
  ...sized(
    'texts',
    4096,
    'P3052',
    (n, mark) => `deny r when text starts_with [${joined(n, (i) => `"a${i}"`)}] ${mark}`,
  ),
  ...sized(
    'nested quantifiers',
    4,
    'P3052',
    (n, mark) => `deny r when ${joined(n, (i) => `any(v${i} in names: `, '')}flag${')'.repeat(n)} ${mark}`,
  ),
];
