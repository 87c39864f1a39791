import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { productImages } from '../install/cluster/test-cluster.js';
import { repository } from '../k8s.config.js';
import { publishedPackages } from '../packages/published-packages.js';
import { productCharts } from './product-files.js';

const text = readFileSync(join(repository, '.github/workflows/release.yml'), 'utf8');
const workflow = load(text) as Workflow;
const jobs = Object.entries(workflow.jobs);
const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));

it('begins with a tag of a version and nothing else, and says that it was not run', () => {
  expect(Object.keys(workflow.on)).toEqual(['push']);
  expect(Object.keys(workflow.on.push)).toEqual(['tags']);
  expect(text.split('\n')[0]).toContain('NOT RUN ANYWHERE YET');
});

it('takes every action by a commit, with its version beside it, and each always by the same one', () => {
  const uses = text.split('\n').filter((line) => /^\s*-? ?uses:/.test(line));
  expect(uses.length).toBeGreaterThan(10);
  for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const pins = [...new Set(uses.map((line) => line.replace(/^.*uses: /, '')))];
  const actions = pins.map((pin) => pin.split('@')[0]);
  expect(actions).toEqual([...new Set(actions)]);
});

it('gives each job the rights that it needs and no others', () => {
  expect(workflow.permissions).toEqual({});
  expect(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]))).toEqual({
    check: { contents: 'read' },
    approve: {},
    'build-images': { contents: 'read', packages: 'write' },
    images: { packages: 'write', 'id-token': 'write' },
    charts: { contents: 'read', packages: 'write', 'id-token': 'write' },
    pack: { contents: 'read' },
    packages: { 'id-token': 'write' },
    sums: { 'id-token': 'write' },
    release: { contents: 'write' },
  });
  // A checkout leaves no token behind, and a job that packs runs no program with rights to push.
  for (const [name, { steps }] of jobs) {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      expect(step.with?.['persist-credentials'], name).toBe(false);
    }
  }
});

it('lets nothing out before the checks have passed and a person has said yes', () => {
  const before = (name: string): readonly string[] =>
    [workflow.jobs[name]?.needs ?? []].flat().flatMap((each) => [each, ...before(each)]);
  expect(workflow.jobs['approve']?.environment).toBe('release');
  for (const [name, { needs = [] }] of jobs) {
    for (const each of [needs].flat()) expect(Object.keys(workflow.jobs), name).toContain(each);
  }
  const writing = jobs.filter(([, { permissions }]) => Object.values(permissions).includes('write'));
  for (const [name] of writing) expect(before(name), name).toEqual(expect.arrayContaining(['check', 'approve']));
  expect(new Set(before('release'))).toEqual(new Set(Object.keys(workflow.jobs).filter((name) => name !== 'release')));
});

it('ends every job by itself, and puts nothing of the event into a script', () => {
  for (const [name, job] of jobs) {
    expect(job['timeout-minutes'], name).toBeGreaterThan(0);
    expect(JSON.stringify(job['runs-on']), name).not.toContain('latest');
  }
  for (const script of scripts) expect(script).not.toContain('${{');
  expect(workflow.defaults.run.shell).toBe('bash');
});

it('builds the images that there are, for both machines, under the name that the charts look for', () => {
  const { image = [], machine = [] } = workflow.jobs['build-images']?.strategy?.matrix ?? {};
  expect(Object.fromEntries(image.map(({ name, dockerfile }) => [name, dockerfile]))).toEqual(productImages);
  for (const { dockerfile } of image) expect(existsSync(join(repository, dockerfile)), dockerfile).toBe(true);
  expect(machine.map(({ arch }) => arch)).toEqual(['amd64', 'arm64']);
  expect(workflow.jobs['images']?.strategy?.matrix.name).toEqual(image.map(({ name }) => name));
  for (const chart of productCharts) {
    const values = load(readFileSync(join(repository, 'charts', chart, 'values.yaml'), 'utf8')) as Values;
    expect(values.global.imageRegistry, chart).toBe(workflow.env['IMAGES']);
  }
});

it('packs all charts, packs the packages as `make pack` does, and publishes just these', () => {
  const looped = scripts.flatMap((script) =>
    [...script.matchAll(/for \w+ in ([\w ./-]+); do/g)].map(([, list]) => list),
  );
  expect(looped).toContain(productCharts.join(' '));
  expect(scripts.filter((script) => script.includes('make pack'))).toEqual([
    'make pack ARGS="--address $GITHUB_SERVER_URL/$GITHUB_REPOSITORY"',
  ]);
  const charts = readdirSync(join(repository, 'charts')).filter((name) =>
    existsSync(join(repository, 'charts', name, 'Chart.yaml')),
  );
  expect(charts.toSorted()).toEqual([...productCharts]);
  const names = publishedPackages.map(({ workspace }) => {
    const manifest = JSON.parse(readFileSync(join(repository, workspace, 'package.json'), 'utf8')) as Manifest;
    // Only the manifest of the tarball is without it, so nobody publishes a workspace by mistake.
    expect(manifest.private, workspace).toBe(true);
    return manifest.name.replace('@parlance/', '');
  });
  expect(looped).toContain(names.join(' '));
});

it('runs only programs of this repository that there are', () => {
  const programs = scripts.flatMap((script) => [...script.matchAll(/node (\S+)\.js/g)].map(([, path = '']) => path));
  expect(programs.length).toBeGreaterThan(0);
  for (const program of programs) {
    expect(existsSync(join(repository, `${program.replace('/dist/', '/src/')}.ts`)), program).toBe(true);
  }
  expect(scripts).toContain('bash .ci/run');
});

interface Workflow {
  readonly on: { readonly push: { readonly tags: readonly string[] } };
  readonly permissions: object;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly strategy?: {
    readonly matrix: {
      readonly image?: readonly { readonly name: string; readonly dockerfile: string }[];
      readonly machine?: readonly { readonly arch: string }[];
      readonly name?: readonly string[];
    };
  };
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

interface Values {
  readonly global: { readonly imageRegistry: string };
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}
