import { trace } from '@opentelemetry/api';
import { makeSpansWith } from './span.js';

/**
 * Starts exporting OpenTelemetry traces when there is an endpoint, and does nothing otherwise: the SDK, which takes
 * a while to load, is imported only then. Call it before the first request; spans come from `startSpan`.
 * Other `OTEL_*` variables (headers, protocol, limits) keep the meaning that OpenTelemetry gives them; `OTEL_TRACES_SAMPLER` is
 * not read, since which new traces are recorded is decided before the SDK is asked. Metrics and logs are not exported this way: they have their own outlets.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { serviceName, endpoint, sampleRatio, random } = options;
  if (endpoint === undefined) return { enabled: false, shutdown: async () => {} };
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  };
  // oxlint-disable-next-line node/no-process-env -- the SDK takes its exporter's address from there only
  Object.assign(process.env, settings);
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({ serviceName, metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  makeSpansWith(trace.getTracer('parlance'), () => random() < sampleRatio);
  return {
    enabled: true,
    shutdown: async () => {
      makeSpansWith(undefined);
      await sdk.shutdown();
    },
  };
}

/** What to trace and where to send it. */
export interface TracingOptions {
  /** `service.name` of every span. */
  readonly serviceName: string;
  /** Base URL of an OTLP collector over HTTP; tracing is off when undefined. */
  readonly endpoint: string | undefined;
  /** Share of new traces that are recorded, 0 to 1; what comes with a parent is recorded if that is. */
  readonly sampleRatio: number;
  /** Draws which, as `Math.random` does. */
  readonly random: () => number;
}

/** Running tracing, or the absence of it. */
export interface Tracing {
  readonly enabled: boolean;
  /** Sends what is buffered and stops. Rejects when the collector cannot be reached. */
  shutdown(): Promise<void>;
}
