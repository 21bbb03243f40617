// Reading members of objects, in the cheap ways that are exact for objects with the usual prototype.

import { load, type PlainObject, prototypeAt, prototypeOfRequest } from './load-sites.ts';
import { Guard, type Plan } from './plan.ts';

const hasOwn = Object.prototype.hasOwnProperty;
const objectPrototype: object = Object.prototype;
const PROBE: readonly never[] = Object.freeze([]);

/** Whether someone added enumerable properties to the prototype that objects or lists share. */
export function isPrototypePolluted(): boolean {
  for (const _ in PROBE) return true;
  return false;
}

/** Whether the value, loaded at a place, is an object whose members are exactly what it shows. Not every such object is recognised. */
export function isUsualObject(site: number, value: unknown): value is PlainObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    prototypeAt(site, value as PlainObject) === objectPrototype &&
    !Array.isArray(value)
  );
}

/** The same question about a request. */
export function isUsualRequest(value: unknown): value is PlainObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    prototypeOfRequest(value as PlainObject) === objectPrototype &&
    !Array.isArray(value)
  );
}

/** A member of a usual object that may only be taken when it is the object's own. */
export function guarded(plan: Plan, parent: PlainObject): unknown {
  if (plan.guard === Guard.Before && !hasOwn.call(parent, plan.key)) return undefined;
  const value = load(plan.site, parent, plan.key);
  if (plan.guard === Guard.Before || value === undefined) return value;
  return hasOwn.call(parent, plan.key) ? value : undefined;
}
