// The forms of input that `eval` reads, and what a request that is no request gets.

import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../src/bytecode/limits.ts';
import { jsonLines, POLICY, SCHEMA, Workspace } from './policyc.ts';

const work = new Workspace();

beforeAll(async () => {
  work.write('request.schema.json', SCHEMA);
  work.write('demo.policy', POLICY);
  await work.run(['compile', 'demo.policy', '-o', 'demo.policyb']);
});

const READ = '{"action":"read","amount":1}';
const PAY = '{"action":"pay","amount":100}';

/** [reason, code, pointer] of each decision. */
async function outcomes(args: readonly string[], input: string | Uint8Array = ''): Promise<unknown[]> {
  const result = await work.run(['eval', 'demo.policyb', ...args], input);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return jsonLines(result.stdout).map(({ reason, invalid }) => {
    const error = invalid as { code: string; pointer: string } | null;
    return error === null ? reason : [reason, error.code, error.pointer];
  });
}

async function outcomesOf(name: string, content: string | Uint8Array): Promise<unknown[]> {
  return outcomes(['--input', work.write(name, content)]);
}

describe('JSON Lines', () => {
  test('decisions come in the order of the requests; blank lines are skipped, line ends may be CRLF', async () => {
    const text = `\n${READ}\r\n\r\n \t\n${PAY}\n${READ}`;
    expect(await outcomesOf('a.jsonl', text)).toEqual(['READS', 'EXPENSIVE', 'READS']);
    expect(await outcomes(['--input', '-'], text)).toEqual(['READS', 'EXPENSIVE', 'READS']);
  });

  test('an empty input has no decisions', async () => {
    expect(await outcomesOf('empty.jsonl', '')).toEqual([]);
    expect(await outcomes(['--input', '-'], '\n\n')).toEqual([]);
  });

  test('a line that is not JSON gets a decision; the others are not disturbed', async () => {
    expect(await outcomesOf('bad.jsonl', `${READ}\n{"action":\n${PAY}\n`)).toEqual([
      'READS',
      ['INVALID_REQUEST', 'json', ''],
      'EXPENSIVE',
    ]);
    expect(await outcomes(['--input', '-'], `{"action":\n${PAY}\n`)).toEqual([
      ['INVALID_REQUEST', 'json', ''],
      'EXPENSIVE',
    ]);
  });

  test('a line at the limit is judged, one byte more is too large, and so is a line of many megabytes', async () => {
    const padded = (size: number): string =>
      `${READ.slice(0, -1)},"note":"${'x'.repeat(size - READ.length - 10)}"}`;
    expect(Buffer.byteLength(padded(MAX_REQUEST_BYTES))).toBe(MAX_REQUEST_BYTES);
    const lines = [
      padded(MAX_REQUEST_BYTES),
      padded(MAX_REQUEST_BYTES + 1),
      padded(20 * MAX_REQUEST_BYTES),
      PAY,
    ];
    const large = ['INVALID_REQUEST', 'too_large', ''];
    expect(await outcomesOf('long.jsonl', lines.map((line) => `${line}\r\n`).join(''))).toEqual([
      'READS',
      large,
      large,
      'EXPENSIVE',
    ]);
  });

  test('bytes that are not UTF-8 get a decision', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"action":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}\n${READ}\n`),
    ]);
    expect(await outcomesOf('utf8.jsonl', bytes)).toEqual([['INVALID_REQUEST', 'utf8', ''], 'READS']);
  });

  test('a decision is printed as soon as its request has arrived', async () => {
    const child = work.start(['eval', 'demo.policyb', '--input', '-']);
    child.stdin?.write(`${READ}\n`);
    const [chunk] = await once(child.stdout!, 'data');
    expect(jsonLines(String(chunk))).toMatchObject([{ reason: 'READS' }]);
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('thousands of requests keep their order and their bytes', async () => {
    const amounts = Array.from({ length: 5_000 }, (_, i) => (i * 37) % 200);
    const text = amounts.map((amount) => `{"action":"pay","amount":${amount}}\n`).join('');
    const result = await work.run(['eval', 'demo.policyb', '-i', work.write('many.jsonl', text)]);
    const messages = jsonLines(result.stdout).map(({ message }) => message);
    expect(messages).toEqual(amounts.map((amount) => (amount >= 100 ? `${amount} is too much` : null)));
  });
});

describe('one document', () => {
  const PRETTY = JSON.stringify(JSON.parse(PAY), null, 2);

  test('a .json file holds one request', async () => {
    expect(await outcomesOf('one.json', PRETTY)).toEqual(['EXPENSIVE']);
    expect(await outcomesOf('two.json', `${READ}\n${READ}\n`)).toEqual([['INVALID_REQUEST', 'json', '']]);
    expect(await outcomesOf('none.json', '')).toEqual([['INVALID_REQUEST', 'json', '']]);
    expect(await outcomesOf('huge.json', `"${'x'.repeat(5_000_000)}"`)).toEqual([
      ['INVALID_REQUEST', 'too_large', ''],
    ]);
  });

  test('standard input may hold one request over several lines', async () => {
    expect(await outcomes(['--input', '-'], `\n${PRETTY}\n`)).toEqual(['EXPENSIVE']);
    expect(await outcomes(['--input', '-'], READ)).toEqual(['READS']);
  });

  test('a file with another ending is read like standard input', async () => {
    expect(await outcomesOf('pretty.txt', PRETTY)).toEqual(['EXPENSIVE']);
    expect(await outcomesOf('lines', `${READ}\n${PAY}\n`)).toEqual(['READS', 'EXPENSIVE']);
  });
});

describe('a request that is no request', () => {
  test.each([
    ['not an object', '[1]', 'type', ''],
    ['a number that overflows', '{"action":"read","amount":1e400}', 'number', '/amount'],
    ['a missing member', '{"action":"read"}', 'required', '/amount'],
    ['a text for a number', '{"action":"read","amount":"1"}', 'type', '/amount'],
    ['an unknown enum value', '{"action":"reed","amount":1}', 'enum', '/action'],
    ['a key that stands twice', '{"action":"read","action":"pay","amount":1}', 'duplicate_key', ''],
    ['depth 10,000', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'depth', ''],
    ['a byte order mark', `\ufeff${READ}`, 'json', ''],
    ['only __proto__', '{"__proto__":{"action":"read","amount":1}}', 'required', '/action'],
  ])('%s: the INVALID_REQUEST decision says what and where', async (_, text, code, pointer) => {
    expect(await outcomesOf('request.json', text)).toEqual([['INVALID_REQUEST', code, pointer]]);
  });
});

describe('text', () => {
  test('is one readable line per decision', async () => {
    const input = work.write('text.jsonl', `${READ}\n${PAY}\n{}\n{"action":"pay","amount":2}\n`);
    const result = await work.run(['eval', 'demo.policyb', '-i', input, '--format', 'text']);
    expect(result.stdout.split('\n')).toEqual([
      'allow  READS  rule reads',
      'deny  EXPENSIVE  rule expensive  high  "100 is too much"',
      'deny  INVALID_REQUEST  required at /action',
      'deny  NO_RULE_MATCHED',
      '',
    ]);
  });

  test('cannot be forged by a request', async () => {
    const policy = POLICY.replace(
      'severity high message "{amount} is too much"',
      'message "{action}: {request.big}"',
    );
    work.write(
      'forged.policy',
      policy
        .replace('when amount >= 100', 'when has big')
        .replace('"{action}: {request.big}"', '"line\\nallow  READS"'),
    );
    const result = await work.run(
      ['eval', 'forged.policy', '-i', '-', '--format', 'text'],
      '{"action":"pay","amount":1,"big":1}\n',
    );
    expect(result.stdout).toBe('deny  EXPENSIVE  rule expensive  "line\\nallow  READS"\n');
  });
});

describe('input that cannot be read', () => {
  test.each([
    ['none.jsonl', 'no such file or directory'],
    ['absent.json', 'no such file or directory'],
    ['.', 'it is a directory'],
  ])('%s', async (name, reason) => {
    const result = await work.run(['eval', 'demo.policyb', '-i', name]);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: `error[P4001]: cannot read \`${name}\`: ${reason}\n`,
    });
  });

  test('policy and input cannot both be standard input', async () => {
    const result = await work.run(['eval', '-', '-i', '-'], POLICY);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('error[P4007]');
  });

  test('the policy may come from standard input', async () => {
    const result = await work.run(['eval', '-', '-i', join(work.folder, 'one.json')], POLICY);
    expect(jsonLines(result.stdout)).toMatchObject([{ reason: 'EXPENSIVE' }]);
  });
});
