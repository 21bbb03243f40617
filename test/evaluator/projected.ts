// What the projection says about a value: shared by the tests of scalars and of containers.

import { expect } from 'vitest';
import type { SlotKind } from '../../src/bytecode/opcodes.ts';
import { Assembly, parsed, type Tree, verdict } from './assemble.ts';

/** A tree of one kind. */
export const of = (kind: SlotKind, more: Partial<Tree> = {}): Tree => ({ kind, ...more });
export const record = (members: { [key: string]: Tree }, more: Partial<Tree> = {}): Tree =>
  of('record', { members, ...more });

/** The error of a request, or '' when it is valid; both ways of evaluating agree on it. */
export function errors(tree: Tree): (request: unknown) => string {
  const evaluator = new Assembly(tree).load();
  return (request) => {
    const found = verdict(evaluator, request);
    // What cannot be written as JSON has no second way.
    const text = /^(not_plain|number|utf8)/.test(found) ? undefined : JSON.stringify(request);
    if (text !== undefined) {
      expect(parsed(evaluator.evaluateJson(text))).toEqual(evaluator.evaluate(JSON.parse(text)));
    }
    return found;
  };
}

/** The error of the value as a required member `x`. */
export const errorOf = (tree: Tree): ((value?: unknown) => string) => {
  const check = errors(record({ x: tree }));
  return (value) => check(value === undefined ? {} : { x: value });
};
