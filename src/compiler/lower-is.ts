// `x is T` expanded into atoms over the parts of x that T mentions: JSON Schema validation of the present value, false when absent.

import { JSON_KINDS, type JsonKind } from '../bytecode/opcodes.ts';
import type { Core, SchemaNode, Shape } from '../checker/shape.ts';
import type { TypeTest } from '../checker/typed.ts';
import type { Type } from '../checker/types.ts';
import { type Edge, FALSE, type FieldId, TRUE } from '../ir/ir.ts';
import type { Fields } from './fields.ts';

const ALL_KINDS: readonly JsonKind[] = ['null', 'bool', 'number', 'string', 'list', 'object'];

/** Nested quantifiers that testing a shape needs, for the numbering of bound variables. */
export function testHeight(test: TypeTest): number {
  switch (test.kind) {
    case 'schema':
      return shapeHeight(test.node.shape);
    case 'listOf':
    case 'mapOf':
      return 1 + testHeight(test.item);
    default:
      return 0;
  }
}

function shapeHeight(shape: Shape): number {
  const { core } = shape;
  switch (core.kind) {
    case 'record': {
      const inner = Math.max(0, ...[...core.properties.values()].map((node) => shapeHeight(node.shape)));
      return core.additional ? Math.max(inner, 1 + shapeHeight(core.additional.shape)) : inner;
    }
    case 'map':
      return core.value ? 1 + shapeHeight(core.value.shape) : 0;
    case 'list':
      return core.items === null || core.items.shape.core.kind === 'unknown'
        ? 0
        : 1 + shapeHeight(core.items.shape);
    case 'union':
      return Math.max(0, ...core.branches.map((branch) => shapeHeight(branch.node.shape)));
    case 'anyOf':
      return Math.max(0, ...core.branches.map(shapeHeight));
    default:
      return 0;
  }
}

export class TypeTests {
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  /** The condition that the value of a field satisfies a test. */
  test(field: FieldId, test: TypeTest): Edge {
    switch (test.kind) {
      case 'schema':
        return this.#shape(this.#fields.asUnknown(field), test.node.shape);
      case 'scalar':
        return this.#scalar(this.#fields.asUnknown(field), test.type);
      case 'null':
      case 'object':
      case 'list':
        return this.#kindIs(this.#fields.asUnknown(field), [test.kind]);
      case 'unknown':
        return this.#kindIs(this.#fields.asUnknown(field), ALL_KINDS);
      case 'listOf': {
        const list = this.#fields.asUnknown(field);
        const elem = this.#fields.bound(list, testHeight(test.item));
        return this.#and(this.#kindIs(list, ['list']), this.#all(list, elem, this.test(elem, test.item)));
      }
      case 'mapOf': {
        const map = this.#fields.asUnknown(field);
        const elem = this.#fields.boundValue(map, testHeight(test.item));
        return this.#and(
          this.#kindIs(map, ['object']),
          this.#allValues(map, elem, null, this.test(elem, test.item)),
        );
      }
      case 'branch': {
        const tag = this.#fields.member(field, test.discriminator);
        const value = this.#fields.kind(tag) === 'unknown' ? this.#fields.view(tag, 'string', 0) : tag;
        return this.#fields.ir.atom({
          op: 'IN_STRINGS',
          field: value,
          set: this.#fields.ir.strings(test.values),
        });
      }
    }
  }

  #shape(field: FieldId, shape: Shape): Edge {
    const core = this.#core(field, shape.core);
    return shape.nullable ? this.#fields.ir.or([this.#kindIs(field, ['null']), core]) : core;
  }

  #core(field: FieldId, core: Core): Edge {
    const { ir } = this.#fields;
    switch (core.kind) {
      case 'unknown':
        return this.#kindIs(field, ALL_KINDS);
      case 'never':
        return FALSE;
      case 'null':
        return this.#kindIs(field, ['null']);
      case 'bool':
        return this.#numbers(
          this.#fields.view(field, 'bool', 0),
          -Infinity,
          Infinity,
          core.values?.map(Number) ?? null,
        );
      case 'int':
      case 'number':
        return this.#numbers(
          this.#fields.view(field, core.kind, 0),
          core.min ?? -Infinity,
          core.max ?? Infinity,
          core.values,
        );
      case 'decimal':
        return this.#numbers(
          this.#fields.view(field, 'decimal', core.scale),
          core.min ?? -Infinity,
          core.max ?? Infinity,
          core.values,
        );
      case 'string': {
        const view = this.#fields.view(field, 'string', 0);
        const values =
          core.values === null
            ? this.#present(view)
            : ir.atom({ op: 'IN_STRINGS', field: view, set: ir.strings(core.values) });
        return this.#and(values, this.#size(view, core.minLength, core.maxLength));
      }
      case 'timestamp':
      case 'date':
      case 'duration':
      case 'localTimestamp':
        return this.#present(this.#fields.view(field, core.kind, 0));
      case 'record':
        return this.#record(field, core);
      case 'map': {
        const keys = [...core.required].map((key) => ir.atom({ op: 'HAS_KEY', field, key }));
        const sizes = this.#size(field, core.minProperties, core.maxProperties);
        return this.#and(
          this.#kindIs(field, ['object']),
          ...keys,
          sizes,
          this.#values(field, core.value, []),
        );
      }
      case 'list':
        return this.#list(field, core);
      case 'union': {
        const tag = this.#fields.view(this.#fields.unknownMember(field, core.discriminator), 'string', 0);
        const branches = core.branches.map((branch) =>
          this.#and(
            ir.atom({ op: 'IN_STRINGS', field: tag, set: ir.strings(branch.values) }),
            this.#shape(field, branch.node.shape),
          ),
        );
        return ir.or(branches);
      }
      case 'anyOf':
        return ir.or(core.branches.map((branch) => this.#shape(field, branch)));
    }
  }

  #record(field: FieldId, core: Extract<Core, { kind: 'record' }>): Edge {
    const { ir } = this.#fields;
    const edges = [
      this.#kindIs(field, ['object']),
      this.#size(field, core.minProperties, core.maxProperties),
    ];
    for (const key of core.required) edges.push(ir.atom({ op: 'HAS_KEY', field, key }));
    for (const [key, node] of core.properties) {
      if (node.shape.core.kind === 'unknown') continue;
      const valid = this.#shape(this.#fields.unknownMember(field, key), node.shape);
      // `properties` says nothing of a key that is not there.
      edges.push(core.required.has(key) ? valid : ir.or([ir.atom({ op: 'HAS_KEY', field, key }) ^ 1, valid]));
    }
    edges.push(this.#values(field, core.additional, [...core.properties.keys()]));
    return this.#and(...edges);
  }

  // What the keys beside the declared ones must satisfy.
  #values(field: FieldId, value: SchemaNode | null | false, declared: readonly string[]): Edge {
    const { ir } = this.#fields;
    if (value === null) return TRUE;
    if (value === false) return ir.atom({ op: 'KEYS_IN', field, set: ir.strings(declared) });
    if (value.shape.core.kind === 'unknown') return TRUE;
    const elem = this.#fields.boundValue(field, shapeHeight(value.shape));
    return this.#allValues(
      field,
      elem,
      declared.length === 0 ? null : declared,
      this.#shape(elem, value.shape),
    );
  }

  #list(field: FieldId, core: Extract<Core, { kind: 'list' }>): Edge {
    const { ir } = this.#fields;
    const edges = [this.#kindIs(field, ['list']), this.#size(field, core.minItems, core.maxItems)];
    if (core.items !== null && core.items.shape.core.kind !== 'unknown') {
      const elem = this.#fields.bound(field, shapeHeight(core.items.shape));
      edges.push(this.#all(field, elem, this.#shape(elem, core.items.shape)));
    }
    if (core.unique) edges.push(ir.atom({ op: 'UNIQUE', field }));
    return this.#and(...edges);
  }

  #scalar(field: FieldId, type: Type): Edge {
    switch (type.kind) {
      case 'bool':
      case 'int':
      case 'number':
      case 'string':
      case 'timestamp':
      case 'date':
      case 'duration':
        return this.#present(this.#fields.view(field, type.kind, 0));
      case 'decimal':
        return this.#present(this.#fields.view(field, 'decimal', type.scale ?? 0));
      default:
        throw new Error(`no test for ${type.kind}`);
    }
  }

  #numbers(view: FieldId, min: number, max: number, values: readonly number[] | null): Edge {
    const { ir } = this.#fields;
    const member =
      values === null
        ? this.#present(view)
        : ir.atom({ op: 'IN_NUMBERS', field: view, set: ir.numbers(values) });
    const open = min === -Infinity && max === Infinity;
    return open
      ? member
      : this.#and(values === null ? TRUE : member, ir.atom({ op: 'RANGE', field: view, bounds: [min, max] }));
  }

  #size(field: FieldId, min: number | null, max: number | null): Edge {
    if ((min === null || min === 0) && max === null) return TRUE;
    const size = this.#fields.scalar({ op: 'SIZE', args: [field], imm: 0 }, 'int');
    return this.#fields.ir.atom({ op: 'RANGE', field: size, bounds: [min ?? 0, max ?? Infinity] });
  }

  #kindIs(field: FieldId, kinds: readonly JsonKind[]): Edge {
    const mask = kinds.reduce((bits, kind) => bits | JSON_KINDS[kind], 0);
    if (this.#fields.kind(field) === 'unknown') return this.#fields.ir.atom({ op: 'KIND_IS', field, mask });
    // The request is the one value that `is` can meet outside an unknown: it is an object.
    return (mask & JSON_KINDS.object) !== 0 ? this.#present(field) : FALSE;
  }

  #present(field: FieldId): Edge {
    return this.#fields.ir.atom({ op: 'PRESENT', field });
  }

  #all(list: FieldId, elem: FieldId, body: Edge): Edge {
    return body === TRUE
      ? TRUE
      : this.#fields.ir.atom({ op: 'ALL', list, elem, overValues: false, except: null, body });
  }

  #allValues(list: FieldId, elem: FieldId, except: readonly string[] | null, body: Edge): Edge {
    if (body === TRUE) return TRUE;
    const { ir } = this.#fields;
    return ir.atom({ op: 'ALL', list, elem, overValues: true, except: except && ir.strings(except), body });
  }

  #and(...edges: Edge[]): Edge {
    return this.#fields.ir.and(edges);
  }
}
