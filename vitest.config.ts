import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The second says which suites were skipped, and for want of what.
    reporters: ['default', './test/support/skipped-reporter.ts'],
    include: ['test/**/*.test.ts'],
    // They have a run of their own: `npm run test:browser`.
    exclude: ['test/browser/**'],
    testTimeout: 15_000,
    // Compiles the program once, for the tests that run it as a process of its own.
    globalSetup: ['test/support/build.ts'],
    // Two cores are the reference machine; the third waits for servers and clocks meanwhile.
    maxWorkers: 3,
    // Nothing is global here, so files need not load everything anew: a quarter of the time.
    isolate: false,
    // The built program is run as it is.
    server: { deps: { external: [/\/dist\//] } },
  },
});
