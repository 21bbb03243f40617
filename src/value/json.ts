// Leaf module: it imports nothing.

/** A value of JSON (RFC 8259), in memory. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
