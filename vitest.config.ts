import { defineConfig } from 'vitest/config';
import { LongestFirst } from './vitest.longest-first.ts';

/** Minutes of faults under load; `make test` leaves them to `make test-slice`. */
const faultTests = ['services/e2e/test/faults/*.e2e-spec.ts'];

/** Long enough for a machine that gives the tests a fraction of a core; no test is about them. */
const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } };

/** Three projects: what runs in memory and what starts real servers, beside each other; and faults under load, one by one. */
export default defineConfig({
  test: {
    globalSetup: ['./vitest.real-servers.ts'],
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: process.env['TEST_REPORT'] } } : {}),
    maxWorkers: 6,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'memory',
          include: ['{proto,services,jobs,devstack,clients,loadtest,k8s}/**/src*/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          ...patience,
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'servers',
          include: [
            '{services,jobs,devstack,clients,loadtest}/**/test/**/*.int-spec.ts',
            'services/e2e/**/*.e2e-spec.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', ...faultTests],
          ...patience,
          setupFiles: ['./vitest.compiled-programs.ts'],
          isolate: false,
        },
      },
      {
        test: {
          name: 'faults',
          include: faultTests,
          fileParallelism: false,
          ...patience,
          setupFiles: ['./vitest.compiled-programs.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
