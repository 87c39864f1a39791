import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../install/run-program.js';
import { repository } from '../k8s.config.js';
import { findHelm } from './find-helm.js';
import { chartCases, type Rendered, renderChart } from './render-chart.js';

interface Schemas {
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, object>>;
}
const [kubernetes, certManager] = ['kubernetes-1.35', 'cert-manager-1'].map(
  (name) => JSON.parse(readFileSync(join(repository, `k8s/schemas/${name}.json`), 'utf8')) as Schemas,
);
const kinds = { ...kubernetes?.kinds, ...certManager?.kinds };
const definitions = { ...kubernetes?.definitions, ...certManager?.definitions };
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'kubernetes', definitions });

const [helm3, helm4] = await Promise.all([findHelm(3), findHelm(4)]);

describe.skipIf(helm4 === undefined).each(chartCases)('$name', (each) => {
  let objects: readonly Rendered[];
  beforeAll(async () => {
    objects = await renderChart(String(helm4), each);
  });

  it('lints without a warning', async () => {
    expect(await runProgram(String(helm4), ['lint', each.chart, '--strict', '--values', each.values])).toContain(
      '0 chart(s) failed',
    );
  });

  it('renders only what Kubernetes 1.35 and cert-manager know, to the last field', () => {
    for (const object of objects) expect(faultsOf(object), `${object.kind} ${object.metadata.name}`).toEqual([]);
  });

  it('names no object twice', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it.skipIf(helm3 === undefined)('is the same with Helm 3', async () => {
    const text = (list: readonly Rendered[]): string[] => list.map((object) => JSON.stringify(object)).toSorted();
    expect(text(await renderChart(String(helm3), each))).toEqual(text(objects));
  });
});

function faultsOf(object: Rendered): readonly string[] {
  const definition = kinds[`${object.apiVersion}/${object.kind}`];
  if (definition === undefined) return [`no schema of ${object.apiVersion} ${object.kind}`];
  const validate = ajv.getSchema(`kubernetes#/definitions/${definition}`);
  if (!validate) return [`no definition ${definition}`];
  void validate(object);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
