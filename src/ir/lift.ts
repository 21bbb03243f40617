// Bundle → IR: what a bundle says, in the form that the decision table and the semantic diff read. Slots become fields with the same ids;
// the branch graph becomes conditions again. They are equal in meaning to those that were emitted, not always in writing.

import type { Atom, Bundle, Calc, Fragment, Limits, Node, Slot } from '../bytecode/bundle.ts';
import { IrBuilder } from './builder.ts';
import {
  type Constant,
  type Derived,
  type Edge,
  FALSE,
  type Field,
  type FieldId,
  type FieldLimits,
  type Ir,
  type IrAtom,
  type IrRule,
  type Lang,
  type Outcome,
  type SetId,
  type Template,
  TRUE,
} from './ir.ts';
import { readObligations } from './lift-obligations.ts';

/** Rules × nodes of a bundle up to which it is read back in seconds. */
export const MAX_LIFT_WORK = 100_000_000;

/** "It does not matter": a node from which the question cannot be decided any more. */
const ANY_EDGE: Edge = -1;

/** Lifts a verified bundle. */
export function lift(bundle: Bundle): Ir {
  return new Lifting(bundle).ir();
}

class Lifting {
  readonly #bundle: Bundle;
  readonly #builder = new IrBuilder();
  readonly #sets: SetId[];
  readonly #langs: number[];
  readonly #atoms: Edge[];
  /** Per node: it belongs to the body of a quantifier. */
  readonly #inBody: readonly boolean[];
  readonly #bodies = new Map<number, Edge>();
  readonly #derived = new Map<FieldId, Derived>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    const builder = this.#builder;
    this.#sets = bundle.sets.map((set) =>
      set.of === 'string' ? builder.strings(set.items) : builder.numbers(set.items),
    );
    this.#langs = bundle.langs.map((lang) => {
      const set = bundle.sets[lang.set];
      return builder.lang(lang.kind satisfies Lang['kind'], set?.of === 'string' ? set.items : []);
    });
    this.#atoms = bundle.atoms.map((atom) => builder.atom(this.#atom(atom)));
    for (const calc of bundle.calcs) if (calc.op !== 'SET') this.#derived.set(calc.dst, calculation(calc));
    this.#inBody = bodyNodes(bundle);
    this.#liftCounts();
    this.#liftTruths();
  }

  ir(): Ir {
    const bundle = this.#bundle;
    const effects = this.#effects();
    const rules = bundle.rules.slice(0, -2).map((_rule, index) => this.#rule(index));
    const tables = this.#builder.tables();
    return {
      name: bundle.name,
      version: bundle.version,
      combining: bundle.combining,
      effects,
      severities: bundle.severities,
      ...tables,
      fields: bundle.slots.map((slot, id) => this.#field(slot, id)),
      rules,
      defaultOutcome: this.#outcome(bundle.rules.length - 2),
      onInvalid: this.#outcome(bundle.rules.length - 1),
    };
  }

  /** Goes through the nodes backwards; `leaf` answers for a node itself, or gives null to let its successors answer. */
  #pass(leaf: (node: Node, index: number) => Edge | null): Edge[] {
    const { nodes } = this.#bundle;
    const found: Edge[] = new Array<Edge>(nodes.length).fill(ANY_EDGE);
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i]!;
      found[i] = leaf(node, i) ?? this.#inner(node, i, found);
    }
    return found;
  }

  #inner(node: Node, index: number, found: readonly Edge[]): Edge {
    const [t, f] = [found[node.t]!, found[node.f]!];
    switch (node.op) {
      case 'TEST':
        return this.#choose(this.#atoms[node.a]!, t, f);
      case 'ANY':
      case 'ALL':
        return t === f ? t : this.#choose(this.#quantifier(node.op, node.a, index), t, f);
      case 'SWITCH':
        return this.#switch(node.a, t, found);
      default:
        return t;
    }
  }

  /** `condition ? yes : no`. */
  #choose(condition: Edge, yes: Edge, no: Edge): Edge {
    if (yes === no || no === ANY_EDGE) return yes;
    if (yes === ANY_EDGE) return no;
    const b = this.#builder;
    if (yes === TRUE) return b.or([condition, no]);
    if (yes === FALSE) return b.and([condition ^ 1, no]);
    if (no === TRUE) return b.or([condition ^ 1, yes]);
    if (no === FALSE) return b.and([condition, yes]);
    return b.or([b.and([condition, yes]), b.and([condition ^ 1, no])]);
  }

  #switch(index: number, otherwise: Edge, found: readonly Edge[]): Edge {
    const { slot, arms } = this.#bundle.switches[index]!;
    const keys = new Map<Edge, string[]>();
    for (const arm of arms) {
      const edge = found[arm.node]!;
      keys.set(edge, [...(keys.get(edge) ?? []), arm.key]);
    }
    let result = otherwise;
    for (const [edge, texts] of keys) {
      if (edge === otherwise) continue;
      const test = this.#builder.atom({ op: 'IN_STRINGS', field: slot, set: this.#builder.strings(texts) });
      result = this.#choose(test, edge, result);
    }
    return result;
  }

  #quantifier(op: 'ANY' | 'ALL', index: number, node: number): Edge {
    const quant = this.#bundle.quants[index]!;
    const except = quant.except === null ? null : this.#sets[quant.except]!;
    // While the truth of bodies is being found, a body lies behind its quantifier and is known already.
    const body = this.#bodyOf(node);
    return this.#builder.atom({
      op,
      list: quant.list,
      elem: quant.elem,
      overValues: quant.overValues,
      except,
      body,
    });
  }

  // The body of the quantifier at a node, found once by a pass over its own nodes.
  #bodyOf(node: number): Edge {
    let body = this.#bodies.get(node);
    if (body === undefined) {
      body = this.#bodyEdge(node);
      this.#bodies.set(node, body);
    }
    return body;
  }

  #bodyEdge(node: number): Edge {
    const { nodes, quants } = this.#bundle;
    const { stop } = quants[nodes[node]!.a]!;
    const found: Edge[] = [];
    found[stop] = TRUE;
    found[stop + 1] = FALSE;
    for (let i = stop - 1; i > node; i--) found[i] = this.#inner(nodes[i]!, i, found);
    return found[node + 1]!;
  }

  #liftCounts(): void {
    const { nodes, quants } = this.#bundle;
    nodes.forEach((node, i) => {
      if (node.op !== 'COUNT' && node.op !== 'FIRST') return;
      const { list, elem, dst } = quants[node.a]!;
      if (dst !== null) this.#derived.set(dst, { op: node.op, list, elem, body: this.#bodyOf(i) });
    });
  }

  // A truth that is kept as a value is set to 1 on some ways and to 0 on the others.
  #liftTruths(): void {
    const { calcs, nodes } = this.#bundle;
    const kept = new Set(calcs.filter((calc) => calc.op === 'SET').map((calc) => calc.dst));
    for (const dst of kept) {
      const found = this.#pass((node) => {
        if (node.op === 'END' || node.op === 'HIT') return ANY_EDGE;
        const calc = node.op === 'CALC' ? calcs[node.a]! : null;
        return calc?.op === 'SET' && calc.dst === dst ? (calc.imm === 1 ? TRUE : FALSE) : null;
      });
      const first = nodes.findIndex((_node, i) => found[i] !== ANY_EDGE);
      this.#derived.set(dst, { op: 'HOLDS', cond: first < 0 ? FALSE : found[first]! });
    }
  }

  #rule(index: number): IrRule {
    const rule = this.#bundle.rules[index]!;
    const ordered = this.#bundle.combining === 'first_applicable' && !rule.shadow;
    const start = rule.shadow ? (this.#bundle.shadow ?? 0) : this.#bundle.main;
    const found = this.#pass((node, i) => {
      if (node.op === 'END' || this.#inBody[i]) return FALSE;
      if (node.op !== 'HIT') return null;
      if (node.a === index) return TRUE;
      // Behind an earlier rule of a chain this one is not asked: its own condition does not say so.
      return ordered ? (node.a < index ? ANY_EDGE : FALSE) : null;
    });
    const cond = found[start]!;
    const tags = rule.matched === null ? [] : (JSON.parse(constantText(rule.matched)).tags as string[]);
    return {
      ...this.#outcome(index),
      name: rule.name ?? '',
      cond: cond === ANY_EDGE ? FALSE : cond,
      tags,
      shadow: rule.shadow,
    };
  }

  #outcome(index: number): Outcome {
    const { effect, severity, reason, message, remediations, obligations } = this.#bundle.rules[index]!;
    return {
      effect,
      severity,
      reason,
      message: message === null ? null : template(message),
      remediations,
      obligations: obligations === null ? [] : readObligations(template(obligations)),
    };
  }

  // A bundle names the obligations of an effect only where an outcome has them.
  #effects(): Ir['effects'] {
    return this.#bundle.effects.map((name, effect) => {
      const user = this.#bundle.rules.find((rule) => rule.effect === effect && rule.obligations !== null);
      const obligations = user?.obligations == null ? [] : readObligations(template(user.obligations));
      return { name, obligations: obligations.map((obligation) => obligation.name) };
    });
  }

  #atom(atom: Atom): IrAtom {
    const field = atom.slot;
    switch (atom.op) {
      case 'PRESENT':
      case 'UNIQUE':
        return { op: atom.op, field };
      case 'KIND_IS':
        return { op: atom.op, field, mask: atom.index ?? 0 };
      case 'HAS_KEY':
        return { op: atom.op, field, key: atom.key ?? '' };
      case 'IN_STRINGS':
      case 'IN_NUMBERS':
      case 'KEYS_IN':
        return { op: atom.op, field, set: this.#sets[atom.index ?? 0]! };
      case 'RANGE':
      case 'RANGE_TIME':
        return { op: atom.op, field, bounds: atom.bounds };
      case 'MATCH':
        return { op: atom.op, field, lang: this.#langs[atom.index ?? 0]! };
      default:
        return { op: atom.op, field, other: atom.other ?? 0 };
    }
  }

  #field(slot: Slot, id: FieldId): Field {
    const constant = slot.via === 'constant' ? constantOf(slot) : null;
    return {
      id,
      parent: slot.parent,
      via: slot.via,
      kind: slot.kind,
      scale: slot.scale,
      key: slot.via === 'member' ? slot.key : null,
      optional: slot.optional,
      nullable: slot.nullable,
      unique: slot.unique,
      closed: slot.closed && slot.set !== null ? this.#sets[slot.set]! : null,
      limits: slot.limits === null || constant !== null ? null : this.#limits(slot.limits),
      discriminator:
        slot.discriminator === null || slot.set === null
          ? null
          : { key: slot.discriminator, values: this.#sets[slot.set]! },
      branch: slot.branch === null ? null : this.#sets[slot.branch]!,
      derived: this.#derived.get(id) ?? null,
      constant,
    };
  }

  #limits(limits: Limits): FieldLimits {
    return { ...limits, set: limits.set === null ? null : this.#sets[limits.set]! };
  }
}

function bodyNodes({ nodes, quants }: Bundle): boolean[] {
  const inBody = new Array<boolean>(nodes.length).fill(false);
  nodes.forEach((node, i) => {
    if (node.op !== 'ANY' && node.op !== 'ALL' && node.op !== 'COUNT' && node.op !== 'FIRST') return;
    inBody.fill(true, i + 1, quants[node.a]!.stop + 2);
  });
  return inBody;
}

function calculation(calc: Calc): Derived {
  const args = [calc.a, calc.b].filter((slot): slot is number => slot !== null);
  if (calc.op === 'SET') throw new Error('SET is the truth of a condition');
  return { op: calc.op, args, imm: calc.imm };
}

function constantOf(slot: Slot): Constant {
  switch (slot.kind) {
    case 'string':
      return { kind: 'string', value: slot.key ?? '' };
    case 'timestamp':
      return { kind: 'timestamp', seconds: slot.limits?.min ?? 0, micros: slot.limits?.max ?? 0 };
    case 'list':
      return { kind: 'emptyList' };
    default:
      return { kind: 'number', value: slot.limits?.min ?? 0 };
  }
}

function template(fragment: Fragment): Template {
  return fragment.flatMap(({ text, hole }) => [
    ...(text === '' ? [] : [text]),
    ...(hole === null ? [] : [{ field: hole.slot, format: hole.format, scale: hole.scale, list: hole.list }]),
  ]);
}

function constantText(fragment: Fragment): string {
  return fragment.map((piece) => piece.text).join('');
}
