import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Where services send their spans; `await using` ends it. */
export interface TraceCollector extends AsyncDisposable {
  /** Environment of a service that sends each span here soon after its end, `ratio` of all traces. */
  env(ratio: number): Record<string, string>;
  /** All that have come, in no order. */
  readonly spans: readonly ReceivedSpan[];
  /** The same as they came: what else is in them. */
  readonly bodies: readonly string[];
  /** Resolves when `check` holds, which is asked again whenever spans have come. */
  until(check: () => boolean): Promise<void>;
}

/** A span as OTLP/JSON tells it. */
export interface ReceivedSpan {
  /** `service.name` of its process. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Ids of the spans that it is linked to. */
  readonly links: readonly string[];
  /** Code of what failed; undefined where nothing did. */
  readonly failure: string | undefined;
  /** `exception.type` of its exceptions. */
  readonly exceptions: readonly string[];
}

/** Starts an OTLP/HTTP receiver on loopback. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const came = new EventEmitter();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body.toString());
      spans.push(...readSpans(JSON.parse(body.toString()) as Export));
      response.setHeader('content-type', 'application/json').end('{}');
      came.emit('spans');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: (ratio) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_TRACES_SAMPLER_ARG: `${ratio}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    }),
    spans,
    bodies,
    until: async (check) => {
      while (!check()) await once(came, 'spans');
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

function readSpans({ resourceSpans }: Export): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        service,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: kinds[span.kind] ?? '',
        attributes: valuesOf(span.attributes),
        links: (span.links ?? []).map(({ spanId }) => spanId),
        failure: span.status.code === 2 ? span.status.message : undefined,
        exceptions: (span.events ?? []).map(({ attributes }) => String(valuesOf(attributes)['exception.type'])),
      }));
  });
}

function valuesOf(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]),
  );
}

/** Of https://github.com/open-telemetry/opentelemetry-proto what is read here. */
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly events?: readonly { readonly attributes: readonly Attribute[] }[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly doubleValue?: number };
}
