import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Command-line tests start child processes, property tests run thousands of cases.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
