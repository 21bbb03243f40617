// Checks a JSON text that comes in pieces with holes between them, byte by byte, without building anything. Only compact writing is
// accepted (no white space), because fragments are copied into decisions as they are. The bytes are known to be UTF-8, so a token
// never spans a hole: every string, number and literal is whole inside one piece. Leaf module: it imports nothing.

const MAX_DEPTH = 31;

type Expect = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'after';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const code = (text: string): number => text.charCodeAt(0);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number | undefined): boolean =>
  isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

export class JsonCheck {
  #expect: Expect = 'value';
  #depth = 0;
  /** Bit d: the container at depth d is an object. */
  #objects = 0;

  /** Begins a new text. */
  start(): void {
    this.#expect = 'value';
    this.#depth = 0;
    this.#objects = 0;
  }

  /** Whether the text may go on with `bytes[at..end)`. */
  text(bytes: Uint8Array, at: number, end: number): boolean {
    let i = at;
    while (i < end) {
      const next = this.#token(bytes, i, end);
      if (next < 0) return false;
      i = next;
    }
    return true;
  }

  /** Whether a value of unknown text may stand here. */
  hole(): boolean {
    return this.#value();
  }

  /** Whether the text may end here. */
  finish(): boolean {
    return this.#depth === 0 && this.#expect === 'after';
  }

  #value(): boolean {
    if (this.#expect !== 'value' && this.#expect !== 'valueOrEnd') return false;
    this.#expect = 'after';
    return true;
  }

  // Index behind the token, or -1.
  #token(bytes: Uint8Array, i: number, end: number): number {
    const byte = bytes[i]!;
    switch (byte) {
      case 0x7b:
        return this.#open(true) ? i + 1 : -1;
      case 0x5b:
        return this.#open(false) ? i + 1 : -1;
      case 0x7d:
        return this.#close(true) ? i + 1 : -1;
      case 0x5d:
        return this.#close(false) ? i + 1 : -1;
      case 0x2c:
        return this.#comma() ? i + 1 : -1;
      case 0x3a:
        if (this.#expect !== 'colon') return -1;
        this.#expect = 'value';
        return i + 1;
      case QUOTE:
        if (this.#expect === 'key' || this.#expect === 'keyOrEnd') this.#expect = 'colon';
        else if (!this.#value()) return -1;
        return stringEnd(bytes, i + 1, end);
      default:
        if (!this.#value()) return -1;
        if (byte === code('-') || isDigit(byte)) return numberEnd(bytes, i, end);
        return literalEnd(bytes, i, end);
    }
  }

  #open(object: boolean): boolean {
    if (this.#depth === MAX_DEPTH || !this.#value()) return false;
    const bit = 1 << this.#depth++;
    this.#objects = object ? this.#objects | bit : this.#objects & ~bit;
    this.#expect = object ? 'keyOrEnd' : 'valueOrEnd';
    return true;
  }

  #inObject(): boolean {
    return ((this.#objects >> (this.#depth - 1)) & 1) === 1;
  }

  #close(object: boolean): boolean {
    if (this.#depth === 0 || this.#inObject() !== object) return false;
    if (this.#expect !== 'after' && this.#expect !== (object ? 'keyOrEnd' : 'valueOrEnd')) return false;
    this.#depth--;
    this.#expect = 'after';
    return true;
  }

  #comma(): boolean {
    if (this.#depth === 0 || this.#expect !== 'after') return false;
    this.#expect = this.#inObject() ? 'key' : 'value';
    return true;
  }
}

function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const byte = bytes[i++]!;
    if (byte === QUOTE) return i;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    const escaped = i < end ? bytes[i++]! : 0;
    if (escaped === code('u')) {
      for (let k = 0; k < 4; k++, i++) if (i >= end || !isHex(bytes[i])) return -1;
    } else if (!'"\\/bfnrt'.includes(String.fromCharCode(escaped))) return -1;
  }
  return -1;
}

function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const at = (k: number): number | undefined => (k < end ? bytes[k] : undefined);
  const digits = (): boolean => {
    if (!isDigit(at(i))) return false;
    while (isDigit(at(i))) i++;
    return true;
  };
  if (at(i) === code('-')) i++;
  if (at(i) === code('0')) i++;
  else if (!digits()) return -1;
  if (at(i) === code('.')) {
    i++;
    if (!digits()) return -1;
  }
  if (at(i) === code('e') || at(i) === code('E')) {
    i++;
    if (at(i) === code('+') || at(i) === code('-')) i++;
    if (!digits()) return -1;
  }
  return i;
}

function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  for (const word of ['true', 'false', 'null']) {
    if (start + word.length > end) continue;
    let same = true;
    for (let k = 0; k < word.length; k++) if (bytes[start + k] !== word.charCodeAt(k)) same = false;
    if (same) return start + word.length;
  }
  return -1;
}
