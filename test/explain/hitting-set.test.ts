// The smallest hitting set, judged by trying every set.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HittingSets } from '../../src/explain/hitting-set.ts';

const ELEMENTS = 8;

function smallestSize(sets: readonly (readonly number[])[]): number {
  let least = Infinity;
  for (let chosen = 0; chosen < 1 << ELEMENTS; chosen++) {
    const has = (each: number): boolean => ((chosen >> each) & 1) === 1;
    const size = Array.from({ length: ELEMENTS }, (_, each) => has(each)).filter((is) => is).length;
    if (sets.every((set) => set.some(has))) least = Math.min(least, size);
  }
  return least;
}

test('a set that hits all sets given so far is the smallest, after each one', () => {
  const set = fc.uniqueArray(fc.nat({ max: ELEMENTS - 1 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(set, { maxLength: 9 }), (sets) => {
      const hitting = new HittingSets();
      expect(hitting.smallest()).toEqual([]);
      sets.forEach((each, at) => {
        hitting.add(each);
        const found = hitting.smallest()!;
        const given = sets.slice(0, at + 1);
        expect(given.every((one) => one.some((element) => found.includes(element)))).toBe(true);
        expect(found.length).toBe(smallestSize(given));
      });
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('of equally small sets the one with the first elements is taken', () => {
  const hitting = new HittingSets();
  hitting.add([4, 1, 2]);
  expect(hitting.smallest()).toEqual([4]);
  hitting.add([0, 1, 2]);
  expect(hitting.smallest()).toEqual([1]);
});
