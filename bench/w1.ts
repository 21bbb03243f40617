// Workload W1: one small policy with every usual kind of test, in the policy language (w1.policy) and by hand.

import { random } from './random.ts';

export interface W1Request {
  readonly id: string;
  readonly action: string;
  readonly command: string;
  readonly tool: string;
  readonly amount: number;
  readonly calls: number;
  readonly actor: { readonly name: string; readonly role: string; readonly trust: number };
  readonly resource: { readonly env: string; readonly path: string };
}

const KEYS = [
  'id',
  'action',
  'command',
  'tool',
  'amount',
  'calls',
  'actor',
  'resource',
  'name',
  'role',
  'trust',
  'env',
  'path',
];
const KEY = new RegExp(`(?<![\\w-])(${KEYS.join('|')})(?![\\w-])`, 'g');

/** The text with key names of its own: what several bundles in one process read has nothing in common. Copy 0 is the text itself. */
export function renamed(text: string, copy: number): string {
  return copy === 0 ? text : text.replace(KEY, `$1_${copy}`);
}

const COMMANDS = [
  'git status',
  'ls -la /srv/app',
  'cat README.md',
  'npm test',
  'npm run build -- --watch=false',
  'git commit -am "fix the parser"',
  'grep -rn "deprecated" src',
  'docker compose up -d',
  'kubectl get pods -n web',
  'python3 scripts/report.py --month 2027-03',
];
const RARE_COMMANDS = [
  'rm -rf /srv/app/tmp',
  'cd /tmp && rm -rf build',
  'sudo systemctl restart web',
  'sudo -u postgres psql',
];
const ACTIONS = [
  'file.read',
  'file.read',
  'file.write',
  'file.delete',
  'service.status',
  'service.restart',
  'payment.execute',
  'payment.refund',
];
const PATHS = [
  '/srv/app/src/index.ts',
  '/srv/web/public/style.css',
  '/home/mona/notes.txt',
  '/var/log/app.log',
  '/etc/hosts',
];

/** The same requests on every run, as JSON texts: parsed, they have the shapes and strings of parsed JSON. */
export function w1Texts(count: number): string[] {
  const { below, pick } = random(20_270_401);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const action = pick(ACTIONS);
    const request: W1Request = {
      id: `req-${100000 + i}`,
      action,
      command: below(10) === 0 ? pick(RARE_COMMANDS) : pick(COMMANDS),
      tool: action.startsWith('payment.') ? 'wallet' : pick(['editor', 'shell', 'browser']),
      amount: action.startsWith('payment.') ? below(30) * below(50_000) : 0,
      calls: below(180),
      actor: {
        name: `agent-${below(50)}`,
        role: pick(['agent', 'agent', 'developer', 'release', 'sre', 'auditor']),
        trust: 10 + below(90),
      },
      resource: { env: pick(['dev', 'dev', 'staging', 'production']), path: pick(PATHS) },
    };
    texts.push(JSON.stringify(request));
  }
  return texts;
}

interface HandOutcome {
  readonly effect: string;
  readonly rule: string | null;
  readonly reason: string;
}

function outcome(effect: string, rule: string): HandOutcome {
  return Object.freeze({ effect, rule, reason: rule.toUpperCase() });
}

const DESTRUCTIVE_COMMAND = outcome('deny', 'destructive_command');
const PROTECTED_PATH = outcome('deny', 'protected_path');
const UNTRUSTED_AGENT = outcome('deny', 'untrusted_agent');
const PRODUCTION_CHANGE = outcome('deny', 'production_change');
const EXCESSIVE_PAYMENT = outcome('deny', 'excessive_payment');
const PAYMENT = outcome('require_approval', 'payment');
const STAGING_REMOVAL = outcome('require_approval', 'staging_removal');
const DOUBTFUL_AGENT = outcome('require_approval', 'doubtful_agent');
const MANY_CALLS = outcome('audit', 'many_calls');
const ELEVATED_COMMAND = outcome('audit', 'elevated_command');
const OWN_FILES = outcome('allow', 'own_files');
const READING = outcome('allow', 'reading');
const NOTHING = Object.freeze({ effect: 'deny', rule: null, reason: 'NO_RULE_MATCHED' });

/** What a careful programmer writes for one policy: no validation, the first test that answers, shared results. */
export function w1ByHand(request: W1Request): HandOutcome {
  const { action, command, actor, resource, amount } = request;
  const { role, trust } = actor;
  const { env, path } = resource;
  if (command.includes('rm -rf')) return DESTRUCTIVE_COMMAND;
  if (path.startsWith('/etc/')) return PROTECTED_PATH;
  if (trust < 20) return UNTRUSTED_AGENT;
  if (
    env === 'production' &&
    (action === 'file.write' || action === 'file.delete' || action === 'service.restart') &&
    role !== 'sre' &&
    role !== 'release'
  )
    return PRODUCTION_CHANGE;
  if (action === 'payment.execute' && amount > 1_000_000) return EXCESSIVE_PAYMENT;
  if (amount >= 10_000 && action.startsWith('payment.')) return PAYMENT;
  if (env === 'staging' && action === 'file.delete') return STAGING_REMOVAL;
  if (trust < 40 && role !== 'sre' && role !== 'release' && role !== 'developer') return DOUBTFUL_AGENT;
  if (request.calls > 150) return MANY_CALLS;
  if (command.includes('sudo ')) return ELEVATED_COMMAND;
  const { tool } = request;
  if ((tool === 'editor' || tool === 'shell') && path.startsWith('/srv/')) return OWN_FILES;
  if (tool !== 'wallet' && (action === 'file.read' || action === 'service.status')) return READING;
  return NOTHING;
}
