// The reader of request texts. It judges what `JSON.parse` cannot: UTF-8, depth, repeated keys, escaped lone surrogates. The scan below
// is iterative and decides alone whether the text is accepted; an accepted text is then built by `JSON.parse`, which for such texts
// agrees with it on every value (`__proto__` becomes an own property there).

import { isWellFormed, utf8Length } from './text.ts';

export type JsonErrorCode = 'too_large' | 'utf8' | 'json' | 'depth' | 'duplicate_key';

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: JsonErrorCode;
      /** RFC 6901 pointer of the object with the repeated key; empty for the other codes. */
      readonly pointer: string;
      /** Byte at which the error begins. */
      readonly offset: number;
    };

export interface JsonLimits {
  readonly maxBytes: number;
  /** Nested containers; the outermost is 1. */
  readonly maxDepth: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one JSON text. Never throws, never recurses on the depth of the text. */
export function readJson(bytes: Uint8Array, limits: JsonLimits): JsonResult {
  if (bytes.length > limits.maxBytes) return failure('too_large', limits.maxBytes);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return failure('utf8', firstInvalidByte(bytes));
  }
  return readScanned(text, limits);
}

/** As `readJson`, for a text that is already a string; a lone surrogate in it is no UTF-8. */
export function readJsonText(text: string, limits: JsonLimits): JsonResult {
  if (text.length > limits.maxBytes || utf8Length(text) > limits.maxBytes) {
    return failure('too_large', limits.maxBytes);
  }
  if (!isWellFormed(text)) return failure('utf8', utf8Length(text.slice(0, firstLoneSurrogate(text))));
  return readScanned(text, limits);
}

function readScanned(text: string, limits: JsonLimits): JsonResult {
  const scan = new Scan(text, limits.maxDepth);
  if (!scan.accepts()) return failure(scan.code, utf8Length(text.slice(0, scan.errorAt)), scan.pointer);
  return { ok: true, value: JSON.parse(text) };
}

function failure(code: JsonErrorCode, offset: number, pointer = ''): JsonResult {
  return { ok: false, code, pointer, offset };
}

/** Start of the first sequence that is no UTF-8: cut off, overlong, a surrogate, or above U+10FFFF. */
function firstInvalidByte(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return i;
}

function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  // The second byte is narrower after four of the leads: overlong forms, surrogates, and what lies above U+10FFFF.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k < length; k++) {
    const byte = bytes[i + k] ?? 0;
    if (byte < (k === 1 ? low : 0x80) || byte > (k === 1 ? high : 0xbf)) return 0;
  }
  return length;
}

function firstLoneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point >= 0xd800 && point <= 0xdfff) return i;
    if (point > 0xffff) i++;
  }
  return text.length;
}

/** Keys up to which an open object is searched by comparing; beyond, a set. */
const MAX_COMPARED_KEYS = 8;

/** A container that the scan is inside of. */
class Level {
  isObject = false;
  /** Items or members begun so far. */
  count = 0;
  key = '';
  readonly keys: string[] = [];
  index: Set<string> | null = null;

  open(isObject: boolean): void {
    this.isObject = isObject;
    this.count = 0;
    this.keys.length = 0;
    this.index = null;
  }

  /** Notes the key; false when it is a repetition. */
  add(key: string): boolean {
    this.key = key;
    if (this.index === null) {
      if (this.keys.includes(key)) return false;
      this.keys.push(key);
      if (this.keys.length > MAX_COMPARED_KEYS) this.index = new Set(this.keys);
      return true;
    }
    if (this.index.has(key)) return false;
    this.index.add(key);
    return true;
  }
}

class Scan {
  code: JsonErrorCode = 'json';
  errorAt = 0;
  pointer = '';
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #levels: Level[] = [];
  #depth = 0;
  #at = 0;
  /** Where the first repeated key begins, or -1. It counts only when the rest of the text is fine. */
  #repetition = -1;
  #escaped = false;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  accepts(): boolean {
    if (!this.#values()) return false;
    this.#space();
    if (this.#at < this.#text.length) return this.#fail('json', this.#at);
    return this.#repetition < 0 || this.#fail('duplicate_key', this.#repetition);
  }

  #fail(code: JsonErrorCode, at: number): false {
    this.code = code;
    this.errorAt = at;
    if (code !== 'duplicate_key') this.pointer = '';
    return false;
  }

  #space(): void {
    let unit = this.#text.charCodeAt(this.#at);
    while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09)
      unit = this.#text.charCodeAt(++this.#at);
  }

  /** One value with everything in it. */
  #values(): boolean {
    for (;;) {
      this.#space();
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === 0x7b || unit === 0x5b) {
        if (!this.#open(unit === 0x7b)) return false;
        this.#space();
        if (this.#text.charCodeAt(this.#at) !== unit + 2) {
          if (unit === 0x7b && !this.#member()) return false;
          continue;
        }
        this.#at++;
        this.#depth--;
      } else if (!this.#scalar(unit)) return false;
      const next = this.#close();
      if (next !== MORE) return next === DONE;
    }
  }

  #open(isObject: boolean): boolean {
    if (this.#depth >= this.#maxDepth) return this.#fail('depth', this.#at);
    if (this.#depth === this.#levels.length) this.#levels.push(new Level());
    this.#levels[this.#depth++]!.open(isObject);
    this.#at++;
    return true;
  }

  /** Behind a value: closes containers until a further value must follow. */
  #close(): number {
    while (this.#depth > 0) {
      this.#space();
      const level = this.#levels[this.#depth - 1]!;
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === 0x2c) {
        this.#at++;
        level.count++;
        if (!level.isObject) return MORE;
        this.#space();
        return this.#member() ? MORE : FAILED;
      }
      if (unit !== (level.isObject ? 0x7d : 0x5d)) {
        this.#fail('json', this.#at);
        return FAILED;
      }
      this.#at++;
      this.#depth--;
    }
    return DONE;
  }

  /** A key and its colon. */
  #member(): boolean {
    const start = this.#at;
    if (this.#text.charCodeAt(start) !== 0x22) return this.#fail('json', start);
    if (!this.#string()) return false;
    const key = this.#escaped
      ? (JSON.parse(this.#text.slice(start, this.#at)) as string)
      : this.#text.slice(start + 1, this.#at - 1);
    if (!this.#levels[this.#depth - 1]!.add(key) && this.#repetition < 0) {
      this.#repetition = start;
      this.pointer = this.#containerPointer();
    }
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== 0x3a) return this.#fail('json', this.#at);
    this.#at++;
    return true;
  }

  #containerPointer(): string {
    let pointer = '';
    for (const level of this.#levels.slice(0, this.#depth - 1)) {
      pointer += `/${level.isObject ? level.key.replaceAll('~', '~0').replaceAll('/', '~1') : level.count}`;
    }
    return pointer;
  }

  #scalar(unit: number): boolean {
    if (unit === 0x22) return this.#string();
    if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) return this.#number();
    const word = unit === 0x74 ? 'true' : unit === 0x66 ? 'false' : 'null';
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('json', this.#at);
    this.#at += word.length;
    return true;
  }

  /** From the opening quote to behind the closing one. */
  #string(): boolean {
    const text = this.#text;
    let i = this.#at + 1;
    this.#escaped = false;
    for (;;) {
      const unit = text.charCodeAt(i);
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        const length = this.#escape(i);
        if (length === 0) return false;
        this.#escaped = true;
        i += length;
      } else if (unit >= 0x20) i++;
      // A control character, or NaN behind the end.
      else return this.#fail('json', i);
    }
    this.#at = i + 1;
    return true;
  }

  /** Length of the escape (of both halves of a pair) at `i`, or 0. */
  #escape(i: number): number {
    const text = this.#text;
    if (text[i + 1] !== 'u') {
      if (text[i + 1] !== undefined && '"\\/bfnrt'.includes(text[i + 1]!)) return 2;
      this.#fail('json', i);
      return 0;
    }
    const unit = this.#hex(i + 2);
    if (unit < 0) {
      this.#fail('json', i);
      return 0;
    }
    if (unit < 0xd800 || unit > 0xdfff) return 6;
    const low = unit < 0xdc00 && text[i + 6] === '\\' && text[i + 7] === 'u' ? this.#hex(i + 8) : -1;
    if (low >= 0xdc00 && low <= 0xdfff) return 12;
    this.#fail('utf8', i);
    return 0;
  }

  /** Value of the four hexadecimal digits at `at`, or -1. */
  #hex(at: number): number {
    let value = 0;
    for (let i = at; i < at + 4; i++) {
      const unit = this.#text.charCodeAt(i);
      const lower = unit | 0x20;
      if (unit >= 0x30 && unit <= 0x39) value = value * 16 + unit - 0x30;
      else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
      else return -1;
    }
    return value;
  }

  #number(): boolean {
    const start = this.#at;
    if (this.#text.charCodeAt(this.#at) === 0x2d) this.#at++;
    if (this.#text.charCodeAt(this.#at) === 0x30) this.#at++;
    else if (!this.#digits()) return this.#fail('json', start);
    if (this.#text.charCodeAt(this.#at) === 0x2e) {
      this.#at++;
      if (!this.#digits()) return this.#fail('json', start);
    }
    if ((this.#text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++;
      const sign = this.#text.charCodeAt(this.#at);
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      if (!this.#digits()) return this.#fail('json', start);
    }
    return true;
  }

  /** One digit or more. */
  #digits(): boolean {
    const start = this.#at;
    let unit = this.#text.charCodeAt(start);
    while (unit >= 0x30 && unit <= 0x39) unit = this.#text.charCodeAt(++this.#at);
    return this.#at > start;
  }
}

const MORE = 0;
const DONE = 1;
const FAILED = 2;
