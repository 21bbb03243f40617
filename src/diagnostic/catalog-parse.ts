// P1: errors of the text itself. `{hint}` is filled by the parser and may be empty.
import type { Catalog } from './diagnostic.ts';

export const PARSE_CATALOG = {
  // The file as a whole.
  P1001: {
    severity: 'error',
    message: 'the file is empty: a policy begins with `policy NAME`',
  },
  P1002: {
    severity: 'error',
    message: 'the file has {size} bytes; a policy file may have at most {limit}',
    hint: 'split the policy into several files',
  },
  P1003: {
    severity: 'error',
    message: 'the file is not valid UTF-8: byte {offset} cannot be decoded',
    hint: 'save the file as UTF-8',
  },
  P1004: {
    severity: 'error',
    message: 'the file contains a NUL character: it is not a text file',
    hint: '{hint}',
  },
  P1005: {
    severity: 'error',
    message: 'the text contains a lone surrogate ({code}), which is no character',
  },
  P1006: {
    severity: 'error',
    message: 'a policy file begins with `policy NAME`, found {found}',
    hint: 'write `policy my_policy version "1.0.0"` before everything else',
  },
  P1007: {
    severity: 'error',
    message: 'the file has more than {limit} errors; the rest is not shown',
  },

  // Tokens.
  P1101: { severity: 'error', message: 'unknown character {char} ({code})', hint: '{hint}' },
  P1102: { severity: 'error', message: 'there is no operator `{found}`', hint: 'write `{use}`' },
  P1103: {
    severity: 'error',
    message: 'strings are written in double quotes, not in {found}',
    hint: 'write "…"',
  },
  P1104: { severity: 'error', message: '{found} does not begin a comment', hint: 'comments begin with `//`' },
  P1105: {
    severity: 'error',
    message: 'this string has no closing `"` on its line',
    hint: 'a string ends on the line where it begins; write a line break as \\n',
  },
  P1106: {
    severity: 'error',
    message: 'unknown escape `{found}` in a string',
    hint: 'the escapes are \\" \\\\ \\n \\r \\t \\u{1F600} and, in patterns, \\*',
  },
  P1107: {
    severity: 'error',
    message: '`{found}` is no character: {reason}',
    hint: 'write \\u{…} with one to six hexadecimal digits, at most 10FFFF and not D800 to DFFF',
  },
  P1108: { severity: 'error', message: '`{found}` is not a number: {reason}', hint: '{hint}' },
  P1109: {
    severity: 'error',
    message: '`{found}` is not a duration: {reason}',
    hint: 'components are whole numbers in the order d h m s ms, each at most once: 1d12h, 1h30m, 250ms',
  },
  P1110: {
    severity: 'error',
    message: 'there is no division',
    hint: 'multiply the other side of the comparison: `a * 100 <= b * 36` instead of `a / b <= 0.36`',
  },
  P1111: { severity: 'error', message: 'this regular expression has no closing `/` on its line' },
  P1112: {
    severity: 'error',
    message: 'bad flags `{found}` of a regular expression',
    hint: 'the flags are `i` and `s`, each at most once',
  },
  P1113: {
    severity: 'error',
    message: 'the name `{found}…` has {length} characters; a name may have at most {limit}',
  },

  // JSON objects in the source.
  P1201: { severity: 'error', message: 'bad JSON: {reason}', hint: '{hint}' },
  P1202: { severity: 'error', message: 'the key {key} stands twice in one JSON object' },
  P1203: { severity: 'error', message: 'the JSON is nested more than {limit} levels deep' },
  P1204: { severity: 'error', message: 'the number {found} is too large for JSON data' },
  P1205: {
    severity: 'error',
    message: 'a JSON string contains a lone surrogate ({code}), which is no character',
  },

  // Structure.
  P1301: { severity: 'error', message: 'expected {expected}{after}, found {found}', hint: '{hint}' },
  P1302: { severity: 'error', message: 'unexpected {found}{after}', hint: '{hint}' },
  P1303: {
    severity: 'error',
    message: '`{found}` is a reserved word and cannot name {what}',
    hint: 'choose another name, for example `{found}_` or `my_{found}`',
  },
  P1304: { severity: 'error', message: '{what} is nested more than {limit} levels deep', hint: '{hint}' },
  P1305: {
    severity: 'error',
    message: '`{second}` cannot follow `{first}` without parentheses',
    hint: '{hint}',
  },
  P1306: {
    severity: 'error',
    message: '`not` cannot stand directly after `{first}`: it binds weaker',
    hint: 'put parentheses around the negated part',
  },
  P1307: { severity: 'error', message: 'this `{` is never closed', hint: 'add a `}` where the {what} ends' },
  P1308: {
    severity: 'error',
    message: 'this `}` closes nothing',
    hint: 'remove it, or look for a missing `{` above',
  },
  P1309: {
    severity: 'error',
    message: '`{found}` cannot stand inside a group',
    hint: 'a group holds rules, tables, lets and groups; move it outside',
  },
  P1310: {
    severity: 'error',
    message: '`policy` stands once, at the beginning of the file',
    hint: 'one file holds one policy',
  },
} satisfies Catalog;
