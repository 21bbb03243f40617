// lower: typed tree → IR. Groups are and-ed into their rules, table rows become rules, obligations and messages become templates.
// Invariants become conditions beside the rules, for proofs only.

import type { Format } from '../bytecode/opcodes.ts';
import type {
  Demand,
  Literal,
  TypedExpr,
  TypedInvariant,
  TypedOutcome,
  TypedPolicy,
  TypedRule,
} from '../checker/typed.ts';
import type { Type } from '../checker/types.ts';
import type { IrBuilder } from '../ir/builder.ts';
import {
  type Edge,
  type Field,
  type FieldId,
  type Hole,
  type Ir,
  type IrRule,
  type Outcome,
  type Template,
  TRUE,
} from '../ir/ir.ts';
import { decimalJson, decimalText } from '../value/number.ts';
import { formatDate, formatDuration, formatTimestamp } from '../value/time.ts';
import { Fields } from './fields.ts';
import { Conditions } from './lower-condition.ts';
import type { Values } from './lower-value.ts';

/** An invariant over the IR that it came with. */
export interface LoweredInvariant {
  readonly name: string;
  readonly demand: Demand;
  /** The valid requests that it speaks of. */
  readonly cond: Edge;
}

/** Lowers a policy without errors, to what becomes its bundle: invariants leave no trace in it. */
export function lower(policy: TypedPolicy): Ir {
  const lowering = new Lowering(policy);
  return lowering.ir(lowering.outcomes());
}

/**
 * Lowers a policy together with its invariants, for proofs. The tables of `lower(policy)` are the beginnings of the tables here, with the same
 * ids; behind them stands what only invariants read. More may be validated than the bundle validates: fields that only invariants read, and
 * the keys of closed objects of which only they read optional members.
 */
export function lowerWithInvariants(policy: TypedPolicy): {
  readonly ir: Ir;
  readonly invariants: readonly LoweredInvariant[];
} {
  const lowering = new Lowering(policy);
  const outcomes = lowering.outcomes();
  const invariants = policy.invariants.map((invariant) => lowering.invariant(invariant));
  return { ir: lowering.ir(outcomes), invariants };
}

// Which optional members are read is known only now; the key of a bound field was the height of its quantifier.
function finishField(field: Field, fields: Fields): Field {
  const closed =
    field.via === 'bound' || field.via === 'calc' ? null : (fields.closedSets().get(field.id) ?? null);
  return { ...field, closed, key: field.via === 'bound' ? null : field.key };
}

/** A row of a table: its condition, and the constants that it allows per field. */
interface Row {
  readonly cells: Edge;
  readonly constants: ReadonlyMap<FieldId, readonly (string | number)[]>;
}

// Rows that differ in a constant of one column need no test against each other.
function disjoint(a: Row, b: Row): boolean {
  if (a.constants.size === 0) return false;
  for (const [field, values] of b.constants) {
    const others = a.constants.get(field);
    if (others !== undefined && !values.some((value) => others.includes(value))) return true;
  }
  return false;
}

type Outcomes = Pick<Ir, 'rules' | 'defaultOutcome' | 'onInvalid'>;

class Lowering {
  readonly #policy: TypedPolicy;
  readonly #fields: Fields;
  readonly #conditions: Conditions;
  readonly #values: Values;
  readonly #ir: IrBuilder;

  constructor(policy: TypedPolicy) {
    this.#policy = policy;
    this.#fields = new Fields(policy.schemas.root);
    this.#conditions = new Conditions(this.#fields);
    this.#values = this.#conditions.values;
    this.#ir = this.#fields.ir;
  }

  /** Everything that is evaluated. Ids follow the order in which things are lowered. */
  outcomes(): Outcomes {
    const earlier = new Map<string, Row[]>();
    return {
      rules: this.#policy.rules.map((rule) => this.#rule(rule, earlier)),
      defaultOutcome: this.#outcome(this.#policy.defaultOutcome),
      onInvalid: this.#outcome(this.#policy.onInvalid),
    };
  }

  invariant({ name, demand, condition }: TypedInvariant): LoweredInvariant {
    return { name, demand, cond: condition === null ? TRUE : this.#conditions.cond(condition) };
  }

  /** The IR with all fields, atoms and conditions that were made so far. */
  ir(outcomes: Outcomes): Ir {
    const { name, version, combining, effects, severities } = this.#policy;
    const tables = this.#ir.tables();
    return {
      name,
      version,
      combining,
      effects: effects.map((effect) => ({
        name: effect.name,
        obligations: effect.obligations.map((o) => o.name),
      })),
      severities,
      ...tables,
      fields: tables.fields.map((field) => finishField(field, this.#fields)),
      ...outcomes,
    };
  }

  #rule(rule: TypedRule, earlier: Map<string, Row[]>): IrRule {
    const edges = rule.conditions.map((condition) => this.#conditions.cond(condition));
    if (rule.table !== null) {
      const rows = earlier.get(rule.table.name) ?? [];
      const cells = this.#conditions.cond(rule.table.cells);
      const row: Row = { cells, constants: this.#ir.constantTests(cells) };
      // Under first_applicable the order of the rules already pre-empts later rows.
      if (this.#policy.combining === 'most_restrictive')
        for (const above of rows) if (!disjoint(above, row)) edges.push(above.cells ^ 1);
      rows.push(row);
      earlier.set(rule.table.name, rows);
    }
    return {
      ...this.#outcome(rule),
      name: rule.name,
      cond: this.#ir.and(edges),
      tags: rule.tags,
      shadow: false,
    };
  }

  #outcome(outcome: TypedOutcome): Outcome {
    const effect = this.#policy.effects[outcome.effect]!;
    return {
      effect: outcome.effect,
      severity: outcome.severity,
      reason: outcome.reason,
      message:
        outcome.message === null
          ? null
          : joinTexts(
              outcome.message.map((part) => (typeof part === 'string' ? part : this.#messagePart(part))),
            ),
      remediations: outcome.remediations,
      obligations: outcome.obligations.map((value, i) => ({
        name: effect.obligations[i]!.name,
        value: joinTexts(this.#json(value)),
      })),
    };
  }

  #messagePart(expr: TypedExpr): string | Hole {
    if (expr.kind === 'literal') return literalText(expr.literal, expr.type);
    const value = this.#values.value(expr);
    return value.kind === 'literal'
      ? literalText(value.literal, expr.type)
      : this.#hole(this.#values.scalar(expr), expr.type, false);
  }

  // JSON text with holes.
  #json(expr: TypedExpr): (string | Hole)[] {
    if (expr.kind === 'list') {
      const items = expr.items.map((item) => this.#json(item));
      return ['[', ...items.flatMap((item, i) => (i === 0 ? item : [',', ...item])), ']'];
    }
    const value = this.#values.value(expr);
    if (value.kind === 'literal') return [literalJson(value.literal)];
    if (value.kind === 'list') return this.#json({ ...expr, kind: 'list', items: value.items });
    const field = this.#values.scalar(expr);
    return [
      expr.type.kind === 'list'
        ? this.#hole(field, expr.type.item.type, true)
        : this.#hole(field, expr.type, false),
    ];
  }

  #hole(field: FieldId, type: Type, list: boolean): Hole {
    return { field, format: formatOf(type), scale: type.kind === 'decimal' ? (type.scale ?? 0) : 0, list };
  }
}

function formatOf(type: Type): Format {
  switch (type.kind) {
    case 'string':
    case 'bool':
    case 'int':
    case 'decimal':
    case 'timestamp':
    case 'date':
    case 'duration':
      return type.kind;
    default:
      throw new Error(`${type.kind} is not printed`);
  }
}

function literalText(literal: Literal, type: Type): string {
  switch (literal.kind) {
    case 'string':
      return literal.value;
    case 'exact': {
      const scale =
        type.kind === 'decimal' ? Math.max(type.scale ?? 0, literal.value.scale) : literal.value.scale;
      return decimalText(Number(literal.value.k * 10n ** BigInt(scale - literal.value.scale)), scale);
    }
    case 'timestamp':
      return formatTimestamp(literal.seconds, literal.micros);
    case 'date':
      return formatDate(literal.value);
    case 'duration':
      return formatDuration(literal.value);
    case 'bool':
    case 'number':
      return String(literal.value);
  }
}

function literalJson(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return JSON.stringify(literal.value);
    case 'exact':
      return decimalJson(Number(literal.value.k), literal.value.scale);
    case 'timestamp':
      return JSON.stringify(formatTimestamp(literal.seconds, literal.micros));
    case 'date':
      return JSON.stringify(formatDate(literal.value));
    case 'duration':
      return JSON.stringify(formatDuration(literal.value));
    case 'bool':
    case 'number':
      return String(literal.value);
  }
}

function joinTexts(parts: Template): (string | Hole)[] {
  const joined: (string | Hole)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
}
