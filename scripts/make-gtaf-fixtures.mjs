// Writes the contract fixtures of the GTAF projection: contract_fixtures/gtaf-v0.1/<case>/{request,expected}.json.
// The expected decisions are written by hand here; test/gtaf/gtaf.test.ts compares them with the model and with the policy.
// A frozen fixture is never changed: an existing file with other content stops the script.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../contract_fixtures/gtaf-v0.1/', import.meta.url);
const WINDOW = { valid_from: '2027-01-01T00:00:00Z', valid_until: '2028-01-01T00:00:00Z' };

/** The request that every case starts from: EXECUTE OK. */
const base = () => ({
  drc: {
    id: 'drc-refunds',
    revision: 4,
    result: 'PERMITTED',
    gtaf_ref: { version: '0.1' },
    scope: 'billing.live',
    ...WINDOW,
    refs: { sb: ['boundary-ledger'], dr: ['record-refunds'], rb: ['binding-controller'] },
  },
  context: {
    scope: 'billing.live',
    component: 'ledger.worker',
    interface: 'ledger-grpc',
    action: 'post_refund',
  },
  artifacts: {
    'boundary-ledger': {
      scope: 'billing.live',
      ...WINDOW,
      included_components: ['ledger.worker', 'ledger.api'],
      excluded_components: ['ledger.console'],
      allowed_interfaces: ['ledger-grpc'],
    },
    'record-refunds': {
      scope: 'billing.live',
      ...WINDOW,
      decisions: ['post_refund', 'void_invoice'],
      delegation_mode: 'AUTONOMOUS',
    },
    'binding-controller': { scope: 'billing.live', ...WINDOW, active: true },
  },
  now: '2027-03-14T09:26:53.589793Z',
});

const SB = ['artifacts', 'boundary-ledger'];
const DR = ['artifacts', 'record-refunds'];
const RB = ['artifacts', 'binding-controller'];
const at = (request, path) => path.reduce((value, key) => value[key], request);
const set = (path, value) => (request) => {
  // defineProperty: also "__proto__" is a key like any other.
  Object.defineProperty(at(request, path.slice(0, -1)), path.at(-1), {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
};
const drop = (path) => (request) => {
  delete at(request, path.slice(0, -1))[path.at(-1)];
};
const drc = (key, value) => set(['drc', key], value);
const sb = (key, value) => set([...SB, key], value);
const dr = (key, value) => set([...DR, key], value);
const rb = (key, value) => set([...RB, key], value);
const ctx = (key, value) => set(['context', key], value);
const now = (value) => set(['now'], value);

const OK = 'OK';
const SCHEMA = 'INVALID_DRC_SCHEMA';
const ERROR = 'INTERNAL_ERROR';
const EXPIRED = 'EXPIRED';
const LEAK = 'SCOPE_LEAK';
const OUTSIDE = 'OUTSIDE_SB';
const MISSING = 'MISSING_REFERENCE';

/** name: [reason, ...changes of the base request] */
const CASES = {
  granted: [OK],

  // The drc itself.
  drc_absent: [ERROR, drop(['drc'])],
  drc_null: [ERROR, set(['drc'], null)],
  drc_list: [ERROR, set(['drc'], [])],
  drc_text: [ERROR, set(['drc'], 'drc-refunds')],
  drc_empty: [SCHEMA, set(['drc'], {})],
  drc_id_absent: [SCHEMA, drop(['drc', 'id'])],
  drc_id_null: [SCHEMA, drc('id', null)],
  drc_id_empty: [SCHEMA, drc('id', '')],
  drc_id_number: [SCHEMA, drc('id', 12)],
  drc_revision_true_is_one: [OK, drc('revision', true)],
  drc_revision_false_is_zero: [SCHEMA, drc('revision', false)],
  drc_revision_zero: [SCHEMA, drc('revision', 0)],
  drc_revision_negative: [SCHEMA, drc('revision', -3)],
  drc_revision_text: [SCHEMA, drc('revision', '4')],
  drc_revision_fraction: [SCHEMA, drc('revision', 4.5)],
  drc_revision_largest: [OK, drc('revision', 9007199254740991)],
  drc_result_unknown: [SCHEMA, drc('result', 'MAYBE')],
  drc_result_lower_case: [SCHEMA, drc('result', 'permitted')],
  drc_result_null: [SCHEMA, drc('result', null)],
  drc_result_list: [ERROR, drc('result', ['PERMITTED'])],
  drc_result_object: [ERROR, drc('result', {})],
  drc_result_list_after_bad_id: [SCHEMA, drc('result', []), drc('id', '')],
  drc_result_list_before_bad_scope: [ERROR, drc('result', []), drc('scope', '')],
  drc_result_list_but_refs_absent: [SCHEMA, drc('result', []), drop(['drc', 'refs'])],
  drc_result_list_but_refs_null: [ERROR, drc('result', []), drc('refs', null)],
  drc_scope_empty: [SCHEMA, drc('scope', '')],
  drc_scope_list: [SCHEMA, drc('scope', ['billing.live'])],
  drc_gtaf_ref_text: [SCHEMA, drc('gtaf_ref', '0.1')],
  drc_version_absent: [SCHEMA, drc('gtaf_ref', {})],
  drc_version_number: [SCHEMA, drc('gtaf_ref', { version: 0.1 })],
  drc_version_empty: [SCHEMA, drc('gtaf_ref', { version: '' })],
  drc_version_unsupported: ['UNSUPPORTED_GTAF_VERSION', drc('gtaf_ref', { version: '0.3' })],
  drc_version_longer: ['UNSUPPORTED_GTAF_VERSION', drc('gtaf_ref', { version: '0.1.0' })],
  drc_refs_list: [SCHEMA, drc('refs', [])],
  drc_refs_sb_empty: [SCHEMA, set(['drc', 'refs', 'sb'], [])],
  drc_refs_dr_empty: [SCHEMA, set(['drc', 'refs', 'dr'], [])],
  drc_refs_rb_absent: [SCHEMA, drop(['drc', 'refs', 'rb'])],
  drc_refs_rb_null: [SCHEMA, set(['drc', 'refs', 'rb'], null)],
  drc_refs_rb_empty_text: [SCHEMA, set(['drc', 'refs', 'rb'], [''])],
  drc_refs_dr_number: [SCHEMA, set(['drc', 'refs', 'dr'], ['record-refunds', 5])],
  drc_extra_keys_are_ignored: [OK, drc('owner', 'controlling'), set(['drc', 'refs', 'zz'], 1)],
  drc_not_permitted: ['DRC_NOT_PERMITTED', drc('result', 'NOT_PERMITTED')],

  // Times.
  now_is_valid_from: [OK, now('2027-01-01T00:00:00Z')],
  now_is_one_microsecond_early: [EXPIRED, now('2026-12-31T23:59:59.999999Z')],
  now_is_valid_until: [EXPIRED, now('2028-01-01T00:00:00Z')],
  now_is_one_microsecond_before_the_end: [OK, now('2027-12-31T23:59:59.999999Z')],
  now_has_a_seventh_digit: [OK, now('2027-12-31T23:59:59.9999999Z')],
  now_with_offset_before_the_end: [OK, now('2028-01-01T01:29:59+01:30')],
  now_with_offset_at_the_end: [EXPIRED, now('2028-01-01T01:30:00+01:30')],
  drc_until_with_offset: [EXPIRED, drc('valid_until', '2027-03-14T11:26:53.589793+02:00')],
  drc_until_with_fraction: [OK, drc('valid_until', '2027-03-14T09:26:53.589794Z')],
  drc_until_with_short_fraction: [OK, drc('valid_until', '2027-03-14T09:26:53.59Z')],
  drc_from_is_now: [OK, drc('valid_from', '2027-03-14T05:26:53.589793-04:00')],
  drc_window_is_empty: [
    EXPIRED,
    drc('valid_from', '2027-03-14T09:26:53.589793Z'),
    drc('valid_until', '2027-03-14T09:26:53.589793Z'),
  ],
  drc_window_is_reversed: [
    EXPIRED,
    drc('valid_from', '2028-01-01T00:00:00Z'),
    drc('valid_until', '2027-01-01T00:00:00Z'),
  ],
  drc_from_null: [SCHEMA, drc('valid_from', null)],
  drc_from_number: [SCHEMA, drc('valid_from', 1800000000)],
  drc_from_no_such_day: [SCHEMA, drc('valid_from', '2027-02-29T00:00:00Z')],
  drc_from_leap_second: [SCHEMA, drc('valid_from', '2026-12-31T23:59:60Z')],
  drc_from_text: [SCHEMA, drc('valid_from', 'new year')],
  drc_from_naive: [ERROR, drc('valid_from', '2027-01-01T00:00:00')],
  drc_from_date: [ERROR, drc('valid_from', '2027-01-01')],
  drc_until_naive: [ERROR, drc('valid_until', '2028-01-01T00:00:00.5')],
  drc_until_naive_but_not_begun: [
    EXPIRED,
    drc('valid_from', '2027-06-01T00:00:00Z'),
    drc('valid_until', '2028-01-01'),
  ],
  drc_naive_and_not_permitted: [ERROR, drc('valid_from', '2027-01-01'), drc('result', 'NOT_PERMITTED')],
  drc_naive_and_unsupported: [
    'UNSUPPORTED_GTAF_VERSION',
    drc('valid_from', '2027-01-01'),
    drc('gtaf_ref', { version: '2' }),
  ],
  drc_expired_and_not_permitted: [
    EXPIRED,
    drc('valid_until', '2027-02-01T00:00:00Z'),
    drc('result', 'NOT_PERMITTED'),
  ],

  // Artifacts.
  artifacts_absent: [ERROR, drop(['artifacts'])],
  artifacts_list: [ERROR, set(['artifacts'], [])],
  artifacts_null_but_drc_expired: [EXPIRED, set(['artifacts'], null), now('2030-01-01T00:00:00Z')],
  artifacts_empty: [MISSING, set(['artifacts'], {})],
  sb_missing: [MISSING, drop(SB)],
  dr_null_is_missing: [MISSING, set(DR, null)],
  rb_missing: [MISSING, drop(RB)],
  second_dr_missing: [MISSING, set(['drc', 'refs', 'dr'], ['record-refunds', 'record-unknown'])],
  rb_missing_and_sb_expired: [MISSING, drop(RB), sb('valid_until', '2027-02-01T00:00:00Z')],
  rb_missing_and_sb_a_number: [MISSING, drop(RB), set(SB, 9)],
  sb_false: [ERROR, set(SB, false)],
  sb_empty_text: [ERROR, set(SB, '')],
  rb_list: [ERROR, set(RB, [])],
  reference_named_as_an_inherited_member: [MISSING, set(['drc', 'refs', 'rb'], ['constructor'])],
  reference_named_proto: [
    OK,
    set(['drc', 'refs', 'rb'], ['__proto__']),
    set(['artifacts', '__proto__'], { scope: 'billing.live', ...WINDOW, active: true }),
  ],
  sb_expired: [EXPIRED, sb('valid_until', '2027-02-01T00:00:00Z')],
  dr_not_begun: [EXPIRED, dr('valid_from', '2027-04-01T00:00:00Z')],
  rb_expires_now: [EXPIRED, rb('valid_until', '2027-03-14T09:26:53.589793Z')],
  rb_begins_now: [OK, rb('valid_from', '2027-03-14T09:26:53.589793Z')],
  sb_without_window: [EXPIRED, drop([...SB, 'valid_from'])],
  dr_until_null: [EXPIRED, dr('valid_until', null)],
  dr_until_unreadable_and_from_naive: [EXPIRED, dr('valid_until', 'later'), dr('valid_from', '2027-01-01')],
  sb_naive: [ERROR, sb('valid_from', '2027-01-01T00:00:00')],
  rb_until_date: [ERROR, rb('valid_until', '2028-01-01')],
  rb_until_date_but_not_begun: [
    EXPIRED,
    rb('valid_until', '2028-01-01'),
    rb('valid_from', '2027-03-15T00:00:00Z'),
  ],
  sb_expired_before_dr_naive: [
    EXPIRED,
    sb('valid_until', '2027-02-01T00:00:00Z'),
    dr('valid_from', '2027-01-01'),
  ],
  sb_naive_before_dr_expired: [
    ERROR,
    sb('valid_from', '2027-01-01'),
    dr('valid_until', '2027-02-01T00:00:00Z'),
  ],
  dr_a_list_before_rb_expired: [ERROR, set(DR, []), rb('valid_until', '2027-02-01T00:00:00Z')],
  same_reference_twice: [OK, set(['drc', 'refs', 'rb'], ['binding-controller', 'binding-controller'])],

  // Scope.
  context_null: [ERROR, set(['context'], null)],
  context_absent: [ERROR, drop(['context'])],
  context_list: [ERROR, set(['context'], [])],
  context_null_but_sb_expired: [EXPIRED, set(['context'], null), sb('valid_until', '2027-02-01T00:00:00Z')],
  context_empty: [LEAK, set(['context'], {})],
  context_scope_other: [LEAK, ctx('scope', 'billing.test')],
  context_scope_upper_case: [LEAK, ctx('scope', 'BILLING.LIVE')],
  context_scope_empty: [LEAK, ctx('scope', '')],
  context_scope_list: [LEAK, ctx('scope', ['billing.live'])],
  sb_scope_other: [LEAK, sb('scope', 'billing.test')],
  rb_scope_null: [LEAK, rb('scope', null)],
  rb_scope_list_is_no_link: [LEAK, rb('scope', ['billing.live'])],
  dr_linked: [OK, dr('scope', 'billing'), dr('linked_scopes', ['billing.test', 'billing.live'])],
  dr_linked_without_own_scope: [OK, drop([...DR, 'scope']), dr('linked_scopes', [null, 7, 'billing.live'])],
  dr_linked_elsewhere: [LEAK, dr('scope', 'billing'), dr('linked_scopes', ['billing.test'])],
  dr_linked_by_text: [LEAK, dr('scope', 'billing'), dr('linked_scopes', 'billing.live')],
  dr_linked_by_object: [LEAK, dr('scope', 'billing'), dr('linked_scopes', { 'billing.live': true })],
  dr_linked_too_deep: [LEAK, dr('scope', 'billing'), dr('linked_scopes', [['billing.live']])],

  // The boundary.
  component_absent: [OUTSIDE, drop(['context', 'component'])],
  component_number: [OUTSIDE, ctx('component', 5)],
  component_unknown: [OUTSIDE, ctx('component', 'mail.worker')],
  component_part_of_a_member: [OUTSIDE, ctx('component', 'ledger')],
  component_excluded: [OUTSIDE, sb('excluded_components', ['ledger.worker'])],
  component_number_before_bad_list: [OUTSIDE, ctx('component', 5), sb('included_components', null)],
  included_text_is_searched: [OK, sb('included_components', 'ledger.worker,ledger.api')],
  included_text_and_empty_component: [OK, sb('included_components', 'x'), ctx('component', '')],
  included_text_without_it: [OUTSIDE, sb('included_components', 'ledger.workshop')],
  included_object_has_the_key: [OK, sb('included_components', { 'ledger.worker': false })],
  included_object_without_the_key: [OUTSIDE, sb('included_components', { a: 'ledger.worker' })],
  included_object_inherited_key: [OUTSIDE, sb('included_components', {}), ctx('component', 'toString')],
  included_absent: [OUTSIDE, drop([...SB, 'included_components'])],
  included_null: [ERROR, sb('included_components', null)],
  included_number: [ERROR, sb('included_components', 3)],
  included_empty: [OUTSIDE, sb('included_components', [])],
  excluded_absent: [OK, drop([...SB, 'excluded_components'])],
  excluded_null: [ERROR, sb('excluded_components', null)],
  excluded_null_but_not_included: [OUTSIDE, sb('excluded_components', null), ctx('component', 'mail.worker')],
  excluded_text_is_searched: [OUTSIDE, sb('excluded_components', 'no ledger.worker today')],
  interface_null: [OUTSIDE, ctx('interface', null)],
  interface_unknown: [OUTSIDE, ctx('interface', 'ledger-csv')],
  interface_list_absent: [OUTSIDE, drop([...SB, 'allowed_interfaces'])],
  interface_list_true: [ERROR, sb('allowed_interfaces', true)],
  interface_list_true_but_excluded: [
    OUTSIDE,
    sb('allowed_interfaces', true),
    sb('excluded_components', ['ledger.worker']),
  ],
  interface_text_is_searched: [OK, sb('allowed_interfaces', 'ledger-grpc-v2')],
  second_boundary_does_not_widen: [
    OUTSIDE,
    ctx('component', 'mail.worker'),
    set(['drc', 'refs', 'sb'], ['boundary-ledger', 'boundary-mail']),
    set(['artifacts', 'boundary-mail'], {
      scope: 'billing.live',
      ...WINDOW,
      included_components: ['mail.worker'],
      allowed_interfaces: ['ledger-grpc'],
    }),
  ],
  second_boundary_does_not_narrow: [
    OK,
    set(['drc', 'refs', 'sb'], ['boundary-ledger', 'boundary-mail']),
    set(['artifacts', 'boundary-mail'], {
      scope: 'billing.live',
      ...WINDOW,
      excluded_components: ['ledger.worker'],
    }),
  ],

  // The decision record and its mode.
  action_absent: ['DR_MISMATCH', drop(['context', 'action'])],
  action_list: ['DR_MISMATCH', ctx('action', ['post_refund'])],
  action_unknown: ['DR_MISMATCH', ctx('action', 'close_books')],
  action_upper_case: ['DR_MISMATCH', ctx('action', 'POST_REFUND')],
  decisions_absent: ['DR_MISMATCH', drop([...DR, 'decisions'])],
  decisions_text_is_not_searched: ['DR_MISMATCH', dr('decisions', 'post_refund')],
  decisions_object: ['DR_MISMATCH', dr('decisions', { post_refund: true })],
  decisions_null: ['DR_MISMATCH', dr('decisions', null)],
  decisions_mixed: [OK, dr('decisions', [null, 1, ['post_refund'], 'post_refund'])],
  mode_absent: [OK, drop([...DR, 'delegation_mode']), set(['drc', 'refs', 'rb'], [])],
  mode_lower_case: [OK, dr('delegation_mode', 'autonomous'), set(['drc', 'refs', 'rb'], [])],
  mode_number: [OK, dr('delegation_mode', 1), rb('active', false)],
  mode_null: [OK, dr('delegation_mode', null), rb('active', false)],
  mode_list: [ERROR, dr('delegation_mode', ['AUTONOMOUS'])],
  mode_object: [ERROR, dr('delegation_mode', {})],
  mode_semi_without_binding: [
    'RB_REQUIRED',
    dr('delegation_mode', 'SEMI_AUTONOMOUS'),
    set(['drc', 'refs', 'rb'], []),
  ],
  first_matching_record_decides_supervised: [
    OK,
    set(['drc', 'refs', 'dr'], ['record-manual', 'record-refunds']),
    set(['artifacts', 'record-manual'], {
      scope: 'billing.live',
      ...WINDOW,
      decisions: ['post_refund'],
      delegation_mode: 'SUPERVISED',
    }),
    rb('active', false),
  ],
  first_matching_record_decides_autonomous: [
    'RB_REQUIRED',
    set(['drc', 'refs', 'dr'], ['record-refunds', 'record-manual']),
    set(['artifacts', 'record-manual'], {
      scope: 'billing.live',
      ...WINDOW,
      decisions: ['post_refund'],
      delegation_mode: 'SUPERVISED',
    }),
    rb('active', false),
  ],
  record_without_the_action_is_passed_over: [
    OK,
    set(['drc', 'refs', 'dr'], ['record-broken', 'record-refunds']),
    set(['artifacts', 'record-broken'], {
      scope: 'billing.live',
      ...WINDOW,
      decisions: 'post_refund',
      delegation_mode: [],
    }),
  ],

  // The responsibility binding.
  active_absent: ['RB_REQUIRED', drop([...RB, 'active'])],
  active_null: ['RB_REQUIRED', rb('active', null)],
  active_false: ['RB_REQUIRED', rb('active', false)],
  active_zero: ['RB_REQUIRED', rb('active', 0)],
  active_empty_text: ['RB_REQUIRED', rb('active', '')],
  active_empty_list: ['RB_REQUIRED', rb('active', [])],
  active_empty_object: ['RB_REQUIRED', rb('active', {})],
  active_text_false: [OK, rb('active', 'false')],
  active_space: [OK, rb('active', ' ')],
  active_negative: [OK, rb('active', -1)],
  active_small_fraction: [OK, rb('active', 0.001)],
  active_list_of_false: [OK, rb('active', [false])],
  active_object: [OK, rb('active', { since: null })],
  any_binding_may_be_the_active_one: [
    OK,
    rb('active', false),
    set(['drc', 'refs', 'rb'], ['binding-controller', 'binding-auditor']),
    set(['artifacts', 'binding-auditor'], {
      scope: 'billing.live',
      ...WINDOW,
      active: 1,
      applies_to: ['record-other'],
    }),
  ],
  unreferenced_binding_does_not_count: [
    'RB_REQUIRED',
    set(['drc', 'refs', 'rb'], []),
    set(['artifacts', 'binding-auditor'], { scope: 'billing.live', ...WINDOW, active: true }),
  ],
  unreferenced_artifacts_are_not_judged: [OK, set(['artifacts', 'boundary-old'], { valid_until: 'never' })],
};

for (const [name, [reason, ...changes]] of Object.entries(CASES)) {
  const request = base();
  for (const change of changes) change(request);
  const effect = reason === OK ? 'EXECUTE' : 'DENY';
  freeze(name, 'request.json', request);
  freeze(name, 'expected.json', { effect, reason });
}
console.log(`${Object.keys(CASES).length} cases`);

function freeze(name, file, value) {
  const folder = new URL(`${name}/`, ROOT);
  const path = new URL(file, folder);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') !== text) throw new Error(`${name}/${file} is frozen and would change`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
}
