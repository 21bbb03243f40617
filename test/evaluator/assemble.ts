// A small assembler of bundles for tests: slots from a tree, atoms and calcs by name of the slot, code as a list of steps.

import type {
  Atom,
  Automaton,
  Bundle,
  Calc,
  Fragment,
  Limits,
  Node,
  Quant,
  Rule,
  Slot,
  Switch,
  ValueSet,
} from '../../src/bytecode/bundle.ts';
import { NO_LIMITS } from '../../src/bytecode/bundle.ts';
import type { AtomOp, CalcOp, LangKind, SlotKind, SlotVia } from '../../src/bytecode/opcodes.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluator/evaluator.ts';

export interface Tree {
  kind: SlotKind;
  /** Name by which atoms and calcs mean the slot. */
  as?: string;
  optional?: boolean;
  nullable?: boolean;
  unique?: boolean;
  scale?: number;
  limits?: Partial<Omit<Limits, 'set'>>;
  allowed?: readonly (string | number)[];
  /** Allowed keys of a closed record. */
  closed?: readonly string[];
  union?: { key: string; values: readonly string[] };
  branch?: readonly string[];
  members?: { [key: string]: Tree };
  views?: Tree[];
  element?: Tree;
  value?: Tree;
}

export type StepSpec =
  | { test: number; rule: number }
  | { calc: number }
  | { op: 'ANY' | 'ALL'; quant: number; body: StepSpec[]; until: number; rule: number }
  | { op: 'COUNT' | 'FIRST'; quant: number; body: StepSpec[]; until: number };

export class Assembly {
  readonly slots: Slot[] = [];
  readonly sets: ValueSet[] = [];
  readonly langs: Bundle['langs'][number][] = [];
  readonly atoms: Atom[] = [];
  readonly calcs: Calc[] = [];
  readonly quants: Quant[] = [];
  readonly nodes: Node[] = [];
  readonly switches: Switch[] = [];
  readonly rules: Rule[] = [];
  readonly #names = new Map<string, number>();
  effects = ['allow', 'warn', 'deny'];
  severities = ['low', 'high'];
  combining: Bundle['combining'] = 'most_restrictive';
  shadow: number | null = null;
  defaultRule: Rule = rule(null, { effect: 0, reason: 'NO_RULE_MATCHED' });
  onInvalid: Rule = rule(null, { effect: 2, reason: 'INVALID_REQUEST' });

  constructor(request?: Tree) {
    if (request !== undefined) this.#add(null, 'root', request, null);
  }

  slot(name: string): number {
    const slot = this.#names.get(name);
    if (slot === undefined) throw new Error(`no slot ${name}`);
    return slot;
  }

  #add(parent: number | null, via: SlotVia, tree: Tree, key: string | null): number {
    const index = this.slots.length;
    const set = tree.allowed === undefined ? null : this.set(tree.allowed);
    this.slots.push({
      parent,
      via,
      kind: tree.kind,
      optional: tree.optional ?? false,
      nullable: tree.nullable ?? false,
      closed: tree.closed !== undefined,
      unique: tree.unique ?? false,
      needsId: false,
      scanned: false,
      scale: tree.scale ?? 0,
      key,
      limits: tree.limits === undefined && set === null ? null : { ...NO_LIMITS, ...tree.limits, set },
      set: tree.closed ? this.set(tree.closed) : tree.union ? this.set(tree.union.values) : null,
      branch: tree.branch === undefined ? null : this.set(tree.branch),
      discriminator: tree.union?.key ?? null,
    });
    if (tree.as !== undefined) this.#names.set(tree.as, index);
    const members = Object.entries(tree.members ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, member] of members) this.#add(index, 'member', member, name);
    for (const view of tree.views ?? []) this.#add(index, 'view', view, null);
    if (tree.element !== undefined) this.#add(index, 'element', tree.element, null);
    if (tree.value !== undefined) this.#add(index, 'value', tree.value, null);
    return index;
  }

  bound(list: string, tree: Tree): number {
    return this.#add(this.slot(list), 'bound', tree, null);
  }

  result(tree: Tree): number {
    return this.#add(null, 'calc', tree, null);
  }

  constant(as: string, kind: SlotKind, value: string | readonly number[]): number {
    const index = this.#add(null, 'constant', { kind, as }, typeof value === 'string' ? value : null);
    if (typeof value !== 'string') {
      const limits = { ...NO_LIMITS, min: value[0] ?? 0, max: value[1] ?? 0 };
      this.slots[index] = { ...this.slots[index]!, limits };
    }
    return index;
  }

  set(items: readonly (string | number)[]): number {
    const strings = items.filter((item) => typeof item === 'string').sort();
    const numbers = items.filter((item) => typeof item === 'number').sort((a, b) => a - b);
    this.sets.push(
      strings.length > 0 || items.length === 0
        ? { of: 'string', items: strings }
        : { of: 'number', items: numbers },
    );
    return this.sets.length - 1;
  }

  lang(kind: LangKind, texts: readonly string[], automaton: Automaton | null = null): number {
    this.langs.push({ kind, set: this.set(texts), automaton });
    return this.langs.length - 1;
  }

  atom(
    op: AtomOp,
    slot: string,
    more: { other?: string; index?: number; key?: string; bounds?: number[] } = {},
  ): number {
    this.atoms.push({
      op,
      slot: this.slot(slot),
      other: more.other === undefined ? null : this.slot(more.other),
      index: more.index ?? null,
      key: more.key ?? null,
      bounds: more.bounds ?? [],
    });
    return this.atoms.length - 1;
  }

  calc(op: CalcOp, dst: string, a?: string, b?: string, more: { imm?: number; memo?: boolean } = {}): number {
    this.calcs.push({
      op,
      dst: this.slot(dst),
      a: a === undefined ? null : this.slot(a),
      b: b === undefined ? null : this.slot(b),
      imm: more.imm ?? 0,
      memo: more.memo ?? false,
    });
    return this.calcs.length - 1;
  }

  quant(
    list: string,
    elem: string,
    more: { dst?: string; memo?: boolean; except?: string[] | null } = {},
  ): number {
    this.quants.push({
      list: this.slot(list),
      elem: this.slot(elem),
      dst: more.dst === undefined ? null : this.slot(more.dst),
      memo: more.memo ?? false,
      overValues: more.except !== undefined,
      except: more.except == null ? null : this.set(more.except),
      stop: 0,
    });
    return this.quants.length - 1;
  }

  /** A rule with one line of program: it is hit when the atom holds. */
  when(name: string, atom: number, row: Partial<Rule> = {}): StepSpec {
    this.rules.push(rule(name, row, this.effects));
    return { test: atom, rule: this.rules.length - 1 };
  }

  node(op: Node['op'], a: number, t: number, f = t): number {
    this.nodes.push({ op, a, t, f });
    return this.nodes.length - 1;
  }

  /** Appends the steps one behind the other. */
  steps(specs: readonly StepSpec[]): void {
    for (const spec of specs) this.#step(spec);
  }

  #step(spec: StepSpec): void {
    const at = this.nodes.length;
    if ('calc' in spec) this.node('CALC', spec.calc, at + 1);
    else if ('test' in spec) {
      this.node('TEST', spec.test, at + 1, at + 2);
      this.node('HIT', spec.rule, at + 2);
    } else {
      this.node(spec.op, spec.quant, 0);
      this.steps(spec.body);
      const stop = this.nodes.length + 1;
      this.node('TEST', spec.until, stop, stop + 1);
      this.node('END', 1, 0);
      this.node('END', 2, 0);
      this.quants[spec.quant] = { ...this.quants[spec.quant]!, stop };
      const isTest = spec.op === 'ANY' || spec.op === 'ALL';
      this.nodes[at] = { op: spec.op, a: spec.quant, t: stop + 2, f: stop + (isTest ? 3 : 2) };
      if (isTest) this.node('HIT', spec.rule, stop + 3);
    }
  }

  bundle(): Bundle {
    return {
      name: 'test',
      version: '1.0.0',
      combining: this.combining,
      effects: this.effects,
      severities: this.severities,
      sets: this.sets,
      langs: this.langs,
      slots: this.slots,
      atoms: this.atoms,
      calcs: this.calcs,
      quants: this.quants,
      nodes: this.nodes,
      switches: this.switches,
      rules: [...this.rules, this.defaultRule, this.onInvalid],
      main: 0,
      shadow: this.shadow,
    };
  }

  /** Ends the program and loads it. */
  load(specs: readonly StepSpec[] = []): Evaluator {
    this.steps(specs);
    this.node('END', 0, 0);
    return createEvaluator(this.bundle(), 'sha256:00');
  }
}

export function rule(name: string | null, row: Partial<Rule> = {}, effects: readonly string[] = []): Rule {
  const effect = row.effect ?? 0;
  const reason = row.reason ?? name?.toUpperCase() ?? '';
  const entry = { effect: effects[effect] ?? '', reason, rule: name, severity: null, tags: [] };
  return {
    effect,
    severity: null,
    shadow: false,
    name,
    reason,
    matched: name === null ? null : text(JSON.stringify(entry)),
    message: null,
    obligations: null,
    remediations: [],
    ...row,
  };
}

export function text(constant: string): Fragment {
  return [{ text: constant, hole: null }];
}

/** Names of the rules that match, or the code and the pointer of an invalid request. */
export function verdict(evaluator: Evaluator, request: unknown): string {
  const decision = evaluator.evaluate(request);
  if (decision.invalid !== null) return `${decision.invalid.code} ${decision.invalid.pointer}`;
  return decision.matched.map((entry) => entry.rule).join(' ');
}

export function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
