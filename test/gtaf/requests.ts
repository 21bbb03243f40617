// Generated requests: a request that executes, with up to three places changed into something nasty.
import fc from 'fast-check';
import type { Json } from './reference.ts';

export interface Request {
  readonly drc?: Json;
  readonly context?: Json;
  readonly artifacts?: Json;
  readonly now: string;
}

type Node = { [key: string]: unknown } | unknown[];

const NOW = '2031-05-20T16:45:30.25Z';

const TIMES = [
  '2031-05-20T16:45:30.25Z',
  '2031-05-20T16:45:30.250001Z',
  '2031-05-20T16:45:30.2500009Z',
  '2031-05-20T16:45:30.249999Z',
  '2031-05-20T18:45:30.25+02:00',
  '2031-05-20T12:15:30.250000-04:30',
  '2031-05-21T16:45:30.24+23:59',
  '2031-01-01T00:00:00Z',
  '2032-01-01T00:00:00-00:00',
  '2031-01-01T00:00:00',
  '2032-01-01T00:00:00.5',
  '2031-01-01',
  '2032-02-30',
  '2031-02-29T00:00:00Z',
  '2032-02-29T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '2031-05-20T24:00:00Z',
  '2031-05-20T23:59:60Z',
  '2031-05-20T16:45Z',
  '2031-05-20T16:45:30.Z',
  '2031-05-20T16:45:30+2:00',
  '2031-13-01T00:00:00Z',
];

const TEXTS = [
  '',
  ' ',
  'fab',
  'fab.line2',
  'fab.line2.extra',
  'robot.arm',
  'opc',
  'weld',
  'AUTONOMOUS',
  'SEMI_AUTONOMOUS',
];
const NAMES = [
  'autonomous',
  'PERMITTED',
  'NOT_PERMITTED',
  '0.1',
  '0.2',
  'false',
  'b1',
  'r1',
  'toString',
  '__proto__',
];

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2.5,
  9007199254740991,
  ...TEXTS,
  ...NAMES,
  ...TIMES,
  [],
  [null],
  [''],
  ['b1'],
  ['r1', 'missing'],
  ['robot.arm', 'opc', 'weld', 'fab.line2'],
  [1, null, ['weld'], 'weld', 'robot.arm'],
  [['fab.line2']],
  {},
  { 'robot.arm': 1, opc: null, weld: true, 'fab.line2': [] },
  { version: '0.1', sb: ['b1'], dr: ['r1'], rb: [] },
  { scope: 'fab.line2' },
];

/** Executes: `links` says which artifacts belong to the scope only by a link, the lists vary in length. */
function executable(
  boundaries: number,
  records: number,
  roles: number,
  links: number,
  mode: string | null,
): Node {
  const artifacts: { [key: string]: unknown } = {};
  const open = { valid_from: '2031-01-01T00:00:00Z', valid_until: '2032-01-01T00:00:00+01:00' };
  let serial = 0;
  const add = (prefix: string, amount: number, members: { [key: string]: unknown }): string[] =>
    Array.from({ length: amount }, (_, index) => {
      const id = `${prefix}${index + 1}`;
      const linked = (links >> serial++) % 2 === 1;
      const scope = linked
        ? { scope: 'fab', linked_scopes: ['fab.line1', 'fab.line2'] }
        : { scope: 'fab.line2' };
      artifacts[id] = { ...scope, ...open, ...structuredClone(members) };
      return id;
    });
  const sb = add('b', boundaries, {
    included_components: ['robot.arm', 'robot.base'],
    excluded_components: ['robot.panel'],
    allowed_interfaces: ['opc', 'mqtt'],
  });
  const dr = add('r', records, {
    decisions: ['weld', 'park'],
    ...(mode === null ? {} : { delegation_mode: mode }),
  });
  const rb = add('o', roles, { active: true });
  return {
    drc: {
      id: 'drc-weld',
      revision: 2,
      result: 'PERMITTED',
      gtaf_ref: { version: '0.1' },
      scope: 'fab.line2',
      ...open,
      refs: { sb, dr, rb },
    },
    context: { scope: 'fab.line2', component: 'robot.arm', interface: 'opc', action: 'weld' },
    artifacts,
    now: NOW,
  };
}

interface Place {
  readonly parent: Node;
  readonly key: string | number;
}

/** Every place below the request but `now`, containers before their members. */
function placesOf(request: Node): Place[] {
  const places: Place[] = [];
  const pending: Node[] = [request];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const key of Object.keys(parent)) {
      if (parent === request && key === 'now') continue;
      places.push({ parent, key: Array.isArray(parent) ? Number(key) : key });
      const child = (parent as { [key: string]: unknown })[key];
      if (typeof child === 'object' && child !== null) pending.push(child as Node);
    }
  }
  return places;
}

interface Change {
  readonly place: number;
  readonly kind: 'set' | 'remove' | 'append';
  readonly value: Json;
}

function apply(request: Node, change: Change): void {
  const places = placesOf(request);
  const place = places[change.place % Math.max(places.length, 1)];
  if (place === undefined) return;
  const { parent, key } = place;
  const value = structuredClone(change.value) as unknown;
  if (change.kind === 'append' && Array.isArray(parent)) {
    parent.splice(Number(key), 0, value);
  } else if (change.kind === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key as string];
  } else {
    (parent as { [key: string]: unknown })[key as string] = value;
  }
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(10_000),
  kind: fc.constantFrom('set', 'set', 'set', 'remove', 'append'),
  value: fc.oneof(fc.constantFrom(...VALUES), fc.constantFrom(...TIMES)),
});

/** Late stages are rarely reached by chance: members that such a stage looks at, with values that matter to it. */
const aimed: fc.Arbitrary<{ readonly path: readonly string[]; readonly value: Json }> = fc.oneof(
  aim(['drc', 'result'], ['NOT_PERMITTED', []]),
  aim(['drc', 'refs', 'rb'], [[], ['o1'], ['o2', 'o1']]),
  aim(
    ['drc', 'refs', 'dr'],
    [
      ['r2', 'r1'],
      ['r1', 'r1'],
      ['o1', 'r1'],
    ],
  ),
  aim(['drc', 'valid_until'], TIMES),
  aim(['context', 'component'], [...TEXTS, null]),
  aim(['context', 'interface'], [...TEXTS, null]),
  aim(['context', 'action'], ['park', 'drop', '', null, ['weld']]),
  aim(['artifacts', 'o1', 'active'], VALUES),
  aim(['artifacts', 'o1', 'valid_until'], TIMES),
  aim(['artifacts', 'r1', 'valid_from'], TIMES),
  aim(['artifacts', 'r1', 'delegation_mode'], VALUES),
  aim(['artifacts', 'r1', 'decisions'], [['park'], 'weld', { weld: 1 }, ['weld', null]]),
  aim(['artifacts', 'b1', 'included_components'], VALUES),
  aim(['artifacts', 'b1', 'excluded_components'], VALUES),
  aim(['artifacts', 'b1', 'allowed_interfaces'], VALUES),
);

function aim(path: readonly string[], values: readonly Json[]) {
  return fc.record({ path: fc.constant(path), value: fc.constantFrom(...values) });
}

function place(request: Node, path: readonly string[], value: Json): void {
  let parent: unknown = request;
  for (const key of path.slice(0, -1)) parent = (parent as { [key: string]: unknown })[key];
  (parent as { [key: string]: unknown })[path.at(-1) as string] = structuredClone(value);
}

/** Requests of the domain on which model and policy agree. */
export const requests: fc.Arbitrary<Request> = fc
  .record({
    sizes: fc.tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
    ),
    links: fc.nat(127),
    mode: fc.constantFrom('AUTONOMOUS', 'SEMI_AUTONOMOUS', 'SUPERVISED', null),
    aims: fc.array(aimed, { maxLength: 2 }),
    changes: fc.array(change, { maxLength: 3 }),
  })
  .map(({ sizes, links, mode, aims, changes }) => {
    const request = executable(...sizes, links, mode);
    for (const { path, value } of aims) place(request, path, value);
    // At most three changed places in all.
    for (const next of changes.slice(0, 3 - aims.length)) apply(request, next);
    return request as unknown as Request;
  });
