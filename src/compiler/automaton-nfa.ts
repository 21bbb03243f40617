// Glob, dotted and path patterns as one nondeterministic automaton with empty moves.
//
// Segmented patterns are a trie of segments. Every place of it has two states: `before`, where the next segment is about to begin (at the
// start of the subject or right after a separator), and `after`, where a segment has just ended; a separator leads from the second to the
// first. `**` may be skipped in both, or reads a segment and stands again where it stood. Only an `after` accepts, and a segment is never
// empty: so no subject with an empty segment is matched.

import { MAX_STATES } from '../bytecode/limits.ts';
import {
  type PatternKind,
  type Piece,
  patternPieces,
  patternSegments,
  type SegmentedPattern,
} from '../ir/pattern.ts';
import { byteClasses } from './automaton-table.ts';

export interface Nfa {
  readonly classes: number;
  readonly classOf: Uint8Array;
  /** Class of the separator. */
  readonly separator: number;
  /** State 0 starts. */
  readonly states: readonly NfaState[];
}

export interface NfaState {
  /** Moves on one byte class. */
  readonly on: { readonly class: number; readonly to: number }[];
  /** Where any byte leads. */
  readonly onAny: number[];
  /** Where any byte but the separator leads. */
  readonly onInner: number[];
  /** Moves without reading. */
  readonly skip: number[];
  accept: boolean;
  /**
   * For a state that loops on everything: the states from here up to itself accept nothing that it does not accept, so a set that
   * holds it need not hold them. Else -1.
   */
  covers: number;
}

const DOT = 0x2e;
const SLASH = 0x2f;
const encoder = new TextEncoder();

/** More pattern text than this has no automaton of MAX_STATES states worth waiting for. */
const MAX_BYTES = 4 * MAX_STATES;

/** The union of canonical patterns; null when there is too much of it. */
export function patternNfa(kind: PatternKind, texts: readonly string[]): Nfa | null {
  const encoded = texts.map((t) => encoder.encode(t));
  if (encoded.reduce((sum, e) => sum + e.length, 0) > MAX_BYTES) return null;
  const bytes = encoded.flatMap((e) => [...e]);
  const nfa = new Builder(bytes, kind === 'path' ? SLASH : DOT);
  for (const text of texts) {
    if (kind === 'glob') nfa.glob(patternPieces(text));
    else nfa.segmented(patternSegments(kind, text), kind === 'path');
  }
  return nfa;
}

/** A prefix of segmented patterns; patterns with a common prefix share it, so that sets of states stay small. */
interface Place {
  readonly before: number;
  readonly after: number;
  readonly children: Map<string, Place>;
}

class Builder implements Nfa {
  readonly classes: number;
  readonly classOf: Uint8Array;
  readonly separator: number;
  readonly states: NfaState[] = [];
  private readonly start = this.state();
  private loop: number | null = null;
  /** State * 256 + class → the state of `sharedText` behind it. */
  private readonly shared = new Map<number, number>();
  private readonly relative: Place = { before: this.start, after: this.state(), children: new Map() };
  private absolute: Place | null = null;

  constructor(bytes: readonly number[], separator: number) {
    const { classes, classOf } = byteClasses([...bytes, DOT, SLASH]);
    this.classes = classes;
    this.classOf = classOf;
    this.separator = classOf[separator]!;
  }

  private state(): number {
    return this.states.push({ on: [], onAny: [], onInner: [], skip: [], accept: false, covers: -1 }) - 1;
  }

  private skip(from: number, to: number): void {
    this.states[from]!.skip.push(to);
  }

  private move(from: number, c: number, to: number): void {
    this.states[from]!.on.push({ class: c, to });
  }

  /** Reads literal text; gives the state behind it. */
  private text(from: number, text: string): number {
    let state = from;
    for (const byte of encoder.encode(text)) {
      const to = this.state();
      this.move(state, this.classOf[byte]!, to);
      state = to;
    }
    return state;
  }

  glob(pieces: readonly Piece[]): void {
    const open = pieces[0] === null;
    const [head, ...tail] = open ? pieces.slice(1) : pieces;
    // What many patterns begin with is shared; behind it each has states of its own, which its later loops may cover.
    const shared = this.sharedText(open ? this.anywhere() : this.start, head ?? '');
    let state = this.state();
    const first = state;
    this.skip(shared, first);
    for (const piece of tail) {
      if (piece !== null) state = this.text(state, piece);
      else {
        this.states[state]!.onAny.push(state);
        this.states[state]!.covers = first;
      }
    }
    this.states[head === undefined ? shared : state]!.accept = true;
  }

  /** The state from which patterns that begin with a wildcard go on. */
  private anywhere(): number {
    if (this.loop === null) {
      this.loop = this.state();
      this.skip(this.start, this.loop);
      this.states[this.loop]!.onAny.push(this.loop);
      this.states[this.loop]!.covers = this.loop;
    }
    return this.loop;
  }

  /** As `text`, but equal beginnings are read by the same states. */
  private sharedText(from: number, text: string): number {
    let state = from;
    for (const byte of encoder.encode(text)) {
      const c = this.classOf[byte]!;
      const key = state * 256 + c;
      const known = this.shared.get(key);
      const to = known ?? this.state();
      if (known === undefined) {
        this.shared.set(key, to);
        this.move(state, c, to);
      }
      state = to;
    }
    return state;
  }

  segmented({ absolute, segments }: SegmentedPattern, isPath: boolean): void {
    const avoidDots = isPath && !absolute;
    if (isPath && segments.every((s) => s === '**')) {
      this.states[this.text(this.start, absolute ? '/' : '.')]!.accept = true;
      if (segments.length === 0) return;
    }
    let place = absolute ? this.root() : this.relative;
    for (const segment of segments) {
      const key = segment === '**' ? segment : JSON.stringify(segment);
      let child = place.children.get(key);
      if (child === undefined) {
        child = this.place();
        if (segment === '**') {
          this.skip(place.before, child.before);
          this.skip(place.after, child.after);
          this.segment(child.before, [null], child.after, avoidDots);
        } else this.segment(place.before, segment, child.after, avoidDots);
        place.children.set(key, child);
      }
      place = child;
    }
    this.states[place.after]!.accept = true;
  }

  private root(): Place {
    this.absolute ??= { before: this.text(this.start, '/'), after: this.state(), children: new Map() };
    return this.absolute;
  }

  private place(): Place {
    const place = { before: this.state(), after: this.state(), children: new Map<string, Place>() };
    this.move(place.after, this.separator, place.before);
    return place;
  }

  /** Reads one segment. In a relative path a wildcard does not stand for the segments `..` and `.` (the current directory). */
  private segment(from: number, pieces: readonly Piece[], to: number, avoidDots: boolean): void {
    if (!pieces.includes(null)) {
      this.skip(this.text(from, pieces.join('')), to);
      return;
    }
    const first = this.state();
    this.skip(from, first);
    let state = first;
    // Only a lone wildcard could read the empty segment: one byte more makes it non-empty.
    if (pieces.length === 1) {
      state = this.state();
      this.states[first]!.onInner.push(state);
    }
    for (const piece of pieces) {
      if (piece !== null) state = this.text(state, piece);
      else this.states[state]!.onInner.push(state);
    }
    this.skip(avoidDots ? this.withoutDots(first, state) : state, to);
  }

  /** Restricts the segment automaton first..end to texts other than `.` and `..`, by counting dots beside it. */
  private withoutDots(first: number, end: number): number {
    const size = this.states.length - first;
    const dot = this.classOf[DOT]!;
    // Layer 0 is the automaton itself (nothing read), layers 1 and 2 have read that many dots, layer 3 anything else.
    for (let copy = 0; copy < 3 * size; copy++) this.state();
    for (let state = first; state < first + size; state++) {
      const on = this.states[state]!.on.splice(0);
      const onInner = this.states[state]!.onInner.splice(0);
      for (let layer = 0; layer < 4; layer++) {
        const from = state + layer * size;
        const target = (c: number): number => (c === dot && layer < 2 ? layer + 1 : 3) * size;
        for (const { class: c, to } of on) this.move(from, c, target(c) + to);
        for (const to of onInner) {
          if (layer >= 2) this.states[from]!.onInner.push(3 * size + to);
          else for (const c of this.innerClasses()) this.move(from, c, target(c) + to);
        }
      }
    }
    return end + 3 * size;
  }

  private innerClasses(): number[] {
    return Array.from({ length: this.classes }, (_, c) => c).filter((c) => c !== this.separator);
  }
}
