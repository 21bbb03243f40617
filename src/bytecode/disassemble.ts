// A bundle as text, for people: what it reads, what it runs, what it says. Leaf module.

import type { Atom, Bundle, Calc, Fragment, Limits, Node, Quant, Rule, Slot } from './bundle.ts';
import { NODES } from './opcodes.ts';

/** A readable, stable listing of a bundle. */
export function disassemble(bundle: Bundle): string {
  return new Listing(bundle).text();
}

const MAX_ITEMS = 16;

class Listing {
  readonly #bundle: Bundle;
  readonly #lines: string[] = [];

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  text(): string {
    const { name, version, combining, effects, severities } = this.#bundle;
    this.#lines.push(`policy ${name}${version === null ? '' : ` version ${quote(version)}`}`);
    this.#lines.push(`combining ${combining}`, `effects ${effects.join(' < ')}`);
    if (severities.length > 0) this.#lines.push(`severities ${severities.join(' < ')}`);
    this.#slots();
    this.#languages();
    this.#code();
    this.#rules();
    return `${this.#lines.join('\n')}\n`;
  }

  #slots(): void {
    const { slots } = this.#bundle;
    const width = String(slots.length - 1).length;
    this.#lines.push('', 'slots');
    slots.forEach((slot, i) => {
      const words = [slot.via, kindOf(slot)];
      for (const flag of ['optional', 'nullable', 'closed', 'unique', 'needsId', 'scanned'] as const) {
        if (slot[flag]) words.push(flag);
      }
      if (slot.limits !== null && slot.via !== 'constant') words.push(...this.#limits(slot.limits));
      if (slot.set !== null) words.push(`keys ${this.#set(slot.set)}`);
      if (slot.branch !== null) words.push(`branch ${this.#set(slot.branch)}`);
      if (slot.discriminator !== null) words.push(`discriminator ${quote(slot.discriminator)}`);
      this.#lines.push(`  s${String(i).padEnd(width)}  ${this.#name(i)}  ${words.join(' ')}`);
    });
  }

  #limits(limits: Limits): string[] {
    const words: string[] = [];
    if (limits.min !== -Infinity) words.push(`min ${limits.min}`);
    if (limits.max !== Infinity) words.push(`max ${limits.max}`);
    if (limits.minLength !== null) words.push(`minLength ${limits.minLength}`);
    if (limits.maxLength !== null) words.push(`maxLength ${limits.maxLength}`);
    if (limits.set !== null) words.push(`in ${this.#set(limits.set)}`);
    return words;
  }

  /** The path that a slot reads, or what else it holds. */
  #name(index: number): string {
    const steps: string[] = [];
    for (let i: number | null = index; i !== null; ) {
      const slot: Slot = this.#bundle.slots[i]!;
      if (slot.via === 'bound') {
        steps.push(`$${i}`);
        break;
      }
      steps.push(this.#step(slot, i));
      i = slot.parent;
    }
    return steps.reverse().join('').replace(/^\./, '') || 'request';
  }

  #step(slot: Slot, i: number): string {
    switch (slot.via) {
      case 'root':
        return '';
      case 'member':
        return /^[A-Za-z_][A-Za-z0-9_]*$/.test(slot.key!) ? `.${slot.key}` : `[${quote(slot.key!)}]`;
      case 'element':
        return '[*]';
      case 'value':
        return '{*}';
      case 'view':
        return `<${slot.kind}>`;
      case 'constant':
        return constantText(slot);
      default:
        return `%${i}`;
    }
  }

  #slot(index: number | null): string {
    return index === null ? '-' : this.#name(index);
  }

  #set(index: number): string {
    const { items } = this.#bundle.sets[index]!;
    const shown = items
      .slice(0, MAX_ITEMS)
      .map((item) => (typeof item === 'string' ? quote(item) : String(item)));
    if (items.length > MAX_ITEMS) shown.push(`… ${items.length - MAX_ITEMS} more`);
    return `{${shown.join(', ')}}`;
  }

  #languages(): void {
    const { langs } = this.#bundle;
    if (langs.length === 0) return;
    this.#lines.push('', 'languages');
    langs.forEach(({ kind, set, automaton }, i) => {
      const size =
        automaton === null ? '' : ` ${automaton.accept.length} states, ${automaton.classes} classes`;
      this.#lines.push(`  l${i}  ${kind} ${this.#set(set)}${size}`);
    });
  }

  #code(): void {
    const { nodes, quants, main, shadow } = this.#bundle;
    const width = String(nodes.length - 1).length;
    const stops: number[] = [];
    nodes.forEach((node, i) => {
      if (i === main) this.#lines.push('', 'main');
      if (i === shadow) this.#lines.push('', 'shadow');
      const indent = '  '.repeat(stops.length + 1);
      const text = [node.op, this.#operand(node), this.#next(node)].filter((part) => part !== '').join(' ');
      this.#lines.push(`${indent}${String(i).padStart(width)}  ${text}`);
      if (NODES[node.op].a === 'quant') stops.push(quants[node.a]!.stop);
      else if (node.op === 'END' && node.a === 2) stops.pop();
      if (node.op === 'SWITCH') this.#arms(node, `${indent}${' '.repeat(width)}  `);
    });
  }

  #arms(node: Node, indent: string): void {
    for (const arm of this.#bundle.switches[node.a]!.arms)
      this.#lines.push(`${indent}${quote(arm.key)} -> ${arm.node}`);
  }

  #next(node: Node): string {
    if (node.op === 'END') return '';
    if (node.op === 'SWITCH') return `else -> ${node.t}`;
    return node.t === node.f ? `-> ${node.t}` : `? ${node.t} : ${node.f}`;
  }

  #operand(node: Node): string {
    const { atoms, calcs, quants, rules, effects, switches } = this.#bundle;
    switch (NODES[node.op].a) {
      case 'atom':
        return this.#atom(atoms[node.a]!);
      case 'calc':
        return this.#calc(calcs[node.a]!);
      case 'quant':
        return this.#quant(quants[node.a]!);
      case 'switch':
        return this.#slot(switches[node.a]!.slot);
      case 'rule':
        return `r${node.a} ${rules[node.a]!.name}`;
      case 'effect':
        return effects[node.a]!;
      case 'end':
        return ['program', 'true', 'false'][node.a]!;
    }
  }

  #atom(atom: Atom): string {
    const parts: string[] = [atom.op, this.#slot(atom.slot)];
    if (atom.other !== null) parts.push(this.#slot(atom.other));
    if (atom.key !== null) parts.push(quote(atom.key));
    if (atom.op === 'MATCH') parts.push(`l${atom.index}`);
    else if (atom.op === 'KIND_IS') parts.push(`mask ${atom.index}`);
    else if (atom.index !== null) parts.push(this.#set(atom.index));
    if (atom.bounds.length > 0) parts.push(atom.bounds.join(' .. '));
    return parts.join(' ');
  }

  #calc(calc: Calc): string {
    const operands = [calc.a, calc.b].filter((slot) => slot !== null).map((slot) => this.#slot(slot));
    const imm = calc.op === 'SET' || calc.imm !== 0 ? [String(calc.imm)] : [];
    return `${this.#slot(calc.dst)} = ${[calc.op, ...operands, ...imm].join(' ')}${calc.memo ? ' memo' : ''}`;
  }

  #quant(quant: Quant): string {
    const result = quant.dst === null ? '' : `${this.#slot(quant.dst)} = `;
    const values = quant.overValues ? 'values of ' : '';
    const except = quant.except === null ? '' : ` except ${this.#set(quant.except)}`;
    return `${result}${this.#slot(quant.elem)} in ${values}${this.#slot(quant.list)}${except}${quant.memo ? ' memo' : ''}`;
  }

  #rules(): void {
    const { rules } = this.#bundle;
    this.#lines.push('', 'rules');
    rules.forEach((rule, i) => {
      const label = rule.name ?? (i === rules.length - 1 ? 'on invalid' : 'default');
      this.#lines.push(`  r${i}  ${label}  ${this.#outcome(rule)}`);
      for (const [title, fragment] of [
        ['message', rule.message],
        ['obligations', rule.obligations],
      ] as const) {
        if (fragment !== null) this.#lines.push(`      ${title} ${this.#fragment(fragment)}`);
      }
      for (const text of rule.remediations) this.#lines.push(`      remediation ${quote(text)}`);
    });
  }

  #outcome(rule: Rule): string {
    const { effects, severities } = this.#bundle;
    const severity = rule.severity === null ? '' : ` severity ${severities[rule.severity]}`;
    return `${rule.shadow ? 'shadow ' : ''}${effects[rule.effect]} reason ${quote(rule.reason)}${severity}`;
  }

  #fragment(fragment: Fragment): string {
    const parts = fragment.map(({ text, hole }) => {
      if (hole === null) return quote(text);
      const format = `${hole.list ? 'list of ' : ''}${hole.format}`;
      return `${text === '' ? '' : `${quote(text)} `}{${this.#slot(hole.slot)} as ${format}}`;
    });
    return parts.length === 0 ? '""' : parts.join(' ');
  }
}

function kindOf(slot: Slot): string {
  return slot.kind === 'decimal' ? `decimal(${slot.scale})` : slot.kind;
}

function constantText(slot: Slot): string {
  if (slot.key !== null) return quote(slot.key);
  if (slot.limits === null) return '[]';
  return slot.kind === 'timestamp' ? `${slot.limits.min}s+${slot.limits.max}us` : String(slot.limits.min);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
