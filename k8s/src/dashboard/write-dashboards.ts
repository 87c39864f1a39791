import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { boards } from './boards.js';
import { dashboardOf } from './dashboard-of.js';

/** Writes the dashboards that the chart hands to Grafana. */
for (const board of boards) {
  const path = join(repository, `charts/parlance/files/${board.name}-dashboard.json`);
  writeFileSync(path, `${JSON.stringify(dashboardOf(board), undefined, 2)}\n`);
}
