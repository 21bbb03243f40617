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

// Each let uses the one below it (`forward`), or the one above. Where the chain is too long is told once.
function chainOfLets(n: number, forward: boolean, mark: (i: number) => string = () => ''): string {
  const lets = times(n, (i) => {
    const used = forward ? i + 1 : i - 1;
    return `let l${i} = ${used < 0 || used >= n ? 'small' : `l${used}`} - 1 ${mark(i)}`;
  });
  return complete(`${lets}\ndeny r when l${forward ? 0 : n - 1} > 5`);
}

function chainOfDefs(n: number, forward: boolean, mark: (i: number) => string = () => ''): string {
  const defs = times(n, (i) => {
    const used = forward ? i + 1 : i - 1;
    return `def f${i}(x: int) = ${used < 0 || used >= n ? 'small > x' : `f${used}(x)`} ${mark(i)}`;
  });
  return complete(`${defs}\ndeny r when f${forward ? 0 : n - 1}(1)`);
}

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
  {
    title: 'calls that multiply',
    source: complete(
      [
        'def f0(x: int) = small > x',
        times(20, (i) => `def f${i + 1}(x: int) = f${i}(x) or f${i}(x)`),
        'deny r when f20(1)',
      ].join('\n'),
    ).replace(/^(def f14.*)$/m, '$1 //~ P3059'),
  },
  {
    title: 'a pattern of too many states',
    source: complete(`deny r when text matches glob [${joined(16, (i) => `"*a${i}b*c${i}d*"`)}] //~ P3063`),
  },
  {
    title: 'four quantifiers over lists without a bound',
    source: complete(
      'request from "lists.schema.json"\ndeny r when any(a in as: any(b in bs: any(c in cs: any(d in ds: a == b and c == d))))',
    ).replace('allow standard when flag', 'allow standard when any(v in as: v == 1) //~ P3064 "`as`"'),
  },
  {
    title: 'three quantifiers over long lists',
    source: complete(
      'request from "lists.schema.json"\ndeny r when any(a in as: any(b in bs: any(e in es: a == b and e == a)))',
    ).replace('allow standard when flag', 'allow standard when any(v in as: v == 1) //~ P3910'),
  },
  {
    title: 'a policy without room in a bundle',
    source: complete(
      `effects allow < deny(text: string = "${'x'.repeat(1_000_000)}", n: int = 0)\n${times(40, (i) => `deny r${i} with n: ${i} when small == ${i}`)}`,
    ).replace('policy case', 'policy case //~ P3065'),
  },
  { title: 'lets in a long chain, used first', source: chainOfLets(255, true) },
  { title: 'lets in a long chain, declared first', source: chainOfLets(255, false) },
  {
    title: 'lets in too long a chain, used first',
    source: chainOfLets(5000, true, (i) => (i === 256 ? '//~ P3052' : '')),
  },
  {
    title: 'lets in too long a chain, declared first',
    source: chainOfLets(5000, false, (i) => (i === 256 ? '//~ P3052' : '')),
  },
  { title: 'defs in a long chain, used first', source: chainOfDefs(200, true) },
  { title: 'defs in a long chain, declared first', source: chainOfDefs(200, false) },
  {
    title: 'defs in too long a chain, used first',
    source: chainOfDefs(600, true, (i) => (i === 512 ? '//~ P3052' : '')),
  },
  {
    title: 'defs in too long a chain, declared first',
    source: chainOfDefs(600, false, (i) => (i === 511 ? '//~ P3052' : '')),
  },
  {
    title: 'a reference without end in a message',
    source: complete(`deny r when flag message "{${'labels['.repeat(100_000)}text" //~ P3061`),
  },
  {
    title: 'a long way in a message',
    source: complete(`deny r when flag message "{actor${'.boss'.repeat(100_000)}}" //~ P3061`),
  },
];
