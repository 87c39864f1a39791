/** When somebody is told. Its page is `docs/runbooks/<alert>.md`. */
export interface AlertRule {
  /** Begins with `Parlance`. Two rules may share it: they have another severity, and one page. */
  readonly alert: string;
  /** `critical` wakes somebody, `warning` waits for the morning. */
  readonly severity: 'critical' | 'warning';
  /** One line, with `{{ $labels.pod }}` and `{{ $value }}` as Prometheus' templates have them. */
  readonly summary: string;
  /** What it means for people. */
  readonly description: string;
  /** How long it has to be so before anybody is told, such as `2m`. */
  readonly pending: string;
  /** PromQL that knows `$gateway` and `$chat`, the selectors of the two services' series, and `$kubernetes`, of those of the namespace. */
  readonly expr: string;
  /** What it may be a consequence of: it is silent while one of these fires, and so long afterwards. */
  readonly leavesTo?: { readonly alerts: readonly string[]; readonly for: string };
}
