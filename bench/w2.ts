// Workload W2: N rules `action == A and type == T and amount >= k and role in {4 of 16}`, of which about one can match a request.

import { random } from './random.ts';

export interface W2Request {
  readonly action: string;
  readonly type: string;
  readonly amount: number;
  readonly role: string;
}

export interface W2Rule extends W2Request {
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly roles: readonly string[];
}

const TYPES = [
  'payment',
  'refund',
  'invoice',
  'contract',
  'account',
  'report',
  'ticket',
  'document',
  'message',
  'order',
];
const ROLES = Array.from({ length: 16 }, (_, i) => `role_${i}`);

/** No two rules ask for the same action and type. */
export function w2Rules(count: number): W2Rule[] {
  const { below } = random(7);
  return Array.from({ length: count }, (_, i) => {
    const first = below(16);
    const roles = [0, 3, 7, 12].map((step) => ROLES[(first + step) % 16]!);
    return {
      name: `rule_${i}`,
      effect: i % 3 === 0 ? ('deny' as const) : ('allow' as const),
      action: `service${Math.floor(i / TYPES.length)}.operate`,
      type: TYPES[i % TYPES.length]!,
      amount: below(1000),
      role: roles[0]!,
      roles,
    };
  });
}

/** The policy with these rules. */
export function w2Policy(rules: readonly W2Rule[]): string {
  const texts = rules.map(
    (rule) =>
      `${rule.effect} ${rule.name} when action == "${rule.action}" and type == "${rule.type}" and amount >= ${rule.amount} and role in ${JSON.stringify(rule.roles)}`,
  );
  return `policy bench_w2
request from "w2.schema.json"
effects allow < deny
combining most_restrictive
default deny reason "NO_RULE_MATCHED"
${texts.join('\n')}
`;
}

export const W2_SCHEMA = JSON.stringify({
  type: 'object',
  required: ['action', 'type', 'amount', 'role'],
  properties: {
    action: { type: 'string' },
    type: { type: 'string' },
    amount: { type: 'integer', minimum: 0 },
    role: { type: 'string' },
  },
});

/** Requests for which one rule is a candidate, as JSON texts. */
export function w2Texts(rules: readonly W2Rule[], count: number): string[] {
  const { below, pick } = random(11);
  return Array.from({ length: count }, () => {
    const { action, type, amount, roles } = pick(rules);
    const request: W2Request = {
      action,
      type,
      amount: Math.max(0, amount + below(500) - 100),
      role: below(4) === 0 ? pick(ROLES) : pick(roles),
    };
    return JSON.stringify(request);
  });
}

interface HandOutcome {
  readonly effect: string;
  readonly rule: string | null;
  readonly reason: string;
}

const NOTHING: HandOutcome = Object.freeze({ effect: 'deny', rule: null, reason: 'NO_RULE_MATCHED' });

interface HandRule {
  readonly row: W2Rule;
  readonly outcome: HandOutcome;
}

function handRules(rules: readonly W2Rule[]): HandRule[] {
  return rules.map((row) => ({
    row,
    outcome: Object.freeze({ effect: row.effect, rule: row.name, reason: row.name.toUpperCase() }),
  }));
}

/** One rule after the other, those that deny first. */
export function w2ByHand(rules: readonly W2Rule[]): (request: W2Request) => HandOutcome {
  const all = handRules(rules);
  const sorted = [
    ...all.filter(({ row }) => row.effect === 'deny'),
    ...all.filter(({ row }) => row.effect === 'allow'),
  ];
  return ({ action, type, amount, role }) => {
    for (const { row, outcome } of sorted) {
      if (row.action === action && row.type === type && amount >= row.amount && row.roles.includes(role))
        return outcome;
    }
    return NOTHING;
  };
}

/** Two maps, then the one rule. */
export function w2Indexed(rules: readonly W2Rule[]): (request: W2Request) => HandOutcome {
  const index = new Map<string, Map<string, HandRule>>();
  for (const rule of handRules(rules)) {
    const types = index.get(rule.row.action) ?? new Map<string, HandRule>();
    index.set(rule.row.action, types.set(rule.row.type, rule));
  }
  return ({ action, type, amount, role }) => {
    const rule = index.get(action)?.get(type);
    return rule !== undefined && amount >= rule.row.amount && rule.row.roles.includes(role)
      ? rule.outcome
      : NOTHING;
  };
}
