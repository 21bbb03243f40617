// The fields and conditions of one IR about one request: every quantifier is spelled out over the modelled items of its list, every field is
// led back to the places that it reads. What comes out speaks of places only, so that two policies with different schemas can be compared.

import type { CalcOp } from '../bytecode/opcodes.ts';
import type { Derived, Edge, Field, FieldId, Ir } from '../ir/ir.ts';
import { unaryOfConstant } from './constant.ts';
import type { Demand } from './demand.ts';
import { FieldReader } from './fields.ts';
import { FALSE, type Formula, TRUE } from './formula.ts';
import { groundAtom, inStrings } from './ground-atom.ts';
import { isExactTime } from './linear-fact.ts';
import { ABSENT, LIST, type PlaceId, type Places } from './place.ts';
import { addSums, type Case, defined, nameOf, type Sum, scaleSum, sumOf, type Value } from './value.ts';

/** The places that bound variables stand for. */
export type Bindings = ReadonlyMap<FieldId, PlaceId>;
export const NO_BINDINGS: Bindings = new Map();

type Calculated = Extract<Derived, { readonly imm: number }>;
type Counting = Extract<Derived, { readonly list: FieldId }>;

export class Grounding {
  readonly ir: Ir;
  readonly places: Places;
  readonly demand: Demand;
  readonly #reader: FieldReader;
  readonly #cases = new Map<string, readonly Case[]>();
  readonly #edges = new Map<string, Formula>();

  constructor(ir: Ir, places: Places, demand: Demand) {
    this.ir = ir;
    this.places = places;
    this.demand = demand;
    this.#reader = new FieldReader(ir);
  }

  /** The condition under an edge. */
  edge(edge: Edge, bindings: Bindings = NO_BINDINGS): Formula {
    const free = this.#reader.freeOfEdge(edge);
    const key = `${edge >> 1} ${free.map((bound) => bindings.get(bound)).join()}`;
    let formula = this.#edges.get(key);
    if (formula === undefined) {
      const cond = this.ir.conds[edge >> 1]!;
      if (cond.op === 'true') formula = TRUE;
      else if (cond.op === 'atom') formula = groundAtom(this, this.ir.atoms[cond.atom]!, bindings);
      else formula = this.places.formulas.all(cond.args.map((arg) => this.edge(arg, bindings)));
      this.#edges.set(key, formula);
    }
    return formula ^ (edge & 1);
  }

  /** What a field is. Guards exclude each other. */
  cases(id: FieldId, bindings: Bindings): readonly Case[] {
    const key = `${id} ${this.#reader
      .freeOfField(id)
      .map((bound) => bindings.get(bound))
      .join()}`;
    let cases = this.#cases.get(key);
    if (cases === undefined) {
      cases = this.#field(this.ir.fields[id]!, bindings).filter(({ guard }) => guard !== FALSE);
      this.#cases.set(key, cases);
    }
    return cases;
  }

  /** Whether a field has a value. */
  present(id: FieldId, bindings: Bindings): Formula {
    return this.over(id, bindings, (value) => this.definedAs(id, value));
  }

  /** Presence of one case of a field. A union is there when its discriminator selects a branch. */
  definedAs(id: FieldId, value: Value): Formula {
    const { formulas } = this.places;
    const { discriminator } = this.ir.fields[id]!;
    const there = defined(this.places, value);
    if (discriminator === null || value.is !== 'place') return there;
    const tag = this.places.child(value.place, { step: 'member', key: discriminator.key });
    return formulas.and(there, this.strings(tag.id, this.#reader.strings(discriminator.values)));
  }

  /** Some case of a field holds and satisfies a test. */
  over(id: FieldId, bindings: Bindings, test: (value: Value) => Formula): Formula {
    const { formulas } = this.places;
    return formulas.any(this.cases(id, bindings).map(({ guard, value }) => formulas.and(guard, test(value))));
  }

  set(id: number): readonly string[] {
    return this.#reader.strings(id);
  }

  strings(place: PlaceId, texts: readonly string[]): Formula {
    return texts.length === 0 ? FALSE : this.places.fact(place, { is: 'strings', texts });
  }

  /** Whether the value at a place is an object with a key, whatever its value. */
  hasKey(object: PlaceId, key: string): Formula {
    const child = this.places.child(object, { step: 'member', key });
    return this.exists(child.id);
  }

  /** Whether the list has an item at an index. */
  hasItem(list: PlaceId, index: number): Formula {
    return this.exists(this.#item(list, index));
  }

  /** Whether there is something at a place, null included. */
  exists(place: PlaceId): Formula {
    return this.places.kind(place, ABSENT) ^ 1;
  }

  #field(field: Field, bindings: Bindings): readonly Case[] {
    const at = (place: PlaceId, guard: Formula = TRUE): Case => ({
      guard,
      value: { is: 'place', place, kind: field.kind, scale: field.scale },
    });
    switch (field.via) {
      case 'root':
        return [at(0)];
      case 'bound':
      case 'element':
      case 'value': {
        const place = bindings.get(field.id);
        return place === undefined ? [] : [at(place)];
      }
      case 'member':
        return this.#under(field, bindings, (place, guard) =>
          at(this.places.child(place, { step: 'member', key: field.key! }).id, guard),
        );
      case 'view':
        return this.#under(field, bindings, (place, guard) =>
          at(place, this.places.formulas.and(guard, this.#branch(field, place))),
        );
      case 'constant': {
        const { constant, kind } = field;
        return constant === null ? [] : [{ guard: TRUE, value: { is: 'constant', constant, kind } }];
      }
      case 'calc':
        return field.derived === null ? [] : this.#derived(field, field.derived, bindings);
    }
  }

  #under(field: Field, bindings: Bindings, child: (place: PlaceId, guard: Formula) => Case): Case[] {
    return this.cases(field.parent!, bindings).flatMap(({ guard, value }) =>
      value.is === 'place' ? [child(value.place, guard)] : [],
    );
  }

  #branch(field: Field, place: PlaceId): Formula {
    if (field.branch === null) return TRUE;
    const key = this.ir.fields[field.parent!]!.discriminator!.key;
    return this.strings(this.places.child(place, { step: 'member', key }).id, this.set(field.branch));
  }

  #derived(field: Field, derived: Derived, bindings: Bindings): readonly Case[] {
    switch (derived.op) {
      case 'HOLDS':
        return [{ guard: TRUE, value: { is: 'truth', formula: this.edge(derived.cond, bindings) } }];
      case 'COUNT':
        return this.#counted(derived, bindings);
      case 'FIRST':
        return this.#first(field, derived, bindings);
      case 'COALESCE':
        return this.#coalesced(derived.args[0]!, derived.args[1]!, bindings);
      case 'AT':
        return this.cases(derived.args[0]!, bindings).flatMap(({ guard, value }) =>
          value.is === 'place' && derived.imm >= 0
            ? [{ guard, value: this.#read(field, this.#item(value.place, derived.imm)) }]
            : [],
        );
      case 'GET':
        return this.#entry(field, derived.args[0]!, derived.args[1]!, bindings);
      default:
        return this.#calculated(field, derived, bindings);
    }
  }

  #read(field: Field, place: PlaceId): Value {
    return { is: 'place', place, kind: field.kind, scale: field.scale };
  }

  #item(list: PlaceId, index: number): PlaceId {
    return this.places.child(list, { step: 'item', index }).id;
  }

  #coalesced(a: FieldId, b: FieldId, bindings: Bindings): readonly Case[] {
    const { formulas } = this.places;
    const first = this.cases(a, bindings).map(({ guard, value }) => ({
      guard: formulas.and(guard, this.definedAs(a, value)),
      value,
    }));
    const absent = this.present(a, bindings) ^ 1;
    const second = this.cases(b, bindings).map(({ guard, value }) => ({
      guard: formulas.and(guard, absent),
      value,
    }));
    return [...first, ...second];
  }

  /** Per modelled item: it is there and the body holds of it. */
  itemsThat(list: PlaceId, elem: FieldId, body: Edge, bindings: Bindings): Formula[] {
    const { formulas } = this.places;
    const { count } = this.demand.items(this.places.places[list]!);
    return Array.from({ length: count }, (_, index) => {
      const place = this.#item(list, index);
      return formulas.and(this.hasItem(list, index), this.edge(body, new Map(bindings).set(elem, place)));
    });
  }

  /**
   * What may be true of the items behind the modelled ones: false when there are none, otherwise anything, but the same for the same
   * question.
   */
  further(list: PlaceId, question: string): Formula {
    const { count, exact } = this.demand.items(this.places.places[list]!);
    if (exact) return FALSE;
    const { formulas } = this.places;
    const longer = this.places.fact(this.places.child(list, { step: 'size' }).id, {
      is: 'number',
      scale: 0,
      lo: count + 1,
      hi: Infinity,
    });
    const name = `behind item ${count} of ${list}: ${question}`;
    return formulas.all([longer, this.places.kind(list, LIST), this.places.link({ is: 'opaque', name })]);
  }

  #counted(derived: Counting, bindings: Bindings): readonly Case[] {
    return this.cases(derived.list, bindings).flatMap(({ guard, value }): Case[] => {
      if (value.is !== 'place') {
        const none: Value = { is: 'constant', constant: { kind: 'number', value: 0 }, kind: 'int' };
        return value.is === 'constant' ? [{ guard, value: none }] : [];
      }
      const hits = this.itemsThat(value.place, derived.elem, derived.body, bindings);
      const isList = this.places.kind(value.place, LIST);
      const counted: Sum = {
        axis: 'number',
        terms: hits.every((hit) => hit === FALSE)
          ? []
          : [{ source: { of: 'count', formulas: hits }, factor: 1n }],
        constant: 0n,
        defined: isList,
      };
      const more = this.further(value.place, `count ${hits.join()}`);
      const unknown: Value = {
        is: 'opaque',
        name: `count ${value.place} ${hits.join()}`,
        defined: isList,
      };
      const { formulas } = this.places;
      const cases: Case[] = [{ guard: formulas.and(guard, more ^ 1), value: { is: 'sum', sum: counted } }];
      return more === FALSE ? cases : [...cases, { guard: formulas.and(guard, more), value: unknown }];
    });
  }

  #first(field: Field, derived: Counting, bindings: Bindings): readonly Case[] {
    const { formulas } = this.places;
    return this.cases(derived.list, bindings).flatMap(({ guard, value }): Case[] => {
      if (value.is !== 'place') return [];
      const hits = this.itemsThat(value.place, derived.elem, derived.body, bindings);
      const cases = hits.map((hit, index) => ({
        guard: formulas.all([guard, hit, ...hits.slice(0, index).map((before) => before ^ 1)]),
        value: this.#read(field, this.#item(value.place, index)),
      }));
      const more = this.further(value.place, `first ${hits.join()}`);
      if (more === FALSE) return cases;
      const name = hits.join();
      const place = this.places.child(value.place, { step: 'further', name }).id;
      const none = hits.map((hit) => hit ^ 1);
      return [...cases, { guard: formulas.all([guard, more, ...none]), value: this.#read(field, place) }];
    });
  }

  /** Calls back with each entry that a key known at run time may name: the members with names, and the one without. */
  entriesAt(
    object: PlaceId,
    key: FieldId,
    bindings: Bindings,
  ): readonly { readonly guard: Formula; readonly place: PlaceId }[] {
    const { formulas } = this.places;
    const named = this.demand.keys(this.places.places[object]!);
    const member = (name: string): PlaceId => this.places.child(object, { step: 'member', key: name }).id;
    return this.cases(key, bindings).flatMap(({ guard, value }) => {
      if (value.is === 'constant')
        return value.constant.kind === 'string' ? [{ guard, place: member(value.constant.value) }] : [];
      if (value.is !== 'place' && value.is !== 'text') return [];
      const change = value.is === 'text' ? value.change : null;
      const other = this.places.child(object, { step: 'entryAt', key: value.place, change }).id;
      const isNamed = inStrings(this.places, value, named);
      return [
        ...named.map((name) => ({
          guard: formulas.and(guard, inStrings(this.places, value, [name])),
          place: member(name),
        })),
        { guard: formulas.all([guard, defined(this.places, value), isNamed ^ 1]), place: other },
      ];
    });
  }

  #entry(field: Field, object: FieldId, key: FieldId, bindings: Bindings): readonly Case[] {
    const { formulas } = this.places;
    return this.cases(object, bindings).flatMap(({ guard, value }) =>
      value.is !== 'place'
        ? []
        : this.entriesAt(value.place, key, bindings).map((entry) => ({
            guard: formulas.and(guard, entry.guard),
            value: this.#read(field, entry.place),
          })),
    );
  }

  #calculated(field: Field, derived: Calculated, bindings: Bindings): readonly Case[] {
    const { formulas } = this.places;
    const [a, b] = derived.args.map((arg) => this.cases(arg, bindings));
    if (b === undefined)
      return a!.flatMap(({ guard, value }) => {
        const result = this.#unary(derived.op, derived.imm, value);
        return result === null ? [] : [{ guard, value: result }];
      });
    return a!.flatMap((left) =>
      b.map((right) => ({
        guard: formulas.and(left.guard, right.guard),
        value: this.#binary(derived.op, left.value, right.value, field),
      })),
    );
  }

  /** Null when there is no result. */
  #unary(op: CalcOp, imm: number, value: Value): Value | null {
    if (value.is === 'constant') return unaryOfConstant(op, imm, value.constant);
    if (value.is === 'text' && value.change !== 'path') {
      // Both change only the case, so the outer one decides, and the length stays.
      if (op === 'LOWER' || op === 'UPPER') return { ...value, change: op === 'LOWER' ? 'lower' : 'upper' };
      if (op === 'SIZE') return { is: 'length', place: value.place };
    }
    if (value.is === 'place') {
      const { place, kind } = value;
      const isText = kind === 'string' || kind === 'localTimestamp';
      if (op === 'LOWER' || op === 'UPPER' || op === 'NORM')
        return { is: 'text', place, change: op === 'NORM' ? 'path' : op === 'LOWER' ? 'lower' : 'upper' };
      if (op === 'SIZE') return isText ? { is: 'length', place } : this.#size(place);
      if (op === 'DATE' || op === 'WEEKDAY' || op === 'MINUTE_OF_DAY') {
        const part = op === 'DATE' ? 'date' : op === 'WEEKDAY' ? 'weekday' : 'minuteOfDay';
        return { is: 'calendar', place, part, offsetMinutes: imm };
      }
    }
    return this.#opaque(`${op} ${imm} ${nameOf(value)}`, [value]);
  }

  #size(place: PlaceId): Value {
    const size = this.places.child(place, { step: 'size' }).id;
    return { is: 'place', place: size, kind: 'int', scale: 0 };
  }

  #binary(op: string, left: Value, right: Value, field: Field): Value {
    const { formulas } = this.places;
    const a = sumOf(this.places, left);
    const b = sumOf(this.places, right);
    const name = `${op} ${nameOf(left)} ${nameOf(right)}`;
    if (a === null || b === null || a.axis === 'double' || b.axis === 'double' || field.kind === 'number')
      return this.#opaque(name, [left, right]);
    const and = (x: Formula, y: Formula): Formula => formulas.and(x, y);
    switch (op) {
      case 'ADD':
        return { is: 'sum', sum: addSums(a, b, 1n, and) };
      case 'SUB':
        return { is: 'sum', sum: addSums(a, b, -1n, and) };
      case 'MUL': {
        const [factor, other] = a.terms.length === 0 ? [a, b] : [b, a];
        if (factor.terms.length > 0) return this.#opaque(name, [left, right]);
        const product = scaleSum(other, factor.constant);
        return { is: 'sum', sum: { ...product, defined: and(a.defined, b.defined) } };
      }
      case 'TIME_ADD':
      case 'TIME_SUB': {
        const sum = addSums(a, scaleSum(b, 1000n), op === 'TIME_ADD' ? 1n : -1n, and);
        return { is: 'sum', sum: { ...sum, defined: and(sum.defined, isExactTime(this.places, sum)) } };
      }
      default:
        return this.#opaque(name, [left, right]);
    }
  }

  #opaque(name: string, operands: readonly Value[]): Value {
    return {
      is: 'opaque',
      name,
      defined: this.places.formulas.all(operands.map((operand) => defined(this.places, operand))),
    };
  }
}
