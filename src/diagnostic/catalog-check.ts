// P3: errors of names, types and ranges; P39: warnings.
import type { Catalog } from './diagnostic.ts';

const error = (message: string, hint?: string): { severity: 'error'; message: string; hint?: string } =>
  hint === undefined ? { severity: 'error', message } : { severity: 'error', message, hint };
const warning = (message: string, hint: string): { severity: 'warning'; message: string; hint: string } => ({
  severity: 'warning',
  message,
  hint,
});

export const CHECK_CATALOG = {
  P3001: error('`{name}` is not a name that is known here', '{hint}'),
  P3002: error(
    '`{name}` is declared twice',
    'rules, groups, tables, lets, defs, invariants, parameters and variables share one namespace: choose another name',
  ),
  P3003: error(
    '`{name}` is a top-level property of the request',
    'choose another name, so that `{name}` means one thing',
  ),
  P3004: error('the let `{name}` depends on itself', 'break the cycle'),
  P3005: error(
    '{what} is not supported yet',
    'the words are reserved, so that a later version can read this policy',
  ),
  P3006: error('the def `{name}` calls itself', 'a def cannot recurse; use a quantifier over a list'),
  P3007: error('`{name}` is a built-in function', 'choose another name for the def'),
  P3010: error('there is no type `{name}`', '{hint}'),
  P3011: error(
    'a decimal has at most 15 digits behind the point, not {scale}',
    'use decimal(0) to decimal(15)',
  ),
  P3012: error(
    'the schema keyword `{keyword}` is not supported on a field that the policy reads: {where}',
    '{why}',
  ),
  P3013: error('`is decimal` needs the number of digits behind the point', 'write `is decimal(2)`'),
  P3020: error('expected {wanted}, found {found}'),
  P3021: error(
    '{value} is out of the range of {type}',
    'int: up to 2^53-1; decimal: 15 digits; duration: 10^15 ms',
  ),
  P3022: error(
    '{value} has more digits behind the point than {type}',
    'round the literal, or give the schema a finer `multipleOf`',
  ),
  P3023: error('{value} is not a {type}', 'write it as {format}'),
  P3024: error('{value} is not a value of {type}', '{hint}'),
  P3025: error('`{op}` does not take {left} and {right}', '{hint}'),
  P3026: error('only a literal of whole days can be added to a date', 'write `7d`, for example'),
  P3027: error(
    'this {type} may leave the range in which numbers are exact',
    'give the schema of {fields} a `maximum` (and a `minimum`)',
  ),
  P3028: error('`{op}` does not compare {left} with {right}', '{hint}'),
  P3029: error('`\\*` is only allowed in patterns', 'write `*`: outside patterns a star is a star'),
  P3030: error(
    '`{name}` may be absent here',
    'guard it with `has {name} and …`, or give a value with `{name} ?? …`',
  ),
  P3031: error('expected a condition, found {found}', '{hint}'),
  P3032: error('a list holds values of one type: {first} and {found} do not mix'),
  P3033: error('`??` needs two values of one type, found {left} and {right}'),
  P3034: error(
    'the list `{name}` may be absent here',
    'write `({name} ?? [])`, or guard with `has {name} and …`',
  ),
  P3035: error(
    '`{op}` needs a list of the request, not a written list',
    'write the condition out, or use `any`',
  ),
  P3036: error('`{name}` is {what}, not a value'),
  P3037: error(
    '`{name}` is used above its declaration',
    'under first_applicable a let or def can be used only below its declaration: move it up',
  ),
  P3038: error(
    'nothing can be here: what is known of `{name}` contradicts itself',
    'this place is never reached; remove a test',
  ),
  P3039: error('{type} has no members'),
  P3040: error('`{object}` has no property `{name}` in its schema', '{hint}'),
  P3041: error(
    '`{name}` of `{object}` has no single type here',
    'narrow `{object}` further with `is` or by its discriminator',
  ),
  P3042: error(
    '`{name}` is not in every branch: `{branch}` lacks it',
    'narrow by `{discriminator} == …` or `is` first',
  ),
  P3043: error('`has` asks for a request field, a let or a variable', 'name the value with a let first'),
  P3044: error('`{name}` has no such branch', 'its branches: {branches}'),
  P3045: error('`{object}` is a map: its keys are read as `{object}["{name}"]`', 'write the key in brackets'),
  P3046: error(
    '`{object}` is unknown: `{name}` cannot be read before its type is tested',
    'guard it with `{object} is TYPE and …`',
  ),
  P3047: error(
    'a list index is a whole number from 0, written out',
    'use `any`, `all` or `first` to look through a list',
  ),
  P3048: error('{type} cannot be indexed'),
  P3088: error('there is no item {index}: the written list has {found}'),
  P3049: error('`{name}` is already known to be {type}', '`is` tests values of unknown type and unions'),
  P3050: error(
    'a list of texts must be constant here',
    'use `any(t in …: x contains t)` for a list of the request',
  ),
  P3051: error('the list is empty, so this can never match', 'write at least one text'),
  P3052: error('too many {what}: at most {max}'),
  P3053: error('the empty text matches everything', 'remove it'),
  P3054: error('not a {kind} pattern: {problem}'),
  P3055: error(
    'a pattern must be constant',
    'write a string, a list of strings, or the name of a let that is one',
  ),
  P3056: error('`{name}` is not a function or a def', '{hint}'),
  P3057: error('`{name}` takes {wanted} arguments, found {found}'),
  P3058: error(
    'the offset must be a literal "Z" or "±hh:mm"',
    'write `weekday(time, "+01:00")`, for example',
  ),
  P3059: error(
    'the calls in this policy expand without reasonable end (at `{name}`)',
    'a def that calls others several times multiplies; name intermediate results with lets',
  ),
  P3060: error('the parameter `{param}` takes {wanted}, found {found}'),
  P3061: error(
    '`{text}` is not a reference to a field or let',
    'write `{name}` with one stable reference; `{{` and `}}` are braces',
  ),
  P3062: error('`{name}` is {type} and cannot be printed', '{hint}'),
  P3063: error(
    'these patterns need an automaton of more than {max} states',
    'split the list, or use fewer `*` in one pattern',
  ),
  P3064: error(
    'one decision may take {bound} {what}, more than {max}',
    'give the schema of {fields} a {keyword}',
  ),
  P3065: error(
    'the compiled policy is larger than a bundle may be: {max} bytes',
    'defs that call others several times multiply; name intermediate results with lets, or split the policy',
  ),
  P3066: error(
    'the schema allows {allows} here, so reading it tells nothing: {where}',
    'correct the schema, or do not read the field',
  ),
  P3070: error('there is no effect `{name}`', '{hint}'),
  P3071: error('the effect `{effect}` has no obligation `{name}`', '{hint}'),
  P3072: error('the argument `{name}` is given twice'),
  P3073: error('{what} must be constant here', 'no request field can be relied on in this place'),
  P3074: error(
    'the effect `{effect}` needs `{name}`',
    'add `with {name}: …`, or give the obligation a default in `effects`',
  ),
  P3075: error('the obligation `{name}` takes {wanted}, found {found}'),
  P3076: error('`{clause}` is written twice', 'only `remediation` may repeat'),
  P3077: error('there is no severity `{name}`', '{hint}'),
  P3078: error('a reason code is 1 to {max} printable characters'),
  P3079: error('a tag is a constant string'),
  P3080: error('the row has {found} cells, the table {wanted} columns'),
  P3081: error('a cell compares with a constant', 'use a rule for conditions between fields'),
  P3082: error('`{what}` is declared twice', 'keep one'),
  P3083: error('`{what}` is missing', 'add for example `{example}`'),
  P3084: error(
    'the obligation `{name}` must be a string, bool, int, decimal(s), timestamp, date or duration, or a list of them',
  ),
  P3085: error('`{name}` is not a request', '{hint}'),
  P3086: error('there is no rule `{name}`', '{hint}'),
  P3087: error(
    'an invalid request gets the strongest effect, `{effect}`, whose obligation `{name}` has no default',
    'write `on invalid {effect} with {name}: …`',
  ),
  P3089: error(
    'this value may be absent here',
    'name it with a let and guard that with `has`, or give a value with `??`',
  ),
  P3090: error(
    '`{name}` is unknown: its type must be tested before it is used',
    'guard it with `{name} is TYPE and …`',
  ),
  P3091: error('the effect `{name}` is named twice', 'name it once'),
  P3092: error(
    '`{name}` may rely on what the rules above it exclude',
    'an invariant speaks of all requests: move `{name}` above the rules, or write its value out',
  ),
  P3901: warning('`and` and `or` are mixed without parentheses', 'add parentheses around the `and`'),
  P3902: warning('`{name}` is never absent here, so `??` has no effect', 'remove the `??`'),
  P3903: warning('`{name}` is never absent here, so `has` is always true', 'remove the `has`'),
  P3904: warning(
    '`{name}` is an optional property of an object that allows other keys: a misspelt key in a request is silently absent',
    'set `additionalProperties: false` in the schema',
  ),
  P3905: warning(
    '`{reason}` is a built-in reason code',
    'choose another, so that a decision can be told apart',
  ),
  P3906: warning(
    'the reason code `{reason}` has characters outside A-Z, 0-9, `_` and `.`',
    'upper-case codes are easier to search for',
  ),
  P3907: warning('this column is never absent', 'remove `absent`'),
  P3908: warning('no rule, row or default uses the effect `{name}`', 'remove it, or write the rule'),
  P3909: warning('the {kind} `{name}` is not used', 'remove it, or begin its name with `_`'),
  P3910: warning('one decision may take up to {bound} {what}', 'give the schema of {fields} a {keyword}'),
  P3911: warning(
    'the invariant `{name}` allows every effect, so it claims nothing',
    'leave out the effects that the decision must not have',
  ),
} satisfies Catalog;
