/** A panel: what it shows, of which queries. Queries know `$gateway` and `$chat`, the selectors of the two services' series. */
export interface Panel {
  readonly title: string;
  /** What to think of it, for people. */
  readonly doc: string;
  /** Of Grafana: `short`, `s`, `reqps`, `bytes`, `percentunit`. */
  readonly unit: string;
  /** PromQL by the legend of its lines; at most six. */
  readonly queries: Readonly<Record<string, string>>;
}

/** A dashboard: rows of panels by their headlines. */
export interface Board {
  /** Ends the name of its file, `<name>-dashboard.json`, and its uid, `parlance-<name>`. */
  readonly name: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
}
