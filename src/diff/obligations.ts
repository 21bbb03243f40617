// Obligations as conditions: which of them a request gets, and for which requests two that are written differently are the same.

import type { Hole, Outcome, Template } from '../ir/ir.ts';
import { timeOf } from '../symbolic/fact-of-text.ts';
import { FALSE, type Formula, TRUE } from '../symbolic/formula.ts';
import { type Grounding, NO_BINDINGS } from '../symbolic/ground.ts';
import { equalNumbers, equalStrings, inRange, inStrings, inTime } from '../symbolic/ground-atom.ts';
import type { Places } from '../symbolic/place.ts';
import { nameOf, type Value } from '../symbolic/value.ts';
import type { Decisions } from './decisions.ts';

/** The obligations of one outcome, written in one way. */
interface Given {
  readonly ground: Grounding;
  readonly effect: string;
  readonly outcome: Outcome;
  /** An accepted request gets them. */
  readonly condition: Formula;
}

/** A writing that two outcomes share only when their obligations are the same for every request. */
export function writingOf(ground: Grounding, outcome: Outcome): string {
  return JSON.stringify(outcome.obligations.map(({ name, value }) => [name, templateText(ground, value)]));
}

function templateText(ground: Grounding, template: Template): unknown[] {
  return template.map((part) => {
    if (typeof part === 'string') return part;
    const cases = ground.cases(part.field, NO_BINDINGS);
    return [part.format, part.scale, part.list, cases.map(({ guard, value }) => [guard, nameOf(value)])];
  });
}

/** Where the obligations of the two versions differ, for requests that both accept and give one effect. */
export interface DifferentObligations {
  /** The old version has one that the new version has not. */
  readonly gone: Formula;
  /** The other way round. */
  readonly come: Formula;
}

export function differentObligations(old: Decisions, next: Decisions): DifferentObligations {
  const [before, after] = [givenBy(old), givenBy(next)];
  return { gone: unmatched(before, after), come: unmatched(after, before) };
}

/** Some obligation of the first is none of the second. */
function unmatched(given: ReadonlyMap<string, Given>, others: ReadonlyMap<string, Given>): Formula {
  const parts: Formula[] = [];
  for (const [key, here] of given) {
    const { formulas } = here.ground.places;
    const matches = [...others].map(([otherKey, there]) =>
      here.effect !== there.effect
        ? FALSE
        : formulas.and(there.condition, key === otherKey ? TRUE : equalOutcomes(here, there)),
    );
    parts.push(formulas.and(here.condition, formulas.any(matches) ^ 1));
  }
  const [first] = given.values();
  return first === undefined ? FALSE : first.ground.places.formulas.any(parts);
}

function givenBy(decisions: Decisions): ReadonlyMap<string, Given> {
  const { ground, ir } = decisions;
  const { formulas } = ground.places;
  const all = ir.combining === 'most_restrictive';
  const table = new Map<string, Given>();
  for (const { outcome, effect, matches, decides, rule } of decisions.deciders) {
    if (outcome.obligations.length === 0) continue;
    const condition = all && rule !== null ? formulas.and(decisions.effect(effect), matches) : decides;
    const key = `${effect} ${writingOf(ground, outcome)}`;
    const before = table.get(key);
    const joined = before === undefined ? condition : formulas.or(before.condition, condition);
    table.set(key, { ground, effect, outcome, condition: joined });
  }
  return table;
}

// What cannot be compared is taken to differ: a request that is found shows whether it does.
function equalOutcomes(a: Given, b: Given): Formula {
  const { formulas } = a.ground.places;
  const others = new Map(b.outcome.obligations.map(({ name, value }) => [name, value]));
  if (others.size !== a.outcome.obligations.length) return FALSE;
  return formulas.all(
    a.outcome.obligations.map(({ name, value }) => {
      const other = others.get(name);
      return other === undefined ? FALSE : equalTemplates(a.ground, value, b.ground, other);
    }),
  );
}

function equalTemplates(a: Grounding, left: Template, b: Grounding, right: Template): Formula {
  if (JSON.stringify(templateText(a, left)) === JSON.stringify(templateText(b, right))) return TRUE;
  const [x, y] = [holeOf(left), holeOf(right)];
  if (x !== null && y !== null) return equalHoles(a, x, b, y);
  if (x !== null) return equalConstant(a, x, right);
  return y !== null ? equalConstant(b, y, left) : FALSE;
}

function holeOf(template: Template): Hole | null {
  const [only] = template;
  return template.length === 1 && only !== undefined && typeof only !== 'string' && !only.list ? only : null;
}

function equalHoles(a: Grounding, x: Hole, b: Grounding, y: Hole): Formula {
  if (x.format !== y.format || x.scale !== y.scale) return FALSE;
  const { places } = a;
  const equal = (left: Value, right: Value): Formula =>
    x.format === 'string' ? equalStrings(places, left, right) : equalNumbers(places, left, right);
  return a.over(x.field, NO_BINDINGS, (left) => b.over(y.field, NO_BINDINGS, (right) => equal(left, right)));
}

function equalConstant(ground: Grounding, hole: Hole, template: Template): Formula {
  if (template.some((part) => typeof part !== 'string')) return FALSE;
  const constant: unknown = JSON.parse(template.join(''));
  const { places } = ground;
  return ground.over(hole.field, NO_BINDINGS, (value) => {
    if (typeof constant === 'boolean') return inRange(places, value, Number(constant), Number(constant));
    if (typeof constant === 'number') {
      const scaled = Math.round(constant * 10 ** hole.scale);
      return inRange(places, value, scaled, scaled);
    }
    return typeof constant === 'string' ? equalText(places, hole, value, constant) : FALSE;
  });
}

function equalText(places: Places, hole: Hole, value: Value, text: string): Formula {
  switch (hole.format) {
    case 'string':
      return inStrings(places, value, [text]);
    case 'timestamp': {
      const time = timeOf('timestamp', text);
      if (time === null) return FALSE;
      const micros = ((time % 1_000_000n) + 1_000_000n) % 1_000_000n;
      const pair = [Number((time - micros) / 1_000_000n), Number(micros)];
      return inTime(places, value, [...pair, ...pair]);
    }
    case 'date':
    case 'duration': {
      const time = timeOf(hole.format, text);
      return time === null ? FALSE : inRange(places, value, Number(time), Number(time));
    }
    default:
      return FALSE;
  }
}
