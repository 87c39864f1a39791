import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../install/run-program.js';
import { findHelm } from '../find-helm.js';
import { chartCases, renderChart } from '../render-chart.js';

const helm = await findHelm(4);

it.skipIf(helm === undefined)(
  'a packed chart renders what its folder renders: links in it are packed as what they lead to',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-packed-'));
    try {
      const charts = [...new Set(chartCases.map(({ chart }) => chart))];
      await runProgram(String(helm), ['package', ...charts, '--destination', folder]);
      const packed = await readdir(folder);
      expect(packed).toHaveLength(charts.length);
      for (const chart of charts) {
        const each = chartCases.find((found) => found.chart === chart);
        if (!each) throw new Error(`${chart} has no values`);
        const name = packed.find((file) => file.startsWith(`${chart.split('/').at(-1)}-`));
        const fromPackage = await renderChart(String(helm), { ...each, chart: join(folder, String(name)) });
        expect(fromPackage, chart).toEqual(await renderChart(String(helm), each));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
