/**
 * Starts exporting OpenTelemetry traces when there is an endpoint, and does nothing otherwise: the SDK, which takes
 * a while to load, is imported only then. Call it before the first request; spans come from `@opentelemetry/api`.
 * Other `OTEL_*` variables (sampler, headers, protocol) keep the meaning that OpenTelemetry gives them.
 * Metrics and logs are not exported this way: they have their own outlets.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { serviceName, endpoint } = options;
  if (endpoint === undefined) return { enabled: false, shutdown: async () => {} };
  // oxlint-disable-next-line node/no-process-env -- the SDK takes the address of its exporter from there only
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = endpoint;
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({ serviceName, metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return { enabled: true, shutdown: () => sdk.shutdown() };
}

/** What to trace and where to send it. */
export interface TracingOptions {
  /** `service.name` of every span. */
  readonly serviceName: string;
  /** Base URL of an OTLP collector over HTTP; tracing is off when undefined. */
  readonly endpoint: string | undefined;
}

/** Running tracing, or the absence of it. */
export interface Tracing {
  readonly enabled: boolean;
  /** Sends what is buffered and stops. Rejects when the collector cannot be reached. */
  shutdown(): Promise<void>;
}
