// biome-ignore-all lint/suspicious/noProto: see prototypeAt
// Property loads by key name. An engine specialises each place in the code for the object shapes that it meets there; one place for
// all keys would meet all shapes and become slow. So the first 32 key names of the process have a place of their own, and all
// others share the last one. Numbering by name keeps the places apart when several bundles take turns.

const SITES = 32;
const sites = new Map<string, number>();

/** The place for a key; `SITES` is the shared one. */
export function siteOf(key: string): number {
  let site = sites.get(key);
  if (site === undefined) {
    if (sites.size >= SITES) return SITES;
    site = sites.size;
    sites.set(key, site);
  }
  return site;
}

export type PlainObject = { readonly [key: string]: unknown };

/** `object[key]`, loaded at the place of the key. */
export function load(site: number, object: PlainObject, key: string): unknown {
  switch (site) {
    case 0:
      return object[key];
    case 1:
      return object[key];
    case 2:
      return object[key];
    case 3:
      return object[key];
    case 4:
      return object[key];
    case 5:
      return object[key];
    case 6:
      return object[key];
    case 7:
      return object[key];
    case 8:
      return object[key];
    case 9:
      return object[key];
    case 10:
      return object[key];
    case 11:
      return object[key];
    case 12:
      return object[key];
    case 13:
      return object[key];
    case 14:
      return object[key];
    case 15:
      return object[key];
    case 16:
      return object[key];
    case 17:
      return object[key];
    case 18:
      return object[key];
    case 19:
      return object[key];
    case 20:
      return object[key];
    case 21:
      return object[key];
    case 22:
      return object[key];
    case 23:
      return object[key];
    case 24:
      return object[key];
    case 25:
      return object[key];
    case 26:
      return object[key];
    case 27:
      return object[key];
    case 28:
      return object[key];
    case 29:
      return object[key];
    case 30:
      return object[key];
    case 31:
      return object[key];
    default:
      return object[key];
  }
}

/**
 * The prototype of an object that was loaded at the place of a key. As a property it is looked up in the object's shape, which the engine
 * knows at each place: much cheaper than `Object.getPrototypeOf`. An own `__proto__`, as parsed JSON may have, hides the prototype; then
 * the object only looks unusual, and is judged the slow way.
 */
export function prototypeAt(site: number, object: { readonly __proto__?: unknown }): unknown {
  switch (site) {
    case 0:
      return object.__proto__;
    case 1:
      return object.__proto__;
    case 2:
      return object.__proto__;
    case 3:
      return object.__proto__;
    case 4:
      return object.__proto__;
    case 5:
      return object.__proto__;
    case 6:
      return object.__proto__;
    case 7:
      return object.__proto__;
    case 8:
      return object.__proto__;
    case 9:
      return object.__proto__;
    case 10:
      return object.__proto__;
    case 11:
      return object.__proto__;
    case 12:
      return object.__proto__;
    case 13:
      return object.__proto__;
    case 14:
      return object.__proto__;
    case 15:
      return object.__proto__;
    case 16:
      return object.__proto__;
    case 17:
      return object.__proto__;
    case 18:
      return object.__proto__;
    case 19:
      return object.__proto__;
    case 20:
      return object.__proto__;
    case 21:
      return object.__proto__;
    case 22:
      return object.__proto__;
    case 23:
      return object.__proto__;
    case 24:
      return object.__proto__;
    case 25:
      return object.__proto__;
    case 26:
      return object.__proto__;
    case 27:
      return object.__proto__;
    case 28:
      return object.__proto__;
    case 29:
      return object.__proto__;
    case 30:
      return object.__proto__;
    case 31:
      return object.__proto__;
    default:
      return object.__proto__;
  }
}

/** The prototype of a request: a place of its own, and small enough to be inlined where a request comes in. */
export function prototypeOfRequest(object: { readonly __proto__?: unknown }): unknown {
  return object.__proto__;
}
