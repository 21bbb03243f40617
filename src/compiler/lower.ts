// lower: typed tree → IR. Groups are and-ed into their rules, table rows become rules, obligations and messages become templates.

import type { Format } from '../bytecode/opcodes.ts';
import type { Literal, TypedExpr, TypedOutcome, TypedPolicy, TypedRule } from '../checker/typed.ts';
import type { Type } from '../checker/types.ts';
import type { IrBuilder } from '../ir/builder.ts';
import type { Edge, Field, FieldId, Hole, Ir, IrRule, Outcome, Template } from '../ir/ir.ts';
import { decimalJson, decimalText } from '../value/number.ts';
import { formatDate, formatDuration, formatTimestamp } from '../value/time.ts';
import { Fields } from './fields.ts';
import { Conditions } from './lower-condition.ts';
import type { Values } from './lower-value.ts';

/** Lowers a policy without errors. */
export function lower(policy: TypedPolicy): Ir {
  const fields = new Fields(policy.schemas.root);
  const lowering = new Lowering(policy, fields);
  const rules = lowering.rules();
  const defaultOutcome = lowering.outcome(policy.defaultOutcome);
  const onInvalid = lowering.outcome(policy.onInvalid);
  const tables = fields.ir.tables();
  return {
    name: policy.name,
    version: policy.version,
    combining: policy.combining,
    effects: policy.effects.map((effect) => ({
      name: effect.name,
      obligations: effect.obligations.map((o) => o.name),
    })),
    severities: policy.severities,
    ...tables,
    fields: tables.fields.map((field) => finishField(field, fields)),
    rules,
    defaultOutcome,
    onInvalid,
  };
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

class Lowering {
  readonly #policy: TypedPolicy;
  readonly #conditions: Conditions;
  readonly #values: Values;
  readonly #ir: IrBuilder;

  constructor(policy: TypedPolicy, fields: Fields) {
    this.#policy = policy;
    this.#conditions = new Conditions(fields);
    this.#values = this.#conditions.values;
    this.#ir = fields.ir;
  }

  rules(): IrRule[] {
    const earlier = new Map<string, Row[]>();
    return this.#policy.rules.map((rule) => this.#rule(rule, earlier));
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
      ...this.outcome(rule),
      name: rule.name,
      cond: this.#ir.and(edges),
      tags: rule.tags,
      shadow: false,
    };
  }

  outcome(outcome: TypedOutcome): Outcome {
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
