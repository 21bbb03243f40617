// policyc explain: why a request gets its decision, the smallest change that gives another, and what is no input for it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import decisionSchema from '../../schemas/decision.schema.json' with { type: 'json' };
import schema from '../../schemas/explanation.schema.json' with { type: 'json' };
import type { ExplanationView } from '../../src/cli/explain-view.ts';
import type { Part } from '../../src/explain/part.ts';
import { POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();
const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(schema);
const validateDecision = ajv.compile(decisionSchema);

const AGENT = 'policies/agent-ops/agent-ops.policy';
const SHELL = 'policies/shell-guard/shell-guard.policy';

const PAYING = {
  actor: { id: 'agent-7', role: 'agent', team: 'checkout', delegated_by: 'mona' },
  action: 'payment.execute.transfer',
  resource: { type: 'account', env: 'production' },
  session: { id: 's-1', tool_calls: 3, started_at: '2027-03-15T09:00:00Z' },
  time: '2027-03-15T10:00:00Z',
  amount: 30000,
  approvals: [
    {
      by: 'agent-7',
      role: 'finance',
      granted_at: '2027-03-15T09:59:00Z',
      expires_at: '2027-03-15T10:09:00Z',
    },
  ],
};
const LISTING = { command: 'ls', argv: ['ls'], paths: [], place: 'workstation', attended: true };

const FIRST = `policy ordered
request from "./request.schema.json"
effects allow < deny
combining first_applicable
default deny

deny big when amount > 500
allow reads when action == "read"
deny small when amount < 10
`;

beforeAll(async () => {
  for (const name of [
    AGENT,
    SHELL,
    'policies/shell-guard/shell-guard.schema.json',
    'schemas/agent-action.schema.json',
  ])
    work.write(name, read(name));
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
  work.write('first.policy', FIRST);
  work.write('paying.json', JSON.stringify(PAYING));
  work.write('listing.json', JSON.stringify(LISTING));
  work.write('read.json', '{"action":"read","amount":1}');
  work.write('much.json', '{"action":"read","amount":150}');
  await work.run(['compile', 'demo.policy', '-o', 'demo.policyb']);
});

async function jsonOf(...args: readonly string[]): Promise<ExplanationView> {
  const { stdout, stderr } = await work.run(['explain', ...args, '--format', 'json']);
  expect(stderr).toBe('');
  const view = JSON.parse(stdout) as ExplanationView;
  validate(view);
  expect(validate.errors).toBeNull();
  for (const decision of [view.decision, view.flip?.decision ?? view.decision])
    expect(validateDecision(decision), JSON.stringify(validateDecision.errors)).toBe(true);
  return view;
}

function conditionOf(view: ExplanationView, rule: string): Part {
  return view.rules.find((each) => each.rule === rule)!.condition!;
}

function allParts(part: Part): readonly Part[] {
  const items = part.looks.flatMap((look) => look.items.map(({ condition }) => condition));
  return [part, ...[...part.parts, ...items].flatMap(allParts)];
}

describe('an explanation', () => {
  test('says which rules match, which wins and why', async () => {
    const view = await jsonOf(AGENT, '-i', 'paying.json');
    expect(view.verdict).toMatchObject({
      by: 'rule',
      rule: 'payment_above_limit',
      stronger: [],
      others: [
        { rule: 'large_payment', effect: 'require_approval', status: 'outranked' },
        { rule: 'payment', effect: 'allow', status: 'outranked' },
      ],
    });
    expect(view.rules).toHaveLength(20);
    const place = view.rules.find(({ status }) => status === 'decides')!.place!;
    const line = read(AGENT).split('\n')[place.line - 1]!;
    expect(line.slice(place.column - 1)).toMatch(/^payment_above_limit\b/);
    expect(place.file).toBe(AGENT);
    expect(view.flip).toBeNull();
  });

  test('names the effects above the one that decides', async () => {
    work.write('cheap.json', JSON.stringify({ ...PAYING, amount: 5 }));
    const { verdict } = await jsonOf(AGENT, '-i', 'cheap.json');
    expect(verdict).toMatchObject({ by: 'rule', rule: 'payment', earlier: 0, others: [] });
    expect(verdict.stronger).toEqual([
      { effect: 'deny', rules: 6 },
      { effect: 'require_approval', rules: 5 },
      { effect: 'warn', rules: 2 },
    ]);
  });

  test('gives every part its truth and the values that it read', async () => {
    const view = await jsonOf(AGENT, '-i', 'paying.json', '--rule', 'long_session');
    expect(view.rules).toHaveLength(1);
    const condition = conditionOf(view, 'long_session');
    expect(condition).toMatchObject({ kind: 'or', holds: false });
    expect(condition.parts.map(({ text, holds, decisive }) => ({ text, holds, decisive }))).toEqual([
      { text: 'session.tool_calls >= 201', holds: false, decisive: true },
      { text: '(session.started_at + "PT12H") < time', holds: false, decisive: true },
    ]);
    expect(condition.parts[0]!.reads).toMatchObject([
      { text: 'session.tool_calls', pointer: '/session/tool_calls', state: 'value', value: 3 },
    ]);
    expect(condition.parts[1]!.reads).toMatchObject([
      { text: '(session.started_at + "PT12H")', pointer: null, value: '2027-03-15T21:00:00Z' },
      { text: 'session.started_at', value: '2027-03-15T09:00:00Z' },
      { text: 'time', pointer: '/time', value: '2027-03-15T10:00:00Z' },
    ]);
  });

  test('puts first what decides, and leaves nothing out', async () => {
    const condition = conditionOf(await jsonOf(AGENT, '-i', 'paying.json'), 'secret_file');
    expect(condition.parts.map(({ holds }) => holds)).toEqual([false, false, true, true]);
    expect(condition.parts.map(({ decisive }) => decisive)).toEqual([true, true, false, false]);
    expect(condition.parts[1]!.reads).toMatchObject([
      { text: 'resource.path', state: 'absent', value: null },
    ]);
  });

  test('says which item a quantifier hangs on', async () => {
    const view = await jsonOf(AGENT, '-i', 'paying.json', '--rule', 'large_payment');
    const [quantifier] = allParts(conditionOf(view, 'large_payment')).filter(({ kind }) => kind === 'any');
    const [look] = quantifier!.looks;
    expect(look).toMatchObject({ kind: 'any', checked: 1, holding: 0, omitted: 0 });
    expect(look!.items[0]).toMatchObject({ pointer: '/approvals/0', holds: false });
    const [first] = look!.items[0]!.condition.parts;
    expect(first).toMatchObject({ text: 'actor.id != item.by', holds: false, decisive: true });
    expect(first!.reads.map(({ pointer }) => pointer)).toEqual(['/actor/id', '/approvals/0/by']);
  });

  test('of first_applicable names the rules before and behind', async () => {
    const view = await jsonOf('first.policy', '-i', 'read.json');
    expect(view.verdict).toMatchObject({
      rule: 'reads',
      earlier: 1,
      others: [{ rule: 'small', effect: 'deny', status: 'not_reached' }],
    });
    const { stdout } = await work.run(['explain', 'first.policy', '-i', 'read.json']);
    expect(stdout).toContain('rule reads is the first that matches: the rule before does not');
  });

  test('of a default says that no rule matches', async () => {
    work.write('pay.json', '{"action":"pay","amount":50}');
    const { verdict } = await jsonOf('first.policy', '-i', 'pay.json');
    expect(verdict).toMatchObject({ by: 'default', rule: null, earlier: 3, others: [] });
    const { stdout } = await work.run(['explain', 'first.policy', '-i', 'pay.json']);
    expect(stdout).toContain('because       no rule matches, so the default decides');
  });

  test('of a request that is not valid says where and what is expected', async () => {
    work.write('cents.json', JSON.stringify({ ...PAYING, amount: 10.005 }));
    const view = await jsonOf(AGENT, '-i', 'cents.json');
    expect(view.verdict).toMatchObject({
      by: 'invalid',
      invalid: { code: 'multiple_of', pointer: '/amount' },
    });
    expect(view.verdict.invalid!.expected).toMatch(/^a number with at most 2 digits after the point/);
    expect(new Set(view.rules.map(({ status }) => status))).toEqual(new Set(['not_judged']));
    work.write('typo.json', JSON.stringify({ ...PAYING, actor: { ...PAYING.actor, delegatd_by: 'x' } }));
    const typo = await jsonOf(AGENT, '-i', 'typo.json');
    expect(typo.verdict.invalid).toMatchObject({ code: 'unknown_key' });
    expect(typo.verdict.invalid!.expected).toContain('"delegated_by"');
  });

  test('of a bundle is that of its source, without places', async () => {
    const [source, bundle] = await Promise.all(
      ['demo.policy', 'demo.policyb'].map((name) => jsonOf(name, '-i', 'much.json')),
    );
    const withoutPlaces = (view: ExplanationView) => view.rules.map((rule) => ({ ...rule, place: null }));
    expect(bundle!.rules).toEqual(withoutPlaces(source!));
    expect(bundle!.verdict).toEqual(source!.verdict);
  });

  test('reads standard input, and never lets a text steer the terminal', async () => {
    const nasty = JSON.stringify({ ...LISTING, command: `\u001b[2J\u202e${'x'.repeat(5000)}` });
    const { code, stdout } = await work.run(['explain', SHELL, '-i', '-'], nasty);
    expect(code).toBe(0);
    for (const unsafe of ['\u001b', '\u202e']) expect(stdout).not.toContain(unsafe);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(1500);
    const { stdout: whole } = await work.run(['explain', SHELL, '-i', '-', '--format', 'json'], nasty);
    expect(whole).toContain('x'.repeat(5000));
  });
});

describe('the text', () => {
  test('shows the rules that matter first', async () => {
    const { stdout } = await work.run(['explain', AGENT, '-i', 'paying.json']);
    const heads = stdout.split('\n').filter((line) => /^(allow|warn|require_approval|deny) \w/.test(line));
    expect(heads.slice(0, 3)).toEqual([
      'deny payment_above_limit (policies/agent-ops/agent-ops.policy:93:8)  decides',
      'require_approval large_payment (policies/agent-ops/agent-ops.policy:97:20)  matches, but a stronger effect does too',
      'allow payment (policies/agent-ops/agent-ops.policy:101:9)  matches, but a stronger effect does too',
    ]);
    expect(stdout).toContain('\n    true  amount >= 25000.01  — is 30000\n');
    expect(stdout).toContain('— it holds for none of 1 item\n      /approvals/0\n');
    expect(stdout).toContain('false has command  — command is absent');
  });

  test('folds what does not matter', async () => {
    const { stdout } = await work.run(['explain', AGENT, '-i', 'paying.json', '--rule', 'secret_file']);
    expect(stdout.trimEnd().split('\n').slice(-5)).toEqual([
      '  false all of',
      '    false action matches dotted ["database.**", "file.**", "service.**"]  — is "payment.execute.transfer"',
      '    false has resource.path  — resource.path is absent',
      '    true  actor.role != "sre"  — is "agent"',
      expect.stringMatching(/^ {4}true {2}resource\.path /),
    ]);
  });
});

describe('--flip', () => {
  test('finds the smallest change, nearest to the request', async () => {
    const { flip } = await jsonOf(AGENT, '-i', 'paying.json', '--flip', 'allow');
    expect(flip).toMatchObject({
      result: 'flipped',
      minimal: true,
      atLeast: 1,
      changes: [{ pointer: '/amount', change: 'changed', old: 30000, new: 999.99 }],
      request: { ...PAYING, amount: 999.99 },
      decision: { effect: 'allow', rule: 'payment' },
    });
    expect(flip!.others.length).toBeGreaterThan(0);
    expect(flip!.others.every((changes) => changes.length === 1)).toBe(true);
  });

  test('changes several members when one is not enough', async () => {
    const { flip } = await jsonOf(AGENT, '-i', 'paying.json', '--flip', 'warn');
    expect(flip).toMatchObject({ result: 'flipped', minimal: true, atLeast: 2 });
    const pointers = [flip!.changes, ...flip!.others].map((changes) =>
      changes.map(({ pointer }) => pointer).sort(),
    );
    expect(pointers).toContainEqual(['/action', '/session/tool_calls']);
    const { code, stdout } = await work.run(['explain', AGENT, '-i', 'paying.json', '--flip', 'warn']);
    expect(code).toBe(0);
    expect(stdout).toContain('\nto get warn, change 2 members\n  no smaller change does it\n');
  });

  test('adds and removes members', async () => {
    work.write(
      'secret.json',
      JSON.stringify({ ...LISTING, command: 'cat .env', argv: ['cat'], paths: ['.env'] }),
    );
    const { flip } = await jsonOf(SHELL, '-i', 'secret.json', '--flip', 'allow');
    expect(flip).toMatchObject({ minimal: true, changes: [{ pointer: '/paths/0' }] });
    work.write('none.json', JSON.stringify({ ...PAYING, amount: undefined }));
    const added = await jsonOf(AGENT, '-i', 'none.json', '--flip', 'require_approval');
    const all = [added.flip!.changes, ...added.flip!.others].flat();
    expect(all).toContainEqual(expect.objectContaining({ pointer: '/amount', change: 'added', old: null }));
  });

  test('repairs a request that is not valid', async () => {
    work.write('cents.json', JSON.stringify({ ...PAYING, amount: 10.005 }));
    const { flip } = await jsonOf(AGENT, '-i', 'cents.json', '--flip', 'allow');
    expect(flip).toMatchObject({ minimal: true, changes: [{ pointer: '/amount', old: 10.005 }] });
    expect(Math.abs((flip!.changes[0]!.new as number) - 10.005)).toBeLessThan(0.0051);
  });

  test('has nothing to change when the effect is there already', async () => {
    const { code, stdout } = await work.run(['explain', 'demo.policy', '-i', 'read.json', '--flip', 'allow']);
    expect(code).toBe(0);
    expect(stdout.endsWith('\nthe request gets allow as it is\n')).toBe(true);
  });

  test('of a bundle knows what the policy reads', async () => {
    const { flip } = await jsonOf('demo.policyb', '-i', 'read.json', '--flip', 'deny');
    expect(flip).toMatchObject({ result: 'flipped', minimal: true });
    expect([flip!.changes, ...flip!.others]).toContainEqual([
      { pointer: '/amount', change: 'changed', old: 1, new: 100 },
    ]);
  });

  test('proves that no request gets an effect', async () => {
    work.write('never.policy', POLICY.replace('allow < deny', 'allow < warn < deny'));
    const args = ['explain', 'never.policy', '-i', 'read.json', '--flip', 'warn'];
    const { code, stdout } = await work.run(args);
    expect(code).toBe(1);
    expect(stdout.endsWith('\nno valid request gets warn\n  this is proved\n')).toBe(true);
    const { flip } = await jsonOf(...args.slice(1));
    expect(flip).toMatchObject({ result: 'impossible', changes: [], atLeast: null, request: null });
  });

  test('says so when the time is too short, and proves nothing', async () => {
    const args = [AGENT, '-i', 'paying.json', '--flip', 'warn', '--budget', '0.0001'];
    const { flip } = await jsonOf(...args);
    expect(flip).toMatchObject({ result: 'unknown', minimal: false, changes: [] });
    expect((await work.run(['explain', ...args])).code).toBe(1);
  });

  test('cannot repair a text that is no request', async () => {
    work.write('twice.json', '{"action":"read","amount":1,"amount":2}');
    const view = await jsonOf('demo.policy', '-i', 'twice.json', '--flip', 'allow');
    expect(view.verdict.invalid).toMatchObject({ code: 'duplicate_key' });
    expect(view.flip).toMatchObject({ result: 'unknown', reason: expect.stringContaining('text') });
  });
});

describe('what cannot be explained', () => {
  const refused = async (args: readonly string[], input = ''): Promise<string> => {
    const { code, stdout, stderr } = await work.run(['explain', ...args], input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr;
  };

  test.each([
    ['not JSON', '{"action":', 'P4019'],
    ['a list', '[{"action":"read","amount":1}]', 'P4020'],
    ['null', 'null', 'P4020'],
    ['a text', '"read"', 'P4020'],
    ['a number', '7', 'P4020'],
    ['nothing', '', 'P4019'],
  ])('%s in a file', async (_, text, code) => {
    work.write('bad.json', text);
    expect(await refused(['demo.policy', '-i', 'bad.json'])).toMatch(new RegExp(`^error\\[${code}\\]: `));
  });

  test('bytes that are no text', async () => {
    work.write('bytes.json', Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(await refused(['demo.policy', '-i', 'bytes.json'])).toMatch(/^error\[P4019\]: /);
  });

  test('several requests, and none', async () => {
    const line = '{"action":"read","amount":1}\n';
    work.write('several.jsonl', line.repeat(2));
    expect(await refused(['demo.policy', '-i', 'several.jsonl'])).toMatch(
      /^error\[P4017\]: `several.jsonl` holds several requests/,
    );
    expect(await refused(['demo.policy', '-i', '-'], line.repeat(3))).toMatch(/^error\[P4017\]: /);
    work.write('empty.jsonl', '\n\n');
    expect(await refused(['demo.policy', '-i', 'empty.jsonl'])).toMatch(/^error\[P4018\]: /);
  });

  test('rules and effects that are not there', async () => {
    expect(await refused(['demo.policy', '-i', 'read.json', '--rule', 'expensiv'])).toBe(
      'error[P4015]: there is no rule `expensiv` in `demo.policy`\n  = hint: did you mean `expensive`?\n',
    );
    expect(await refused(['demo.policy', '-i', 'read.json', '--rule', 'zzzzzzzz'])).toContain(
      '`policyc inspect` lists the 2 rules',
    );
    expect(await refused(['demo.policy', '-i', 'read.json', '--flip', 'alow'])).toBe(
      'error[P4016]: there is no effect `alow` in `demo.policy`\n  = hint: its effects are allow < deny\n',
    );
  });

  test('files that cannot be read, and options that are wrong', async () => {
    expect(await refused(['demo.policy', '-i', 'gone.json'])).toContain(
      'error[P4001]: cannot read `gone.json`',
    );
    expect(await refused(['-', '-i', '-'])).toContain('error[P4007]');
    expect(await refused(['demo.policy'])).toContain("required option '-i, --input <file>' not specified");
    expect(await refused(['demo.policy', '-i', 'read.json', '--budget', '0'])).toContain('Give seconds');
    work.write('broken.policy', POLICY.replace('amount >=', 'amuont >='));
    expect((await work.run(['explain', 'broken.policy', '-i', 'read.json'])).code).toBe(1);
  });
});
