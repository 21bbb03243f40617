// JSON Merge Patch (RFC 7396) over plain JSON data: null removes a key, objects merge, everything else replaces. Own keys only.

type Json = { readonly [key: string]: unknown };

/** The target with the patch applied; neither is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, applyMergePatch(merged.get(key), value));
  }
  // fromEntries defines own properties, so that a key `__proto__` stays data.
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
