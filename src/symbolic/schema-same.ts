// Whether two policies are written for the same condition schema.

import type { SchemaSet } from '../checker/shape.ts';

/** The same files with the same content, whatever they are called. */
export function isSameSchema(a: SchemaSet, b: SchemaSet): boolean {
  const content = (schemas: SchemaSet): string =>
    JSON.stringify(schemas.files.map(({ json, dialect }) => [json, dialect]));
  return content(a) === content(b);
}
