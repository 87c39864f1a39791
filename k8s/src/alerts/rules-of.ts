import type { AlertRule } from './alert-rule.js';

const selectors: Readonly<Record<string, string>> = {
  $gateway: 'namespace="@namespace@",job="@gateway@"',
  $chat: 'namespace="@namespace@",job="@chat@"',
  $kubernetes: 'namespace="@namespace@"',
};

/**
 * Groups of alerts as Prometheus reads them. Who uses them puts names in place of `@namespace@`, `@gateway@` and `@chat@` (jobs of the
 * series), `@cronjobs@` (pattern of names of CronJobs) and `@runbooks@` (where docs/runbooks lies); none of them needs escaping in JSON.
 * Durations are literals: `[5m]`, `for: 2m`. Pure.
 */
export function rulesOf(groups: Readonly<Record<string, readonly AlertRule[]>>): object {
  return {
    groups: Object.entries(groups).map(([name, rules]) => ({
      name,
      rules: rules.map(({ alert, severity, summary, description, pending, expr }) => ({
        alert,
        for: pending,
        labels: { severity },
        annotations: { summary, description, runbook_url: `@runbooks@/${alert}.md` },
        expr: expr.replaceAll(/\$(?:gateway|chat|kubernetes)\b/g, (name) => selectors[name] ?? name),
      })),
    })),
  };
}
