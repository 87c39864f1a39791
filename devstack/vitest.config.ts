import { defineConfig } from 'vitest/config';

/** Specs of pure parts beside their source, and those that start real servers and processes in `test/`. */
export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.int-spec.ts'],
    globalSetup: ['test/build-once.ts'],
    testTimeout: 40_000,
    hookTimeout: 40_000,
    maxWorkers: 2,
  },
});
