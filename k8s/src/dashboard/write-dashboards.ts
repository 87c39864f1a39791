import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { dashboardOf } from './dashboard-of.js';
import { overviewPanels } from './overview-panels.js';

/** Writes the dashboards that the chart hands to Grafana. */
const overview = dashboardOf('parlance-overview', 'Parlance', overviewPanels);
writeFileSync(
  join(repository, 'charts/parlance/files/overview-dashboard.json'),
  `${JSON.stringify(overview, undefined, 2)}\n`,
);
