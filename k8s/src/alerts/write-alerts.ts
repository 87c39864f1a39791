import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { alertRules } from './alert-rules.js';
import { rulesOf } from './rules-of.js';

/** Writes the rules that the chart hands to Prometheus. */
writeFileSync(
  join(repository, 'charts/parlance/files/alerts.json'),
  `${JSON.stringify(rulesOf(alertRules), undefined, 2)}\n`,
);
