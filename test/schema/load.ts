// Loads schemas from a table of files, as the tests write them.
import { type LoadedSchemas, loadSchemas } from '../../src/checker/schema.ts';
import type { SchemaNode, SchemaSet, Shape } from '../../src/checker/shape.ts';
import { type Diagnostic, describe } from '../../src/diagnostic/diagnostic.ts';

/** Texts are taken as they are, other values as JSON. */
export function load(
  files: { readonly [file: string]: unknown },
  entry = Object.keys(files)[0]!,
): LoadedSchemas {
  return loadSchemas(entry, {
    read(file) {
      if (!Object.hasOwn(files, file)) return { ok: false, reason: 'no such file' };
      const content = files[file];
      if (content instanceof Uint8Array) return { ok: true, bytes: content };
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      return { ok: true, bytes: new TextEncoder().encode(text) };
    },
  });
}

/** One line per diagnostic: code, place, message, hint. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => {
    const { message, hint } = describe(d);
    const at = d.place.span === null ? '' : `:${d.place.span.start}`;
    const pointer = d.place.pointer === undefined ? '' : `#${d.place.pointer}`;
    return `${d.code} ${d.place.file}${at}${pointer}: ${message}${hint === null ? '' : ` (${hint})`}`;
  });
}

export function loadSet(files: { readonly [file: string]: unknown }): SchemaSet {
  const { set, diagnostics } = load(files);
  if (set === null) throw new Error(lines(diagnostics).join('\n'));
  return set;
}

/** The node of the request property `x`, whose schema is given. */
export function property(schema: unknown, rest: object = {}): SchemaNode {
  const set = loadSet({ 's.json': { type: 'object', properties: { x: schema }, ...rest } });
  return propertyOf(set.root, 'x');
}

export function propertyOf(node: SchemaNode, name: string): SchemaNode {
  const { core } = node.shape;
  const child = core.kind === 'record' ? core.properties.get(name) : undefined;
  if (child === undefined) throw new Error(`no property ${name}`);
  return child;
}

/** A shape in short: `int 1..5`, `"a" | "b" or null`, `record {a: int, b?: string}`. */
export function show(shape: Shape, depth = 3): string {
  if (shape.unsupported !== null) {
    return `unsupported ${shape.unsupported.keyword} at ${shape.unsupported.pointer}: ${shape.unsupported.why}`;
  }
  return core(shape, depth) + (shape.nullable ? ' or null' : '');
}

function core({ core: c }: Shape, depth: number): string {
  const child = (node: SchemaNode): string => (depth === 0 ? '…' : show(node.shape, depth - 1));
  switch (c.kind) {
    case 'bool':
      return c.values === null ? 'bool' : c.values.join(' | ');
    case 'string':
      return (
        c.values?.map((v) => JSON.stringify(v)).join(' | ') ?? `string${range(c.minLength, c.maxLength)}`
      );
    case 'int':
    case 'number':
      return `${c.kind}${range(c.min, c.max)}${c.values === null ? '' : ` {${c.values.join()}}`}`;
    case 'decimal':
      return `decimal(${c.scale})${range(c.min, c.max)}${c.values === null ? '' : ` {${c.values.join()}}`}`;
    case 'record': {
      const members = [...c.properties].map(([k, n]) => `${k}${c.required.has(k) ? '' : '?'}: ${child(n)}`);
      const more =
        c.additional === false ? [] : [c.additional === null ? '...' : `...${child(c.additional)}`];
      return `{${[...members, ...more].join(', ')}}${range(c.minProperties, c.maxProperties)}`;
    }
    case 'map': {
      const value = c.value === false ? 'nothing' : c.value === null ? 'unknown' : child(c.value);
      const required = c.required.size === 0 ? '' : ` with ${[...c.required].join()}`;
      return `map<${value}>${required}${range(c.minProperties, c.maxProperties)}`;
    }
    case 'list':
      return `${c.unique ? 'unique ' : ''}list<${c.items === null ? 'unknown' : child(c.items)}>${range(c.minItems, c.maxItems)}`;
    case 'union':
      return `union ${c.discriminator} ${c.branches.map((b) => `[${b.values.join('|')}: ${child(b.node)}]`).join(' ')}`;
    case 'anyOf':
      return `anyOf(${c.branches.map((b) => show(b, depth)).join(', ')})`;
    default:
      return c.kind;
  }
}

function range(min: number | null, max: number | null): string {
  return min === null && max === null ? '' : ` ${min ?? ''}..${max ?? ''}`;
}
