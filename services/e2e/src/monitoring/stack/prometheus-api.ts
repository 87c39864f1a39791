/** What a Prometheus answers. Every call rejects when it does not answer, or refuses the question, with its words. */
export class PrometheusApi {
  constructor(
    /** "http://127.0.0.1:9090". */
    private readonly url: string,
  ) {}

  /** The series of an expression between two times (Unix seconds), a point each `stepSeconds`. */
  async range(expr: string, { from, to, stepSeconds }: TimeSpan): Promise<readonly Series[]> {
    const query = { query: expr, start: String(from), end: String(to), step: String(stepSeconds) };
    const { result } = await this.ask<Matrix>('query_range', query);
    return result.map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([at, value]) => [at, Number(value)] as const),
    }));
  }

  /** Alerts that wait or fire now. */
  async alerts(): Promise<readonly Alert[]> {
    const { alerts } = await this.ask<{ readonly alerts: readonly Alert[] }>('alerts', {});
    return alerts;
  }

  /** How the last scrape of each target went: "up", "down" or "unknown". */
  async targets(): Promise<readonly string[]> {
    const { activeTargets } = await this.ask<Targets>('targets', { state: 'active' });
    return activeTargets.map(({ health }) => health);
  }

  /** Rules that could not be evaluated, with the reason. */
  async brokenRules(): Promise<readonly string[]> {
    const { groups } = await this.ask<Rules>('rules', {});
    const rules = groups.flatMap((group) => group.rules);
    return rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []));
  }

  private async ask<Data>(what: string, query: Readonly<Record<string, string>>): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${what}?${new URLSearchParams(query).toString()}`);
    const answer = (await response.json()) as { readonly data?: Data; readonly error?: string };
    if (answer.data === undefined)
      throw new Error(`Prometheus: ${answer.error ?? response.status} (${query['query']})`);
    return answer.data;
  }
}

/** Unix seconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** One line of a graph. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds and the value, which may be NaN or infinite. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** See {@link PrometheusApi.alerts}. */
export interface Alert {
  /** With `alertname` and those of the rule and its series. */
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

interface Matrix {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [number, string])[];
  }[];
}

interface Targets {
  readonly activeTargets: readonly { readonly health: string }[];
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly lastError?: string }[] }[];
}
