// Purchases of agents: prices around every limit, budgets nearly spent, approvals that fit and ones that do not.
import { merge } from './make-requests-random.mjs';

const VENDORS = ['cloud.example', 'metal.example', 'licences.example', 'rail.example', 'adverts.example'];
const NOW = '2027-06-01T08:00:00Z';

function approval({ pick }, vendor, price) {
  return {
    by: pick(['finn', 'lena', 'boris', 'birte', 'olga']),
    group: pick(['team_lead', 'finance', 'finance', 'board']),
    limit: pick([price, Math.round(price * 100 + 100_000) / 100, Math.round(price * 50) / 100]),
    vendor: pick([vendor, vendor, vendor, 'cloud.example']),
    granted_at: pick(['2027-06-01T07:00:00Z', '2027-05-31T20:00:00Z', NOW, '2027-06-01T08:00:00.000001Z']),
    expires_at: pick(['2027-06-01T09:00:00Z', '2027-06-02T00:00:00+02:00', NOW]),
  };
}

function purchase(tools) {
  const { pick, int, chance, cents } = tools;
  const category = pick([
    'compute',
    'compute',
    'storage',
    'software',
    'advertising',
    'travel',
    'hardware',
    'gift_card',
  ]);
  const vendor = chance(0.9) ? pick(VENDORS) : 'bargain.example';
  const price = pick([
    cents(1, 99),
    cents(1, 99),
    cents(100, 499),
    cents(100, 499),
    50,
    50.01,
    200,
    300,
    499.99,
    500,
    cents(500, 9000),
    9999.99,
    10000,
    14500.5,
  ]);
  const currency = pick(['EUR', 'EUR', 'EUR', 'EUR', 'USD', 'GBP']);
  const approvals = chance(0.45)
    ? Array.from({ length: int(1, 3) }, () => approval(tools, vendor, price))
    : undefined;
  return {
    agent: { id: `buyer-${int(1, 9)}`, owner: pick(['olga', 'omar', 'otto']), halted: chance(0.04) },
    purchase: { vendor, category, price, currency, recurring: chance(0.15) },
    budget: { session: pick([500, 2000, 20000]), daily: pick([5000, 30000]), monthly: pick([20000, 90000]) },
    ...(chance(0.95)
      ? {
          counters: {
            session: cents(0, 400) + 0.0025,
            daily: cents(0, 4900),
            monthly: cents(0, 19000),
            purchases_last_hour: pick([0, 1, 2, 5, 19, 20]),
          },
        }
      : {}),
    ...(approvals === undefined ? {} : { approvals }),
    ...(chance(0.8)
      ? {
          reason: pick([
            'Nightly build machines',
            'Visit of the customer in Lyon',
            'because',
            'Renewal of the licence',
          ]),
        }
      : {}),
    now: chance(0.95) ? NOW : pick(['2027-12-29T22:59:59Z', '2027-12-29T23:00:00Z', '2028-01-01T12:00:00Z']),
  };
}

const SOUND = {
  agent: { id: 'buyer-2', owner: 'olga', halted: false },
  purchase: { vendor: 'cloud.example', category: 'compute', price: 20, currency: 'EUR', recurring: false },
  budget: { session: 1000, daily: 20000, monthly: 50000 },
  counters: { session: 0, daily: 120.5, monthly: 900.1234, purchases_last_hour: 1 },
  reason: 'Nightly build machines',
  now: NOW,
};

const granted = (by, group, limit, vendor) => ({
  by,
  group,
  limit,
  vendor,
  granted_at: '2027-06-01T07:00:00Z',
  expires_at: '2027-06-01T09:00:00Z',
});
const machine = {
  purchase: { vendor: 'metal.example', category: 'hardware', price: 12000 },
  budget: { session: 20000 },
};

const CHANGES = [
  {},
  { agent: { halted: true } },
  { counters: null },
  { counters: { purchases_last_hour: 20 } },
  { counters: { session: 980 } },
  { counters: { session: 980.0001 } },
  { counters: { daily: 19990 } },
  { counters: { monthly: 49980.01 } },
  { purchase: { category: 'gift_card' } },
  { purchase: { currency: 'GBP' } },
  { now: '2027-12-31T10:00:00Z' },
  { approvals: [granted('olga', 'team_lead', 100, 'cloud.example')] },
  machine,
  merge(machine, { approvals: [granted('boris', 'board', 12000, 'metal.example')] }),
  merge(machine, {
    approvals: [
      granted('boris', 'board', 12000, 'metal.example'),
      granted('birte', 'board', 12000, 'metal.example'),
    ],
  }),
  { purchase: { price: 500 } },
  { purchase: { price: 500 }, approvals: [granted('finn', 'finance', 500, 'cloud.example')] },
  { purchase: { price: 500.01 }, approvals: [granted('finn', 'finance', 500, 'cloud.example')] },
  { purchase: { vendor: 'bargain.example' } },
  { purchase: { recurring: true } },
  { purchase: { recurring: true }, approvals: [granted('lena', 'team_lead', 20, 'cloud.example')] },
  { purchase: { price: 100 }, reason: null },
  { purchase: { category: 'advertising', vendor: 'adverts.example', price: 50 } },
  { purchase: { category: 'advertising', vendor: 'adverts.example', price: 50.01 } },
  { purchase: { category: 'travel', vendor: 'rail.example', price: 300 } },
  { purchase: { category: 'travel', vendor: 'rail.example', price: 300.01 } },
  { purchase: { price: 499.99 } },
  // Invalid ones.
  { purchase: { price: 0.001 } },
  { purchase: { price: -5 } },
  { purchase: { price: '20.00' } },
  { purchase: { category: 'lottery' } },
  { agent: { halted: 'no' } },
  { counters: { daily: 'n/a' } },
  { budget: { weekly: 100 } },
  { now: '2027-06-01T08:00:00' },
];

/** 295 purchases. */
export function make(tools) {
  const drawn = Array.from({ length: 260 }, () => purchase(tools));
  return [...CHANGES.map((changes) => merge(SOUND, changes)), ...drawn].map(rounded);
}

/** Sums of binary fractions back onto the grid of the schema. */
function rounded(request) {
  if (typeof request.counters?.session === 'number')
    request.counters.session = Math.round(request.counters.session * 10000) / 10000;
  return request;
}
