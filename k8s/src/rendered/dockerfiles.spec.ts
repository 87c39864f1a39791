import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { productImages } from '../install/test-cluster.js';
import { repository } from '../k8s.config.js';

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
    expect(text.slice(text.indexOf('FROM ${RUN_IMAGE}')), file).not.toMatch(/^RUN /m);
  }
});

it('skaffold.yaml builds the same images from files that exist, and its charts and values exist', () => {
  const skaffold = load(read('skaffold.yaml')) as Skaffold;
  const artifacts = skaffold.build.artifacts;
  expect(artifacts.map(({ image }) => image).toSorted()).toEqual(
    Object.keys(productImages)
      .map((name) => `parlance-${name}`)
      .toSorted(),
  );
  for (const { image, context, docker } of artifacts) {
    expect(existsSync(join(repository, context)), image).toBe(true);
    expect(docker.dockerfile).toBe(productImages[image.replace('parlance-', '')]);
  }
  const releases = [skaffold, ...skaffold.profiles].flatMap(({ deploy }) => deploy?.helm?.releases ?? []);
  expect(releases.length).toBeGreaterThan(1);
  const chartText = read('charts/parlance/values.yaml');
  for (const { chartPath, valuesFiles, setValueTemplates = {} } of releases) {
    expect(existsSync(join(repository, chartPath, 'Chart.yaml')), chartPath).toBe(true);
    for (const file of valuesFiles) expect(existsSync(join(repository, file)), file).toBe(true);
    for (const path of Object.keys(setValueTemplates)) {
      const [top = ''] = path.split('.');
      expect(chartText, path).toMatch(new RegExp(`^${top}:`, 'm'));
    }
  }
});

interface Skaffold {
  readonly build: {
    readonly artifacts: readonly {
      readonly image: string;
      readonly context: string;
      readonly docker: { readonly dockerfile: string };
    }[];
  };
  readonly deploy?: Deploy;
  readonly profiles: readonly { readonly deploy?: Deploy }[];
}

interface Deploy {
  readonly helm?: {
    readonly releases: readonly {
      readonly chartPath: string;
      readonly valuesFiles: readonly string[];
      readonly setValueTemplates?: Readonly<Record<string, string>>;
    }[];
  };
}
