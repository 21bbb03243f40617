// One schema file: its JSON, its dialect, the names declared in it, and where a `$ref` written in it leads.

import { normalizePath } from '../value/path.ts';
import {
  isObject,
  isSchema,
  type JsonObject,
  member,
  type Subschema,
  subschemas,
  valueAt,
} from './schema-keywords.ts';

export type Dialect = '2020-12' | 'draft-07';

/** Where a `$ref` leads: into another file, to a name of this file, or nowhere. */
export type Target =
  | { readonly kind: 'here'; readonly pointer: string }
  | { readonly kind: 'file'; readonly file: string; readonly fragment: string }
  | { readonly kind: 'remote' }
  | { readonly kind: 'missing'; readonly reason: string };

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;

export class SchemaFile {
  readonly name: string;
  readonly json: JsonObject | boolean;
  readonly dialect: Dialect;
  /** Pointers of the places that are schemas by the rules of JSON Schema, or that a reference has made one. */
  readonly schemas = new Set<string>();
  /** Names declared twice. */
  readonly clashes: { keyword: string; name: string; first: string; pointer: string }[] = [];
  /** Pointer of a schema with `$id` → its URI; the root is always there. */
  private readonly bases = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  /** Pointer of the enclosing schema with `$id`, a space, the anchor. */
  private readonly anchors = new Map<string, string>();

  constructor(name: string, json: JsonObject | boolean, dialect: Dialect) {
    this.name = name;
    this.json = json;
    this.dialect = dialect;
    this.bases.set('', name);
    const pending: Subschema[] = [{ pointer: '', json }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      this.schemas.add(next.pointer);
      if (!isObject(next.json)) continue;
      // Draft 07 ignores everything beside a `$ref`.
      if (dialect !== 'draft-07' || typeof member(next.json, '$ref') !== 'string') {
        this.declare(next.pointer, next.json);
      }
      pending.push(...subschemas(next.json, next.pointer).reverse());
    }
  }

  private declare(pointer: string, schema: JsonObject): void {
    const id = member(schema, '$id');
    if (typeof id === 'string') {
      const [uri, anchor] = splitFragment(id);
      if (uri !== '') {
        const base = resolveUri(this.bases.get(this.enclosing(pointer))!, uri);
        this.bases.set(pointer, base);
        this.note(this.ids, '$id', base, pointer, base);
      }
      // Draft 07 writes an anchor as an `$id` of a fragment alone.
      if (anchor !== '') this.note(this.anchors, '$id', `${this.enclosing(pointer)} ${anchor}`, pointer, id);
    }
    const anchor = member(schema, '$anchor');
    if (typeof anchor === 'string') {
      this.note(this.anchors, '$anchor', `${this.enclosing(pointer)} ${anchor}`, pointer, anchor);
    }
  }

  private note(map: Map<string, string>, keyword: string, key: string, pointer: string, name: string): void {
    const first = map.get(key);
    if (first === undefined) map.set(key, pointer);
    else this.clashes.push({ keyword, name, first, pointer });
  }

  /** The nearest place at or above a pointer that has a URI of its own. */
  private enclosing(pointer: string): string {
    let at = pointer;
    while (!this.bases.has(at)) at = at.slice(0, at.lastIndexOf('/'));
    return at;
  }

  /** Follows a `$ref` written at `pointer`. Names of this file win; everything else is a path relative to this file. */
  follow(ref: string, pointer: string): Target {
    const [uri, fragment] = splitFragment(ref);
    const base = this.enclosing(pointer);
    if (uri === '') return this.inside(base, fragment);
    const known = this.ids.get(resolveUri(this.bases.get(base)!, uri));
    if (known !== undefined) return this.inside(known, fragment);
    if (SCHEME.test(uri) || uri.startsWith('//')) return { kind: 'remote' };
    const file = relativeTo(this.name, decode(uri));
    if (file === null) return { kind: 'missing', reason: 'it is not a path' };
    return { kind: 'file', file, fragment };
  }

  /** The place that a fragment names below the root, or below an embedded schema with a URI of its own. */
  inside(base: string, fragment: string): Target {
    const text = decode(fragment);
    const isPointer = text === '' || text.startsWith('/');
    const pointer = isPointer ? base + text : this.anchors.get(`${base} ${text}`);
    if (pointer !== undefined && isSchema(valueAt(this.json, pointer))) return { kind: 'here', pointer };
    if (pointer === undefined)
      return { kind: 'missing', reason: `\`${this.name}\` has no anchor \`${text}\`` };
    return { kind: 'missing', reason: `\`${this.name}\` has no schema at \`#${pointer}\`` };
  }
}

function splitFragment(uri: string): [uri: string, fragment: string] {
  const hash = uri.indexOf('#');
  return hash < 0 ? [uri, ''] : [uri.slice(0, hash), uri.slice(hash + 1)];
}

/** Resolves against an absolute URI, or against a file path. */
function resolveUri(base: string, uri: string): string {
  if (SCHEME.test(uri)) return uri;
  if (SCHEME.test(base)) {
    try {
      return new URL(uri, base).href;
    } catch {
      return uri;
    }
  }
  return relativeTo(base, uri) ?? uri;
}

/** The path of a file that another file names; null for no path. */
export function relativeTo(file: string, path: string): string | null {
  if (path.startsWith('/')) return normalizePath(path);
  const slash = file.lastIndexOf('/');
  return normalizePath(file.slice(0, slash + 1) + path);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
