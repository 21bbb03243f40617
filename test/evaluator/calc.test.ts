import { describe, expect, test } from 'vitest';
import type { CalcOp, Format, SlotKind } from '../../src/bytecode/opcodes.ts';
import { Assembly, type Tree, verdict } from './assemble.ts';

/** The result of the calc over x and y, printed in the message; '' when absent. */
function result(
  op: CalcOp,
  kinds: { x?: Tree; y?: Tree; result: Tree; format?: Format },
  imm = 0,
): (x?: unknown, y?: unknown) => string | null {
  const members: { [key: string]: Tree } = {};
  if (kinds.x !== undefined) members.x = { ...kinds.x, as: 'x', optional: true };
  if (kinds.y !== undefined) members.y = { ...kinds.y, as: 'y', optional: true };
  const assembly = new Assembly({ kind: 'record', members });
  const slot = assembly.result({ ...kinds.result, as: 'r' });
  const calc = assembly.calc(op, 'r', kinds.x && 'x', kinds.y && 'y', { imm });
  const format = kinds.format ?? (kinds.result.kind as Format);
  assembly.defaultRule = {
    ...assembly.defaultRule,
    message: [{ text: '', hole: { slot, format, list: false, scale: kinds.result.scale ?? 0 } }],
  };
  const evaluator = assembly.load([{ calc }]);
  return (x, y) => {
    const decision = evaluator.evaluate({ x, y });
    if (decision.invalid !== null) throw new Error(decision.invalid.code);
    return decision.message;
  };
}

const of = (kind: SlotKind, more: Partial<Tree> = {}): Tree => ({ kind, ...more });

describe('arithmetic', () => {
  test.each([
    ['ADD', '5'],
    ['SUB', '-1'],
    ['MUL', '6'],
  ] as const)('%s', (op, expected) => {
    const run = result(op, { x: of('int'), y: of('int'), result: of('int') });
    expect([run(2, 3), run(2), run(undefined, 3), run()]).toEqual([expected, '', '', '']);
  });

  test('there is no negative zero', () => {
    expect(result('MUL', { x: of('int'), y: of('int'), result: of('int') })(0, -5)).toBe('0');
    expect(
      result('SUB', { x: of('duration'), y: of('duration'), result: of('duration') })('PT1H', 'PT1H'),
    ).toBe('PT0S');
  });

  test('decimals', () => {
    const run = result('MUL', {
      x: of('decimal', { scale: 2 }),
      y: of('decimal', { scale: 1 }),
      result: of('decimal', { scale: 3 }),
    });
    expect(run(1.25, -0.5)).toBe('-0.625');
  });

  test('TIME_ADD and TIME_SUB', () => {
    const kinds = { x: of('timestamp'), y: of('duration'), result: of('timestamp') };
    const [add, sub] = [result('TIME_ADD', kinds), result('TIME_SUB', kinds)];
    expect(add('1970-01-01T00:00:00.9Z', 'PT0.1S')).toBe('1970-01-01T00:00:01Z');
    expect(sub('1970-01-01T00:00:00.000001Z', 'PT0.001S')).toBe('1969-12-31T23:59:59.999001Z');
    expect(add('1970-01-01T00:00:00Z', '-P1D')).toBe('1969-12-31T00:00:00Z');
    expect([add('1970-01-01T00:00:00Z'), sub(undefined, 'PT1S')]).toEqual(['', '']);
  });
});

describe('strings and time', () => {
  test('LOWER, UPPER, NORM', () => {
    const run = (op: CalcOp) => result(op, { x: of('string'), result: of('string') });
    expect([run('LOWER')('ÄB'), run('UPPER')('äb'), run('NORM')('/a//../b/.')]).toEqual(['Äb', 'äB', '/b']);
    expect([run('LOWER')(), run('UPPER')(), run('NORM')(), run('NORM')(''), run('NORM')('a\0')]).toEqual([
      '',
      '',
      '',
      '',
      '',
    ]);
  });

  test('DATE, WEEKDAY, MINUTE_OF_DAY', () => {
    const at = '1970-01-01T23:30:00Z';
    const run = (op: CalcOp, kind: SlotKind, imm: number) =>
      result(op, { x: of('timestamp'), result: of(kind) }, imm);
    expect([run('DATE', 'date', 0)(at), run('DATE', 'date', 30)(at)]).toEqual(['1970-01-01', '1970-01-02']);
    expect([run('WEEKDAY', 'int', 0)(at), run('WEEKDAY', 'int', 60)(at)]).toEqual(['4', '5']);
    expect([run('MINUTE_OF_DAY', 'int', 0)(at), run('MINUTE_OF_DAY', 'int', 45)(at)]).toEqual(['1410', '15']);
    expect([run('DATE', 'date', 0)(), run('WEEKDAY', 'int', 0)(), run('MINUTE_OF_DAY', 'int', 0)()]).toEqual([
      '',
      '',
      '',
    ]);
  });

  test('SIZE', () => {
    const size = (kind: SlotKind) => result('SIZE', { x: of(kind), result: of('int') });
    expect([size('string')('a😀'), size('list')([1, 2]), size('map')({ a: 1, b: undefined })]).toEqual([
      '2',
      '2',
      '1',
    ]);
    expect([
      size('unknown')([1]),
      size('unknown')({ a: 1 }),
      size('unknown')(null),
      size('unknown')(),
    ]).toEqual(['1', '1', '', '']);
    expect([size('string')(), size('list')(), size('map')()]).toEqual(['', '', '']);
  });

  test('SET', () => {
    expect([result('SET', { result: of('bool') }, 1)(), result('SET', { result: of('bool') }, 0)()]).toEqual([
      'true',
      'false',
    ]);
  });
});

describe('choice', () => {
  test('COALESCE', () => {
    const numbers = result('COALESCE', { x: of('int'), y: of('int'), result: of('int') });
    expect([numbers(1, 2), numbers(undefined, 2), numbers(null, 2), numbers()]).toEqual(['1', '2', '2', '']);
    const strings = result('COALESCE', { x: of('string'), y: of('string'), result: of('string') });
    expect([strings('', 'b'), strings(undefined, 'b'), strings()]).toEqual(['', 'b', '']);
    const times = result('COALESCE', { x: of('timestamp'), y: of('timestamp'), result: of('timestamp') });
    expect(times(null, '1970-01-01T00:00:00.5Z')).toBe('1970-01-01T00:00:00.5Z');
  });

  test('AT', () => {
    const run = result(
      'AT',
      { x: of('list', { element: of('decimal', { scale: 1 }) }), result: of('decimal', { scale: 1 }) },
      1,
    );
    expect([run([1, 2.5]), run([1]), run([]), run()]).toEqual(['2.5', '', '', '']);
    const unknown = result('AT', { x: of('unknown'), result: of('string') }, 0);
    expect([unknown(['a']), unknown([1]), unknown({ 0: 'a' }), unknown('a')]).toEqual(['a', '', '', '']);
  });

  test('GET', () => {
    const run = result('GET', { x: of('map', { value: of('int') }), y: of('string'), result: of('int') });
    expect([run({ k: 7 }, 'k'), run({ k: 7 }, 'j'), run({ k: 7 }), run(undefined, 'k')]).toEqual([
      '7',
      '',
      '',
      '',
    ]);
    expect(run({}, 'toString')).toBe('');
    expect(run(JSON.parse('{"__proto__":3}'), '__proto__')).toBe('3');
  });

  test('a computed object has members', () => {
    const item = of('record', { members: { n: of('int'), s: of('string') } });
    const assembly = new Assembly({
      kind: 'record',
      members: {
        x: of('list', { as: 'x', element: item }),
        y: of('record', { as: 'y', optional: true, members: item.members! }),
      },
    });
    assembly.result(
      of('record', { as: 'r', members: { n: of('int', { as: 'n' }), s: of('string', { as: 's' }) } }),
    );
    assembly.result(of('record', { as: 'q', members: { n: of('int', { as: 'm' }) } }));
    const steps = [
      { calc: assembly.calc('AT', 'r', 'x', undefined, { imm: 0 }) },
      { calc: assembly.calc('COALESCE', 'q', 'y', 'r') },
      assembly.when('five', assembly.atom('IN_NUMBERS', 'n', { index: assembly.set([5]) })),
      assembly.when('text', assembly.atom('PRESENT', 's')),
      assembly.when('chosen', assembly.atom('IN_NUMBERS', 'm', { index: assembly.set([5]) })),
    ];
    const evaluator = assembly.load(steps);
    expect(verdict(evaluator, { x: [{ n: 5, s: 'a' }] })).toBe('five text chosen');
    expect(verdict(evaluator, { x: [{ n: 5, s: 'a' }], y: { n: 4, s: 'b' } })).toBe('five text');
    // Nothing of the call before is left.
    expect(verdict(evaluator, { x: [] })).toBe('');
  });

  test('constants', () => {
    const assembly = new Assembly(
      of('record', { members: { s: of('string', { as: 's' }), t: of('timestamp', { as: 't' }) } }),
    );
    assembly.constant('word', 'string', 'wörd');
    assembly.constant('time', 'timestamp', [0, 5]);
    assembly.constant('one', 'int', [1]);
    assembly.constant('none', 'list', []);
    assembly.result(of('int', { as: 'size' }));
    const evaluator = assembly.load([
      { calc: assembly.calc('SIZE', 'size', 'none') },
      assembly.when('word', assembly.atom('EQ_STRING', 's', { other: 'word' })),
      assembly.when('time', assembly.atom('EQ_TIME', 't', { other: 'time' })),
      assembly.when('less', assembly.atom('LT_NUMBER', 'size', { other: 'one' })),
    ]);
    for (let i = 0; i < 2; i++) {
      expect(verdict(evaluator, { s: 'wörd', t: '1970-01-01T00:00:00.000005Z' })).toBe('word time less');
    }
  });
});

describe('quantifiers', () => {
  const build = (list: Tree, op: 'ANY' | 'ALL' | 'COUNT' | 'FIRST', except?: string[] | null) => {
    const assembly = new Assembly(of('record', { members: { xs: { ...list, as: 'xs', optional: true } } }));
    assembly.bound('xs', of('int', { as: 'x' }));
    const slot = assembly.result(of('int', { as: 'r' }));
    const quant = assembly.quant('xs', 'x', { dst: 'r', ...(except === undefined ? {} : { except }) });
    const until = assembly.atom('RANGE', 'x', { bounds: [10, 20] });
    assembly.defaultRule = {
      ...assembly.defaultRule,
      message: [{ text: '', hole: { slot, format: 'int', list: false, scale: 0 } }],
    };
    const hit = assembly.when('hit', until);
    const step =
      op === 'ANY' || op === 'ALL'
        ? { op, quant, body: [], until, rule: (hit as { rule: number }).rule }
        : { op, quant, body: [], until };
    const evaluator = assembly.load([step]);
    return (xs?: unknown) => {
      const decision = evaluator.evaluate({ xs });
      return op === 'ANY' || op === 'ALL' ? decision.matched.length === 1 : decision.message;
    };
  };
  const ints = of('list', { element: of('int') });

  test('ANY and ALL', () => {
    const [any, all] = [build(ints, 'ANY'), build(ints, 'ALL')];
    expect([any([1, 15]), any([1]), any([]), any()]).toEqual([true, false, false, false]);
    expect([all([11, 15]), all([11, 1]), all([]), all()]).toEqual([true, false, true, false]);
  });

  test('COUNT and FIRST', () => {
    const [count, first] = [build(ints, 'COUNT'), build(ints, 'FIRST')];
    expect([count([10, 1, 20]), count([]), count()]).toEqual(['2', '0', '']);
    expect([first([1, 20, 10]), first([1]), first([]), first()]).toEqual(['20', '', '', '']);
  });

  test('over the values of an object', () => {
    const map = of('map', { value: of('int') });
    const [any, all] = [build(map, 'ANY', null), build(map, 'ALL', ['skip'])];
    expect([any({ a: 1, b: 10 }), any({ a: 1 }), any({}), any()]).toEqual([true, false, false, false]);
    expect([all({ a: 10, skip: 1 }), all({ a: 1 }), all({}), all()]).toEqual([true, false, true, false]);
  });

  test('over an unknown that is no list', () => {
    const all = build(of('unknown', { element: of('unknown') }), 'ALL');
    expect([all([10]), all(['a']), all('a'), all({ a: 10 }), all(null)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('nested, over members of the item', () => {
    const item = of('record', { members: { ys: of('list', { element: of('int') }) } });
    const assembly = new Assembly(
      of('record', { members: { xs: of('list', { as: 'xs', element: item }), z: of('int', { as: 'z' }) } }),
    );
    assembly.bound('xs', of('record', { as: 'x', members: { ys: of('list', { as: 'ys' }) } }));
    assembly.bound('ys', of('int', { as: 'y' }));
    assembly.result(of('int', { as: 'count' }));
    const inner = assembly.quant('ys', 'y', { dst: 'count' });
    const outer = assembly.quant('xs', 'x');
    const equal = assembly.atom('EQ_NUMBER', 'y', { other: 'z' });
    const twice = assembly.atom('IN_NUMBERS', 'count', { index: assembly.set([2]) });
    assembly.when('hit', equal);
    const evaluator = assembly.load([
      {
        op: 'ANY',
        quant: outer,
        body: [{ op: 'COUNT', quant: inner, body: [], until: equal }],
        until: twice,
        rule: 0,
      },
    ]);
    expect(verdict(evaluator, { z: 3, xs: [{ ys: [3] }, { ys: [1, 3, 3] }] })).toBe('hit');
    expect(verdict(evaluator, { z: 3, xs: [{ ys: [3] }, { ys: [3] }] })).toBe('');
  });

  test('memoised calcs and quantifiers run once per decision and anew in the next', () => {
    const assembly = new Assembly(
      of('record', {
        members: { n: of('int', { as: 'n' }), xs: of('list', { as: 'xs', element: of('int') }) },
      }),
    );
    assembly.bound('xs', of('int', { as: 'x' }));
    assembly.result(of('int', { as: 'r' }));
    const add = assembly.calc('ADD', 'r', 'n', 'n', { memo: true });
    const clobber = assembly.calc('SUB', 'r', 'n', 'n');
    const quant = assembly.quant('xs', 'x', { memo: true });
    const until = assembly.atom('LT_NUMBER', 'x', { other: 'n' });
    const double = assembly.atom('LT_NUMBER', 'n', { other: 'r' });
    const first = assembly.when('first', double);
    const second = assembly.when('second', double);
    assembly.when('any', until);
    assembly.when('again', until);
    const evaluator = assembly.load([
      { calc: add },
      first,
      { calc: clobber },
      { calc: add },
      second,
      { op: 'ANY', quant, body: [], until, rule: 2 },
      { op: 'ANY', quant, body: [], until, rule: 3 },
    ]);
    expect(verdict(evaluator, { n: 2, xs: [1] })).toBe('first any again');
    expect(verdict(evaluator, { n: 2, xs: [3] })).toBe('first');
    expect(verdict(evaluator, { n: 2, xs: [1] })).toBe('first any again');
  });
});

describe('what only a bundle that no compiler writes asks for', () => {
  test('an unknown text has no size', () => {
    const run = result('SIZE', { x: of('unknown'), result: of('int') });
    expect([run([1, 2]), run({ a: 1 }), run('ab')]).toEqual(['2', '1', '']);
  });

  test('a value beyond the limits of the slot that takes it is absent', () => {
    const strings = of('list', { element: of('string') });
    const at = (limits: NonNullable<Tree['limits']>): ((x?: unknown) => string | null) =>
      result('AT', { x: strings, result: of('string', { limits }) });
    expect(at({ maxLength: 2 })(['\u{1f600}\u{1f600}'])).toBe('\u{1f600}\u{1f600}');
    expect(at({ maxLength: 2 })(['abc'])).toBe('');
    expect(at({ minLength: 2 })(['\u{1f600}'])).toBe('');
    const ints = of('list', { element: of('int') });
    const range = result('AT', { x: ints, result: of('int', { limits: { min: 0, max: 9 } }) });
    expect([range([9]), range([10]), range([-1])]).toEqual(['9', '', '']);
    const allowed = result('AT', { x: strings, result: of('string', { allowed: ['a', 'b'] }) });
    expect([allowed(['a']), allowed(['c'])]).toEqual(['a', '']);
  });

  test('a list or map below an unknown that is longer than any may be is absent', () => {
    const view = (kind: SlotKind): ((n: number) => string) => {
      const x = of('unknown', { optional: true, views: [of(kind, { as: 'v' })] });
      const assembly = new Assembly(of('record', { members: { x } }));
      const evaluator = assembly.load([assembly.when('hit', assembly.atom('PRESENT', 'v'))]);
      const items = (n: number): number[] => new Array<number>(n).fill(0);
      return (n) => verdict(evaluator, { x: kind === 'list' ? items(n) : { ...items(n) } });
    };
    expect([view('list')(1024), view('list')(1025)]).toEqual(['hit', '']);
    expect([view('map')(1024), view('map')(1025)]).toEqual(['hit', '']);
  });

  test('a value that another slot held is not judged again', () => {
    const run = result('COALESCE', {
      x: of('string'),
      y: of('string'),
      result: of('string', { limits: { maxLength: 1 } }),
    });
    expect([run('abc', 'd'), run(undefined, 'def')]).toEqual(['abc', 'def']);
  });

  test('a number that integers do not reach is printed as the nearest that they do', () => {
    const run = result('MUL', { x: of('int'), y: of('int'), result: of('int') });
    expect(run(2 ** 53 - 1, -(2 ** 53 - 1))).toBe('-9007199254740991');
  });
});
