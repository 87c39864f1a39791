import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarios } from '@parlance/loadtest/catalogue';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { repository } from '../../k8s.config.js';
import { scriptsConfigMap } from '../../loadtest/scripts-config-map.js';
import { objectFaults } from '../object-faults.js';

const testRun = load(readFileSync(join(repository, 'k8s/loadtest/testrun.yaml'), 'utf8')) as TestRun;
const scripts = await scriptsConfigMap();
const program = join(repository, 'loadtest/dist/run.js');
const k6 = spawnSync(process.execPath, [program, '--which'], { encoding: 'utf8' }).stdout.trim();
if (k6 === '') process.stdout.write('NOT TESTED: the scripts of the load tests in one file. There is no k6\n');

describe('the load test for k6-operator', () => {
  it('is a TestRun as the operator knows it, and its ConfigMap fits into Kubernetes', () => {
    expect(objectFaults(testRun)).toEqual([]);
    expect(objectFaults(scripts)).toEqual([]);
    expect(JSON.stringify(scripts).length).toBeLessThan(1_000_000);
  });

  it('runs a script that the ConfigMap has', () => {
    const { name, file } = testRun.spec.script.configMap;
    expect(name).toBe(scripts.metadata.name);
    expect(Object.keys(scripts.data)).toContain(file);
  });

  it('sets only variables that its scenario reads', () => {
    const scenario = testRun.spec.script.configMap.file.replace('.js', '');
    const { stdout } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    const ofScenario = stdout.split(/\n {2}(?=\S)/).find((block) => block.startsWith(`${scenario}: `));
    const ofAll = stdout.slice(stdout.indexOf('Environment of all'));
    for (const { name } of testRun.spec.runner.env)
      expect(`${ofScenario}${ofAll}`).toMatch(new RegExp(`^ +${name} `, 'm'));
  });

  it('has as many pods as can share its rooms', () => {
    const rooms = Number(testRun.spec.runner.env.find(({ name }) => name === 'ROOMS')?.value);
    expect(testRun.spec.parallelism).toBeLessThanOrEqual(rooms);
  });
});

it.skipIf(k6 === '').each(Object.keys(scenarios))('%s is the same to k6 as one file and as many', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'loadtest-script-'));
  const bundle = join(folder, `${name}.js`);
  writeFileSync(bundle, scripts.data[`${name}.js`] ?? '');
  const inspect = (file: string): unknown => JSON.parse(spawnSync(k6, ['inspect', file], { encoding: 'utf8' }).stdout);
  expect(inspect(bundle)).toEqual(inspect(join(repository, 'loadtest/scenarios', `${name}.ts`)));
  rmSync(folder, { recursive: true });
});

interface TestRun {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly parallelism: number;
    readonly script: { readonly configMap: { readonly name: string; readonly file: string } };
    readonly runner: { readonly env: readonly { readonly name: string; readonly value?: string }[] };
  };
}
