// What a condition reads of a request, as paths of member names, and requests in which just that is another.

import type { Edge, FieldId, Ir } from '../ir/ir.ts';
import type { Json } from '../value/json.ts';

export type MemberPath = readonly string[];

type Members = { readonly [key: string]: Json };

/** The members that a condition reads, up to the first list or map: what is inside is a part of the member. */
export function pathsOf(ir: Ir, edge: Edge): readonly MemberPath[] {
  const paths = new Map<string, MemberPath>();
  const seen = new Set<FieldId>();
  const add = (path: MemberPath): void => {
    // The request as a whole is no part that could be another alone.
    if (path.length > 0) paths.set(JSON.stringify(path), path);
  };
  const ofEdge = (edge: Edge): void => {
    const cond = ir.conds[edge >> 1]!;
    if (cond.op === 'and') cond.args.forEach(ofEdge);
    if (cond.op !== 'atom') return;
    const atom = ir.atoms[cond.atom]!;
    if ('list' in atom) {
      ofField(atom.list);
      ofEdge(atom.body);
      return;
    }
    const object = atom.op === 'HAS_KEY' ? memberPath(ir, atom.field).path : null;
    if (atom.op === 'HAS_KEY' && object !== null) add([...object, atom.key]);
    else ofField(atom.field);
    if ('other' in atom) ofField(atom.other);
  };
  const ofField = (id: FieldId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const { derived } = ir.fields[id]!;
    if (derived !== null) {
      if (derived.op === 'HOLDS') ofEdge(derived.cond);
      else if ('list' in derived) {
        ofField(derived.list);
        ofEdge(derived.body);
      } else derived.args.forEach(ofField);
      return;
    }
    const { path, below } = memberPath(ir, id);
    if (path !== null) add(path);
    if (below !== null) ofField(below);
  };
  ofEdge(edge);
  return [...paths.values()];
}

/** The path of a field that hangs under the request; `below`: the computed field that it hangs under otherwise. */
function memberPath(ir: Ir, id: FieldId): { path: MemberPath | null; below: FieldId | null } {
  let path: string[] = [];
  let at: FieldId | null = id;
  while (at !== null) {
    const field: Ir['fields'][number] = ir.fields[at]!;
    if (field.via === 'constant') return { path: null, below: null };
    if (field.derived !== null) return { path: null, below: at };
    if (field.via === 'member') path.unshift(field.key!);
    else if (field.via !== 'view' && field.via !== 'root') path = [];
    at = field.parent;
  }
  return { path, below: null };
}

/** Those of the paths that are not inside another one. */
export function outermost(paths: readonly MemberPath[]): readonly MemberPath[] {
  const isInside = (path: MemberPath, other: MemberPath): boolean =>
    other.length < path.length && other.every((key, at) => key === path[at]);
  return paths.filter((path) => !paths.some((other) => isInside(path, other)));
}

/** The request with what another one has at some paths; null where it has no place for it. */
export function grafted(request: Json, paths: readonly MemberPath[], donor: Json): Json | null {
  let result: Json | null = request;
  for (const path of paths) {
    if (result === null) return null;
    result = replaced(result, path, valueAt(donor, path));
  }
  return result;
}

/** The request without what is at some paths. */
export function without(request: Json, paths: readonly MemberPath[]): Json {
  return paths.reduce<Json>((rest, path) => replaced(rest, path, undefined) ?? rest, request);
}

/** What is at a path; undefined where nothing is. */
export function valueAt(value: Json | undefined, path: MemberPath): Json | undefined {
  let at: Json | undefined = value;
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

/** `undefined` removes. Null when there is no object to put a value into. */
function replaced(target: Json | undefined, path: MemberPath, value: Json | undefined): Json | null {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (!isObject(target)) return null;
  const has = Object.hasOwn(target, key);
  if (rest.length === 0 && value === undefined)
    return Object.fromEntries(Object.entries(target).filter(([name]) => name !== key));
  if (rest.length > 0 && !has) return value === undefined ? target : null;
  const member = replaced(target[key], rest, value);
  if (member === null && rest.length > 0) return null;
  const entries = Object.entries(target);
  return Object.fromEntries(
    has ? entries.map(([name, old]) => [name, name === key ? member : old]) : [...entries, [key, member]],
  );
}

function isObject(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
