// The SAT solver against brute force on small formulas, and on formulas whose answer is known.
// The seed is printed when a property fails; POLICYC_SEED repeats a run.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SatSolver } from '../../src/sat/sat.ts';

const SEED = Number(process.env.POLICYC_SEED ?? Date.now() % 2 ** 31);

type Clause = readonly number[];

/** An assignment is a number: bit v - 1 is the value of variable v. */
const holds = (clause: Clause, assignment: number): boolean =>
  clause.some((literal) => (((assignment >> (Math.abs(literal) - 1)) & 1) === 1) === literal > 0);

/** Every assignment that satisfies the clauses. */
function models(variables: number, clauses: readonly Clause[]): number[] {
  const found: number[] = [];
  for (let assignment = 0; assignment < 1 << variables; assignment++) {
    if (clauses.every((clause) => holds(clause, assignment))) found.push(assignment);
  }
  return found;
}

const units = (literals: readonly number[]): Clause[] => literals.map((literal) => [literal]);

function solverOf(variables: number, clauses: readonly Clause[]): SatSolver {
  const solver = new SatSolver();
  for (let v = 1; v <= variables; v++) expect(solver.newVar()).toBe(v);
  for (const clause of clauses) solver.addClause(clause);
  return solver;
}

function assignmentOf(solver: SatSolver, variables: number): number {
  let assignment = 0;
  for (let v = 1; v <= variables; v++) if (solver.value(v)) assignment |= 1 << (v - 1);
  return assignment;
}

/** Solves, and holds the answer, the model and the core against brute force. */
function compare(
  solver: SatSolver,
  variables: number,
  clauses: readonly Clause[],
  assumptions: Clause,
  check?: () => boolean,
): string {
  const result = solver.solve(assumptions, check === undefined ? {} : { check });
  const expected = models(variables, [...clauses, ...units(assumptions)]);
  expect(result.status).toBe(expected.length > 0 ? 'sat' : 'unsat');
  if (result.status === 'sat') expect(expected).toContain(assignmentOf(solver, variables));
  if (result.status === 'unsat') {
    for (const literal of result.core) expect(assumptions).toContain(literal);
    expect(new Set(result.core).size).toBe(result.core.length);
    expect(models(variables, [...clauses, ...units(result.core)])).toEqual([]);
  }
  return result.status;
}

const literal = (variables: number) =>
  fc.tuple(fc.integer({ min: 1, max: variables }), fc.boolean()).map(([v, sign]) => (sign ? v : -v));

/** Duplicates, tautologies and, seldom, the empty clause occur. */
const clause = (variables: number) =>
  fc.oneof(
    { weight: 60, arbitrary: fc.array(literal(variables), { minLength: 2, maxLength: 4 }) },
    { weight: 3, arbitrary: fc.array(literal(variables), { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(literal(variables), { minLength: 0, maxLength: 9 }) },
  );

const assumptions = (variables: number) => fc.array(literal(variables), { maxLength: variables });

const formula = fc.integer({ min: 1, max: 12 }).chain((variables) =>
  fc.record({
    variables: fc.constant(variables),
    clauses: fc.array(clause(variables), { maxLength: 5 * variables, size: 'max' }),
    hidden: fc.array(clause(variables), { maxLength: 4 * variables, size: 'max' }),
    calls: fc.array(
      fc.record({
        assumed: assumptions(variables),
        more: fc.array(clause(variables), { maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    phases: fc.integer({ min: 0, max: 2 ** variables - 1 }),
  }),
);

/** Fails with the seed and the smallest formula; both answers must have been met. */
function property(numRuns: number, holdsFor: (made: FormulaCase) => string[]): void {
  const met = new Set<string>();
  fc.assert(
    fc.property(formula, (made) => {
      for (const status of holdsFor(made)) met.add(status);
    }),
    { seed: SEED, numRuns },
  );
  expect([...met].sort()).toEqual(['sat', 'unsat']);
}

type FormulaCase = typeof formula extends fc.Arbitrary<infer T> ? T : never;

describe(`random formulas (POLICYC_SEED=${SEED})`, () => {
  test('are answered as by brute force', () => {
    property(600, ({ variables, clauses }) => [
      compare(solverOf(variables, clauses), variables, clauses, []),
    ]);
  });

  test('are answered under assumptions, with a core that is enough', () => {
    property(600, ({ variables, clauses, calls }) => {
      const solver = solverOf(variables, clauses);
      return calls.map(({ assumed }) => compare(solver, variables, clauses, assumed));
    });
  });

  test('may grow between calls', () => {
    property(600, ({ variables, clauses, calls }) => {
      const solver = solverOf(variables, clauses);
      let all: Clause[] = clauses;
      return calls.map(({ assumed, more }) => {
        for (const added of more) solver.addClause(added);
        all = [...all, ...more];
        return compare(solver, variables, all, assumed);
      });
    });
  });

  test('may be completed by a check, one false clause at a time', () => {
    property(600, ({ variables, clauses, hidden, calls }) => {
      const solver = solverOf(variables, clauses);
      const known: Clause[] = [...clauses];
      const check = (): boolean => {
        const assignment = assignmentOf(solver, variables);
        expect(known.filter((given) => !holds(given, assignment))).toEqual([]);
        const broken = hidden.find((added) => !holds(added, assignment));
        if (broken === undefined) return true;
        known.push(broken);
        solver.addClause(broken);
        return false;
      };
      const all = [...clauses, ...hidden];
      return calls.map(({ assumed }) => compare(solver, variables, all, assumed, check));
    });
  });

  test('may be completed by a check that adds false clauses among others', () => {
    property(600, ({ variables, clauses, hidden, calls }) => {
      const solver = solverOf(variables, clauses);
      const check = (): boolean => {
        if (hidden.every((added) => holds(added, assignmentOf(solver, variables)))) return true;
        for (const added of hidden) solver.addClause(added);
        return false;
      };
      const all = [...clauses, ...hidden];
      return calls.map(({ assumed }) => compare(solver, variables, all, assumed, check));
    });
  });

  test('have the preferred assignment as their model when it is one', () => {
    property(300, ({ variables, clauses, phases, calls }) => {
      const solver = solverOf(variables, clauses);
      for (let v = 1; v <= variables; v++) solver.setPhase(v, ((phases >> (v - 1)) & 1) === 1);
      for (const { assumed } of calls) {
        solver.solve(assumed);
        const { status } = solver.solve([]);
        if (clauses.every((given) => holds(given, phases))) {
          expect(status).toBe('sat');
          expect(assignmentOf(solver, variables)).toBe(phases);
        }
      }
      return [compare(solver, variables, clauses, [])];
    });
  });
});

describe('a check', () => {
  /** The models of at-most-k over n variables, counted by excluding each. */
  test('counts the assignments with at most 3 of 8 variables true', () => {
    const solver = solverOf(8, []);
    const seen = new Set<number>();
    const result = solver.solve([], {
      check: () => {
        const assignment = assignmentOf(solver, 8);
        const values = Array.from({ length: 8 }, (_, i) => (solver.value(i + 1) ? i + 1 : -i - 1));
        const positive = values.filter((value) => value > 0);
        if (positive.length > 3) solver.addClause(positive.slice(0, 4).map((value) => -value));
        else {
          expect(seen).not.toContain(assignment);
          seen.add(assignment);
          solver.addClause(values.map((value) => -value));
        }
        return false;
      },
    });
    expect(result).toEqual({ status: 'unsat', core: [] });
    expect(seen.size).toBe(1 + 8 + 28 + 56);
  });

  test('may make variables', () => {
    const solver = solverOf(2, [[1, 2]]);
    let made = 0;
    const result = solver.solve([1], {
      check: () => {
        if (made > 0) return solver.value(made);
        made = solver.newVar();
        solver.addClause([-1, made]);
        return false;
      },
    });
    expect(result.status).toBe('sat');
    expect(solver.value(made)).toBe(true);
  });

  test('that refuses without a reason is an error, after which the solver works', () => {
    const solver = solverOf(1, []);
    expect(() => solver.solve([], { check: () => false })).toThrow(/excludes/);
    expect(solver.solve([1]).status).toBe('sat');
  });

  test('cannot solve', () => {
    const solver = solverOf(1, []);
    expect(() => solver.solve([], { check: () => solver.solve([]).status === 'sat' })).toThrow(/inside/);
  });

  test('is not asked when the clauses are contradictory', () => {
    const solver = solverOf(1, [[1], [-1]]);
    expect(solver.solve([], { check: () => expect.fail() })).toEqual({ status: 'unsat', core: [] });
  });
});

describe('cores', () => {
  test('name only assumptions that matter', () => {
    const solver = solverOf(6, [
      [-1, 2],
      [-2, 3],
      [-3, -4],
    ]);
    const result = solver.solve([5, 1, 6, 4]);
    expect(result.status === 'unsat' && [...result.core].sort()).toEqual([1, 4]);
    expect(solver.solve([5, 1, 6])).toEqual({ status: 'sat' });
    expect(solver.value(4)).toBe(false);
  });

  test('of an assumption and its negation are both', () => {
    const result = solverOf(2, []).solve([2, 1, -2]);
    expect(result.status === 'unsat' && [...result.core].sort()).toEqual([-2, 2]);
  });

  test('of an assumption that can never hold is that one', () => {
    expect(solverOf(2, [[-1]]).solve([2, 1])).toEqual({ status: 'unsat', core: [1] });
  });

  test('are empty when the clauses alone are contradictory', () => {
    expect(solverOf(1, [[]]).solve([1])).toEqual({ status: 'unsat', core: [] });
  });
});

test('a literal of no variable is an error', () => {
  const solver = solverOf(1, []);
  for (const wrong of [0, 2, -2, 1.5, Number.NaN]) {
    expect(() => solver.addClause([wrong])).toThrow(RangeError);
    expect(() => solver.solve([wrong])).toThrow(RangeError);
  }
});

/** Pigeon p sits in hole h: variable p * holes + h + 1. */
function pigeonhole(pigeons: number, holes: number): Clause[] {
  const clauses: Clause[] = [];
  const sits = (p: number, h: number) => p * holes + h + 1;
  for (let p = 0; p < pigeons; p++) {
    clauses.push(Array.from({ length: holes }, (_, h) => sits(p, h)));
    for (let q = 0; q < p; q++) for (let h = 0; h < holes; h++) clauses.push([-sits(p, h), -sits(q, h)]);
  }
  return clauses;
}

/** Uniform random 3-SAT from a linear congruential generator. */
function random3Sat(variables: number, count: number, seed: number): Clause[] {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return Array.from({ length: count }, () =>
    [1, 2, 3].map(() => (below(variables) + 1) * (below(2) === 0 ? 1 : -1)),
  );
}

const satisfied = (solver: SatSolver, clauses: readonly Clause[]): boolean =>
  clauses.every((given) => given.some((literal) => solver.value(Math.abs(literal)) === literal > 0));

describe('larger formulas', () => {
  test('six pigeons do not fit into five holes, five do', () => {
    expect(solverOf(30, pigeonhole(6, 5)).solve([])).toEqual({ status: 'unsat', core: [] });
    expect(solverOf(25, pigeonhole(5, 5)).solve([])).toEqual({ status: 'sat' });
  });

  test('random 3-SAT of 150 variables near the threshold is decided', () => {
    const statuses = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const clauses = random3Sat(150, 640, seed);
      const solver = solverOf(150, clauses);
      const { status } = solver.solve([]);
      if (status === 'sat') expect(satisfied(solver, clauses)).toBe(true);
      statuses.add(status);
    }
    expect([...statuses].sort()).toEqual(['sat', 'unsat']);
  });

  test('a model is right after many learned clauses were dropped', () => {
    const clauses = random3Sat(200, 840, 3);
    const solver = solverOf(200, clauses);
    const { status } = solver.solve([]);
    expect(solver.stats.conflicts).toBeGreaterThan(2000);
    if (status === 'sat') expect(satisfied(solver, clauses)).toBe(true);
    expect(status).toBe('sat');
  });

  test('one solver for a growing formula answers like a new one for each', () => {
    const clauses = random3Sat(150, 700, 11);
    const grown = solverOf(150, clauses.slice(0, 560));
    const answers = new Set<string>();
    for (let count = 560; count < clauses.length; count += 20) {
      for (const added of clauses.slice(count, count + 20)) grown.addClause(added);
      const given = clauses.slice(0, count + 20);
      for (const assumed of [[], [1, 2, -3], [-4, 5, 6, 7]]) {
        const { status } = grown.solve(assumed);
        expect(status).toBe(solverOf(150, [...given, ...units(assumed)]).solve([]).status);
        if (status === 'sat') expect(satisfied(grown, [...given, ...units(assumed)])).toBe(true);
        answers.add(status);
      }
    }
    expect([...answers].sort()).toEqual(['sat', 'unsat']);
    expect(grown.stats.conflicts).toBeGreaterThan(5000);
  });

  test('variables fixed one by one leave the answers right', () => {
    const clauses: Clause[] = random3Sat(60, 230, 5);
    const solver = solverOf(60, clauses);
    expect(solver.solve([]).status).toBe('sat');
    const model = Array.from({ length: 60 }, (_, i) => (solver.value(i + 1) ? i + 1 : -i - 1));
    const answers = new Set<string>();
    for (const fixed of model) {
      for (const other of [...model].reverse()) {
        const { status } = solver.solve([-fixed, -other]);
        const fresh = solverOf(60, [...clauses, [-fixed], [-other]]).solve([]);
        expect(status).toBe(fresh.status);
        if (status === 'sat') expect(satisfied(solver, [...clauses, [-fixed], [-other]])).toBe(true);
        answers.add(status);
      }
      clauses.push([fixed]);
      solver.addClause([fixed]);
    }
    expect([...answers].sort()).toEqual(['sat', 'unsat']);
  });

  test('two runs do the same', () => {
    const run = () => {
      const solver = solverOf(150, random3Sat(150, 630, 7));
      return [solver.solve([]), solver.solve([1, -2, 3]), solver.stats];
    };
    expect(run()).toEqual(run());
  });

  test('a search ends when it is told to stop, and may go on later', () => {
    const solver = solverOf(72, pigeonhole(9, 8));
    let asked = 0;
    expect(solver.solve([], { stop: () => ++asked === 3 })).toEqual({ status: 'unknown' });
    expect(asked).toBe(3);
    expect(solver.solve([], { stop: () => true })).toEqual({ status: 'unknown' });
    solver.addClause([1]);
    solver.addClause([-1]);
    expect(solver.solve([])).toEqual({ status: 'unsat', core: [] });
  });

  test('chains of 50,000 implications are followed without recursion', () => {
    const length = 50_000;
    const chain = Array.from({ length: length - 1 }, (_, i) => [-(i + 1), i + 2]);
    const solver = solverOf(length + 2, chain);
    expect(solver.solve([1]).status).toBe('sat');
    expect(solver.value(length)).toBe(true);
    const result = solver.solve([1, -length]);
    expect(result.status === 'unsat' && [...result.core].sort((a, b) => a - b)).toEqual([-length, 1]);
    // A conflict at the end of the chain, whose minimization walks back along all of it.
    const [x, y] = [length + 1, length + 2];
    solver.addClause([-length, -x, y]);
    solver.addClause([-length, -x, -y]);
    expect(solver.solve([1, x]).status).toBe('unsat');
    expect(solver.solve([x]).status).toBe('sat');
    expect(solver.value(1)).toBe(false);
  });
});
