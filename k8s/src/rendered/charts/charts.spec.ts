import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../install/run-program.js';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { findSchema } from '../find-schema.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';

const read = (name: string): Schemas =>
  JSON.parse(readFileSync(join(repository, 'k8s/schemas', name), 'utf8')) as Schemas;
const kubernetes = read('kubernetes-1.35.json');
/** Of the kinds of others as much as the charts use of them, so that they are checked on any machine. */
const custom = read('custom-resources.json');
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'kubernetes', definitions: kubernetes.definitions });
ajv.addSchema({ $id: 'custom', definitions: custom.definitions });
/** The whole of them, where they lie beside the tools. */
for (const kind of Object.keys(custom.kinds)) {
  const [group = '', version = '', name = ''] = kind.split('/');
  const schema = findSchema(`crd-schemas/${group}/${name.toLowerCase()}_${version}.json`, kind);
  if (schema) ajv.addSchema({ ...schema, $id: `whole ${kind}` });
}

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

  it('renders only what Kubernetes 1.35 and those who extend it know, to the last field', () => {
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
  const kind = `${object.apiVersion}/${object.kind}`;
  const of = (id: string, definition: string | undefined) =>
    definition === undefined ? [] : [ajv.getSchema(`${id}#/definitions/${definition}`)];
  const found = [...of('kubernetes', kubernetes.kinds[kind]), ...of('custom', custom.kinds[kind])];
  if (found.length !== 1) return [`${found.length} schemas of ${kind}`];
  const whole = ajv.getSchema(`whole ${kind}`);
  return [...found, ...(whole ? [whole] : [])].flatMap((validate) => {
    if (!validate) return [`no definition of ${kind}`];
    void validate(object);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}

interface Schemas {
  /** Definitions by `apiVersion/kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, object>>;
}
