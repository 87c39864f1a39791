import type { AlertRule } from './alert-rule.js';
import { jobRules } from './job-rules.js';
import { objectiveRules } from './objective-rules.js';
import { partRules } from './part-rules.js';

/** All alerts, causes before what they lead to. */
export const alertRules: readonly AlertRule[] = [...partRules, ...objectiveRules, ...jobRules];
