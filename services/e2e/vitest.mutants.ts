import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');
const source = (workspace: string): string => join(root, workspace, 'src/index.ts');

/** For `make test-mutants`: the tests of one module, on sources in place of built files, so that mutants are met everywhere. */
export default defineConfig({
  test: {
    root,
    include: (process.env['MUTANT_TESTS'] ?? '').split(' '),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
  resolve: {
    alias: {
      // Before the packages themselves, which would take their beginning.
      '@parlance/proto/operations': join(root, 'proto/src/operations/index.ts'),
      '@parlance/runtime/beat': join(root, 'services/libs/runtime/src/waiting/every-beat.ts'),
      '@parlance/proto': source('proto'),
      '@parlance/runtime': source('services/libs/runtime'),
      '@parlance/storage': source('services/libs/storage'),
    },
  },
});
