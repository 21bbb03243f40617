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
