// The forms of the syntax tree, read from the declaration of the tree itself, and those that occur in given policies. A form is a `kind`
// with the names of its fields; a value is one of the words that a field may hold.

export interface Forms {
  readonly forms: ReadonlySet<string>;
  /** `field=word`, and `kind.field=true` for a Boolean. */
  readonly values: ReadonlySet<string>;
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');

/** The texts between matching braces, each without the braces inside it. */
function blocks(text: string): { head: string; body: string }[] {
  const found: { head: string; body: string }[] = [];
  const open: { start: number; body: string }[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '{') open.push({ start: i, body: '' });
    else if (char === '}') {
      const { start, body } = open.pop()!;
      const lineStart = text.lastIndexOf('\n', start) + 1;
      found.push({ head: text.slice(lineStart, start), body });
    } else if (open.length > 0) open.at(-1)!.body += char;
  }
  return found;
}

interface Field {
  readonly name: string;
  readonly type: string;
}

function fieldsOf(body: string): Field[] {
  return [...body.matchAll(/readonly (\w+):\s*((?:[^;\n]|\n\s*\|)*)/g)].map((match) => ({
    name: match[1]!,
    type: match[2]!,
  }));
}

const wordsOf = (type: string): string[] => [...type.matchAll(/'([^']+)'/g)].map((match) => match[1]!);

/** Every form that src/ast.ts declares. */
export function declaredForms(source: string): Forms {
  const text = withoutComments(source);
  const aliases = new Map(
    [...text.matchAll(/^export type (\w+) = ((?:'[^']+'(?: \| )?)+);/gm)].map((m) => [m[1]!, m[2]!]),
  );
  const all = blocks(text);
  const shared = fieldsOf(all.find(({ head }) => head.startsWith('export interface Outcome '))!.body);
  const forms = new Set<string>();
  const values = new Set<string>();
  for (const { head, body } of all) {
    const fields = [...fieldsOf(body), ...(head.includes('extends Outcome') ? shared : [])];
    const kinds = wordsOf(fields.find(({ name }) => name === 'kind')?.type ?? '');
    for (const kind of kinds)
      forms.add(
        formOf(
          kind,
          fields.map(({ name }) => name),
        ),
      );
    for (const { name, type } of fields) {
      if (name === 'kind') continue;
      for (const word of wordsOf(aliases.get(type) ?? type)) values.add(`${name}=${word}`);
      if (type !== 'boolean') continue;
      for (const kind of kinds) values.add(`${kind}.${name}=true`).add(`${kind}.${name}=false`);
    }
  }
  return { forms, values };
}

/** Every form and value in the trees. */
export function usedForms(trees: readonly unknown[]): Forms {
  const forms = new Set<string>();
  const values = new Set<string>();
  const todo = [...trees];
  while (todo.length > 0) {
    const node = todo.pop();
    if (Array.isArray(node)) todo.push(...node);
    else if (typeof node === 'object' && node !== null) {
      const { kind } = node as { kind?: unknown };
      if (typeof kind === 'string') forms.add(formOf(kind, Object.keys(node)));
      for (const [field, value] of Object.entries(node)) {
        if (typeof value === 'string') values.add(`${field}=${value}`);
        if (typeof value === 'boolean') values.add(`${kind}.${field}=${value}`);
        todo.push(value);
      }
    }
  }
  return { forms, values };
}

function formOf(kind: string, fields: readonly string[]): string {
  const others = fields.filter((name) => name !== 'kind' && name !== 'span');
  return `${kind} {${others.sort().join(' ')}}`;
}
