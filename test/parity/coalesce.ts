// `a ?? b` between two references whose places of the schema allow different values, and places that differ so.

import type { Draw } from './draw.ts';
import type { Environment, Ref } from './environment.ts';
import type { Model } from './model.ts';

type NumberModel = Extract<Model, { t: 'int' | 'decimal' | 'number' }>;

/** A reference that may be absent with another one behind `??`; null where no two fit together. */
export function coalesced(draw: Draw, env: Environment, isWanted: (type: Model) => boolean): Ref | null {
  // A value under an unknown is stored as it came: it does not stand beside one of the schema.
  const isTyped = ({ text }: Ref): boolean =>
    !/^f\d/.test(text) && ![...env.types.keys()].some((narrowed) => text.startsWith(narrowed));
  const firsts = env.doubtful(isWanted).filter(isTyped);
  if (firsts.length === 0) return null;
  const first = draw.pick(firsts);
  const seconds = env.refs().flatMap((ref) => {
    const type = ref.text === first.text || !isTyped(ref) ? null : joined(first.type, ref.type);
    return type === null ? [] : [{ ref, type }];
  });
  if (seconds.length === 0) return null;
  // A place of another shape tells more than the same one.
  const others = seconds.filter(({ ref }) => JSON.stringify(ref.type) !== JSON.stringify(first.type));
  const { ref, type } = draw.pick(others.length > 0 && !draw.once(4) ? others : seconds);
  const text = `(${first.text} ?? ${ref.text})`;
  return { text, type, gaps: ref.gaps.length > 0 ? [text] : [] };
}

/** What values of either model are; null when `??` does not take them together. */
function joined(a: Model, b: Model): Model | null {
  if (isNumber(a) && isNumber(b)) return joinedNumbers(a, b);
  if (a.t === 'string' && b.t === 'string') {
    const values = a.values === null || b.values === null ? null : [...new Set([...a.values, ...b.values])];
    return { t: 'string', values, min: null, max: null };
  }
  if (a.t === 'list' && b.t === 'list') {
    const item = joined(a.item, b.item);
    const max = a.max === null || b.max === null ? null : Math.max(a.max, b.max);
    const nullableItem = a.nullableItem || b.nullableItem;
    return item && { t: 'list', item, nullableItem, min: Math.min(a.min, b.min), max, unique: false };
  }
  if (a.t === 'map' && b.t === 'map') {
    const free = (model: Model): boolean => model.t === 'string' && model.values === null;
    const isSame = (free(a.value) && free(b.value)) || sameModel(a.value, b.value);
    return isSame ? { t: 'map', value: a.value, min: null, max: null } : null;
  }
  return sameModel(a, b) && a.t !== 'unknown' ? a : null;
}

function isNumber(model: Model): model is NumberModel {
  return model.t === 'int' || model.t === 'decimal' || model.t === 'number';
}

function joinedNumbers(a: NumberModel, b: NumberModel): Model | null {
  const kinds = new Set([a.t, b.t]);
  if (kinds.has('number') && kinds.has('decimal')) return null;
  const t = kinds.has('number') ? 'number' : kinds.has('decimal') ? 'decimal' : 'int';
  const lows = [a, b].map((model) => model.min ?? (model.values && Math.min(...model.values)));
  const highs = [a, b].map((model) => model.max ?? (model.values && Math.max(...model.values)));
  return {
    t,
    scale: Math.max(a.scale, b.scale),
    min: lows.includes(null) ? null : Math.min(...(lows as number[])),
    max: highs.includes(null) ? null : Math.max(...(highs as number[])),
    values: null,
  };
}

// Objects are of one type only where they are of one definition.
function sameModel(a: Model, b: Model): boolean {
  if (a.t !== b.t || a.t === 'union' || a.t === 'anyOf' || a.t === 'raw') return false;
  if (a.t === 'record') return b.t === 'record' && a.def !== null && a.def === b.def;
  if (a.t === 'list' && b.t === 'list')
    return sameModel(a.item, b.item) && JSON.stringify(a) === JSON.stringify(b);
  if (a.t === 'map' && b.t === 'map') return sameModel(a.value, b.value);
  return JSON.stringify(a) === JSON.stringify(b);
}

const TEXT_SETS = [['a', 'read'], ['b'], ['write', 'a', 'é'], ['']] as const;

/** A model of nearly the same values: other limits, another set, another scale. */
export function variant(draw: Draw, model: Model): Model {
  switch (model.t) {
    case 'string':
      return model.values !== null && !draw.once(3)
        ? { ...model, values: draw.pick(TEXT_SETS) }
        : { t: 'string', values: null, min: draw.pick([null, 1, 2]), max: draw.pick([null, 3, 6, 2]) };
    case 'int':
    case 'decimal':
      return variantNumber(draw, model);
    case 'number':
      return { t: 'number', scale: 0, min: draw.pick([null, 0, 3]), max: null, values: null };
    case 'local':
      return draw.once(2) ? { t: 'string', values: null, min: null, max: null } : model;
    case 'list': {
      const item = variant(draw, model.item);
      const min = draw.once(4) ? 1 : 0;
      const nullableItem = item.t !== 'unknown' && draw.once(6);
      return { t: 'list', item, nullableItem, min, max: draw.pick([null, 2, 5]), unique: false };
    }
    case 'map':
      return {
        t: 'map',
        value:
          model.value.t === 'string' && model.value.values === null
            ? variant(draw, model.value)
            : model.value,
        min: null,
        max: draw.pick([null, 1, 4]),
      };
    default:
      return model;
  }
}

function variantNumber(draw: Draw, model: NumberModel): Model {
  const [min, max] = draw.pick([
    [0, 3],
    [-50, 1000],
    [2, 9],
    [0, 100],
  ] as const);
  if (draw.once(5)) return { t: 'int', scale: 0, min: null, max: null, values: [1, 3, 5] };
  const scale = draw.pick([model.scale, 0, 1, 3]);
  return { t: scale === 0 && model.t === 'int' ? 'int' : 'decimal', scale, min, max, values: null };
}
