import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { repository } from '../k8s.config.js';
import { chartSchemas } from './chart-schemas.js';
import type { JsonSchema } from './config-schema.js';
import { valuesSchema } from './values-schema.js';

/** Writes values.schema.json of each chart from its values.yaml and the deployables' configuration. */
for (const [chart, exceptions] of Object.entries(chartSchemas)) {
  const folder = join(repository, 'charts', chart);
  const values = load(readFileSync(join(folder, 'values.yaml'), 'utf8')) as object;
  const schema = valuesSchema(values, exceptions) as { readonly properties: Readonly<Record<string, JsonSchema>> };
  // A part is switched on and off by the chart that has it.
  const isPart = chart !== 'parlance';
  const properties = {
    ...schema.properties,
    ...(isPart && { enabled: { type: 'boolean' } }),
    global: { type: 'object' },
  };
  writeFileSync(join(folder, 'values.schema.json'), `${JSON.stringify({ ...schema, properties }, undefined, 2)}\n`);
}
