import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger/create-logger.js';
import { startSpan } from '../src/tracing/span.js';
import { startTracing } from '../src/tracing/start-tracing.js';
import { newTraceparent } from '../src/tracing/traceparent.js';

describe('startTracing', () => {
  it('does nothing without an endpoint', async () => {
    const tracing = await startTracing({
      serviceName: 'example',
      endpoint: undefined,
      sampleRatio: 1,
      random: Math.random,
    });
    expect(tracing.enabled).toBe(false);
    await tracing.shutdown();
  });

  it('sends spans to the endpoint, the last of them at shutdown, and logs inside a span carry its ids', async () => {
    const received: { path: string | undefined; body: string }[] = [];
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url, body: Buffer.concat(chunks).toString('latin1') });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;

    const tracing = await startTracing({
      serviceName: 'example-service',
      endpoint: `http://127.0.0.1:${port}`,
      sampleRatio: 1,
      random: Math.random,
    });
    const lines: string[] = [];
    const logger = createLogger({ name: 'example', destination: { write: (line) => void lines.push(line) } });
    const spanContext = trace.getTracer('test').startActiveSpan('example-span', (span) => {
      logger.info('inside');
      span.end();
      return span.spanContext();
    });
    expect(startSpan('left-out', 'server')).toBeDefined();
    startSpan('own-span', 'consumer', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')?.end();
    await tracing.shutdown();
    expect(startSpan('late', 'server')).toBeUndefined();
    collector.close();

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ traceId: spanContext.traceId, spanId: spanContext.spanId });
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(received[0]?.body).toContain('example-span');
    expect(received[0]?.body).toContain('example-service');
    expect(received[0]?.body).toContain('own-span');
    expect(received[0]?.body).not.toContain('left-out');
  });

  it('records of new traces the share that it is told, and what comes recorded whatever the share', async () => {
    trace.disable(); // The first test's.
    const tracing = await startTracing({
      serviceName: 'example',
      endpoint: 'http://127.0.0.1:9',
      sampleRatio: 0.25,
      random: Math.random,
    });
    const roots = Array.from({ length: 2_000 }, () => startSpan('root', 'server')).filter((span) => span !== undefined);
    expect(roots.length).toBeGreaterThan(350);
    expect(roots.length).toBeLessThan(650);
    expect(startSpan('below', 'server', roots[0]?.traceparent)).toBeDefined();
    expect(startSpan('below', 'server', newTraceparent())).toBeUndefined();
    await tracing.shutdown();
  });
});
