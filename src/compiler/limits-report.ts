// Limits that only the lowered policy shows: nested quantifiers, patterns whose automaton explodes, the two work bounds, the sizes of a bundle.

import type { Span } from '../ast.ts';
import {
  MAX_BUNDLE_BYTES,
  MAX_QUANTIFIERS,
  MAX_SCAN_BYTES,
  MAX_STATES,
  MAX_STEPS,
} from '../bytecode/limits.ts';
import type { TypedExpr, TypedOutcome, TypedPolicy } from '../checker/typed.ts';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '../diagnostic/diagnostic.ts';
import type { FieldId, Ir, Lang } from '../ir/ir.ts';
import { operands, quantifierHeight } from './height.ts';
import type { TooLargeReason } from './too-large.ts';

const WARN_STEPS = 2 ** 24;
const WARN_SCAN_BYTES = 2 ** 26;

/** Reports conditions whose quantifiers are nested too deep. */
export function checkHeights(policy: TypedPolicy): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const expr of expressionsOf(policy)) {
    if (quantifierHeight(expr) <= MAX_QUANTIFIERS) continue;
    found.push(
      diagnostic(
        'P3052',
        { file: policy.file, span: expr.span },
        { what: 'nested quantifiers', max: MAX_QUANTIFIERS },
      ),
    );
  }
  return found;
}

function expressionsOf(policy: TypedPolicy): TypedExpr[] {
  const of = (outcome: TypedOutcome): TypedExpr[] => [
    ...outcome.obligations,
    ...(outcome.message ?? []).filter((part): part is TypedExpr => typeof part !== 'string'),
  ];
  return [
    ...policy.rules.flatMap((rule) => [...rule.conditions, ...of(rule)]),
    ...of(policy.defaultOutcome),
    ...of(policy.onInvalid),
    ...policy.invariants.flatMap(({ condition }) => (condition === null ? [] : [condition])),
  ];
}

/** Reports why a policy does not fit a bundle. */
export function reportTooLarge(policy: TypedPolicy, ir: Ir, reason: TooLargeReason): Diagnostic {
  if (reason.kind === 'bundle') {
    return diagnostic('P3065', { file: policy.file, span: null }, { max: MAX_BUNDLE_BYTES });
  }
  const span = findLanguage(policy, ir.langs[reason.lang]!);
  return diagnostic('P3063', { file: policy.file, span }, { max: MAX_STATES });
}

// The first place in the source that uses this language.
function findLanguage(policy: TypedPolicy, lang: Lang): Span | null {
  const pending = expressionsOf(policy).reverse();
  const seen = new Set<TypedExpr>();
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    if (seen.has(expr)) continue;
    seen.add(expr);
    const texts =
      expr.kind === 'matches'
        ? expr.patterns
        : expr.kind === 'text' && !('kind' in expr.texts)
          ? expr.texts
          : null;
    if (
      texts !== null &&
      new Set(texts).size === lang.texts.length &&
      texts.every((text) => lang.texts.includes(text))
    )
      return expr.span;
    pending.push(...operands(expr));
  }
  return null;
}

/** Reports bounds and sizes beyond the contract, and warns of work bounds that are merely large. */
export function checkBounds(
  policy: TypedPolicy,
  ir: Ir,
  bounds: { readonly steps: number; readonly scan: number },
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const span = policy.rules[0]?.span ?? null;
  const add = (code: DiagnosticCode, args: { [name: string]: string | number }): void => {
    found.push(diagnostic(code, { file: policy.file, span }, args));
  };
  const report = (
    what: string,
    bound: number,
    warn: number,
    max: number,
    fields: string,
    keyword: string,
  ): void => {
    const args = {
      what,
      bound,
      max,
      fields: fields || 'the lists that the unknown values are tested for',
      keyword,
    };
    if (bound > max) add('P3064', args);
    // A warning that the author can do nothing about is noise.
    else if (bound > warn && fields !== '') add('P3910', args);
  };
  const lists = unboundedLists(ir);
  const both = [lists, unboundedStrings(ir)].filter((text) => text !== '').join(', ');
  report('steps', bounds.steps, WARN_STEPS, MAX_STEPS, lists, 'maxItems');
  report('scanned bytes', bounds.scan, WARN_SCAN_BYTES, MAX_SCAN_BYTES, both, 'maxLength and maxItems');
  return found;
}

function unboundedLists(ir: Ir): string {
  const lists = new Set<FieldId>();
  for (const atom of ir.atoms) if (atom.op === 'ANY' || atom.op === 'ALL') lists.add(atom.list);
  for (const { derived } of ir.fields)
    if (derived?.op === 'COUNT' || derived?.op === 'FIRST') lists.add(derived.list);
  return names(ir, lists);
}

function unboundedStrings(ir: Ir): string {
  const strings = new Set<FieldId>();
  for (const atom of ir.atoms)
    if (atom.op === 'MATCH' || atom.op === 'SCAN_CONTAINS') strings.add(atom.field);
  return names(ir, strings);
}

// Only what the schema can bound: under an unknown nothing is validated.
function names(ir: Ir, fields: ReadonlySet<FieldId>): string {
  const open = [...fields].filter((id) => {
    const field = ir.fields[id];
    return (
      (field?.kind === 'list' || field?.kind === 'string') &&
      field.via !== 'view' &&
      field.limits?.maxLength == null
    );
  });
  return [...new Set(open.map((id) => `\`${fieldPath(ir, id)}\``))].slice(0, 8).join(', ');
}

/** A field as a person would write it. */
function fieldPath(ir: Ir, id: FieldId): string {
  const field = ir.fields[id]!;
  if (field.derived !== null && 'args' in field.derived) return fieldPath(ir, field.derived.args[0]!);
  if (field.parent === null) return field.via === 'root' ? 'request' : field.via;
  const parent = field.parent === 0 ? '' : fieldPath(ir, field.parent);
  switch (field.via) {
    case 'member':
      return parent === '' ? (field.key ?? '') : `${parent}.${field.key}`;
    case 'element':
    case 'value':
    case 'bound':
      return `${parent}[]`;
    default:
      return parent === '' ? 'request' : parent;
  }
}
