// The same policy written differently: every rewriting here keeps the meaning, so that no cell may be found.

import type { Draw } from '../../parity/draw.ts';
import {
  atom,
  both,
  type Cond,
  either,
  type Item,
  mapConditions,
  not,
  type Policy,
  type Rule,
} from './policy.ts';

/** Some rewritings, one after another. */
export function rewritePolicy(draw: Draw, policy: Policy): Policy {
  let written = policy;
  for (let i = 1 + draw.int(3); i > 0; i--) written = rewriteOnce(draw, written, i);
  return written;
}

function rewriteOnce(draw: Draw, policy: Policy, round: number): Policy {
  return draw.oneOf<Policy>(
    [5, () => mapConditions(policy, (cond) => (draw.once(2) ? rewriteCondition(draw, cond) : cond))],
    [2, () => reordered(draw, policy)],
    [1, () => inlined(policy)],
    [2, () => onSomeRule(draw, policy, (rule) => [renamed(rule, round)])],
    [2, () => onSomeRule(draw, policy, (rule) => split(rule, round))],
    [
      1,
      () =>
        onSomeRule(draw, policy, (rule) => [rule, { ...withReason(rule), name: `${rule.name}_${round}` }]),
    ],
    [1, () => onSomeRule(draw, policy, (rule) => [neverBefore(rule, round), rule])],
    [1, () => onSomeRule(draw, policy, (rule) => [clausesSwapped(rule)])],
    [1, () => ({ ...policy, items: policy.items.flatMap((item) => ungrouped(item)) })],
    [1, () => onSomeRule(draw, policy, (rule) => [{ ...rule, message: 'Said otherwise.' }])],
  );
}

function rewriteCondition(draw: Draw, cond: Cond): Cond {
  switch (cond.k) {
    case 'and':
      return not(either(...cond.parts.map(not)));
    case 'or':
      return not(both(...cond.parts.map(not)));
    case 'not':
      return draw.once(2) ? not(not(cond)) : cond;
    case 'any':
    case 'all': {
      const other = cond.k === 'any' ? 'all' : 'any';
      if (cond.k === 'any' && draw.once(2)) return { ...cond, k: 'count', op: '>', bound: 0 };
      return not({ ...cond, k: other, body: not(cond.body) });
    }
    case 'count':
      if (cond.op === '<') return { ...cond, op: '<=', bound: cond.bound - 1 };
      return cond.op === '>' ? { ...cond, op: '>=', bound: cond.bound + 1 } : cond;
    case 'atom':
      return rewriteAtom(cond.text);
  }
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' };
const CONTRARY: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=' };

function rewriteAtom(text: string): Cond {
  const compared = /^(\w+) (<|<=|>|>=|==) (\w+|-?\d+(?:\.\d+)?)$/.exec(text);
  if (compared !== null) {
    const [, a, op, b] = compared as unknown as [string, string, string, string];
    return text.length % 2 === 0 ? atom(`${b} ${MIRRORED[op]} ${a}`) : not(atom(`${a} ${CONTRARY[op]} ${b}`));
  }
  const listed = /^(\w+) (in|not in) \[("[^"\\]*"(?:, "[^"\\]*")*)\]$/.exec(text);
  if (listed !== null) {
    const [, subject, word, members] = listed as unknown as [string, string, string, string];
    const texts = [...members.matchAll(/"[^"]*"/g)].map(([member]) => member);
    const one = either(...texts.map((member) => atom(`${subject} == ${member}`)));
    return word === 'in' ? one : not(one);
  }
  const prefixed = /^(\w+) starts_with "([^"\\*]*)"$/.exec(text);
  if (prefixed !== null) return atom(`${prefixed[1]} matches glob "${prefixed[2]}*"`);
  return atom(text);
}

/** Neighbours may change places when it cannot be seen which of them decides. */
function reordered(draw: Draw, policy: Policy): Policy {
  const items = [...policy.items];
  const at = draw.int(Math.max(1, items.length - 1));
  const [a, b] = [items[at], items[at + 1]];
  if (a?.k !== 'rule' || b?.k !== 'rule' || !exchangeable(a, b, policy.combining)) return policy;
  items.splice(at, 2, b, a);
  return { ...policy, items };
}

function exchangeable(a: Rule, b: Rule, combining: Policy['combining']): boolean {
  if (combining === 'most_restrictive' && a.effect !== b.effect) return true;
  const said = (rule: Rule): string => JSON.stringify([rule.effect, rule.reason, rule.severity, rule.args]);
  return a.reason !== null && said(a) === said(b);
}

/** Named conditions put where their names stand. */
function inlined(policy: Policy): Policy {
  const named = policy.items.find((item) => item.k === 'let' && typeof item.value !== 'string');
  if (named?.k !== 'let' || typeof named.value === 'string') return policy;
  const { name, value } = named;
  return mapConditions(policy, (cond) => (cond.k === 'atom' && cond.text === name ? value : cond));
}

function onSomeRule(draw: Draw, policy: Policy, change: (rule: Rule) => readonly Item[]): Policy {
  const rules = policy.items.filter((item) => item.k === 'rule');
  if (rules.length === 0) return policy;
  const chosen = draw.pick(rules);
  return { ...policy, items: policy.items.flatMap((item) => (item === chosen ? change(chosen) : [item])) };
}

function withReason(rule: Rule): Rule {
  return { ...rule, reason: rule.reason ?? rule.name.toUpperCase() };
}

function renamed(rule: Rule, round: number): Rule {
  return { ...withReason(rule), name: `${rule.name}_renamed${round}` };
}

function split(rule: Rule, round: number): readonly Rule[] {
  const [first, ...others] = rule.whens;
  if (first === undefined) return [rule];
  const parts = first.k === 'or' ? first.parts : [both(first, atom('1 == 1')), first];
  return parts.map((part, i) => ({
    ...withReason(rule),
    name: i === 0 ? rule.name : `${rule.name}_${round}_${i}`,
    whens: [part, ...others],
  }));
}

/** A rule that no request can meet: its condition is denied beside it. */
function neverBefore(rule: Rule, round: number): Rule {
  const [first] = rule.whens;
  const contradiction = first === undefined ? [atom('1 == 2')] : [first, not(first)];
  return { ...rule, name: `${rule.name}_never${round}`, whens: contradiction, unlesses: [], args: [] };
}

function clausesSwapped(rule: Rule): Rule {
  return {
    ...rule,
    whens: [],
    unlesses: [not(both(...rule.whens, ...rule.unlesses.map(not), atom('1 == 1')))],
  };
}

/** The rules of a group with its guard among their conditions; not where a table is inside. */
function ungrouped(item: Item): readonly Item[] {
  if (item.k !== 'group' || !item.items.every((inner) => inner.k === 'rule')) return [item];
  return item.items.map((inner) => ({ ...inner, whens: [item.guard, ...inner.whens] }));
}
