import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { applyEdits, type Sabotage } from '../../src/sabotage/sabotage.js';
import { type SabotageName, sabotages } from '../../src/sabotage/sabotages.js';

const services = new URL('../../../', import.meta.url).pathname;

it.each(Object.keys(sabotages) as SabotageName[])('the sabotage "%s" fits the compiled services', (name) => {
  const { edits }: Sabotage = sabotages[name];
  for (const { file } of edits) {
    const [path, ...others] = globSync(`{.,libs,..}/${file}`, { cwd: services });
    expect(others).toEqual([]);
    const source = readFileSync(`${services}${path ?? file}`, 'utf8');
    expect(applyEdits(edits, `file:///${file}`, source)).not.toBe(source);
  }
});
