// Where in a request a slot has its value: JSON pointers (RFC 6901) of errors.

import { type Plan, Step } from './plan.ts';

/** Pointer of a slot from the request or from the template that it is in. */
export function pointerTo(plans: readonly Plan[], plan: Plan): string {
  let pointer = '';
  let at = plan;
  while (isInside(at)) {
    if (at.step === Step.Member || at.step === Step.LooseMember) {
      // What is wrong in a typed map is reported at the map.
      const inMap = isTypedMap(plans[at.parent]!);
      pointer = inMap ? '' : `/${at.key.replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`;
    }
    at = plans[at.parent]!;
  }
  return pointer;
}

/** The outermost typed map around a slot, not looking beyond the slot `within`. */
export function outermostMap(plans: readonly Plan[], plan: Plan, within: number): Plan | null {
  let map: Plan | null = null;
  let at = plan.step === Step.Element || plan.step === Step.Value ? plans[plan.parent]! : plan;
  while (isInside(at) && at.parent >= within) {
    at = plans[at.parent]!;
    if (isTypedMap(at)) map = at;
  }
  return map;
}

/** Whether the slot has its place in the request below its parent's, outside any template of its own. */
function isInside({ step }: Plan): boolean {
  return step === Step.Member || step === Step.LooseMember || step === Step.View || step === Step.Branch;
}

export function isTypedMap(plan: Plan): boolean {
  return plan.kind === 'map' && !plan.loose;
}
