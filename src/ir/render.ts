// Conditions of the IR in the policy's own syntax, for decision tables. What the language has no words for (key sets, path
// normalisation of a right side) is described. Conditions may nest and share deeply, so the text is cut at a fixed size.

import { JSON_KINDS } from '../bytecode/opcodes.ts';
import { decimalText } from '../value/number.ts';
import { formatDate, formatDuration, formatTimestamp } from '../value/time.ts';
import type { Constant, Derived, Edge, Field, FieldId, Ir, IrAtom } from './ir.ts';

export interface DecisionTableRow {
  readonly rule: string;
  readonly effect: string;
  readonly condition: string;
  readonly reason: string;
  readonly severity: string | null;
  readonly shadow: boolean;
}

/** One row per rule in declaration order, then the default, whose rule is `default`. */
export function decisionTable(ir: Ir): DecisionTableRow[] {
  const rows = ir.rules.map((rule) => ({
    rule: rule.name,
    effect: ir.effects[rule.effect]!.name,
    condition: renderCondition(ir, rule.cond),
    reason: rule.reason,
    severity: rule.severity === null ? null : ir.severities[rule.severity]!,
    shadow: rule.shadow,
  }));
  const { effect, reason, severity } = ir.defaultOutcome;
  rows.push({
    rule: 'default',
    effect: ir.effects[effect]!.name,
    condition: 'otherwise',
    reason,
    severity: severity === null ? null : ir.severities[severity]!,
    shadow: false,
  });
  return rows;
}

/** The decision table as text, one line per rule. */
export function printDecisionTable(ir: Ir): string {
  const rows = decisionTable(ir);
  const effect = Math.max(...rows.map((row) => row.effect.length));
  const rule = Math.max(...rows.map((row) => row.rule.length));
  const lines = rows.map((row) => {
    const severity = row.severity === null ? '' : ` severity ${row.severity}`;
    const shadow = row.shadow ? 'shadow ' : '';
    return `${row.effect.padEnd(effect)}  ${row.rule.padEnd(rule)}  ${shadow}${row.condition}  reason ${row.reason}${severity}`;
  });
  return `${lines.join('\n')}\n`;
}

/** The condition in policy syntax. */
export function renderCondition(ir: Ir, edge: Edge): string {
  return new Renderer(ir).edge(edge, 0).text;
}

/** How tightly a text binds: `or`, `and`, `not`, a comparison, an operand. */
type Level = 0 | 1 | 2 | 3 | 4;
interface Text {
  readonly text: string;
  readonly level: Level;
}

const MAX_NODES = 4_096;
const MAX_DEPTH = 64;
const CUT: Text = { text: '…', level: 4 };

class Renderer {
  readonly #ir: Ir;
  readonly #names = new Map<FieldId, string>();
  #left = MAX_NODES;

  constructor(ir: Ir) {
    this.#ir = ir;
  }

  edge(edge: Edge, depth: number): Text {
    if (this.#left-- <= 0 || depth > MAX_DEPTH) return CUT;
    const row = this.#ir.conds[edge >> 1]!;
    const negated = (edge & 1) === 1;
    if (row.op === 'true') return { text: negated ? 'false' : 'true', level: 4 };
    if (row.op === 'atom') return this.#atom(this.#ir.atoms[row.atom]!, negated, depth);
    if (!negated) return this.#join(row.args, ' and ', 1, depth);
    // The IR knows `or` only as a negated conjunction.
    const alternatives = row.args.filter((arg) => (arg & 1) === 1).length;
    if (alternatives * 2 >= row.args.length)
      return this.#join(
        row.args.map((arg) => arg ^ 1),
        ' or ',
        0,
        depth,
      );
    return { text: `not (${this.#join(row.args, ' and ', 1, depth).text})`, level: 2 };
  }

  #join(edges: readonly Edge[], word: string, level: 0 | 1, depth: number): Text {
    // Branches of a union differ in the IR where a reader sees one member.
    const parts = new Map<string, Text>();
    for (const edge of edges) {
      const part = this.edge(edge, depth + 1);
      parts.set(part.text, part);
      if (this.#left <= 0) break;
    }
    const [first] = parts.values();
    if (parts.size === 1 && first !== undefined) return first;
    const texts = [...parts.values()].map((part) => (part.level <= level ? `(${part.text})` : part.text));
    return { text: texts.join(word), level };
  }

  #atom(atom: IrAtom, negated: boolean, depth: number): Text {
    const ready = this.#negatable(atom, negated, depth);
    if (ready !== null) return ready;
    const { text, level } = this.#plain(atom, depth);
    if (!negated) return { text, level };
    return { text: level > 3 ? `not ${text}` : `not (${text})`, level: 2 };
  }

  /** Tests whose negation has a form of its own. */
  #negatable(atom: IrAtom, negated: boolean, depth: number): Text | null {
    const say = (yes: string, no: string): string => (negated ? no : yes);
    switch (atom.op) {
      case 'IN_STRINGS':
      case 'IN_NUMBERS': {
        const field = this.#ir.fields[atom.field]!;
        const subject = this.#field(atom.field, depth);
        const { items } = this.#ir.sets[atom.set]!;
        if (field.kind === 'bool' && items.length === 1) {
          const positive = (items[0] === 1) !== negated;
          return positive ? { text: subject, level: 4 } : { text: `not ${subject}`, level: 2 };
        }
        const values = items.map((item) => scalarText(field, item));
        const text =
          values.length === 1
            ? `${subject} ${say('==', '!=')} ${values[0]}`
            : `${subject} ${say('in', 'not in')} [${values.join(', ')}]`;
        return { text, level: 3 };
      }
      case 'KIND_IS': {
        const kinds = Object.entries(JSON_KINDS).filter(([, bit]) => (atom.mask & bit) !== 0);
        const names = kinds.map(([name]) => name).join(' or ');
        return { text: `${this.#field(atom.field, depth)} ${say('is', 'is not')} ${names}`, level: 3 };
      }
      case 'HAS_KEY':
        return {
          text: `${quote(atom.key)} ${say('in', 'not in')} ${this.#field(atom.field, depth)}`,
          level: 3,
        };
      case 'HAS_KEY_AT':
        return {
          text: `${this.#field(atom.other, depth)} ${say('in', 'not in')} ${this.#field(atom.field, depth)}`,
          level: 3,
        };
      case 'EQ_NUMBER':
      case 'EQ_TIME':
      case 'EQ_STRING':
        return {
          text: `${this.#field(atom.field, depth)} ${say('==', '!=')} ${this.#field(atom.other, depth)}`,
          level: 3,
        };
      default:
        return null;
    }
  }

  #plain(atom: IrAtom, depth: number): Text {
    if ('body' in atom) {
      const text = this.#quantified(atom.op === 'ANY' ? 'any' : 'all', atom, depth);
      return { text, level: 4 };
    }
    const subject = this.#field(atom.field, depth);
    if ('other' in atom)
      return { text: `${subject} ${WORDS[atom.op]} ${this.#field(atom.other, depth)}`, level: 3 };
    switch (atom.op) {
      case 'PRESENT':
        return { text: `has ${subject}`, level: 4 };
      case 'UNIQUE':
        return { text: `unique(${subject})`, level: 4 };
      case 'RANGE':
        return this.#range(atom.field, subject, atom.bounds[0]!, atom.bounds[1]!);
      case 'RANGE_TIME':
        return timeRange(subject, atom.bounds);
      case 'MATCH': {
        const { kind, texts } = this.#ir.langs[atom.lang]!;
        const shown = texts.map(
          kind === 'glob' || kind === 'dotted' || kind === 'path' ? quotePattern : quote,
        );
        const list = shown.length === 1 ? shown[0]! : `[${shown.join(', ')}]`;
        return { text: `${this.#subject(atom.field, depth)} ${LANGUAGE_WORDS[kind]} ${list}`, level: 3 };
      }
      case 'KEYS_IN': {
        const keys = this.#ir.sets[atom.set]!.items.map((key) => quote(String(key)));
        return { text: `keys(${subject}) in [${keys.join(', ')}]`, level: 3 };
      }
      default:
        return { text: `${atom.op}(${subject})`, level: 4 };
    }
  }

  #range(id: FieldId, subject: string, lo: number, hi: number): Text {
    const field = this.#ir.fields[id]!;
    const above = lo === -Infinity ? null : `${subject} >= ${scalarText(field, lo)}`;
    const below = hi === Infinity ? null : `${subject} <= ${scalarText(field, hi)}`;
    if (above !== null && below !== null) return { text: `${above} and ${below}`, level: 1 };
    return { text: above ?? below ?? `has ${subject}`, level: 3 };
  }

  // Path patterns compare the normal form: the policy names the text itself.
  #subject(id: FieldId, depth: number): string {
    const { derived } = this.#ir.fields[id]!;
    return derived?.op === 'NORM' ? this.#field(derived.args[0]!, depth) : this.#field(id, depth);
  }

  #quantified(
    word: string,
    quant: { list: FieldId; elem: FieldId; body: Edge; overValues?: boolean },
    depth: number,
  ): string {
    const list = this.#field(quant.list, depth);
    const body = this.edge(quant.body, depth + 1).text;
    return `${word}(${this.#field(quant.elem, depth)} in ${quant.overValues ? `values(${list})` : list}: ${body})`;
  }

  #field(id: FieldId, depth: number): string {
    if (depth > MAX_DEPTH || this.#left-- <= 0) return '…';
    let fromRequest = true;
    const steps: string[] = [];
    for (let at: FieldId | null = id; at !== null; ) {
      const field: Field = this.#ir.fields[at]!;
      if (field.via === 'member') steps.push(memberStep(field.key!));
      else if (field.via === 'element' || field.via === 'value') steps.push('[*]');
      else if (field.via !== 'view' && field.via !== 'root') {
        steps.push(this.#root(field, depth));
        fromRequest = false;
        break;
      }
      at = field.parent;
    }
    const path = steps.reverse().join('');
    return path === '' ? 'request' : fromRequest ? path.replace(/^\./, '').replace(/^\[/, 'request[') : path;
  }

  #root(field: Field, depth: number): string {
    if (field.constant !== null) return constantText(field, field.constant);
    if (field.derived !== null) return this.#derived(field.derived, depth + 1);
    let name = this.#names.get(field.id);
    if (name === undefined) {
      name = this.#names.size === 0 ? 'item' : `item${this.#names.size + 1}`;
      this.#names.set(field.id, name);
    }
    return name;
  }

  #derived(derived: Derived, depth: number): string {
    if (derived.op === 'HOLDS') return `(${this.edge(derived.cond, depth).text})`;
    if ('body' in derived)
      return this.#quantified(derived.op === 'COUNT' ? 'count' : 'first', derived, depth);
    const args = derived.args.map((arg) => this.#field(arg, depth));
    const [a, b] = [args[0]!, args[1]!];
    switch (derived.op) {
      case 'ADD':
      case 'TIME_ADD':
        return `(${a} + ${b})`;
      case 'SUB':
      case 'TIME_SUB':
        return `(${a} - ${b})`;
      case 'MUL':
        return `(${a} * ${b})`;
      case 'COALESCE':
        // A member common to several branches of a union is one thing to a reader.
        return a === b ? a : `(${a} ?? ${b})`;
      case 'AT':
        return `${a}[${derived.imm}]`;
      case 'GET':
        return `${a}[${b}]`;
      case 'DATE':
      case 'WEEKDAY':
      case 'MINUTE_OF_DAY':
        return `${derived.op.toLowerCase()}(${a}, ${quote(offsetText(derived.imm))})`;
      default:
        return `${derived.op.toLowerCase()}(${a})`;
    }
  }
}

const WORDS: { readonly [op: string]: string } = {
  LT_NUMBER: '<',
  LE_NUMBER: '<=',
  LT_TIME: '<',
  LE_TIME: '<=',
  SCAN_CONTAINS: 'contains',
  SCAN_PREFIX: 'starts_with',
  SCAN_SUFFIX: 'ends_with',
};

const LANGUAGE_WORDS: { readonly [kind: string]: string } = {
  contains: 'contains',
  prefix: 'starts_with',
  suffix: 'ends_with',
  glob: 'matches glob',
  dotted: 'matches dotted',
  path: 'matches path',
};

function timeRange(subject: string, bounds: readonly number[]): Text {
  const [loSeconds, loMicros, hiSeconds, hiMicros] = bounds as readonly [number, number, number, number];
  const open = (seconds: number): boolean => Math.abs(seconds) === Infinity;
  const above = open(loSeconds) ? null : `${subject} >= ${quote(formatTimestamp(loSeconds, loMicros))}`;
  const below = open(hiSeconds) ? null : `${subject} <= ${quote(formatTimestamp(hiSeconds, hiMicros))}`;
  if (above !== null && below !== null) return { text: `${above} and ${below}`, level: 1 };
  return { text: above ?? below ?? `has ${subject}`, level: 3 };
}

function memberStep(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${quote(key)}]`;
}

function constantText(field: Field, constant: Constant): string {
  switch (constant.kind) {
    case 'string':
      return quote(constant.value);
    case 'emptyList':
      return '[]';
    case 'timestamp':
      return quote(formatTimestamp(constant.seconds, constant.micros));
    case 'number':
      return scalarText(field, constant.value);
  }
}

function scalarText(field: Field, value: string | number): string {
  if (typeof value === 'string') return quote(value);
  if (Math.abs(value) === Infinity) return String(value);
  switch (field.kind) {
    case 'bool':
      return value === 1 ? 'true' : 'false';
    case 'decimal':
      return decimalText(value, field.scale);
    case 'date':
      return quote(formatDate(value));
    case 'duration':
      return quote(formatDuration(value));
    default:
      return String(value);
  }
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const digits = (n: number): string => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

// Canonical patterns write a literal star as `\*` and a backslash as `\\`, as the language does.
function quotePattern(pattern: string): string {
  return `"${pattern.replace(/["\n\r\t]/g, (c) => JSON.stringify(c).slice(1, -1))}"`;
}
