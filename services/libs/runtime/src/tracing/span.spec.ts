import { type Span as OpenTelemetrySpan, type SpanOptions, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { activeTraceparent, isTraced, makeSpansWith, runInSpan, startSpan } from './span.js';
import { newTraceparent } from './traceparent.js';

const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What one span was told. */
interface Told {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: string | undefined;
  readonly told: unknown[];
}

/** A tracer that records the calls of its spans; of new traces all or none. */
function recorder(records = true): { readonly spans: Told[]; readonly tracer: Tracer } {
  const spans: Told[] = [];
  const startSpan = (name: string, options: SpanOptions, context: Parameters<typeof trace.getSpanContext>[0]) => {
    const parent = trace.getSpanContext(context);
    const told: unknown[] = [];
    spans.push({ name, options, parent: parent?.spanId, told });
    const note =
      (what: string) =>
      (...given: unknown[]) =>
        void told.push([what, ...given]);
    const traceFlags = records ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return {
      isRecording: () => records,
      spanContext: () => ({ traceId: 'a'.repeat(32), spanId: `${spans.length}`.padStart(16, '0'), traceFlags }),
      setAttribute: note('set'),
      addLink: note('link'),
      addEvent: note('event'),
      setStatus: note('status'),
      updateName: note('name'),
      end: note('end'),
    } as unknown as OpenTelemetrySpan;
  };
  return { spans, tracer: { startSpan } as unknown as Tracer };
}

afterEach(() => makeSpansWith(undefined));

describe('startSpan', () => {
  it('makes none while tracing is off, also of what is traced elsewhere', () => {
    expect([startSpan('a', 'server'), startSpan('a', 'server', sampled), isTraced(sampled)]).toEqual([
      undefined,
      undefined,
      false,
    ]);
    expect(runInSpan(undefined, () => activeTraceparent() ?? 'none')).toBe('none');
  });

  it('makes none below a parent that is not recorded, nor of a trace that the sampler leaves out', () => {
    const { spans, tracer } = recorder(false);
    makeSpansWith(tracer);
    expect([startSpan('a', 'client', newTraceparent()), startSpan('a', 'client', 'nonsense')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(spans).toEqual([]);
    expect(startSpan('a', 'server')).toBeUndefined();
    expect(spans).toHaveLength(1);
    makeSpansWith(tracer, () => false);
    expect(startSpan('a', 'server')).toBeUndefined();
    expect(spans).toHaveLength(1);
  });

  it('goes on with a parent that is recorded, and says so to the next', () => {
    const { spans, tracer } = recorder();
    makeSpansWith(tracer);
    const span = startSpan('a', 'server', sampled);
    expect(spans[0]).toMatchObject({ name: 'a', parent: 'b7ad6b7169203331' });
    expect(span?.traceparent).toBe(`00-${'a'.repeat(32)}-0000000000000001-01`);
    expect(isTraced(span?.traceparent ?? '')).toBe(true);
    span?.link(newTraceparent());
    span?.link('nonsense');
    expect(spans[0]?.told).toHaveLength(1);
  });
});

describe('a span that failed', () => {
  it('tells the class and the code of the cause, and nothing of its message', () => {
    const { spans, tracer } = recorder();
    makeSpansWith(tracer);
    const cause = Object.assign(new TypeError('dup key: { senderId: "ann" }'), { code: 11_000 });
    startSpan('a', 'server')?.answered('STORE_UNAVAILABLE', true, cause);
    const text = JSON.stringify(spans[0]?.told);
    expect(text).toContain('["status",{"code":2,"message":"STORE_UNAVAILABLE"}]');
    expect(text).toContain('{"exception.type":"TypeError","exception.code":"11000"}');
    expect(text).not.toContain('ann');
    startSpan('b', 'server')?.answered('ROOM_NOT_FOUND');
    expect(JSON.stringify(spans[1]?.told)).toBe('[["set","parlance.code","ROOM_NOT_FOUND"],["end"]]');
  });
});
