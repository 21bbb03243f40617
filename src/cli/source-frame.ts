// From offsets in a source text to lines and columns, and to the excerpt with carets that a diagnostic shows.

import type { Span } from '../ast.ts';
import { printableLine, width } from './text-width.ts';

/** 1-based. Columns count Unicode code points; the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Frame {
  readonly number: number;
  /** The source line, perhaps cut, and the marker under it. */
  readonly line: string;
  readonly indent: number;
  readonly carets: number;
}

/** Code units of a long line that are shown on each side of the place. */
const BEFORE = 60;
const AFTER = 60;

/** A source text with its line starts. */
export class SourceText {
  private readonly text: string;
  private readonly starts: number[] = [0];
  private last = { offset: 0, column: 1 };

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  range(span: Span): Range {
    const start = this.position(span.start);
    const end = this.position(Math.max(span.start, span.end));
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }

  /** The line on which the span starts; a span over several lines is marked to the end of its first one. */
  frame(span: Span): Frame {
    const index = this.lineIndex(span.start);
    const lineStart = this.starts[index] as number;
    const line = this.line(index);
    const from = Math.min(Math.max(0, span.start - lineStart), line.length);
    const to = Math.min(Math.max(from, span.end - lineStart), line.length);
    const cutLeft = from > BEFORE * 2 ? onBoundary(line, from - BEFORE) : 0;
    const cutRight = line.length - to > AFTER * 2 ? onBoundary(line, to + AFTER) : line.length;
    // A span that is itself very long is cut on the right as well.
    const end = Math.min(cutRight, onBoundary(line, from + BEFORE + AFTER * 2));
    const left = cutLeft > 0 ? '…' : '';
    const before = printableLine(line.slice(cutLeft, from));
    const marked = printableLine(line.slice(from, Math.min(to, end)));
    const after = printableLine(line.slice(Math.min(to, end), end));
    return {
      number: index + 1,
      line: left + before + marked + after + (end < line.length ? '…' : ''),
      indent: width(left + before),
      carets: Math.max(1, width(marked)),
    };
  }

  private position(offset: number): { line: number; column: number } {
    const index = this.lineIndex(offset);
    const start = this.starts[index] as number;
    // Diagnostics come in text order: going on from the last place keeps many of them on one huge line cheap.
    const from =
      this.last.offset >= start && this.last.offset <= offset ? this.last : { offset: start, column: 1 };
    let column = from.column;
    for (const char of this.text.slice(from.offset, offset)) if (char !== '\ufeff') column++;
    this.last = { offset, column };
    return { line: index + 1, column };
  }

  private lineIndex(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private line(index: number): string {
    const next = this.starts[index + 1];
    return this.text.slice(this.starts[index], next === undefined ? undefined : next - 1).replace(/\r$/, '');
  }
}

/** Moves an offset that would split a surrogate pair one to the left. */
function onBoundary(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff && offset > 0 ? offset - 1 : offset;
}
