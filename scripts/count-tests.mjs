// Prints `N passed, N failed` from Vitest's JSON report. Exit 1 unless at least one test passed and none failed.
// A test file that could not be loaded holds no tests that could fail: it counts as one failure.

import { readFileSync } from 'node:fs';

/** Counts of a Vitest JSON report (undefined when there is none). */
export function countTests(report) {
  if (report === undefined) return { passed: 0, failed: 0 };
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const { passed, failed } = countTests(readReport(process.argv[2]));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
