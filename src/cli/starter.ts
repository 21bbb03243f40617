// What `policyc init` writes. A test compiles it, runs its tests and judges its requests.

const POLICY = `// Which tool calls of an agent may run. Effects are ordered from weakest to strongest.
policy tools version "0.1.0"

request from "./tool-call.schema.json"

effects allow < require_approval(approvers: string) < deny
combining most_restrictive                    // every rule is judged, the strongest effect decides
default deny reason "NO_RULE_MATCHED"         // what no rule allows is denied

let destructive = ["rm -rf", "mkfs", "dd if="]

allow read_anything
  when tool == "read_file"

allow run_in_sandbox
  when tool == "shell" and environment == "sandbox"

deny destructive_command
  when has command and command contains destructive
  severity critical
  message "{tool} must not run a destructive command"
  remediation "Move the files to the trash instead."

require_approval large_payment with approvers: "finance-oncall"
  when tool == "pay" and (amount ?? 0.00) >= 100.00
  severity high

allow small_payment
  when tool == "pay"

test "reading is allowed" {
  request { "tool": "read_file", "environment": "production" }
  expect allow read_anything
}

test "a destructive command is denied, even in the sandbox" {
  request { "tool": "shell", "environment": "sandbox", "command": "rm -rf /" }
  expect deny destructive_command
}

test "the sandbox may run commands" {
  request { "tool": "shell", "environment": "sandbox", "command": "ls" }
  expect allow run_in_sandbox
}

test "a small payment passes" {
  request { "tool": "pay", "environment": "production", "amount": 99.99 }
  expect allow small_payment
}

test "a large payment waits for a person" {
  request from "./large-payment.json"
  expect require_approval large_payment
}

test "nothing allows a command in production" {
  request { "tool": "shell", "environment": "production", "command": "ls" }
  expect deny reason "NO_RULE_MATCHED"
}

test "a misspelt tool is not a request" {
  request { "tool": "read_fil", "environment": "production" }
  expect deny reason "INVALID_REQUEST"
}
`;

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Tool call',
  type: 'object',
  additionalProperties: false,
  required: ['tool', 'environment'],
  properties: {
    tool: { type: 'string', enum: ['read_file', 'write_file', 'shell', 'pay'] },
    environment: { type: 'string', enum: ['sandbox', 'production'] },
    command: { type: 'string', maxLength: 10_000 },
    amount: { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 1_000_000 },
  },
};

const LARGE_PAYMENT = { tool: 'pay', environment: 'production', amount: 2500 };

const REQUESTS = [
  { tool: 'read_file', environment: 'production' },
  { tool: 'shell', environment: 'sandbox', command: 'ls -l' },
  { tool: 'shell', environment: 'sandbox', command: 'rm -rf build' },
  { tool: 'pay', environment: 'production', amount: 12.5 },
  LARGE_PAYMENT,
  { tool: 'shell', environment: 'production', command: 'ls' },
  { tool: 'pay', environment: 'production', amount: '12.50' },
];

/** File name → text. */
export const STARTER: { readonly [name: string]: string } = {
  'tools.policy': POLICY,
  'tool-call.schema.json': `${JSON.stringify(SCHEMA, null, 2)}\n`,
  'large-payment.json': `${JSON.stringify(LARGE_PAYMENT, null, 2)}\n`,
  'requests.jsonl': REQUESTS.map((request) => `${JSON.stringify(request)}\n`).join(''),
};
