import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../k8s.config.js';
import { findHelm } from '../rendered/find-helm.js';
import { type Rendered, renderChart, renderedRelease } from '../rendered/render-chart.js';
import { commandsOfPage } from './commands-of-page.js';

const page = readFileSync(join(repository, 'docs/operations.md'), 'utf8');
const commands = commandsOfPage(page);
const valuesBlocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const runbooks = globSync('docs/runbooks/*.md', { cwd: repository })
  .map((path) => readFileSync(join(repository, path), 'utf8'))
  .join('\n');
const helm = await findHelm(4);

it('says how many of its commands were run, and how many there are', () => {
  const run = commands.filter(({ isRun }) => isRun).length;
  expect(run).toBeGreaterThan(0);
  expect(/\*\*(\d+ of \d+) were run\.\*\*/.exec(page)?.[1]).toBe(`${run} of ${commands.length}`);
});

it('counts entries and blocks, and takes none that says neither that it was run nor that it was not', () => {
  const block = (first: string): string => `\`\`\`sh\n${first}\nls\n\`\`\`\n`;
  const counted = commandsOfPage(
    `- ✓ \`a\`: long\n  text\n- not run: \`b\`\n\n${block('# not run')}\n${block('# ✓ twice')}`,
  );
  expect(counted.map(({ isRun }) => isRun)).toEqual([true, false, false, true]);
  expect(counted[0]?.text).toBe('- ✓ `a`: long text');
  expect(() => commandsOfPage('- `kubectl get pods`: what runs\n')).toThrow('neither');
  expect(() => commandsOfPage(block('# as root'))).toThrow('neither');
  expect(commandsOfPage('- what: a\n')).toEqual([]);
});

describe.skipIf(helm === undefined)('its values, for it and for the runbooks', () => {
  const chart = join(repository, 'charts/parlance');
  let folder: string;
  let values: string;
  let objects: readonly Rendered[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-values-'));
    values = join(folder, 'my-values.yaml');
    await writeFile(values, String(valuesBlocks[0]));
    objects = await renderChart(String(helm), { name: 'operations', chart, values });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are right, and so are they with what stops everything that writes', async () => {
    const blocks = commands.filter(({ text }) => text.includes('jobs.suspended='));
    const settingsOf = (text: string): readonly string[] =>
      [...text.matchAll(/--set(?:-json)? '?([^\s']+)/g)].map(([, each = '']) => each);
    const [settings = [], ...others] = blocks.map(({ text }) => settingsOf(text));
    expect(settings).toHaveLength(3);
    // A restore and a new cluster begin alike.
    expect(others).toEqual([settings]);
    const more = settings.flatMap((each) => [each.includes('[') ? '--set-json' : '--set', each]);
    const stopped = await renderChart(String(helm), { name: 'stopped', chart, values }, more);
    const [chatService] = stopped.filter(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'chat-parlance-chat-service',
    );
    expect((chatService?.spec as { readonly replicas?: number } | undefined)?.replicas).toBe(0);
    const running = stopped.filter(
      ({ kind, spec }) => kind === 'CronJob' && !(spec as { readonly suspend?: boolean }).suspend,
    );
    expect(running.map(({ metadata }) => metadata.name)).toEqual(['chat-redis-heal']);
  });

  it.each(valuesBlocks.slice(1))('are right with what else it tells to add: %s', async (text) => {
    const more = join(folder, 'more.yaml');
    await writeFile(more, text);
    const added = await renderChart(String(helm), { name: 'more', chart, values }, ['--values', more]);
    expect(added).not.toEqual(objects);
  });

  it('make what its commands name', () => {
    expect(renderedRelease.name).toBe('chat');
    const there = new Set(objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`));
    const text = [...commands.map((each) => each.text), runbooks].join('\n');
    const named = [...text.matchAll(/\b(deployment|cronjob|service|statefulset)[/ ](chat-[a-z\d-]+)/g)];
    expect(named.length).toBeGreaterThan(15);
    for (const [, kind, name] of named.filter(([whole]) => !whole.endsWith('-'))) {
      expect(there, `${kind}/${name}`).toContain(`${kind}/${name}`);
    }
  });

  it('make the members that its commands name', () => {
    const sets = objects.filter(({ kind }) => kind === 'StatefulSet');
    const members = sets.flatMap(({ metadata, spec }) =>
      Array.from({ length: Number((spec as { readonly replicas?: number } | undefined)?.replicas) }, (_, index) => [
        `pod ${metadata.name}-${index}`,
        `pvc data-${metadata.name}-${index}`,
      ]).flat(),
    );
    const text = [...commands.map((each) => each.text), runbooks].join('\n');
    const named = [...text.matchAll(/\b(pod|pvc) ((?:data-)?chat-[a-z\d-]+\d)(?![-\w])/g)].map(
      ([, kind, name]) => `${kind} ${name}`,
    );
    expect(named.length).toBeGreaterThan(4);
    for (const each of named) expect(members).toContain(each);
  });

  it('are selected by the labels that its commands name', () => {
    const labels = objects.map(({ metadata, spec }) => ({
      ...metadata.labels,
      ...(spec as { readonly template?: { readonly metadata?: { readonly labels?: object } } } | undefined)?.template
        ?.metadata?.labels,
    })) as readonly Readonly<Record<string, string>>[];
    const selectors = new Set(
      [...`${page}${runbooks}`.matchAll(/--selector\s+([\w./=,-]+)/g)].map(([, selector = '']) => selector),
    );
    expect(selectors.size).toBeGreaterThan(3);
    for (const selector of selectors) {
      const wanted = selector.split(',').map((each) => each.split('=') as [string, string]);
      expect(
        labels.some((each) => wanted.every(([name, value]) => each[name] === value)),
        selector,
      ).toBe(true);
    }
  });
});
