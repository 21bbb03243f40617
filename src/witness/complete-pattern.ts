// Texts that match a regular expression: the usual syntax is generated from, the rest is left to the test of the result. Whoever asks
// checks each text against the pattern; a pattern that is not understood gives no texts.

/** How one text is made: how far quantifiers go beyond their minimum, and which of several choices are taken. */
interface Style {
  readonly stretch: number;
  readonly turn: number;
}

interface State extends Style {
  /** Choices made so far, so that neighbours differ. */
  choices: number;
  /** Code units that the text may still grow by. */
  room: number;
  readonly groups: string[];
}

type Part = (state: State) => string;

const MAX_TEXT = 4_096;
const MAX_TURNS = 40;

/** Texts of at least `minLength` characters where quantifiers allow it, simple ones first. */
export function* textsOf(pattern: string, minLength: number): Generator<string> {
  const part = new Reader(pattern).read();
  if (part === null) return;
  const make = (style: Style): string =>
    part({ ...style, choices: 0, room: MAX_TEXT, groups: [] }).slice(0, MAX_TEXT);
  for (const stretch of stretchesFor(Math.min(minLength, MAX_TEXT))) yield make({ stretch, turn: 0 });
  for (let turn = 1; turn < MAX_TURNS; turn++) {
    yield make({ stretch: 0, turn });
    yield make({ stretch: Math.max(1, minLength), turn });
  }
}

function stretchesFor(length: number): Set<number> {
  const stretches = new Set(Array.from({ length: Math.min(length, 32) + 2 }, (_, i) => i));
  for (let power = 64; power < length; power *= 2) stretches.add(power);
  for (const near of [2, 1, 0, -1]) if (near <= length) stretches.add(length - near);
  return stretches;
}

/** Characters that a class is asked for, readable ones first. */
const POOL: readonly string[] = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ...'-_./:@ !"#$%&\'()*+,;<=>?[\\]^`{|}~\t\n\r\f\v',
  ...'äßéÀñωжא中あ한€→½²😀\u00a0\u2028',
];

/** Characters of a class as it is written; none when it is no regular expression. */
function charactersOf(source: string): readonly string[] {
  for (const flags of ['u', '']) {
    try {
      const test = new RegExp(`^${source}$`, flags);
      const found = POOL.filter((c) => test.test(c));
      return found.length > 0
        ? found
        : everyCharacter()
            .filter((c) => test.test(c))
            .slice(0, 1);
    } catch {
      // The class may only be legal without Unicode semantics.
    }
  }
  return [];
}

function everyCharacter(): string[] {
  return Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code));
}

class Reader {
  private readonly source: string;
  private at = 0;
  private groups = 0;
  private readonly names = new Map<string, number>();

  constructor(source: string) {
    this.source = source;
  }

  read(): Part | null {
    try {
      const part = this.alternatives();
      return this.at === this.source.length ? part : null;
    } catch (error) {
      if (error instanceof NotUnderstood) return null;
      throw error;
    }
  }

  private alternatives(): Part {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    if (options.length === 1) return options[0]!;
    return (state) => pick(options, state)(state);
  }

  private sequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      parts.push(this.quantified(this.atom()));
    }
    return (state) => parts.map((part) => part(state)).join('');
  }

  private quantified(part: Part): Part {
    const [text, min, max] = this.quantifier();
    if (text === '') return part;
    this.at += text.length;
    this.take('?');
    return (state) => {
      const count = Math.min(max, min + state.stretch);
      let made = '';
      // Each round takes room, so that rounds of nothing end too.
      for (let i = 0; i < count && state.room-- > 0; i++) made += part(state);
      return made;
    };
  }

  private quantifier(): [text: string, min: number, max: number] {
    const rest = this.source.slice(this.at, this.at + 24);
    if (rest[0] === '*') return ['*', 0, Number.POSITIVE_INFINITY];
    if (rest[0] === '+') return ['+', 1, Number.POSITIVE_INFINITY];
    if (rest[0] === '?') return ['?', 0, 1];
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    if (braces === null) return ['', 1, 1];
    const min = Number(braces[1]);
    const max =
      braces[2] === undefined ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
    return [braces[0], min, max];
  }

  private atom(): Part {
    const character = String.fromCodePoint(this.source.codePointAt(this.at)!);
    if (character === '(') return this.group();
    if (character === '[') return this.class();
    if (character === '\\') return this.escape();
    this.at += character.length;
    if (character === '^' || character === '$') return empty;
    if (character === '.') return characters('.');
    if (character === '*' || character === '+' || character === '?') throw new NotUnderstood();
    return literal(character);
  }

  private group(): Part {
    const opening = /^\((?:\?(?:[:=!]|<[=!]|<(?<name>[^>]*)>))?/.exec(
      this.source.slice(this.at, this.at + 64),
    )!;
    this.at += opening[0].length;
    const name = opening.groups?.name;
    const captures = opening[0] === '(' || name !== undefined;
    const index = captures ? ++this.groups : 0;
    if (name !== undefined) this.names.set(name, index);
    const inner = this.alternatives();
    if (!this.take(')')) throw new NotUnderstood();
    if (captures) {
      return (state) => {
        const text = inner(state);
        state.groups[index] = text;
        return text;
      };
    }
    // What is looked for ahead or behind takes no room in the text; whether it is there is tested with the text.
    return opening[0] === '(?:' ? inner : empty;
  }

  private class(): Part {
    const start = this.at++;
    while (this.at < this.source.length && this.source[this.at] !== ']') {
      this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    if (!this.take(']')) throw new NotUnderstood();
    return characters(this.source.slice(start, this.at));
  }

  private escape(): Part {
    const rest = this.source.slice(this.at, this.at + 80);
    const special =
      /^\\(?:[1-9]\d*|k<[^>]*>|[bB]|[pP]\{[^}]*\}|u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|[\s\S])/u.exec(
        rest,
      );
    if (special === null) throw new NotUnderstood();
    const text = special[0];
    this.at += text.length;
    if (/^\\[bB]$/.test(text)) return empty;
    const index = /^\\\d/.test(text) ? Number(text.slice(1)) : this.names.get(text.slice(3, -1));
    if (/^\\(?:[1-9]|k<)/.test(text)) return (state) => state.groups[index ?? 0] ?? '';
    return characters(text);
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false;
    this.at++;
    return true;
  }
}

/** Syntax that is not generated from. */
class NotUnderstood extends Error {}

const empty: Part = () => '';

function literal(text: string): Part {
  return (state) => {
    state.room -= text.length;
    return text;
  };
}

function characters(source: string): Part {
  const found = charactersOf(source);
  if (found.length === 0) throw new NotUnderstood();
  return (state) => {
    state.room--;
    return pick(found, state);
  };
}

/** The first choice in turn 0; in later turns another one, and not the same everywhere. */
function pick<T>(options: readonly T[], state: State): T {
  const place = state.choices++;
  return options[state.turn === 0 ? 0 : (state.turn + place * Math.min(1, state.turn - 1)) % options.length]!;
}
