// Codes back to names, for everything that reads a bundle. Leaf module: it imports only the tables.

import {
  ATOMS,
  type AtomOp,
  CALCS,
  type CalcOp,
  FORMATS,
  type Format,
  LANGS,
  type LangKind,
  NODES,
  type NodeOp,
  SLOT_KINDS,
  SLOT_VIAS,
  type SlotKind,
  type SlotVia,
} from './opcodes.ts';

function byCode<Name extends string>(
  table: {
    readonly [N in Name]: number | { readonly code: number };
  },
): readonly (Name | undefined)[] {
  const names: (Name | undefined)[] = [];
  for (const [name, row] of Object.entries<number | { readonly code: number }>(table)) {
    names[typeof row === 'number' ? row : row.code] = name as Name;
  }
  return names;
}

export const ATOM_NAMES: readonly (AtomOp | undefined)[] = byCode<AtomOp>(ATOMS);
export const CALC_NAMES: readonly (CalcOp | undefined)[] = byCode<CalcOp>(CALCS);
export const NODE_NAMES: readonly (NodeOp | undefined)[] = byCode<NodeOp>(NODES);
export const KIND_NAMES: readonly (SlotKind | undefined)[] = byCode<SlotKind>(SLOT_KINDS);
export const VIA_NAMES: readonly (SlotVia | undefined)[] = byCode<SlotVia>(SLOT_VIAS);
export const LANG_NAMES: readonly (LangKind | undefined)[] = byCode<LangKind>(LANGS);
export const FORMAT_NAMES: readonly (Format | undefined)[] = byCode<Format>(FORMATS);
