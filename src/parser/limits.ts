// Limits of the source text. All are inclusive.

/** Bytes of one policy file. */
export const MAX_SOURCE_BYTES = 4_194_304;
/**
 * Levels of an expression (each operator, bracket, call or member around its innermost operand is one; a chain
 * of `and` or of `or` is one), of a type, and of groups. Every later phase walks the tree recursively.
 */
export const MAX_NESTING = 128;
/** Characters of a name. */
export const MAX_NAME = 128;
/** Containers in a JSON object of the source; the object itself is the first. */
export const MAX_JSON_DEPTH = 64;
/** Errors that are reported for one file. */
export const MAX_ERRORS = 100;
