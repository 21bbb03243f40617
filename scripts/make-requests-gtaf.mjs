// Requests for the GTAF projection: executable ones of several sizes, then one to three changes that reach every reason code.

const COMPONENTS = ['crm.sync', 'crm.api', 'mail.sender', 'report.builder'];
const INTERFACES = ['crm-rest', 'crm-bulk', 'smtp'];
const ACTIONS = ['update_contact', 'merge_contacts', 'send_campaign', 'export_report'];
const SCOPES = ['crm.live', 'crm.test', 'mail.live'];
const MODES = ['AUTONOMOUS', 'SEMI_AUTONOMOUS', 'SUPERVISED', 'autonomous'];
const OPEN = { valid_from: '2028-01-01T00:00:00Z', valid_until: '2029-01-01T00:00:00Z' };
const FALSY = [null, false, 0, '', [], {}];
const TRUTHY = [true, 1, -1, 0.5, 'false', 'no', [0], { by: null }];
const WRONG = [null, true, false, 0, 7, 1.5, '', 'text', [], {}, ['crm.live'], { version: '0.1' }];
const TIMES = [
  '2028-07-01T12:00:00Z',
  '2028-07-01T12:00:00.000001Z',
  '2028-07-01T11:59:59.999999Z',
  '2028-07-01T14:00:00+02:00',
  '2028-07-01T07:30:00-04:30',
  '2028-02-29T08:00:00Z',
  '2027-02-29T08:00:00Z',
  '2028-07-01T12:00:00',
  '2028-07-01',
  '2028-12-31T23:59:60Z',
  'tomorrow',
];

function executable({ int, pick, some, chance }) {
  const scope = pick(SCOPES);
  const component = pick(COMPONENTS);
  const surface = pick(INTERFACES);
  const action = pick(ACTIONS);
  const artifacts = {};
  const add = (prefix, amount, members) =>
    Array.from({ length: amount }, (_, index) => {
      const id = `${prefix}-${int(100, 999)}-${index}`;
      const place = chance(0.25) ? { scope: 'group', linked_scopes: ['group.eu', scope] } : { scope };
      artifacts[id] = { ...place, ...OPEN, ...members() };
      return id;
    });
  const sb = add('boundary', int(1, 2), () => ({
    included_components: [component, ...some(COMPONENTS, 2)],
    excluded_components: ['crm.admin'],
    allowed_interfaces: [...some(INTERFACES, 2), surface],
  }));
  const dr = add('record', int(1, 2), () => ({
    decisions: [...some(ACTIONS, 2), action],
    ...(chance(0.8) ? { delegation_mode: pick(MODES) } : {}),
  }));
  const rb = add('binding', int(1, 2), () => ({ active: pick(TRUTHY) }));
  return {
    drc: {
      id: `drc-${int(1, 99)}`,
      revision: pick([1, 2, 17, true]),
      result: 'PERMITTED',
      gtaf_ref: { version: '0.1' },
      scope,
      ...OPEN,
      refs: { sb, dr, rb },
    },
    context: { scope, component, interface: surface, action },
    artifacts,
    now: '2028-07-01T12:00:00Z',
  };
}

/** Each takes a request and changes one thing that a stage of the projection looks at. */
const CHANGES = [
  (request, { pick }) => Object.assign(request, { drc: pick(WRONG) }),
  (request, { pick }) => Object.assign(request, { context: pick(WRONG) }),
  (request, { pick }) => Object.assign(request, { artifacts: pick(WRONG) }),
  (request, { pick }) =>
    Object.assign(request, {
      now: pick([
        '2028-01-01T00:00:00Z',
        '2029-01-01T00:00:00Z',
        '2027-12-31T23:59:59.999999Z',
        '2028-12-31T23:59:59.999999Z',
        '2029-01-01T00:30:00+01:00',
      ]),
    }),
  ({ drc }, { pick }) => delete drc[pick(Object.keys(drc))],
  ({ drc }, { pick }) => Object.assign(drc, { [pick(Object.keys(drc))]: pick(WRONG) }),
  ({ drc }, { pick }) => Object.assign(drc, { result: pick(['NOT_PERMITTED', 'permitted', [], {}]) }),
  ({ drc }, { pick }) => Object.assign(drc, { revision: pick([0, -1, false, '1', 2.5, null]) }),
  ({ drc }, { pick }) => Object.assign(drc, { gtaf_ref: { version: pick(['0.2', '0.1.1', '', 0.1, '1']) } }),
  ({ drc }, { pick }) => Object.assign(drc, { [pick(['valid_from', 'valid_until'])]: pick(TIMES) }),
  ({ drc }, { pick }) =>
    Object.assign(drc.refs, { [pick(['sb', 'dr', 'rb'])]: pick([[], [''], [3], null, 'boundary']) }),
  ({ drc }, { pick }) => drc.refs[pick(['sb', 'dr', 'rb'])].push('no-such-artifact'),
  ({ drc }) => Object.assign(drc.refs, { rb: [] }),
  ({ artifacts }, { pick }) => Object.assign(artifacts, { [pick(Object.keys(artifacts))]: pick(WRONG) }),
  ({ artifacts }, { pick }) => delete artifacts[pick(Object.keys(artifacts))],
  (request, tools) => change(request, tools, ['sb', 'dr', 'rb'], ['valid_from', 'valid_until'], TIMES),
  (request, tools) => change(request, tools, ['sb', 'dr', 'rb'], ['scope'], ['crm', null, ['crm.live'], '']),
  (request, tools) =>
    change(
      request,
      tools,
      ['sb', 'dr', 'rb'],
      ['linked_scopes'],
      ['crm.live', [], { 'crm.live': 1 }, [SCOPES]],
    ),
  (request, tools) =>
    change(
      request,
      tools,
      ['sb'],
      ['included_components', 'allowed_interfaces'],
      [...WRONG, 'crm.sync crm.api', 'crm-rest/v2'],
    ),
  (request, tools) =>
    change(
      request,
      tools,
      ['sb'],
      ['excluded_components'],
      [...WRONG, COMPONENTS, 'not crm.sync', { 'crm.api': 0 }],
    ),
  (request, tools) => change(request, tools, ['sb'], ['excluded_components'], [[request.context.component]]),
  (request, tools) =>
    change(request, tools, ['sb'], ['included_components', 'excluded_components'], [0, true, null]),
  (request, tools) => change(request, tools, ['sb'], ['allowed_interfaces'], [0, true, null]),
  (request, tools) =>
    change(request, tools, ['dr'], ['decisions'], ['update_contact', null, [], { send_campaign: 1 }]),
  (request, tools) => change(request, tools, ['dr'], ['delegation_mode'], [[], {}, 'AUTONOMOUS', 3, null]),
  (request, tools) => change(request, tools, ['rb'], ['active'], FALSY),
  (request, tools) => change(request, tools, ['rb'], ['active'], FALSY),
  ({ context }, { pick }) => Object.assign(context, { scope: pick([...SCOPES, '', null, ['crm.live']]) }),
  ({ context }, { pick }) => Object.assign(context, { component: pick([...COMPONENTS, 'crm', '', 4, null]) }),
  ({ context }, { pick }) => Object.assign(context, { interface: pick([...INTERFACES, 'ftp', null, []]) }),
  ({ context }, { pick }) => Object.assign(context, { action: pick([...ACTIONS, 'wipe_contacts', null, 9]) }),
];

/** Sets one of `keys` in every artifact of a kind, so that no second one hides it. */
function change({ drc, artifacts }, { pick }, kinds, keys, values) {
  const key = pick(keys);
  const value = pick(values);
  for (const id of drc.refs[pick(kinds)]) artifacts[id][key] = value;
}

/** 300 requests. */
export function make(tools) {
  const requests = [];
  for (let index = 0; index < 300; index++) {
    const request = executable(tools);
    // Every change comes first alone, then in pairs and threes; a change that no longer fits the request is passed over.
    const first = index % (CHANGES.length + 1);
    const chosen = [
      CHANGES[first],
      ...(index < 150 ? [] : [tools.pick(CHANGES), tools.chance(0.3) ? tools.pick(CHANGES) : undefined]),
    ];
    for (const apply of chosen) {
      try {
        apply?.(request, tools);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
    requests.push(request);
  }
  return requests;
}
