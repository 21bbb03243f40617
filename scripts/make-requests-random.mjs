// A small seeded generator, so that the request files are the same on every machine.

/** mulberry32: 32 bits of state, good enough to vary examples. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low, high) => low + Math.floor(next() * (high - low + 1));
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (values) => values[int(0, values.length - 1)],
    some: (values, most) => {
      const rest = [...values];
      return Array.from(
        { length: int(0, Math.min(most, rest.length)) },
        () => rest.splice(int(0, rest.length - 1), 1)[0],
      );
    },
    /** An amount with two digits after the point. */
    cents: (low, high) => int(low * 100, high * 100) / 100,
    /** A time between two texts, whole seconds. */
    time: (from, until) => isoTime(int(Date.parse(from) / 1000, Date.parse(until) / 1000)),
  };
}

/** RFC 3339 text of seconds since 1970. */
export function isoTime(seconds) {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** `changes` laid over a copy of `base`: objects merge, null removes, everything else replaces (RFC 7396). */
export function merge(base, changes) {
  const merged = structuredClone(base);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = merge(isObject(merged[key]) ? merged[key] : {}, value);
    else merged[key] = structuredClone(value);
  }
  return merged;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
