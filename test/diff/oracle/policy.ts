// A policy as the generators, edits and rewritings of this folder see it, and its source text.

import { quoted } from '../../parity/draw.ts';

/** Atoms are text; what stands above them is structure that edits and rewritings can take apart. */
export type Cond =
  | { readonly k: 'atom'; readonly text: string }
  | { readonly k: 'and' | 'or'; readonly parts: readonly Cond[] }
  | { readonly k: 'not'; readonly part: Cond }
  | {
      readonly k: 'any' | 'all';
      readonly variable: string;
      readonly list: string;
      readonly body: Cond;
    }
  | {
      readonly k: 'count';
      readonly variable: string;
      readonly list: string;
      readonly body: Cond;
      readonly op: string;
      readonly bound: number;
    };

export interface Outcome {
  readonly effect: string;
  /** `name: value` */
  readonly args: readonly string[];
  readonly reason: string | null;
  readonly severity: string | null;
  readonly message: string | null;
}

export interface Rule extends Outcome {
  readonly k: 'rule';
  readonly name: string;
  readonly whens: readonly Cond[];
  readonly unlesses: readonly Cond[];
}

export interface Row {
  readonly label: string | null;
  readonly cells: readonly string[];
  readonly outcome: Outcome;
}

export type Item =
  | Rule
  | { readonly k: 'group'; readonly name: string; readonly guard: Cond; readonly items: readonly Item[] }
  | {
      readonly k: 'table';
      readonly name: string;
      readonly columns: readonly string[];
      readonly rows: readonly Row[];
    }
  | { readonly k: 'let'; readonly name: string; readonly value: Cond | string }
  | { readonly k: 'def'; readonly name: string; readonly params: string; readonly body: Cond };

export interface Policy {
  /** Declared effects, weakest first. */
  readonly effects: readonly { readonly name: string; readonly params: string }[];
  readonly combining: 'most_restrictive' | 'first_applicable';
  readonly fallback: Outcome;
  readonly invalid: Outcome | null;
  readonly items: readonly Item[];
}

export const atom = (text: string): Cond => ({ k: 'atom', text });
export const not = (part: Cond): Cond => ({ k: 'not', part });
export const both = (...parts: readonly Cond[]): Cond => ({ k: 'and', parts });
export const either = (...parts: readonly Cond[]): Cond => ({ k: 'or', parts });

/** A condition as an operand. */
export function condText(cond: Cond): string {
  switch (cond.k) {
    case 'atom':
      return cond.text;
    case 'and':
    case 'or':
      return `(${cond.parts.map(condText).join(` ${cond.k} `)})`;
    case 'not': {
      const text = condText(cond.part);
      return text.startsWith('(not ') || /^\w+$/.test(text) ? `(not ${text})` : `(not (${text}))`;
    }
    case 'any':
    case 'all':
      return `${cond.k}(${cond.variable} in ${cond.list}: ${condText(cond.body)})`;
    case 'count':
      return `count(${cond.variable} in ${cond.list}: ${condText(cond.body)}) ${cond.op} ${cond.bound}`;
  }
}

function outcomeText({ args, reason, severity, message }: Outcome): { args: string; clauses: string } {
  const clauses = [
    reason === null ? '' : ` reason ${quoted(reason)}`,
    severity === null ? '' : ` severity ${severity}`,
    message === null ? '' : ` message ${quoted(message)}`,
  ];
  return { args: args.length === 0 ? '' : ` with ${args.join(', ')}`, clauses: clauses.join('') };
}

function itemText(item: Item, indent: string): string {
  switch (item.k) {
    case 'rule': {
      const { args, clauses } = outcomeText(item);
      const whens = item.whens.map((cond) => `\n${indent}  when ${condText(cond)}`).join('');
      const unlesses = item.unlesses.map((cond) => `\n${indent}  unless ${condText(cond)}`).join('');
      return `${indent}${item.effect} ${item.name}${args}${clauses}${whens}${unlesses}`;
    }
    case 'group': {
      const items = item.items.map((inner) => itemText(inner, `${indent}  `));
      return `${indent}group ${item.name} when ${condText(item.guard)} {\n${items.join('\n')}\n${indent}}`;
    }
    case 'table': {
      const rows = item.rows.map(({ label, cells, outcome }) => {
        const { args, clauses } = outcomeText(outcome);
        const name = label === null ? '' : `${label}: `;
        return `${indent}  ${name}${cells.join(', ')} -> ${outcome.effect}${args}${clauses}`;
      });
      return `${indent}table ${item.name} (${item.columns.join(', ')}) first {\n${rows.join('\n')}\n${indent}}`;
    }
    case 'let':
      return `${indent}let ${item.name} = ${typeof item.value === 'string' ? item.value : condText(item.value)}`;
    case 'def':
      return `${indent}def ${item.name}(${item.params}) = ${condText(item.body)}`;
  }
}

/** Source text. */
export function policyText(policy: Policy, schema = 's.json'): string {
  const headOf = (word: string, outcome: Outcome): string => {
    const { args, clauses } = outcomeText(outcome);
    return `${word} ${outcome.effect}${args}${clauses}`;
  };
  const lines = [
    'policy p',
    `request from "${schema}"`,
    `effects ${policy.effects.map(({ name, params }) => name + params).join(' < ')}`,
    `combining ${policy.combining}`,
    headOf('default', policy.fallback),
    ...(policy.invalid === null ? [] : [headOf('on invalid', policy.invalid)]),
    ...policy.items.map((item) => itemText(item, '')),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same policy with every condition (also parts of conditions, innermost first) put through a function. */
export function mapConditions(policy: Policy, change: (cond: Cond) => Cond): Policy {
  return { ...policy, items: policy.items.map((item) => mapItem(item, change)) };
}

function mapItem(item: Item, change: (cond: Cond) => Cond): Item {
  const deep = (cond: Cond): Cond => mapCond(cond, change);
  switch (item.k) {
    case 'rule':
      return { ...item, whens: item.whens.map(deep), unlesses: item.unlesses.map(deep) };
    case 'group':
      return { ...item, guard: deep(item.guard), items: item.items.map((inner) => mapItem(inner, change)) };
    case 'let':
      return typeof item.value === 'string' ? item : { ...item, value: deep(item.value) };
    case 'def':
      return { ...item, body: deep(item.body) };
    case 'table':
      return item;
  }
}

function mapCond(cond: Cond, change: (cond: Cond) => Cond): Cond {
  switch (cond.k) {
    case 'atom':
      return change(cond);
    case 'and':
    case 'or':
      return change({ ...cond, parts: cond.parts.map((part) => mapCond(part, change)) });
    case 'not':
      return change({ ...cond, part: mapCond(cond.part, change) });
    default:
      return change({ ...cond, body: mapCond(cond.body, change) });
  }
}
