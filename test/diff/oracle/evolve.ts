// A condition schema one release later: members come and go, bounds and lists of values widen or narrow.

import type { Draw } from '../../parity/draw.ts';
import type { Prop, RecordType, Type, World } from './world.ts';

/** One or two changes; the wider of the two worlds may be either. */
export function evolveWorld(draw: Draw, world: World): World {
  let root = world.root;
  for (let i = 1 + draw.int(2); i > 0; i--) root = evolveRecord(draw, root);
  return { ...world, root };
}

function evolveRecord(draw: Draw, record: RecordType): RecordType {
  const at = draw.int(Math.max(1, record.props.length));
  const change = (make: (prop: Prop) => Prop | null): RecordType => ({
    ...record,
    props: record.props.flatMap((prop, i) => (i === at ? (make(prop) ?? []) : [prop])),
  });
  return draw.oneOf<RecordType>(
    [1, () => ({ ...record, props: [...record.props, newProp(draw)] })],
    [2, () => change((prop) => ({ ...prop, required: !prop.required }))],
    [2, () => change((prop) => ({ ...prop, nullable: !prop.nullable }))],
    [6, () => change((prop) => ({ ...prop, type: evolveType(draw, prop.type) }))],
    [1, () => change(() => null)],
  );
}

function newProp(draw: Draw): Prop {
  return { name: 'added', type: { t: 'bool' }, required: draw.once(3), nullable: false };
}

function evolveType(draw: Draw, type: Type): Type {
  switch (type.t) {
    case 'string': {
      if (type.values === null) return type;
      if (type.values.length > 1 && draw.once(2)) return { ...type, values: type.values.slice(0, -1) };
      return { ...type, values: [...type.values, 'new'] };
    }
    case 'int':
      if (type.min === null || type.max === null) return type;
      return draw.once(2) ? { ...type, min: type.min - 1 } : { ...type, max: type.max + 1 };
    case 'decimal':
      return draw.once(2) ? { ...type, min: type.min - 1 } : { ...type, max: type.max + 1 };
    case 'list':
      return draw.oneOf<Type>(
        [1, () => ({ ...type, min: type.min === 0 ? 1 : 0 })],
        [1, () => ({ ...type, max: Math.max(1, type.min, type.max - 1) })],
        [1, () => (type.item.t === 'record' ? type : { ...type, unique: !type.unique })],
        [1, () => ({ ...type, item: evolveType(draw, type.item) })],
      );
    case 'record':
      return evolveRecord(draw, type);
    case 'union': {
      const [first, ...others] = type.branches;
      if (draw.once(2) && others.length > 1) return { ...type, branches: others };
      return { ...type, branches: [{ ...first!, record: evolveRecord(draw, first!.record) }, ...others] };
    }
    default:
      return type;
  }
}
