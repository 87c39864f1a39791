import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const workspaces = ['services', 'jobs', 'devstack', 'loadtest', 'k8s', 'proto', 'clients'];

it.each([['prom-client', 'services/libs/runtime/src/metrics/create-metrics.ts']])(
  '%s is imported in one file only, types too',
  (library, importer) => {
    const importers = globSync(`{${workspaces.join(',')}}/**/{src,test}/**/*.ts`, {
      cwd: root,
      exclude: (path) => /(?:^|\/)(?:node_modules|dist|dist-bundle)$/.test(path),
    }).filter((file) =>
      new RegExp(`(?:from|import\\(?) *'${library}['/]`).test(readFileSync(join(root, file), 'utf8')),
    );
    expect(importers).toEqual([importer]);
  },
);
