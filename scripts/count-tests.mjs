// Prints `N passed, N failed`: of the tests in Vitest's JSON report and of the other checks that failed.
// Usage: node scripts/count-tests.mjs REPORT FAILED_CHECKS EXIT_CODE_OF_VITEST. Exit 1 unless something passed and nothing failed.
// A test file that could not be loaded holds no tests that could fail: it counts as one failure, and so does a run that failed
// without a failing test or passed none.

import { readFileSync } from 'node:fs';

/** Counts of a Vitest JSON report (undefined when there is none). */
function countTests(report) {
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

const [file, failedChecks, exitCode] = process.argv.slice(2);
const tests = countTests(readReport(file));
const failed = Number(failedChecks) + Math.max(tests.failed, exitCode === '0' && tests.passed > 0 ? 0 : 1);
console.log(`${tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
