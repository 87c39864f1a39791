import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { productImages } from '../../install/cluster/test-cluster.js';
import { repository } from '../../k8s.config.js';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const files = [...Object.values(productImages), 'devstack/Dockerfile'];

it('every Dockerfile has the same first steps, so that they are built once', () => {
  const [first, ...others] = files.map((file) => {
    const text = read(file);
    return text.slice(text.indexOf('ARG NODE_IMAGE'), text.indexOf('RUN node k8s/dist/images'));
  });
  for (const other of others) expect(other).toBe(first);
});

it('they install all workspaces, in the order of package.json', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { readonly workspaces: readonly string[] };
  const copied = [...read('jobs/Dockerfile').matchAll(/^COPY (\S+)\/package\.json /gm)].map(([, path]) => path);
  expect(copied).toEqual(workspaces);
});

it('an image runs as nobody in particular, in production, without a shell', () => {
  for (const file of files) {
    const text = read(file);
    expect(text, file).toMatch(/\nUSER 65532:65532\n/);
    expect(text, file).toMatch(/\nENV NODE_ENV=production\n/);
    expect(text, file).toMatch(/\nENTRYPOINT \["\/nodejs\/bin\/node", "dist[\w/-]*\.js"\]\n$/);
    expect(text.slice(text.indexOf('FROM ${RUN_IMAGE}')), file).not.toMatch(/^RUN (?!\["\/nodejs\/bin\/node", )/m);
  }
});

it('an image of the product has compiled what its own entry loads, where it looks for it', () => {
  const [first, ...others] = Object.values(productImages).map((file) => {
    const text = read(file);
    const [, entry] = /^ENTRYPOINT \["\/nodejs\/bin\/node", ("[^"]+")\]$/m.exec(text) ?? [];
    const fill = `RUN ["/nodejs/bin/node", "/fill-compile-cache.mjs", "/app/.compile-cache", ${entry}`;
    expect(text, file).toContain(fill);
    expect(text, file).toMatch(/\nENV NODE_COMPILE_CACHE=\/app\/\.compile-cache\n/);
    expect(text.match(/^COPY --from=\S+ \/app /gm), file).toEqual([
      'COPY --from=build /app ',
      'COPY --from=compiled /app ',
    ]);
    // What an image has of its own: its entry, its ports and where it listens.
    return text
      .slice(text.indexOf('# What Node compiles'))
      .replace(/^(RUN .*\.compile-cache").*$/m, '$1')
      .replaceAll(/^(?:EXPOSE|ENTRYPOINT|ENV HOST).*\n/gm, '');
  });
  for (const other of others) expect(other).toBe(first);
});
