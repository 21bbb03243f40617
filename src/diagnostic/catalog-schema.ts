// P2: errors of condition schemas. `{pointer}` is a JSON pointer, shown as `#/…`.
import type { Catalog } from './diagnostic.ts';

export const SCHEMA_CATALOG = {
  // The file as a whole.
  P2001: {
    severity: 'error',
    message: 'cannot read the schema `{path}`: {reason}',
    hint: 'schemas are files, named relative to the file that refers to them; nothing is fetched',
  },
  P2002: {
    severity: 'error',
    message: 'the schema has more than {limit} bytes',
    hint: 'split it into several files that refer to each other',
  },
  P2003: {
    severity: 'error',
    message: 'the schema is not valid UTF-8: byte {offset} cannot be decoded',
    hint: 'save the file as UTF-8',
  },
  P2004: { severity: 'error', message: 'the schema is not valid JSON: {reason}' },
  P2005: { severity: 'error', message: 'the schema is nested more than {limit} levels deep' },
  P2006: {
    severity: 'error',
    message: 'the object at `#{pointer}` has a key twice',
    hint: 'keep one of them: JSON readers disagree about which counts',
  },
  P2007: {
    severity: 'error',
    message: 'the JSON Schema dialect `{dialect}` is not supported',
    hint: 'use https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema#',
  },
  P2008: { severity: 'error', message: 'not a valid JSON Schema at `#{pointer}`: {reason}' },
  P2009: {
    severity: 'error',
    message: 'the schema refers to more than {limit} files',
  },

  // References.
  P2020: {
    severity: 'error',
    message: 'the `$ref` `{ref}` leads to nothing: {reason}',
    hint: '{hint}',
  },
  P2021: {
    severity: 'error',
    message: 'the `$ref` `{ref}` names a schema elsewhere, and schemas are never fetched',
    hint: 'save that schema beside this one and refer to it by its relative path',
  },
  P2022: {
    severity: 'error',
    message: 'the `$ref` at `#{pointer}` refers to itself, through {chain}',
    hint: 'a recursive schema needs a property or an item between the references',
  },
  P2023: {
    severity: 'error',
    message: 'the {keyword} `{name}` is declared twice, at `#{first}` and `#{pointer}`',
  },

  // The request.
  P2030: {
    severity: 'error',
    message: 'the schema describes {found}, but a request is a JSON object',
    hint: 'declare "type": "object" with "properties"',
  },
} satisfies Catalog;
