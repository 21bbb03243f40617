import { describe, expect, test } from 'vitest';
import type { LinearConstraint, LinearResult, LinearVariable } from '../../src/theory/linear.ts';
import { solveLinear } from '../../src/theory/linear.ts';

type Rel = LinearConstraint['rel'];

const OPEN: LinearVariable = { min: null, max: null };

function range(min: number | null, max: number | null): LinearVariable {
  return { min: min === null ? null : BigInt(min), max: max === null ? null : BigInt(max) };
}

/** A constraint from its factors, one for each variable. */
function row(factors: readonly number[], rel: Rel, bound: number | bigint): LinearConstraint {
  const terms = factors.flatMap((factor, variable) =>
    factor === 0 ? [] : [{ variable, factor: BigInt(factor) }],
  );
  return { terms, rel, bound: BigInt(bound) };
}

/** x(a) <= x(b) + c. */
function atMost(a: number, b: number, c: number | bigint): LinearConstraint {
  const terms = [
    { variable: a, factor: 1n },
    { variable: b, factor: -1n },
  ];
  return { terms, rel: '<=', bound: BigInt(c) };
}

function satisfied({ terms, rel, bound }: LinearConstraint, values: readonly bigint[]): boolean {
  const sum = terms.reduce((all, { variable, factor }) => all + factor * values[variable]!, 0n);
  if (rel === '<=') return sum <= bound;
  return (sum === bound) === (rel === '==');
}

function within({ min, max }: LinearVariable, value: bigint): boolean {
  return (min === null || value >= min) && (max === null || value <= max);
}

function expectSolution(
  variables: readonly LinearVariable[],
  constraints: readonly LinearConstraint[],
  result: LinearResult,
): readonly bigint[] {
  if (result.kind !== 'values') throw new Error(`expected values, not ${result.kind}`);
  expect(result.values).toHaveLength(variables.length);
  for (const [at, variable] of variables.entries()) expect(within(variable, result.values[at]!)).toBe(true);
  for (const constraint of constraints) expect(satisfied(constraint, result.values)).toBe(true);
  return result.values;
}

type Core = Extract<LinearResult, { kind: 'none' }>;

function coreOf(result: LinearResult): Core {
  if (result.kind !== 'none') throw new Error(`expected none, not ${result.kind}`);
  return result;
}

function none(constraints: readonly number[], mins: readonly number[], maxs: readonly number[]): Core {
  return { kind: 'none', constraints, mins, maxs };
}

/** The system that a core consists of. */
function coreSystem(
  variables: readonly LinearVariable[],
  constraints: readonly LinearConstraint[],
  core: Core,
): [LinearVariable[], LinearConstraint[]] {
  return [
    variables.map(({ min, max }, at) => ({
      min: core.mins.includes(at) ? min : null,
      max: core.maxs.includes(at) ? max : null,
    })),
    core.constraints.map((at) => constraints[at]!),
  ];
}

/** Whether a point of the box with this radius solves the system. */
function solvable(
  variables: readonly LinearVariable[],
  constraints: readonly LinearConstraint[],
  radius: number,
): boolean {
  const plain = constraints.map(({ terms, rel, bound }) => ({
    factors: variables.map((_, v) =>
      terms.reduce((sum, term) => (term.variable === v ? sum + Number(term.factor) : sum), 0),
    ),
    rel,
    bound: Number(bound),
  }));
  const values = variables.map(() => 0);
  const holds = (): boolean =>
    plain.every(({ factors, rel, bound }) => {
      const sum = factors.reduce((all, factor, v) => all + factor * values[v]!, 0);
      return rel === '<=' ? sum <= bound : (sum === bound) === (rel === '==');
    });
  const from = (at: number): boolean => {
    if (at === variables.length) return holds();
    const low = Math.max(-radius, Number(variables[at]!.min ?? -radius));
    const high = Math.min(radius, Number(variables[at]!.max ?? radius));
    for (let value = low; value <= high; value++) {
      values[at] = value;
      if (from(at + 1)) return true;
    }
    return false;
  };
  return from(0);
}

/** Reproducible numbers (the generator of Park and Miller). */
function numbers(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state * 48_271) % 2_147_483_647;
    return from + (state % (to - from + 1));
  };
}

const RELS: readonly Rel[] = ['<=', '<=', '==', '!='];

function randomConstraints(next: (from: number, to: number) => number, size: number): LinearConstraint[] {
  return Array.from({ length: next(1, size + 3) }, () => {
    const factors = Array.from({ length: size }, () => next(-3, 3));
    return row(factors, RELS[next(0, RELS.length - 1)]!, next(-9, 9));
  });
}

function randomDifferences(next: (from: number, to: number) => number, size: number): LinearConstraint[] {
  return Array.from({ length: next(2, 2 * size + 2) }, () => {
    const factors = Array.from({ length: size }, () => 0);
    factors[next(0, size - 1)]! += 1;
    factors[next(0, size - 1)]! -= 1;
    return row(factors, RELS[next(0, RELS.length - 1)]!, next(-3, 3));
  });
}

describe('random systems against enumeration', () => {
  for (const [name, generate] of [
    ['any factors', randomConstraints],
    ['differences', randomDifferences],
  ] as const) {
    test(`closed ranges, ${name}`, () => {
      const next = numbers(name.length);
      const seen = { values: 0, none: 0, unknown: 0 };
      for (let trial = 0; trial < 1200; trial++) {
        const size = next(2, 4);
        const variables = Array.from({ length: size }, () => {
          const min = next(-4, 3);
          return range(min, next(min, 4));
        });
        const constraints = generate(next, size);
        const result = solveLinear(variables, constraints);
        seen[result.kind]++;
        expect(result.kind).toBe(solvable(variables, constraints, 4) ? 'values' : 'none');
        if (result.kind === 'values') expectSolution(variables, constraints, result);
        else {
          const [openVariables, core] = coreSystem(variables, constraints, coreOf(result));
          expect(solvable(openVariables, core, size === 4 ? 6 : 11)).toBe(false);
          expect(solveLinear(openVariables, core).kind).toBe('none');
        }
      }
      expect(Math.min(seen.values, seen.none)).toBeGreaterThan(200);
    });

    test(`open ranges, ${name}`, () => {
      const next = numbers(name.length + 100);
      const seen = { values: 0, none: 0, unknown: 0 };
      for (let trial = 0; trial < 1200; trial++) {
        const size = next(2, 3);
        const variables = Array.from({ length: size }, () =>
          range(next(0, 1) === 0 ? null : next(-4, 0), next(0, 1) === 0 ? null : next(0, 4)),
        );
        const constraints = generate(next, size);
        const result = solveLinear(variables, constraints);
        seen[result.kind]++;
        if (result.kind === 'values') expectSolution(variables, constraints, result);
        else expect(solvable(variables, constraints, 10)).toBe(false);
        if (result.kind === 'none') {
          const [openVariables, core] = coreSystem(variables, constraints, result);
          expect(solvable(openVariables, core, 10)).toBe(false);
          expect(solveLinear(openVariables, core).kind).toBe('none');
        }
      }
      expect(seen.unknown).toBe(0);
      expect(Math.min(seen.values, seen.none)).toBeGreaterThan(100);
    });
  }
});

describe('random larger systems', () => {
  test('a system with a known solution is never refuted', () => {
    const next = numbers(11);
    let solved = 0;
    for (let trial = 0; trial < 40; trial++) {
      const size = next(10, 30);
      const known = Array.from({ length: size }, () => BigInt(next(-1000, 1000)));
      const variables = known.map((value) => ({
        min: next(0, 2) === 0 ? null : value - BigInt(next(0, 50)),
        max: next(0, 2) === 0 ? null : value + BigInt(next(0, 50)),
      }));
      const constraints = Array.from({ length: 2 * size }, (): LinearConstraint => {
        const terms = Array.from({ length: next(1, 3) }, () => ({
          variable: next(0, size - 1),
          factor: BigInt(next(-3, 3)),
        }));
        const sum = terms.reduce((all, { variable, factor }) => all + factor * known[variable]!, 0n);
        const rel = RELS[next(0, RELS.length - 1)]!;
        if (rel === '!=') return { terms, rel, bound: sum + BigInt(next(1, 9)) };
        return { terms, rel, bound: rel === '==' ? sum : sum + BigInt(next(0, 3)) };
      });
      const result = solveLinear(variables, constraints);
      expect(result.kind).not.toBe('none');
      if (result.kind === 'unknown') continue;
      expectSolution(variables, constraints, result);
      solved++;
    }
    expect(solved).toBeGreaterThan(30);
  });

  test('differences are decided alike when a sum without effect goes with them', () => {
    const next = numbers(13);
    const seen = { values: 0, none: 0, unknown: 0 };
    for (let trial = 0; trial < 150; trial++) {
      const size = next(5, 9);
      const variables = Array.from({ length: size }, () => range(next(-9, 0), next(0, 9)));
      const constraints = randomDifferences(next, size);
      const result = solveLinear(variables, constraints);
      seen[result.kind]++;
      // The last variable is open and takes whatever the sum leaves.
      const factors = Array.from({ length: size + 1 }, (_, at) => (at === size ? 1 : at + 2));
      const sum = row(factors, '==', next(-9, 9));
      const summed = solveLinear([...variables, OPEN], [...constraints, sum]);
      expect(summed.kind).toBe(result.kind);
      if (result.kind === 'values') expectSolution(variables, constraints, result);
      if (summed.kind === 'values') expectSolution([...variables, OPEN], [...constraints, sum], summed);
    }
    expect(Math.min(seen.values, seen.none)).toBeGreaterThan(30);
  });
});

describe('cores', () => {
  const closed = range(0, 9);

  test('x < y < x', () => {
    const core = coreOf(solveLinear([closed, closed], [atMost(0, 1, 5), atMost(0, 1, -1), atMost(1, 0, -1)]));
    expect(core).toEqual(none([1, 2], [], []));
  });

  test('no multiple of 2 is 7', () => {
    expect(solveLinear([OPEN], [row([2], '==', 7)])).toEqual(none([0], [], []));
    expect(solveLinear([OPEN], [row([2], '!=', 7)]).kind).toBe('values');
    expect(solveLinear([OPEN, OPEN], [row([3, 6], '==', 4)]).kind).toBe('none');
    expect(solveLinear([OPEN, OPEN], [row([3, 6], '==', 9)]).kind).toBe('values');
  });

  test('a sum below its parts', () => {
    const constraints = [row([1, 1], '<=', 1), row([-1, 0], '<=', -1), row([0, -1], '<=', -1)];
    expect(coreOf(solveLinear([closed, closed], constraints)).constraints).toEqual([0, 1, 2]);
    expect(coreOf(solveLinear([range(1, 9), range(1, 9)], constraints.slice(0, 1)))).toEqual(
      none([0], [0, 1], []),
    );
  });

  test('the ends of a range exclude each other, or what is between them is excluded', () => {
    expect(solveLinear([closed, range(2, 1)], [])).toEqual(none([], [1], [1]));
    expect(solveLinear([range(3, 3)], [row([1], '!=', 3)])).toEqual(none([0], [0], [0]));
    const splits = [0, 1, 2, 3].map((value) => row([1, 0], '!=', value));
    const core = coreOf(solveLinear([range(0, 2), closed], [row([0, 1], '!=', 4), ...splits]));
    expect(core).toEqual(none([1, 2, 3], [0], [0]));
  });

  test('a constraint without variables', () => {
    const same = { terms: [...atMost(0, 1, 0).terms, ...row([-1, 1], '<=', 0).terms] };
    expect(coreOf(solveLinear([OPEN, OPEN], [{ ...same, rel: '<=', bound: -1n }])).constraints).toEqual([0]);
    expect(coreOf(solveLinear([OPEN, OPEN], [{ ...same, rel: '!=', bound: 0n }])).constraints).toEqual([0]);
    expect(coreOf(solveLinear([], [row([], '==', 1)])).constraints).toEqual([0]);
    expect(solveLinear([], [row([], '!=', 1), row([], '==', 0), row([], '<=', 0)]).kind).toBe('values');
  });

  test('a part that is not decided does not hide a contradiction in another', () => {
    const parity = [row([2, -3, 5], '==', 1), row([5, 7, -2], '<=', 3), row([0, 0, 0, 1], '==', 10)];
    const variables = [OPEN, OPEN, OPEN, closed];
    expect(solveLinear(variables, parity, { steps: 1 }).kind).toBe('none');
    expect(solveLinear(variables.slice(0, 3), parity.slice(0, 2), { steps: 1 }).kind).toBe('unknown');
  });

  test('parity over several equations with open variables', () => {
    // x = 2y and x = 2z + 1; then with y + y written as two inequalities.
    const odd = row([1, 0, -2], '==', 1);
    const even = row([1, -2, 0], '==', 0);
    expect(coreOf(solveLinear([OPEN, OPEN, OPEN], [even, odd])).constraints).toEqual([0, 1]);
    // One more equation has nothing to do with it.
    const four = [OPEN, OPEN, OPEN, OPEN];
    const other = row([1, 0, 0, 1], '==', 3);
    expect(coreOf(solveLinear(four, [other, even, odd])).constraints).toEqual([1, 2]);
    const twice = [row([1, -2, 0], '<=', 0), row([-1, 2, 0], '<=', 0), row([0, 0, 1], '!=', 3), odd];
    expect(coreOf(solveLinear([OPEN, OPEN, OPEN], twice)).constraints).toEqual([0, 1, 3]);
  });

  test('a range without a multiple', () => {
    // z = 5w, and 5x - 5y + z lies between two multiples of 5.
    const between = (from: number, to: number): LinearConstraint[] => [
      row([0, 0, 1, -5], '==', 2),
      row([5, -5, 1, 0], '<=', to),
      row([-5, 5, -1, 0], '<=', -from),
    ];
    const four = [OPEN, OPEN, OPEN, OPEN];
    expect(coreOf(solveLinear(four, between(3, 6))).constraints).toEqual([0, 1, 2]);
    expectSolution(four, between(3, 7), solveLinear(four, between(3, 7)));
    expectSolution(four, between(2, 6), solveLinear(four, between(2, 6)));
  });
});

describe('larger systems', () => {
  const chain = (last: number): LinearConstraint[] => [
    ...Array.from({ length: 29 }, (_, i) => atMost(i, i + 1, -1)),
    atMost(29, 0, last),
  ];
  const variables = Array.from({ length: 30 }, () => OPEN);

  test('a chain of 30 differences', () => {
    expectSolution(variables, chain(29), solveLinear(variables, chain(29)));
    const noise = Array.from({ length: 29 }, (_, i) => atMost(i, i + 1, 7));
    const result = solveLinear(variables, [...chain(28), ...noise]);
    expect(coreOf(result).constraints).toEqual([...chain(28).keys()]);
  });

  test('a chain with a sum, which is no system of differences', () => {
    const ones = variables.map(() => 1);
    const limit = row(ones, '<=', 435);
    const bounded = variables.map(() => range(0, 1000));
    const values = expectSolution(
      bounded,
      [...chain(29), limit],
      solveLinear(bounded, [...chain(29), limit]),
    );
    expect(values[29]).toBe(29n);
    expect(coreOf(solveLinear(bounded, [...chain(29), { ...limit, bound: 434n }])).mins).toEqual([0]);
  });

  test('numbers beyond 2^53', () => {
    const big = 2n ** 80n;
    const sums = [row([100, 1], '<=', big * 101n), row([-100, -1], '<=', -big * 101n + 1n)];
    const constraints = [row([1, -1], '<=', -1), ...sums];
    const wide = { min: big - 5n, max: big + 500n };
    const values = expectSolution([wide, wide], constraints, solveLinear([wide, wide], constraints));
    expect(values[0]! < values[1]!).toBe(true);
    const narrow = { min: big, max: big };
    expect(solveLinear([narrow, { min: big, max: null }], constraints).kind).toBe('none');
    expect(coreOf(solveLinear([OPEN], [row([2], '==', big + 1n)])).constraints).toEqual([0]);
  });

  test('as many different values as there are', () => {
    const pairs = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3]
        .filter((b) => b > a)
        .map((b): LinearConstraint => ({ ...atMost(a, b, 0), rel: '!=', bound: 0n })),
    );
    const four = Array.from({ length: 4 }, () => range(1, 4));
    expect(new Set(expectSolution(four, pairs, solveLinear(four, pairs))).size).toBe(4);
    const three = Array.from({ length: 4 }, () => range(1, 3));
    expect(solveLinear(three, pairs).kind).toBe('none');
    const sum = row([1, 1, 1, 1], '<=', 10);
    expect(new Set(expectSolution(four, pairs, solveLinear(four, [...pairs, sum]))).size).toBe(4);
    expect(solveLinear(four, [...pairs, { ...sum, bound: 9n }]).kind).toBe('none');
  });

  test('the budget ends the search, with the bound that was hit', () => {
    const three = [OPEN, OPEN, OPEN];
    const result = solveLinear(three, [row([2, -3, 5], '==', 1), row([5, 7, -2], '<=', -300)], { steps: 1 });
    expect(result.kind === 'unknown' && result.reason).toContain('1 steps');
  });
});

describe('values that are preferred', () => {
  const solution = (values: readonly bigint[]): LinearResult => ({ kind: 'values', values });

  test('0, or the bound next to it', () => {
    const variables = [OPEN, range(5, 9), range(-9, -5)];
    expect(solveLinear(variables, [])).toEqual(solution([0n, 5n, -5n]));
    expect(solveLinear([OPEN], [row([1], '!=', 0)])).toEqual(solution([1n]));
  });

  test('the wished value where the constraints allow it, else the nearest', () => {
    const two = [OPEN, OPEN];
    const less = [atMost(0, 1, -1)];
    const prefer = [100n, 100n];
    expect(solveLinear(two, less, { prefer })).toEqual(solution([100n, 101n]));
    expect(solveLinear([OPEN, range(0, 90)], less, { prefer })).toEqual(solution([89n, 90n]));
    const second = [null, 100n];
    const sum = row([1, 1], '==', 150);
    expect(solveLinear(two, less, { prefer: second })).toEqual(solution([0n, 100n]));
    expect(solveLinear(two, [sum], { prefer: second })).toEqual(solution([50n, 100n]));
    const wide = [range(0, 500), range(0, 500)];
    const free = [row([1, 1], '<=', 999)];
    expect(solveLinear(wide, free, { prefer: [400n, 450n] })).toEqual(solution([400n, 450n]));
  });
});
