import { expect, it } from 'vitest';
import { difference } from '/work/main/test/parity/properties.ts';
const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
const map = (v: object, more: object = {}) => ({ type: 'object', additionalProperties: v, ...more });
const S = (n: number) => ({ type: 'string', maxLength: n });
const E = (...e: unknown[]) => ({ enum: e });
const D = (s: number, min?: number, max?: number) => ({ type: 'number', multipleOf: Number(`1e-${s}`), minimum: min, maximum: max });
const I = (min?: number, max?: number) => ({ type: 'integer', minimum: min, maximum: max });
function run(name: string, a: object, b: object, conds: string[], values: unknown[], extra: object = {}) {
  for (const [i, c] of conds.entries()) it(`${name} ${c}`, () => {
    const source = `policy p\nrequest from "s.json"\neffects allow < deny\ncombining most_restrictive\ndefault allow\ndef f(p: list<string>, s: string) = s in p\ndeny d when ${c}\n`;
    const schema = JSON.stringify({ type: 'object', properties: { xs: a, ys: b, k: { type: 'string' }, n: {type:'integer', minimum: 0, maximum: 9},...extra }, required: ['k','n'] });
    const out: unknown[] = [];
    for (const v of values) for (const w of [{ ys: v }, { xs: v }, { xs: null, ys: v }]) {
      const d = difference(source, schema, { ...w, k: 'a', n: 1 });
      if (d !== null) out.push([w, d]);
    }
    if (out.length > 0) throw new Error("OUT " + c + " " + [...new Set(out.map((o: any) => o[1]))].join(" || ").slice(0,2500) + " " + JSON.stringify((out as any)[0][0]));
  });
}
const strs = (lits: string) => lits.split(' ').flatMap((l) => [`any(z in ((xs ?? ys) ?? []): z == "${l}")`, `"${l}" in ((xs ?? ys) ?? [])`, `(first(z in ((xs ?? ys) ?? []): z == "${l}") ?? "no") == "${l}"`, `((xs ?? ys)[0] ?? "q") == "${l}"`, `((xs ?? ys)[0] ?? "q") contains "${l}"`, `f((xs ?? ys) ?? [], "${l}")`, `count(z in ((xs ?? ys) ?? []): z == "${l}") == 1`, `not all(z in ((xs ?? ys) ?? []): z != "${l}")`]);
run('len', list(S(3)), list(S(9)), strs('qqqqq a'), [['qqqqq'], ['a'], ['a', 'qqqqq']]);
run('minlen', list({type:'string',minLength: 2}), list(S(9)), strs('qqqqq a'), [['qqqqq'], ['a'], ['a', 'qqqqq']]);
run('local', list({type:'string',format: 'date-time-local'}), list(S(39)), strs('qqqqq 2026-01-01T00:00:00'), [['qqqqq'], ['2026-01-01T00:00:00'], ['a', 'qqqqq']]);
run('local2', list(S(39)), list({type:'string',format: 'date-time-local'}),strs('qqqqq 2026-01-01T00:00:00'), [['qqqqq'], ['2026-01-01T00:00:00'], ['a', 'qqqqq']]);
run('local3', list({type:'string',format: 'date-time-local'}), list({type:'string',format: 'date-time-local'}),strs('2026-01-01T00:00:00'), [['qqqqq'], ['2026-01-01T00:00:00'], ['a', 'qqqqq']]);
run('enum', list(E('a', 'b')), list(E('c', 'd')), ['any(z in ((xs ?? ys) ?? []): z == "c")', '"d" in ((xs ?? ys) ?? [])', '((xs ?? ys)[0] ?? "a") == "c"', '(first(z in ((xs ?? ys) ?? []): z != "a") ?? "b") == "d"'], [['c'], ['a', 'd'], ['b']]);
run('enum-nullable', list(E('a', null)), list(E('c', 'd')), ['any(z in ((xs ?? ys) ?? []): has z and z == "c")', '((xs ?? ys)[0] ?? "a") == "c"'], [['c'], ['a', 'd'], [null], ['a', null]]);
run('nullable2', list(E('c', 'd')), list({ anyOf: [S(1), {type:'null'}]}), ['any(z in ((xs ?? ys) ?? []): has z and z == "cc")', '((xs ?? ys)[0] ?? "a") == "c"', 'any(z in ((xs ?? ys) ?? []): not has z)'], [['c'], ['cc'], [null], ['c', null]]);
const nums = ['any(z in ((xs ?? ys) ?? []): z == 50)', 'any(z in ((xs ?? ys) ?? []): z > 5)', '50 in ((xs ?? ys) ?? [])', 'n in ((xs ?? ys) ?? [])', '((xs ?? ys)[0] ?? 1) == 50', '((xs ?? ys)[0] ?? 1) * 2 > 5', '(first(z in ((xs ?? ys) ?? []): z > 2) ?? 1) + 1 >= 5'];
const vals = [[50], [1, 50], [0.5], [5, 0.25], [1.234], [0.12], [2]];
run('int', list(I(0, 10)), list(I(0, 100)), nums, vals);
run('int enum', list(E(1, 2)), list(I(0, 100)), nums, vals);
run('enum enum', list(E(1, 2)), list(E(50, 2)), nums, vals);
run('dec', list(D(2, 0, 10)), list(D(2, 0, 100)), nums, vals);
run('dec23', list(D(2, 0, 10)), list(D(3, 0, 100)), nums, vals);
run('dec32', list(D(3, 0, 10)), list(D(2, 0, 100)), nums, vals);
run('dec int', list(D(3, 0, 10)), list(I( 0, 100)), nums, vals);
run('int dec', list(I(0, 10)), list(D(2, 0, 100)), nums, vals);
run('int num', list(I(0, 10)), list({type:'number'}), nums, vals);
run('num int', list({type:'number', maximum: 3}), list(I()), nums, [...vals, [2**53-1]]);
run('dec2 dec3 unbounded', list(D(2)), list(D(3)), ['any(z in ((xs ?? ys) ?? []): z > 9)'], [[9e12]]);
run('int dec unbounded', list(D(2, 0, 3)), list(I()), ['any(z in ((xs ?? ys) ?? []): z > 9)'], [[9e15]]);
run('nested', list(list(S(3))), list(list(S(9), {maxItems: 2})), ['any(z in ((xs ?? ys) ?? []): any(q in z: q == "qqqqq"))', 'any(z in ((xs ?? ys) ?? []): (z[0] ?? "a") == "qqqqq")', '((xs ?? ys)[0][0] ?? "a") == "qqqqq"', 'any(z in ((xs ?? ys) ?? []): size(z) > 2)'], [[['qqqqq']], [[], ['a']], [['a', 'a', 'a']]]);
run('nested max', list(list(S(3), {maxItems: 1})), list(list(S(9), {minItems: 2})), ['any(z in ((xs ?? ys) ?? []): any(q in z: q == "qqqqq"))', '((xs ?? ys)[0][0] ?? "a") == "qqqqq"', 'any(z in ((xs ?? ys) ?? []): size(z) > 2)'], [[['qqqqq']], [['a'], ['a']], [['a', 'a', 'qqqqq']], [[]]]);
run('map', map(S(3)), map(S(9)), ['((xs ?? ys)[k] ?? "b") == "qqqqq"', '((xs ?? ys)["a"] ?? "b") == "qqqqq"', 'has (xs ?? ys)[k]'], [{ a: 'qqqqq' }, { a: 'q' }, {}]);
run('map max', map(S(3), {maxProperties: 1, required: ['a']}), map(S(9), {minProperties: 2}), ['((xs ?? ys)[k] ?? "b") == "qqqqq"', '((xs ?? ys)["a"] ?? "b") == "qqqqq"'], [{ a: 'qqqqq', b: 'q' }, { b: 'q', c: 'd' }, {a: 'q'}]);
run('map list', map(list(S(3))), map(list(S(9))), ['any(z in ((xs ?? ys)[k] ?? []): z == "qqqqq")', '((xs ?? ys)["a"][0] ?? "b") == "qqqqq"'], [{ a: ['qqqqq'] }, { a: 'q' }, {}]);
run('list map', list(map(S(3), {maxProperties: 1})), list(map(S(9))), ['any(z in ((xs ?? ys) ?? []): (z[k] ?? "b") == "qqqqq")', 'any(z in ((xs ?? ys) ?? []): "b" in z)', '((xs ?? ys)[0]["a"] ?? "b") == "qqqqq"'], [[{ a: 'qqqqq', b: 'q' }], [{a: 'q'}]]);
run('closed map', { type: 'object', additionalProperties: false }, map({}), ['(xs ?? ys)[k] is string'], [{}, { a: 'qqqqq', b: 'q' }, {a: 3}]);
run('empty list', list(S(3), { maxItems: 0 }), list(I(0, 9)), ['any(z in ((xs ?? ys) ?? []): z > 3)', '((xs ?? ys)[0] ?? 1) == 5'], [[], [5]]);
run('empty list2', list(I(0, 9)), list(S(3), { maxItems: 0 }), ['any(z in ((xs ?? ys) ?? []): z > 3)', '((xs ?? ys)[0] ?? 1) == 5'], [[], [5]]);
run('bool', list(E(true)), list({type:'boolean'}), ['any(z in ((xs ?? ys) ?? []): not z)', '(xs ?? ys)[0] ?? true'], [[], [true, false], [false]]);
run('scalar', I(0, 3), {type:'number'}, ['((xs ?? ys) ?? 1) > 5', '((xs ?? ys) ?? 1) < 1'], [4, 50.5, 0.5]);
run('scalar2', {type:'number'},I(0, 3),  ['((xs ?? ys) ?? 1) > 5', '((xs ?? ys) ?? 1) < 1'], [4, 50.5, 0.5]);
run('scalar3', D(2,0,4),D(3,0,9),  ['((xs ?? ys) ?? 1) > 5', '((xs ?? ys) ?? 1) < 1'], [4, 6.555, 0.5]);
run('scalar4', E('a','b'),E('c','d'),  ['((xs ?? ys) ?? "a") == "c"'], ['a', 'c', 'd']);
run('scalar5', {type:'string',format: 'date-time-local'},S(40),  ['((xs ?? ys) ?? "a") == "c"', '((ys ?? xs) ?? "a") == "c"'], ['a', 'c', '2026-01-01T00:00:00']);
run('unique', list(E('a', 'b'), {uniqueItems: true}), list(S(9)), strs('a qqqqq'), [['a','a'], ['qqqqq'], ['a', 'qqqqq']]);
const uni = (l: object, r: object) => ({ oneOf: [{ type: 'object', required: ['tag'], properties: { tag: { const: 'x' }, v: l } }, { type: 'object', required: ['tag'], properties: { tag: { const: 'y' }, v: r } }] });
function runU(name: string, l: object, r: object, conds: string[], vals: unknown[]) {
  run(name, uni(l, r), {type:'boolean'}, conds.map(c => `has xs and has xs.v and ${c}`), vals.flatMap((v) => [{ tag: 'x', v }, { tag: 'y', v }]));
}
runU('union list', list(S(3)), list(S(9)), ['any(z in xs.v: z == "qqqqq")', '(xs.v[0] ?? "a") == "qqqqq"', '"qqqqq" in xs.v'], [['qqqqq'], ['a']]);
runU('union list enum', list(E('a')), list(E('c','d')), ['any(z in xs.v: z == "c")', '(xs.v[0] ?? "a") == "c"', '"d" in xs.v'], [['c'], ['a'], ['a','d']]);
runU('union map', map(S(3)), map(S(9)), ['(xs.v[k] ?? "b") == "qqqqq"'], [{a: 'qqqqq'}, {a:'a'}]);
runU('union local', {type:'string',format: 'date-time-local'}, S(40), ['xs.v == k', 'lower(xs.v) == "x"', 'xs.v in ["X", "2026-01-01T00:00:00"]'], ['X', 'a', '2026-01-01T00:00:00']);
