// One IR with everything that a bundle can hold, for the tests of the codec and the listings.

import { IrBuilder } from '../../src/ir/builder.ts';
import type { Edge, FieldId, Hole, Ir } from '../../src/ir/ir.ts';
import { type FieldRow, fieldRow, irOf, rule } from './ir-samples.ts';

const limits = { min: -Infinity, max: Infinity, minLength: null, maxLength: null, set: null };

export function richIr(combining: Ir['combining'] = 'most_restrictive'): Ir {
  const b = new IrBuilder();
  const field = (row: Partial<FieldRow> & Pick<FieldRow, 'via' | 'kind'>): FieldId => b.field(fieldRow(row));
  const root = field({
    via: 'root',
    kind: 'record',
    closed: b.strings(['amount', 'env', 'labels', 'tags', 'when']),
  });
  const member = (parent: FieldId, key: string, row: Partial<FieldRow> & Pick<FieldRow, 'kind'>): FieldId =>
    field({ parent, via: 'member', key, ...row });
  const env = member(root, 'env', {
    kind: 'string',
    limits: { ...limits, set: b.strings(['dev', 'prod', 'tést']) },
  });
  const amount = member(root, 'amount', {
    kind: 'decimal',
    scale: 2,
    limits: { ...limits, min: 0, max: 1e6 },
  });
  const when = member(root, 'when', { kind: 'timestamp', optional: true });
  const command = member(root, 'com mand', { kind: 'string', limits: { ...limits, maxLength: 100 } });
  const tags = member(root, 'tags', { kind: 'list', unique: true, limits: { ...limits, maxLength: 8 } });
  field({ parent: tags, via: 'element', kind: 'string' });
  const labels = member(root, 'labels', { kind: 'map', nullable: true });
  field({ parent: labels, via: 'value', kind: 'string' });
  const target = member(root, 'target', {
    kind: 'union',
    discriminator: { key: 'type', values: b.strings(['file', 'url']) },
  });
  const file = field({ parent: target, via: 'view', kind: 'record', branch: b.strings(['file']) });
  const path = member(file, 'path', { kind: 'string' });
  const extra = member(root, 'extra', { kind: 'unknown', optional: true });
  const extraText = field({ parent: extra, via: 'view', kind: 'string', optional: true });
  field({ parent: extra, via: 'view', kind: 'int', optional: true });
  const calc = (kind: FieldRow['kind'], derived: FieldRow['derived'], scale = 0): FieldId =>
    field({ via: 'calc', kind, derived, scale });
  const zero = field({ via: 'constant', kind: 'int', constant: { kind: 'number', value: 0 } });
  const none = field({ via: 'constant', kind: 'string', constant: { kind: 'string', value: 'none' } });
  const epoch = field({
    via: 'constant',
    kind: 'timestamp',
    constant: { kind: 'timestamp', seconds: -1, micros: 5 },
  });
  const team = calc('string', { op: 'GET', args: [labels, none], imm: 0 });
  const teamOrNone = calc('string', { op: 'COALESCE', args: [team, none], imm: 0 });
  const norm = calc('string', { op: 'NORM', args: [path], imm: 0 });
  const day = calc('int', { op: 'WEEKDAY', args: [when], imm: -120 });
  const tag = field({ parent: tags, via: 'bound', kind: 'string' });
  const lower = calc('string', { op: 'LOWER', args: [tag], imm: 0 });
  const isEnv = b.atom({ op: 'EQ_STRING', field: lower, other: env });
  const count = calc('int', { op: 'COUNT', list: tags, elem: tag, body: isEnv });
  const firstTag = calc('string', { op: 'FIRST', list: tags, elem: tag, body: isEnv });
  const inEnv = (...envs: string[]): Edge => b.atom({ op: 'IN_STRINGS', field: env, set: b.strings(envs) });
  const match = (f: FieldId, kind: Parameters<IrBuilder['lang']>[0], ...texts: string[]): Edge =>
    b.atom({ op: 'MATCH', field: f, lang: b.lang(kind, texts) });
  const anyTag = b.atom({ op: 'ANY', list: tags, elem: tag, overValues: false, except: null, body: isEnv });
  const value = field({ parent: labels, via: 'bound', kind: 'string' });
  const allLabels = b.atom({
    op: 'ALL',
    list: labels,
    elem: value,
    overValues: true,
    except: b.strings(['skip']),
    body: b.atom({ op: 'IN_STRINGS', field: value, set: b.strings(['x']) }),
  });
  const hole = (f: FieldId, format: Hole['format'], more: Partial<Hole> = {}): Hole => ({
    field: f,
    format,
    scale: 0,
    list: false,
    ...more,
  });
  const severe = { severity: 1, tags: ['pci', 'a"b'], remediations: ['Ask the team.', 'Try dev.'] };
  const rules = [
    rule(
      'big',
      2,
      b.and([inEnv('prod'), b.atom({ op: 'RANGE', field: amount, bounds: [100000, Infinity] })]),
      {
        ...severe,
        message: ['amount ', hole(amount, 'decimal', { scale: 2 }), ' in ', hole(env, 'string')],
      },
    ),
    rule('late', 1, b.atom({ op: 'RANGE_TIME', field: when, bounds: [0, 0, Infinity, 0] }), {
      obligations: [
        { name: 'who', value: [hole(teamOrNone, 'string')] },
        { name: 'all', value: ['{"tags":', hole(tags, 'string', { list: true }), ',"n":1}'] },
      ],
    }),
    rule(
      'shell',
      2,
      b.and([match(command, 'contains', 'rm -rf', 'mkfs'), b.not(match(command, 'prefix', 'echo '))]),
    ),
    rule('files', 2, b.and([match(norm, 'path', '/etc/**'), b.not(anyTag)])),
    rule(
      'weekend',
      1,
      b.and([
        b.atom({ op: 'RANGE', field: day, bounds: [6, 7] }),
        b.atom({ op: 'LE_TIME', field: epoch, other: when }),
      ]),
    ),
    rule('counted', 1, b.or([b.atom({ op: 'LT_NUMBER', field: zero, other: count }), allLabels]), {
      message: ['first ', hole(firstTag, 'string')],
    }),
    rule(
      'extra',
      0,
      b.and([b.atom({ op: 'KIND_IS', field: extra, mask: 9 }), b.not(match(extraText, 'glob', 'a*'))]),
    ),
    ...['dev', 'prod', 'tést', 'other'].map((name) =>
      rule(`in_${name}`, 0, b.and([inEnv(name), b.atom({ op: 'PRESENT', field: labels })])),
    ),
    rule('watch', 2, b.atom({ op: 'HAS_KEY', field: labels, key: 'w' }), { shadow: true }),
  ];
  const ir = irOf(b, rules, combining);
  return {
    ...ir,
    effects: ir.effects.map((effect) =>
      effect.name === 'warn' ? { ...effect, obligations: ['who', 'all'] } : effect,
    ),
    rules: ir.rules.map((each) =>
      each.effect === 1 && each.obligations.length === 0
        ? {
            ...each,
            obligations: [
              { name: 'who', value: ['"x"'] },
              { name: 'all', value: ['[]'] },
            ],
          }
        : each,
    ),
    defaultOutcome: { ...ir.defaultOutcome, message: ['day ', hole(day, 'int')] },
  };
}
