// P4: errors of files, bundles and requests given at the command line.
import type { Catalog } from './diagnostic.ts';

export const INPUT_CATALOG = {
  P4001: { severity: 'error', message: 'cannot read `{path}`: {reason}' },
  P4002: { severity: 'error', message: 'cannot write `{path}`: {reason}' },
  P4003: {
    severity: 'error',
    message: '`{path}` exists already, nothing was written',
    hint: 'give another folder: policyc init DIR',
  },
  P4004: {
    severity: 'error',
    message: '`{path}` is not a valid bundle: {detail}',
    hint: 'the file is damaged or was not written by policyc: compile the policy again',
  },
  P4005: {
    severity: 'error',
    message: '`{path}` was compiled for another version of the contract: {detail}',
    hint: 'compile the policy again with this version of policyc, or use the version that compiled it',
  },
  P4006: {
    severity: 'error',
    message: '`{path}` is a compiled bundle, but `policyc {command}` reads policy source',
    hint: 'give the .policy file that it was compiled from',
  },
  P4007: {
    severity: 'error',
    message: 'the policy and the input cannot both be read from standard input',
    hint: 'give one of them as a file',
  },
  P4008: { severity: 'error', message: 'test `{title}`: cannot read its request `{path}`: {reason}' },
  P4009: {
    severity: 'error',
    message: 'the evaluators disagree about request {number} of `{path}`',
    hint: 'this is a bug in policyc: please report it with the bundle and the request',
  },
  P4010: {
    severity: 'error',
    message: 'the evaluators disagree about the bundle of `{path}`: {detail}',
    hint: 'this is a bug in policyc: please report it with the bundle',
  },
  P4011: {
    severity: 'error',
    message: 'standard input can be read only once, but {names} name it',
    hint: 'give all but one of them as files',
  },
  P4012: {
    severity: 'error',
    message: '`{path}` is a bundle that is too large to be read back',
    hint: 'give the .policy file that it was compiled from',
  },
  P4013: {
    severity: 'error',
    message: 'request {number} of `{path}` is not JSON',
    hint: 'a trace holds one request per line',
  },
  P4014: {
    severity: 'error',
    message: 'there is no rule `{name}` in `{path}`',
    hint: 'a row of a table is named TABLE.LABEL or TABLE.N; `policyc inspect` lists all rules',
  },
  P4015: { severity: 'error', message: 'there is no rule `{name}` in `{path}`', hint: '{suggestion}' },
  P4016: {
    severity: 'error',
    message: 'there is no effect `{name}` in `{path}`',
    hint: 'its effects are {effects}',
  },
  P4017: {
    severity: 'error',
    message: '`{path}` holds several requests, one is explained at a time',
    hint: 'give a file with one of them',
  },
  P4018: { severity: 'error', message: '`{path}` holds no request' },
  P4019: { severity: 'error', message: 'the request in `{path}` is not JSON' },
  P4020: { severity: 'error', message: 'the request in `{path}` is not an object' },
} satisfies Catalog;
