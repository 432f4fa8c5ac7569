import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 15_000,
    // Two cores are the reference machine; more forks only fight over them.
    maxWorkers: 2,
  },
});
