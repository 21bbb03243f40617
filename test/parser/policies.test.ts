// Whole policies of the shapes that the language was made for, and what becomes of each item.

import { describe, expect, test } from 'vitest';
import type { Item, Span } from '../../src/ast.ts';
import { parsePolicy } from '../../src/parser/parse.ts';
import { items, show } from './show.ts';

const kinds = (list: readonly Item[]): string => list.map((item) => item.kind).join(' ');

describe('policies', () => {
  test('a header, declarations and rules with every clause', () => {
    const source = `
policy shop version "2.1"
request from "../schemas/order.json"
effects ship < hold(queue: string, wait: duration = 1h30m) < refuse
severities note < alarm
combining most_restrictive
default hold with queue: "front" reason "UNSEEN" severity note message "nobody looked"
on invalid refuse reason "BROKEN"
let limit = 250.00
def dear(than: decimal(2)) = total_price >= than
refuse stolen_card when card in stolen unless has override.by
  reason "CARD" severity alarm message "{card} is stolen"
  remediation "call the bank" remediation "ask for another card"
  tags ["fraud", "card"]
hold dear_order with queue: customer.desk, wait: 10m when dear(limit) when not known
ship rest
`;
    const { tree, diagnostics } = parsePolicy(source, 'shop.policy');
    expect(diagnostics).toEqual([]);
    expect(tree).toMatchObject({ name: { name: 'shop' }, version: { value: '2.1' } });
    const list = tree?.items ?? [];
    expect(kinds(list)).toBe('request effects severities combining default onInvalid let def rule rule rule');
    expect(list[1]).toMatchObject({
      effects: [
        { name: { name: 'ship' }, params: [] },
        {
          name: { name: 'hold' },
          params: [
            {
              name: { name: 'queue' },
              type: { kind: 'named', name: 'string', quoted: false },
              defaultValue: null,
            },
            { name: { name: 'wait' }, defaultValue: { kind: 'duration', ms: 5_400_000, text: '1h30m' } },
          ],
        },
        { name: { name: 'refuse' } },
      ],
    });
    expect(list[4]).toMatchObject({
      effect: { name: 'hold' },
      args: [{ name: { name: 'queue' }, value: { kind: 'string' } }],
      clauses: [{ kind: 'reason' }, { kind: 'severity', name: { name: 'note' } }, { kind: 'message' }],
    });
    expect(list[8]).toMatchObject({
      final: false,
      shadow: false,
      effect: { name: 'refuse' },
      name: { name: 'stolen_card' },
      args: [],
      conditions: [{ kind: 'when' }, { kind: 'unless' }],
      clauses: [
        { kind: 'reason', text: { value: 'CARD' } },
        { kind: 'severity' },
        { kind: 'message' },
        { kind: 'remediation' },
        { kind: 'remediation' },
        { kind: 'tags', list: { items: [{ kind: 'string' }, { kind: 'string' }] } },
      ],
    });
    expect(list[9]).toMatchObject({ args: [{ name: { name: 'queue' } }, { name: { name: 'wait' } }] });
    expect(list[10]).toMatchObject({ conditions: [], clauses: [] });
  });

  test('groups nest, and hold rules, tables, lets and groups', () => {
    const [group] = items(`policy mail
group outside when sender.domain not in ours {
  let first_mail = count(m in history: m.sender == sender.id) == 0
  group files when size(attachments) > 0 {
    block program when any(f in attachments: f.name ends_with [".exe", ".scr"])
    table by_size (attachments[0].bytes ?? 0) first { > 1000000 -> block  _ -> pass }
  }
  quarantine stranger when first_mail
}`);
    if (group?.kind !== 'group') throw new Error();
    expect(show(group.guard)).toBe('[sender.domain not in ours]');
    expect(kinds(group.items)).toBe('let group rule');
    const inner = group.items[1];
    expect(inner?.kind === 'group' && kinds(inner.items)).toBe('rule table');
  });

  test('decision tables', () => {
    const [table] = items(`policy fees
table fee (tier ?? "none", weight) first {
  small: "gold" | "silver", 0..20.5 -> free
  "gold", > 20.5  -> fixed with amount: -base.low, note: "heavy" reason "HEAVY" remediation "pack lighter"
  not "bronze", absent -> refuse message "weigh {parcel}"
  _, _ -> refuse
}`);
    if (table?.kind !== 'table') throw new Error();
    expect(table).toMatchObject({
      mode: 'first',
      complete: false,
      columns: [{ kind: 'binary' }, { kind: 'name' }],
    });
    expect(table.rows).toMatchObject([
      { label: { name: 'small' }, effect: { name: 'free' }, cells: [{ negated: false }, {}] },
      { label: null, args: [{ value: { kind: 'negate' } }, {}], clauses: [{ kind: 'reason' }, {}] },
      { cells: [{ negated: true }, { alternatives: [{ kind: 'absent' }] }] },
      { effect: { name: 'refuse' }, args: [], clauses: [] },
    ]);
  });

  test('tests', () => {
    const list = items(`policy p
let quiet = request { "who": "me", "when": 3 }
test "a" { request { "who": "me" } expect allow }
test "b" { request quiet expect deny late reason "LATE" }
test "c" { request quiet with { "when": null } expect deny grid.7 }
test "d" { request from "./big.json" expect deny grid.row_a }`);
    expect(list).toMatchObject([
      { kind: 'let', value: { kind: 'request', json: { value: { who: 'me', when: 3 } } } },
      { title: { value: 'a' }, request: { kind: 'json' }, rule: null, reason: null },
      {
        request: { kind: 'let', name: { name: 'quiet' }, merge: null },
        rule: { name: { name: 'late' }, row: null },
      },
      { request: { kind: 'let', merge: { value: { when: null } } }, rule: { row: { name: '7' } } },
      { request: { kind: 'file', path: { value: './big.json' } }, rule: { row: { name: 'row_a' } } },
    ]);
  });

  test('invariants', () => {
    const list = items(`policy p
invariant none never allow, warn
invariant one always deny when role == "guest" unless action == "read"
invariant some
  always deny, ask
  when cost > 10
  when risky
invariant least always >= ask when cost > 10 invariant most always <= warn unless risky
allow always when flag`);
    expect(kinds(list)).toBe('invariant invariant invariant invariant invariant rule');
    expect(list).toMatchObject([
      {
        name: { name: 'none' },
        demand: { kind: 'never', effects: [{ name: 'allow' }, { name: 'warn' }] },
        conditions: [],
      },
      {
        demand: { kind: 'always', effects: [{ name: 'deny' }] },
        conditions: [
          { kind: 'when', expr: { kind: 'compare' } },
          { kind: 'unless', expr: { kind: 'compare' } },
        ],
      },
      {
        demand: { kind: 'always', effects: [{ name: 'deny' }, { name: 'ask' }] },
        conditions: [{ kind: 'when' }, { kind: 'when' }],
      },
      { demand: { kind: 'atLeast', effect: { name: 'ask' } }, conditions: [{ kind: 'when' }] },
      { demand: { kind: 'atMost', effect: { name: 'warn' } }, conditions: [{ kind: 'unless' }] },
      { name: { name: 'always' }, effect: { name: 'allow' } },
    ]);
  });

  test('the places of an invariant and its demand are its text', () => {
    const source = 'policy p\ninvariant a always >= ask when b // why\nallow c';
    const [item] = items(source);
    if (item?.kind !== 'invariant') throw new Error('no invariant');
    const text = ({ start, end }: Span): string => source.slice(start, end);
    expect([text(item.span), text(item.name.span), text(item.demand.span)]).toEqual([
      'invariant a always >= ask when b',
      'a',
      'always >= ask',
    ]);
  });

  test('forms that only the checker refuses', () => {
    const list = items(`policy child
extends "./a.policy", "./b.policy" tighten_only
import { known, other } from "./shared.policy"
open let words = ["rm"]
extend words with ["dd", "mkfs"]
let rate = table (kind, level) { "a", 1..3 -> 2.50  _, _ -> -1 }
final deny locked when locked
final shadow deny tried when host matches host "**.example.org"
shadow deny odd when ip matches cidr ["10.0.0.0/8"]
table u (a) unique complete { x: _ -> deny }`);
    expect(kinds(list)).toBe('extends import let extend let rule rule rule table');
    expect(list).toMatchObject([
      { bases: [{ value: './a.policy' }, {}], tightenOnly: true },
      { names: [{ name: 'known' }, { name: 'other' }], from: { value: './shared.policy' } },
      { open: true },
      { name: { name: 'words' }, list: { items: [{}, {}] } },
      { value: { kind: 'table', table: { columns: [{}, {}], rows: [{}, { result: { kind: 'negate' } }] } } },
      { final: true, shadow: false },
      { final: true, shadow: true },
      { final: false, shadow: true },
      { mode: 'unique', complete: true },
    ]);
  });

  test('items may stand on one line and in any order', () => {
    expect(
      kinds(items('policy p allow a deny b when x default deny combining first_applicable effects a < b')),
    ).toBe('rule rule default combining effects');
  });
});
