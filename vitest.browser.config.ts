import { defineConfig } from 'vitest/config';

/** The tests in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/skipped-reporter.ts'],
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 30_000,
    globalSetup: ['test/support/build.ts'],
    maxWorkers: 2,
  },
});
