// The limits of the contract, each inclusive. They are part of the contract hash: changing one is a new contract.
// Leaf module: it imports nothing.

export const MAX_REQUEST_BYTES = 1_048_576;
/** Nested containers; the request itself is 1. */
export const MAX_DEPTH = 64;
/** Values that one projection may read into slots, counted per list element and map entry. */
export const MAX_NODES = 65_536;
/** UTF-8 bytes of one projected string. */
export const MAX_STRING_BYTES = 65_536;
export const MAX_LIST_ITEMS = 1_024;
export const MAX_MAP_ENTRIES = 1_024;
/** Bound on node steps that a bundle may state. */
export const MAX_STEPS = 2 ** 32;
/** Bound on scanned bytes that a bundle may state. */
export const MAX_SCAN_BYTES = 2 ** 40;
/** UTF-8 bytes of the obligations of one decision, the only part that repeats what a request says at any length. */
export const MAX_OBLIGATION_BYTES = 67_108_864;
/** Code points of a rendered message. */
export const MAX_MESSAGE = 1_024;
export const MAX_EXTENDS = 16;
export const MAX_SAFE_INT = 2 ** 53 - 1;
/** Largest scaled value of a decimal. */
export const MAX_DECIMAL = 10 ** 15 - 1;
export const MAX_SCALE = 15;
export const MAX_DURATION_MS = 10 ** 15;
export const MAX_BUNDLE_BYTES = 33_554_432;
export const MAX_SLOTS = 65_534;
export const MAX_CODE_NODES = 16_777_215;
/** Bytes of one source file. */
export const MAX_SOURCE_BYTES = 4_194_304;
/** Schemas and imports of one policy. */
export const MAX_FILES = 256;
/** Nesting of expressions and groups. */
export const MAX_NESTING = 128;
export const MAX_NAME = 128;
export const MAX_REASON = 128;
export const MAX_EFFECTS = 32;
export const MAX_SEVERITIES = 32;
export const MAX_OBLIGATIONS = 16;
/** Rules of one policy, table rows included. */
export const MAX_RULES = 65_535;
export const MAX_COLUMNS = 32;
export const MAX_ROWS = 16_384;
export const MAX_TAGS = 16;
export const MAX_REMEDIATIONS = 16;
/** Bytes of one pattern. */
export const MAX_PATTERN_BYTES = 4_096;
/** Patterns of one list. */
export const MAX_PATTERNS = 4_096;
/** States of one automaton. */
export const MAX_STATES = 65_535;
/** Nested quantifiers. */
export const MAX_QUANTIFIERS = 4;
export const MAX_TEST_BYTES = MAX_REQUEST_BYTES;
