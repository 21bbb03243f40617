// Collects the diagnostics of one file, at most MAX_ERRORS of them.

import { type Args, type Diagnostic, type DiagnosticCode, diagnostic } from '../diagnostic/diagnostic.ts';
import { MAX_ERRORS } from './limits.ts';

export class Report {
  private readonly found: Diagnostic[] = [];
  private readonly file: string;
  constructor(file: string) {
    this.file = file;
  }

  /** True when nothing more will be shown, so that there is no point in looking for it. */
  get full(): boolean {
    return this.found.length > MAX_ERRORS;
  }

  add(code: DiagnosticCode, start: number, end: number, args: Args = {}): void {
    if (this.full) return;
    const place = { file: this.file, span: { start, end } };
    if (this.found.length === MAX_ERRORS) this.found.push(diagnostic('P1007', place, { limit: MAX_ERRORS }));
    else this.found.push(diagnostic(code, place, args));
  }

  /** The diagnostics in the order of the text; the scanner's and the grammar's are interleaved. */
  get diagnostics(): Diagnostic[] {
    const start = (d: Diagnostic): number => d.place.span?.start ?? 0;
    const last = this.full ? [this.found[MAX_ERRORS] as Diagnostic] : [];
    return [...this.found.slice(0, MAX_ERRORS).sort((a, b) => start(a) - start(b)), ...last];
  }
}

/** A character as U+XXXX. */
export function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A piece of source text, cut to what a message can show. */
export function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 38)}…`;
}
