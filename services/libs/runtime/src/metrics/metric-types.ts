/**
 * The labels of a metric with the values that each may have, or every combination that can be. There is no other way to declare a
 * label: so all series are known, and are 0 from the start.
 */
export type LabelSpec = Readonly<Record<string, readonly string[]>> | readonly LabelSet[];

/** One value for each label. */
export type LabelSet = Readonly<Record<string, string>>;

/** What a series of a metric is told by. */
export type LabelsOf<Spec> = Spec extends readonly (infer Each)[]
  ? Each
  : { readonly [Label in keyof Spec]: Spec[Label] extends readonly (infer Value)[] ? Value : never };

/** One declared metric. */
export interface MetricSpec<Spec> {
  /** Full name with its unit at the end: `<prefix>_<part>_<what>_<unit>`; counters end in `_total`. */
  readonly name: string;
  /** Shown as `# HELP`. */
  readonly doc: string;
  /** Few, each of few values. Default none. */
  readonly labels?: Spec;
}

/** What only rises. */
export interface Counter<Spec = undefined> {
  /** Adds 1, or as many as are given. */
  inc(...given: Given<Spec, [by?: number]>): void;
  /** One series, for what counts often: labels are looked up once, and counting is an addition. */
  of(labels: LabelsOf<Spec>): CounterSeries;
  get(): Promise<Values<Spec>>;
}

/** One series of a counter. */
export interface CounterSeries {
  /** Adds 1, or as many as are given. */
  inc(by?: number): void;
}

/** What rises and falls. */
export interface Gauge<Spec = undefined> {
  set(...given: Given<Spec, [value: number]>): void;
  /**
   * From now on each scrape asks for the value, of every series; until then it is 0. A series whose value is undefined is left out
   * of the scrape.
   */
  readBy(read: (labels: LabelsOf<Spec>) => number | undefined): void;
  get(): Promise<Values<Spec>>;
}

/** How often what was observed was at most so large. */
export interface Histogram<Spec = undefined> {
  observe(...given: Given<Spec, [value: number]>): void;
  /** One series, for what is observed often: labels are looked up once. */
  of(labels: LabelsOf<Spec>): HistogramSeries;
  get(): Promise<Values<Spec>>;
}

/** One series of a histogram. */
export interface HistogramSeries {
  observe(value: number): void;
}

/** All series of a metric as they are now. */
export interface Values<Spec> {
  readonly values: readonly { readonly labels: Partial<LabelsOf<Spec>>; readonly value: number }[];
}

type Given<Spec, Rest extends readonly unknown[]> = [Spec] extends [undefined]
  ? Rest
  : [labels: LabelsOf<Spec>, ...rest: Rest];
