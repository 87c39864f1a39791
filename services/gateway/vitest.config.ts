import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.int-spec.ts'],
    testTimeout: 15_000,
    hookTimeout: 20_000,
  },
});
