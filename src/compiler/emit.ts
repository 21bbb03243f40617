// IR → bundle: slots in projection order, rules as strata of a branch graph, everything else as tables.

import { type Bounds, computeBounds } from '../bytecode/bounds.ts';
import type { Bundle } from '../bytecode/bundle.ts';
import { encodeBundle } from '../bytecode/codec.ts';
import { MAX_BUNDLE_BYTES } from '../bytecode/limits.ts';
import { FALSE, type FieldId, type Ir, type Outcome } from '../ir/ir.ts';
import { CodeGenerator, type Region } from './codegen.ts';
import { Dispatcher } from './dispatch.ts';
import { ruleRecords } from './fragments.ts';
import { linearise } from './linear.ts';
import { holesOf, planSlots } from './slots.ts';
import { Tables } from './tables.ts';
import { TooLarge } from './too-large.ts';

export interface Emitted {
  readonly bytes: Uint8Array;
  readonly bundle: Bundle;
  readonly bounds: Bounds;
}

/** The bundle of a policy: a function of the IR alone. Throws TooLarge when there is no room for it in a bundle. */
export function emit(ir: Ir): Emitted {
  const plan = planSlots(ir);
  const code = new CodeGenerator(ir);
  const dispatcher = new Dispatcher(code);
  const main = mainRegion(code, dispatcher);
  const shadow = shadowRegion(code, dispatcher);
  const linear = linearise(code, main, shadow);
  const tables = new Tables(code, plan, linear);
  const bundle: Bundle = {
    name: ir.name,
    version: ir.version,
    combining: ir.combining,
    effects: ir.effects.map((effect) => effect.name),
    severities: ir.severities,
    ...tables.records(),
    rules: ruleRecords(ir, plan.slotOf),
    main: 0,
    shadow: linear.shadow,
  };
  const bounds = computeBounds(bundle);
  const bytes = encodeBundle(bundle, bounds);
  if (bytes.length > MAX_BUNDLE_BYTES) throw new TooLarge({ kind: 'bundle' });
  return { bytes, bundle, bounds };
}

function mainRegion(code: CodeGenerator, dispatcher: Dispatcher): Region {
  const { ir } = code;
  const region = code.region(null);
  const end = region.graph.end(0);
  let node = code.prelude(region, outcomeNeeds(code, ir.defaultOutcome), end);
  if (ir.combining === 'first_applicable') {
    const hit = (rule: number): number => hitNode(code, region, rule, end);
    node = dispatcher.entry({ region, ordered: true, hit }, deciding(ir, null), node);
  } else {
    // Backwards, so from the weakest effect up: the strongest stratum runs first.
    const hit = (rule: number, after: number): number => hitNode(code, region, rule, after);
    for (let effect = 0; effect < ir.effects.length; effect++) {
      const rules = deciding(ir, effect);
      if (rules.length === 0) continue;
      const bar = region.graph.node('BAR', effect, node, node);
      node = dispatcher.entry({ region, ordered: false, hit }, rules, bar);
    }
  }
  region.entry = node;
  return region;
}

/** Rules that may decide, of one effect or (null) of all, in declaration order. */
function deciding(ir: Ir, effect: number | null): number[] {
  const rules: number[] = [];
  ir.rules.forEach((rule, id) => {
    if (!rule.shadow && rule.cond !== FALSE && (effect === null || rule.effect === effect)) rules.push(id);
  });
  return rules;
}

function shadowRegion(code: CodeGenerator, dispatcher: Dispatcher): Region | null {
  const rules: number[] = [];
  code.ir.rules.forEach((rule, id) => {
    if (rule.shadow) rules.push(id);
  });
  if (rules.length === 0) return null;
  const region = code.region(null);
  // Shadow rules are only listed: no template of theirs is rendered.
  const hit = (rule: number, after: number): number => region.graph.node('HIT', rule, after, after);
  region.entry = dispatcher.entry({ region, ordered: false, hit }, rules, region.graph.end(0));
  return region;
}

function hitNode(code: CodeGenerator, region: Region, rule: number, after: number): number {
  const node = region.graph.node('HIT', rule, after, after);
  return code.prelude(region, outcomeNeeds(code, code.ir.rules[rule]!), node);
}

function outcomeNeeds(code: CodeGenerator, outcome: Outcome): ReadonlySet<FieldId> {
  const needs = new Set<FieldId>();
  for (const hole of holesOf(outcome))
    for (const field of code.dependencies.needs(hole.field)) needs.add(field);
  return needs;
}
