import type { AlertRule } from './alert-rule.js';

const selectors: Readonly<Record<string, string>> = {
  $gateway: 'namespace="@namespace@",job="@gateway@"',
  $chat: 'namespace="@namespace@",job="@chat@"',
  $kubernetes: 'namespace="@namespace@"',
};

/**
 * Rules as Prometheus reads them, in one group: evaluated in this order, so what others leave to comes first. Who uses them puts names
 * in place of `@namespace@`, `@gateway@` and `@chat@` (jobs of the series), `@cronjobs@` (pattern of names of CronJobs) and `@runbooks@`
 * (where docs/runbooks lies); none of them needs escaping in JSON. Durations are literals: `[5m]`, `for: 2m`. Pure.
 */
export function rulesOf(rules: readonly AlertRule[]): object {
  return {
    groups: [
      {
        name: 'parlance',
        rules: rules.map(({ alert, severity, summary, description, pending, ...rule }) => ({
          alert,
          for: pending,
          labels: { severity },
          annotations: { summary, description, runbook_url: `@runbooks@/${alert}.md` },
          expr: expressionOf(rule).replaceAll(/\$(?:gateway|chat|kubernetes)\b/g, (name) => selectors[name] ?? name),
        })),
      },
    ],
  };
}

/** Only what fires silences others: what comes and goes too quickly for an alert of its own hides nothing. */
function expressionOf({ expr, leavesTo }: Pick<AlertRule, 'expr' | 'leavesTo'>): string {
  if (!leavesTo) return expr;
  const firing = `ALERTS{$kubernetes,alertname=~"${leavesTo.alerts.join('|')}",alertstate="firing"}[${leavesTo.for}]`;
  return `(\n${expr}\n)\nunless on (namespace) max_over_time(${firing})`;
}
