// From the bytes of a file to a valid schema, or to the diagnostics that say why not.

import type { ErrorObject } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { MAX_SOURCE_BYTES } from '../bytecode/limits.ts';
import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic.ts';
import { readJson } from '../value/json-reader.ts';
import type { Dialect } from './schema-file.ts';
import { isObject, isSchema, type JsonObject, member } from './schema-keywords.ts';

/** Nested objects and arrays of one schema file. */
export const MAX_SCHEMA_DEPTH = 256;
/** Violations of the meta-schema that are shown of one schema. */
const MAX_VIOLATIONS = 10;

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
]);

export type ReadSchema =
  | { readonly ok: true; readonly json: JsonObject | boolean; readonly dialect: Dialect }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] };

/** Reads and validates one file. `inherited`: the dialect of a file that names none. */
export function readSchema(file: string, bytes: Uint8Array, inherited: Dialect): ReadSchema {
  const fail = (...diagnostics: Diagnostic[]): ReadSchema => ({ ok: false, diagnostics });
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.subarray(bom);
  const read = readJson(text, { maxBytes: MAX_SOURCE_BYTES, maxDepth: MAX_SCHEMA_DEPTH });
  if (!read.ok) {
    // The text before the error is valid, so it tells the place in UTF-16; a BOM is one unit.
    const before = read.code === 'utf8' ? 0 : new TextDecoder().decode(text.subarray(0, read.offset)).length;
    const start = before + (bom === 0 ? 0 : 1);
    const place = { file, span: { start, end: start + 1 } };
    switch (read.code) {
      case 'too_large':
        return fail(diagnostic('P2002', { file, span: null }, { limit: MAX_SOURCE_BYTES }));
      case 'utf8':
        return fail(diagnostic('P2003', { file, span: null }, { offset: read.offset + bom }));
      case 'json':
        return fail(diagnostic('P2004', place, { reason: unexpected(text, read.offset) }));
      case 'depth':
        return fail(diagnostic('P2005', place, { limit: MAX_SCHEMA_DEPTH }));
      case 'duplicate_key':
        return fail(diagnostic('P2006', { ...place, pointer: read.pointer }, { pointer: read.pointer }));
    }
  }
  const json = read.value;
  if (!isSchema(json)) {
    return fail(
      violation(file, '', `it is ${nameOf(json)}, and a schema is an object, \`true\` or \`false\``),
    );
  }
  const declared = isObject(json) ? member(json, '$schema') : undefined;
  const dialect = declared === undefined ? inherited : DIALECTS.get(String(declared).replace(/#$/, ''));
  if (dialect === undefined) {
    return fail(
      diagnostic('P2007', { file, span: null, pointer: '/$schema' }, { dialect: String(declared) }),
    );
  }
  const violations = violationsOf(file, '', json, dialect);
  return violations.length > 0 ? fail(...violations) : { ok: true, json, dialect };
}

function unexpected(text: Uint8Array, offset: number): string {
  if (offset >= text.length) return 'the text ends too early';
  const rest = new TextDecoder().decode(text.subarray(offset, offset + 64));
  const found = /^"[^"\n]{0,30}"?|^[\w.+-]{1,30}/.exec(rest)?.[0] ?? [...rest][0];
  return `\`${found}\` is not expected here`;
}

function nameOf(json: unknown): string {
  return json === null ? 'null' : Array.isArray(json) ? 'an array' : `a ${typeof json}`;
}

// Ajv judges schemas against the meta-schema of their dialect only; it neither compiles nor fetches them.
const OPTIONS = { strict: false, validateFormats: false, allErrors: true, logger: false } as const;
const META: { readonly [dialect in Dialect]: () => Ajv } = {
  '2020-12': once(() => new Ajv2020(OPTIONS)),
  'draft-07': once(() => new Ajv(OPTIONS)),
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What the meta-schema refuses in the schema at `pointer` of a file. */
export function violationsOf(
  file: string,
  pointer: string,
  json: JsonObject | boolean,
  dialect: Dialect,
): Diagnostic[] {
  const ajv = META[dialect]();
  const validate = ajv.getSchema(String(ajv.defaultMeta()))!;
  if (validate(json) === true) return [];
  const errors = validate.errors ?? [];
  const paths = [...new Set(errors.map((e) => e.instancePath))].sort();
  // An error inside a place also fails the alternatives of the meta-schema for the place itself.
  const innermost = paths.filter((p) => !paths.some((q) => q.startsWith(`${p}/`)));
  return innermost
    .slice(0, MAX_VIOLATIONS)
    .map((path) => violation(file, pointer + path, reasonOf(errors.filter((e) => e.instancePath === path))));
}

function reasonOf(errors: readonly ErrorObject[]): string {
  const enumeration = errors.find((e) => e.keyword === 'enum');
  if (enumeration !== undefined) {
    const allowed = (enumeration.params as { allowedValues: readonly unknown[] }).allowedValues;
    return `it must be one of ${allowed.map((v) => JSON.stringify(v)).join(', ')}`;
  }
  return `it ${errors[0]?.message ?? 'is not allowed'}`;
}

function violation(file: string, pointer: string, reason: string): Diagnostic {
  return diagnostic('P2008', { file, span: null, pointer }, { pointer, reason });
}
