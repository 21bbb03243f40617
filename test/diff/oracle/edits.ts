// Random edits of a policy, as people make them: a constant, an operator, the order, an effect, a rule more or less.

import { type Draw, quoted } from '../../parity/draw.ts';
import { type Header, makeRule } from './generate.ts';
import {
  both,
  type Cond,
  either,
  type Item,
  mapConditions,
  not,
  type Outcome,
  type Policy,
  type Rule,
} from './policy.ts';
import { TRICKY, type World } from './world.ts';

const WORDS: readonly (readonly string[])[] = [
  ['<', '<=', '>', '>=', '==', '!='],
  [' in ', ' not in '],
  [' contains ', ' starts_with ', ' ends_with '],
  ['glob ', 'dotted ', 'path '],
  ['lower(', 'upper('],
];
const TOKEN =
  /<=|>=|==|!=|<|>| not in | in | contains | starts_with | ends_with |glob |dotted |path |lower\(|upper\(|(?<![\w.[])-?\d+(?:\.\d+)?(?![\w\]])|"(?:[^"\\]|\\.)*"|\btrue\b|\bfalse\b/g;

/** One to three edits. The result may be wrong, or may mean the same. */
export function editPolicy(draw: Draw, policy: Policy, world: World, header: Header): Policy {
  let edited = policy;
  for (let i = 1 + draw.int(3); i > 0; i--) edited = editOnce(draw, edited, world, header);
  return edited;
}

function editOnce(draw: Draw, policy: Policy, world: World, header: Header): Policy {
  return draw.oneOf<Policy>(
    [8, () => editSomeCondition(draw, policy, (cond) => editCondition(draw, cond))],
    [2, () => ({ ...policy, items: swapped(draw, policy.items) })],
    [1, () => ({ ...policy, items: without(draw, policy.items) })],
    [1, () => ({ ...policy, items: [...policy.items, makeRule(draw, world, header)] })],
    [1, () => ({ ...policy, items: [makeRule(draw, world, header), ...policy.items] })],
    [4, () => ({ ...policy, items: editItem(draw, policy.items, header) })],
    [2, () => ({ ...policy, items: withTwin(draw, policy.items, header) })],
    [1, () => ({ ...policy, fallback: editOutcome(draw, policy.fallback, header) })],
    [1, () => editHeader(draw, policy, header)],
  );
}

function editHeader(draw: Draw, policy: Policy, header: Header): Policy {
  return draw.oneOf<Policy>(
    [
      1,
      () => {
        const flipped = policy.combining === 'first_applicable' ? 'most_restrictive' : 'first_applicable';
        return { ...policy, combining: flipped };
      },
    ],
    [1, () => ({ ...policy, effects: [...policy.effects].reverse() })],
    [
      2,
      () => {
        const effect = draw.pick(header.effects).name;
        return { ...policy, invalid: { effect, args: [], reason: null, severity: null, message: null } };
      },
    ],
  );
}

function editSomeCondition(draw: Draw, policy: Policy, change: (cond: Cond) => Cond): Policy {
  let count = 0;
  mapConditions(policy, (cond) => {
    count += 1;
    return cond;
  });
  if (count === 0) return policy;
  const chosen = draw.int(count);
  let at = -1;
  return mapConditions(policy, (cond) => {
    at += 1;
    return at === chosen ? change(cond) : cond;
  });
}

function editCondition(draw: Draw, cond: Cond): Cond {
  if (draw.once(5)) return not(cond);
  switch (cond.k) {
    case 'atom':
      return { ...cond, text: editText(draw, cond.text) };
    case 'and':
    case 'or':
      if (draw.once(2)) return cond.parts[draw.int(cond.parts.length)]!;
      return cond.k === 'and' ? either(...cond.parts) : both(...cond.parts);
    case 'not':
      return cond.part;
    case 'any':
      return { ...cond, k: 'all' };
    case 'all':
      return { ...cond, k: 'any' };
    case 'count':
      if (draw.once(2)) return { ...cond, bound: Math.max(0, cond.bound + draw.pick([1, -1])) };
      return { ...cond, op: draw.pick(WORDS[0]!) };
  }
}

/** One token of an expression replaced by one of its kind. */
function editText(draw: Draw, text: string): string {
  const tokens = [...text.matchAll(TOKEN)];
  if (tokens.length === 0) return text;
  const token = draw.pick(tokens);
  const old = token[0];
  const words = WORDS.find((group) => group.includes(old));
  let replacement: string;
  if (words !== undefined) replacement = draw.pick(words);
  else if (old.startsWith('"')) replacement = quoted(draw.pick([...TRICKY, 'read', 'write', 'x']));
  else if (old === 'true' || old === 'false') replacement = old === 'true' ? 'false' : 'true';
  else {
    const digits = old.includes('.') ? old.length - old.indexOf('.') - 1 : 0;
    replacement = (Number(old) + draw.pick([1, -1]) / 10 ** digits).toFixed(digits);
  }
  return text.slice(0, token.index) + replacement + text.slice(token.index + old.length);
}

function swapped(draw: Draw, items: readonly Item[]): readonly Item[] {
  if (items.length < 2) return items;
  const at = draw.int(items.length - 1);
  return [...items.slice(0, at), items[at + 1]!, items[at]!, ...items.slice(at + 2)];
}

function without(draw: Draw, items: readonly Item[]): readonly Item[] {
  const chosen = draw.int(items.length);
  return items.filter((_, i) => i !== chosen);
}

/** A rule once more, further down, with other obligations. */
function withTwin(draw: Draw, items: readonly Item[], header: Header): readonly Item[] {
  const rules = items.filter((item) => item.k === 'rule' && !item.name.endsWith('_twin'));
  if (rules.length === 0) return items;
  const rule = draw.pick(rules) as Rule;
  return [...items, { ...rule, name: `${rule.name}_twin`, args: editArgs(draw, rule, header) }];
}

function editItem(draw: Draw, items: readonly Item[], header: Header): readonly Item[] {
  const chosen = items.findIndex((item, i) => i >= draw.int(items.length) && outcomes(item));
  return items.map((item, i) => (i === chosen ? editRuleItem(draw, item, header) : item));
}

function outcomes(item: Item): boolean {
  return item.k === 'rule' || item.k === 'table' || item.k === 'group';
}

function editRuleItem(draw: Draw, item: Item, header: Header): Item {
  if (item.k === 'group') return { ...item, items: editItem(draw, item.items, header) };
  if (item.k === 'table') {
    const chosen = draw.int(item.rows.length);
    if (draw.once(4)) return { ...item, rows: [...item.rows].reverse() };
    const rows = item.rows.map((row, i) => {
      if (i !== chosen) return row;
      if (draw.once(3)) return { ...row, outcome: editOutcome(draw, row.outcome, header) };
      const column = draw.int(row.cells.length);
      return {
        ...row,
        cells: row.cells.map((cell, c) => (c === column ? editText(draw, cell) : cell)),
      };
    });
    return { ...item, rows };
  }
  if (item.k !== 'rule') return item;
  return draw.oneOf<Item>(
    [1, () => ({ ...item, name: `${item.name}_new` })],
    [1, () => ({ ...item, whens: item.unlesses, unlesses: item.whens })],
    [4, () => ({ ...item, ...editOutcome(draw, item, header) })],
  );
}

function editOutcome<T extends Outcome>(draw: Draw, outcome: T, header: Header): T {
  return draw.oneOf<T>(
    [2, () => ({ ...outcome, effect: draw.pick(header.effects).name, args: [] })],
    [2, () => ({ ...outcome, reason: draw.pick(['R_1', 'R_3', null]) })],
    [1, () => ({ ...outcome, severity: draw.pick(['low', 'critical', null]) })],
    [1, () => ({ ...outcome, message: draw.pick(['Other.', null]) })],
    [6, () => ({ ...outcome, args: editArgs(draw, outcome, header) })],
  );
}

function editArgs(draw: Draw, outcome: Outcome, header: Header): readonly string[] {
  if (outcome.args.length > 0 && draw.once(3)) return [];
  if (outcome.args.length > 0) return outcome.args.map((arg) => editText(draw, arg));
  const types = header.effects.find((effect) => effect.name === outcome.effect)?.types ?? {};
  return 'n' in types ? [`n: ${draw.int(3)}`] : [];
}
