/** Series over time, and the alerts of one name that they must give; the release `chat` in the namespace `talk`. */
export interface AlertCase {
  readonly title: string;
  /** Values each minute, as promtool writes them. */
  readonly series: Series;
  readonly alert: string;
  readonly minute: number;
  /** None: it must not fire. */
  readonly fires: readonly Fired[];
}

/** Values each minute, as promtool writes them, by the series. */
export type Series = Readonly<Record<string, string>>;

/** An alert that fires: labels beside `severity` and `namespace`, and the summary. */
export interface Fired {
  readonly severity: 'critical' | 'warning';
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A series of a gateway: `gateway('chat_gateway_streams', 'g1')`. */
export function gateway(metric: string, pod: string, labels: Readonly<Record<string, string>> = {}): string {
  return seriesOf(metric, { namespace: 'talk', job: 'chat-parlance-gateway', pod, ...labels });
}

/** A series of a chat service. */
export function chat(metric: string, pod: string, labels: Readonly<Record<string, string>> = {}): string {
  return seriesOf(metric, { namespace: 'talk', job: 'chat-parlance-chat-service', pod, ...labels });
}

/** An alert that has fired for all of the time. */
export function firing(alertname: string): Series {
  return { [seriesOf('ALERTS', { namespace: 'talk', alertname, alertstate: 'firing' })]: '1x60' };
}

/** A series: `seriesOf('up', { pod: 'g1' })`. */
export function seriesOf(metric: string, labels: Readonly<Record<string, string>>): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${texts.join(',')}}`;
}
