// Plans of pipeline runs: mostly sound ones, each with some of the faults that the policy looks for.
import { merge } from './make-requests-random.mjs';

const NAMES = [
  'visits',
  'orders',
  'invoices',
  'clicks',
  'customers',
  'shipments',
  'tickets',
  'sensors',
  'campaigns',
];
const PII = ['email', 'phone', 'ip', 'birth_date', 'iban'];

function dataset({ pick, int, some, chance }, index) {
  const pii = some(PII, 2);
  const classification = pick(['public', 'internal', 'internal', 'confidential', 'restricted']);
  const owned = chance(0.85);
  return {
    name: `${pick(NAMES)}_${index}`,
    layer: pick(['bronze', 'silver', 'silver', 'silver', 'gold']),
    classification,
    rows: pick([int(1, 1000000), int(1000000, 40000000), 50000000, 750000000]),
    partitioned: chance(0.8),
    pii,
    masked: chance(0.7) ? pii : pii.slice(1),
    refreshed_at: `2027-05-0${pick([1, 3, 3, 4, 4, 4])}T0${int(0, 9)}:15:00Z`,
    ...(owned ? { owner: pick(['web', 'finance', 'logistics']) } : {}),
  };
}

function plan(tools) {
  const { pick, int, chance, cents } = tools;
  const ceiling = pick([40, 100, 250.5]);
  const estimate = pick([cents(1, 30), cents(1, 30), ceiling * 0.8, ceiling, ceiling + 0.01]);
  return {
    run: {
      id: `run-${int(1, 999)}`,
      attempt: pick([0, 0, 0, 1, 2, 3, 4]),
      ...(chance(0.3) ? { ticket: pick(['CHG-1204', 'INC-77', 'soon']) } : {}),
    },
    environment: pick(['sandbox', 'test', 'production', 'production']),
    datasets: Array.from({ length: pick([0, 1, 1, 1, 2, 2, 3, 14]) }, (_, index) => dataset(tools, index)),
    target: {
      table: `${pick(NAMES)}_daily`,
      layer: pick(['bronze', 'silver', 'gold']),
      mode: pick(['append', 'merge', 'merge', 'overwrite']),
      keys: pick([[], ['day'], ['day', 'site']]),
      ...(chance(0.6) ? { region: pick(['eu', 'us', 'ap']) } : {}),
    },
    ...(chance(0.85) ? { cost: { estimate: Math.round(estimate * 100) / 100, ceiling } } : {}),
    now: '2027-05-04T12:00:00Z',
  };
}

const SOUND = {
  run: { id: 'run-81', attempt: 0 },
  environment: 'production',
  datasets: [
    {
      name: 'visits_clean',
      layer: 'silver',
      classification: 'internal',
      rows: 120000,
      partitioned: true,
      pii: ['email'],
      masked: ['email'],
      refreshed_at: '2027-05-04T02:00:00Z',
      owner: 'web',
    },
  ],
  target: { table: 'visits_daily', layer: 'gold', mode: 'merge', keys: ['day', 'site'], region: 'eu' },
  cost: { estimate: 12.5, ceiling: 40 },
  now: '2027-05-04T12:00:00Z',
};

const CHANGES = [
  {},
  { run: { attempt: 3 } },
  { environment: 'sandbox' },
  { environment: 'test', now: '2027-06-01T00:00:00Z' },
  { datasets: [] },
  { target: { mode: 'append' } },
  { target: { mode: 'overwrite' } },
  { target: { mode: 'overwrite' }, run: { ticket: 'CHG-1' } },
  { target: { keys: [] } },
  { target: { layer: 'silver', keys: [] } },
  { cost: null },
  { cost: { estimate: 32 } },
  { cost: { estimate: 32.01 } },
  { cost: { estimate: 40.01 } },
  { now: '2027-05-06T02:00:00Z' },
  { now: '2027-05-06T02:00:00.000001Z' },
  // Invalid ones.
  { target: { layer: 'platinum' } },
  { run: { attempt: '1' } },
  { cost: { ceiling: null } },
  { cost: { estimate: 0.001 } },
  { now: '2027-05-04' },
  { target: { partition: 'day' } },
  { datasets: { name: 'visits_clean' } },
];

/** 283 plans. */
export function make(tools) {
  const drawn = Array.from({ length: 260 }, () => plan(tools));
  return [...CHANGES.map((changes) => merge(SOUND, changes)), ...drawn];
}
