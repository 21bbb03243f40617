// Condition schemas: reads the entry schema and every file that it refers to, and checks them as far as they can be checked unread.

import { MAX_FILES } from '../bytecode/limits.ts';
import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic.ts';
import { normalizePath } from '../value/path.ts';
import { SchemaFile, type Target } from './schema-file.ts';
import { type Followed, plainRef, SchemaGraph, type SchemaPlace } from './schema-graph.ts';
import { isObject, member, pointerTo, subschemas } from './schema-keywords.ts';
import { readSchema, violationsOf } from './schema-read.ts';
import { Shapes } from './schema-shape.ts';
import type { Core, SchemaNode, SchemaSet, Shape } from './shape.ts';

/** Where schema files come from. Names are relative paths with `/`, or absolute ones if the entry or a `$ref` is absolute. */
export interface SchemaHost {
  read(
    file: string,
  ): { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string };
}

export interface LoadedSchemas {
  /** Null when there is an error. */
  readonly set: SchemaSet | null;
  readonly diagnostics: Diagnostic[];
}

/** Reads the schema `entry` with everything it refers to. Never fetches; never throws on bad schemas. */
export function loadSchemas(entry: string, host: SchemaHost): LoadedSchemas {
  const loader = new Loader(host);
  const file = loader.open(normalizePath(entry) ?? entry, null);
  if (file !== null) loader.check(file);
  const { graph, diagnostics } = loader;
  if (file === null || diagnostics.length > 0) return { set: null, diagnostics };
  const shapes = new Shapes(graph, file.name);
  const root = shapes.node(file.name, '');
  const found = nameOfNonObject(root.shape);
  if (found !== null) {
    diagnostics.push(diagnostic('P2030', { file: file.name, span: null, pointer: '' }, { found }));
    return { set: null, diagnostics };
  }
  const definitions = new Map<string, SchemaNode>();
  for (const keyword of ['definitions', '$defs']) {
    const map = isObject(file.json) ? member(file.json, keyword) : undefined;
    if (!isObject(map)) continue;
    for (const name of Object.keys(map).sort()) {
      definitions.set(name, shapes.node(file.name, pointerTo('', keyword, name)));
    }
  }
  const files = [...graph.files.values()].map(({ name, json, dialect }) => ({ file: name, json, dialect }));
  return { set: { root, definitions, files }, diagnostics };
}

class Loader {
  readonly graph = new SchemaGraph();
  readonly diagnostics: Diagnostic[] = [];
  private readonly host: SchemaHost;
  /** Files asked for, also in vain. */
  private readonly asked = new Set<string>();

  constructor(host: SchemaHost) {
    this.host = host;
  }

  /** Reads a file once; null when it cannot be used. `from`: the file with the `$ref` and the pointer of it. */
  open(
    name: string,
    from: { readonly file: SchemaFile; readonly pointer: string } | null,
  ): SchemaFile | null {
    const known = this.graph.files.get(name);
    if (known !== undefined || this.asked.has(name)) return known ?? null;
    this.asked.add(name);
    const place =
      from === null
        ? { file: name, span: null }
        : { file: from.file.name, span: null, pointer: from.pointer };
    if (this.asked.size > MAX_FILES) {
      if (this.asked.size === MAX_FILES + 1)
        this.diagnostics.push(diagnostic('P2009', place, { limit: MAX_FILES }));
      return null;
    }
    const bytes = this.host.read(name);
    if (!bytes.ok) {
      this.diagnostics.push(diagnostic('P2001', place, { path: name, reason: bytes.reason }));
      return null;
    }
    const read = readSchema(name, bytes.bytes, from?.file.dialect ?? '2020-12');
    if (!read.ok) {
      this.diagnostics.push(...read.diagnostics);
      return null;
    }
    const file = new SchemaFile(name, read.json, read.dialect);
    for (const clash of file.clashes) {
      this.diagnostics.push(diagnostic('P2023', { file: name, span: null, pointer: clash.pointer }, clash));
    }
    this.graph.add(file);
    return file;
  }

  /** Follows every reference of the entry file, and of other files what is reached through references. */
  check(entry: SchemaFile): void {
    const seen = new Set<string>();
    const references: SchemaPlace[] = [];
    const pending = [this.graph.place(entry.name, '')];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      const key = keyOf(place);
      if (seen.has(key) || !isObject(place.json)) continue;
      seen.add(key);
      const { file } = place;
      const inner = subschemas(place.json, place.pointer).map((s) => ({ file, ...s }));
      const ref = member(place.json, '$ref');
      if (typeof ref === 'string') {
        references.push(place);
        const target = this.target(place, ref);
        if (target !== null) inner.unshift(target);
      }
      pending.push(...inner.reverse());
    }
    if (this.diagnostics.length === 0) this.checkChains(references);
  }

  private target(place: SchemaPlace, ref: string): SchemaPlace | null {
    const pointer = pointerTo(place.pointer, '$ref');
    const file = this.graph.files.get(place.file)!;
    let followed = this.graph.follow(place, ref);
    if (followed.kind === 'file') {
      if (this.open(followed.file, { file, pointer }) === null) return null;
      followed = this.graph.follow(place, ref);
    }
    if (followed.kind !== 'place') {
      this.diagnostics.push(lost({ file: place.file, span: null, pointer }, ref, followed));
      return null;
    }
    const target = followed.place;
    const owner = this.graph.files.get(target.file)!;
    // A place that is no schema by itself became one by this reference.
    if (!owner.schemas.has(target.pointer)) {
      owner.schemas.add(target.pointer);
      const violations = violationsOf(owner.name, target.pointer, target.json, owner.dialect);
      this.diagnostics.push(...violations);
      if (violations.length > 0) return null;
    }
    return target;
  }

  /** Reports each circle of `$ref`s that have nothing between them once. */
  private checkChains(references: readonly SchemaPlace[]): void {
    const done = new Set<string>();
    for (const start of references) {
      const chain: SchemaPlace[] = [];
      const onChain = new Set<string>();
      let place: SchemaPlace | null = start;
      while (place !== null && !done.has(keyOf(place)) && !onChain.has(keyOf(place))) {
        chain.push(place);
        onChain.add(keyOf(place));
        const ref: string | null = plainRef(place.json);
        const followed: Followed | null = ref === null ? null : this.graph.follow(place, ref);
        place = followed?.kind === 'place' ? followed.place : null;
      }
      if (place !== null && onChain.has(keyOf(place))) {
        const keys = chain.map(keyOf);
        this.reportCircle(chain.slice(keys.indexOf(keyOf(place))));
      }
      for (const key of onChain) done.add(key);
    }
  }

  private reportCircle(circle: readonly SchemaPlace[]): void {
    const keys = circle.map(keyOf);
    // Begin at the same place wherever the circle was entered.
    const first = keys.indexOf([...keys].sort()[0]!);
    const [head, ...rest] = [...circle.slice(first), ...circle.slice(0, first)];
    const chain = [...rest, head!].map((p) => `\`${keyOf(p)}\``).join(' → ');
    const place = { file: head!.file, span: null, pointer: pointerTo(head!.pointer, '$ref') };
    this.diagnostics.push(diagnostic('P2022', place, { pointer: head!.pointer, chain }));
  }
}

function keyOf(place: SchemaPlace): string {
  return `${place.file}#${place.pointer}`;
}

function lost(
  place: Diagnostic['place'],
  ref: string,
  target: Exclude<Target, { readonly kind: 'here' }>,
): Diagnostic {
  if (target.kind === 'remote') return diagnostic('P2021', place, { ref });
  const reason = target.kind === 'missing' ? target.reason : `\`${target.file}\` was not read`;
  const hint = ref.includes('#') ? '' : `to name a definition of this file write "#/$defs/${ref}"`;
  return diagnostic('P2020', place, { ref, reason, hint });
}

/** What a schema that is certainly not of an object describes; null for one that may be. */
function nameOfNonObject(shape: Shape): string | null {
  if (shape.unsupported !== null) return null;
  const { kind } = shape.core;
  if (kind === 'record' || kind === 'map' || kind === 'union' || kind === 'anyOf' || kind === 'unknown')
    return null;
  return kind === 'never' ? 'nothing at all' : `a value of type ${kind}`;
}

/** The nodes that a shape refers to: members, items, values, branches. */
export function childNodes(shape: Shape): SchemaNode[] {
  const children: SchemaNode[] = [];
  const cores: Core[] = [shape.core];
  for (const core of cores) {
    if (core.kind === 'record') children.push(...core.properties.values());
    if (core.kind === 'record' && core.additional) children.push(core.additional);
    if (core.kind === 'map' && core.value) children.push(core.value);
    if (core.kind === 'list' && core.items !== null) children.push(core.items);
    if (core.kind === 'union') children.push(...core.branches.map((b) => b.node));
    if (core.kind === 'anyOf') cores.push(...core.branches.map((b) => b.core));
  }
  return children;
}

/** Whether a schema that contains itself can be reached from a node, so that it cannot be written out. */
export function isRecursive(node: SchemaNode): boolean {
  const open = new Set<SchemaNode>();
  const done = new Set<SchemaNode>();
  // Depth first without recursion: a node is pushed again, marked, to be closed behind its children.
  const stack: { node: SchemaNode; close: boolean }[] = [{ node, close: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.close) {
      open.delete(next.node);
      done.add(next.node);
      continue;
    }
    if (open.has(next.node)) return true;
    if (done.has(next.node)) continue;
    open.add(next.node);
    stack.push({ node: next.node, close: true });
    for (const child of childNodes(next.node.shape)) stack.push({ node: child, close: false });
  }
  return false;
}
