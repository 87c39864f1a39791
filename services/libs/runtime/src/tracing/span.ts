import {
  type Context,
  context,
  isSpanContextValid,
  type Span as OpenTelemetrySpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { parseTraceparent } from './traceparent.js';

/** Makes the spans, while there are any. */
let tracer: Tracer | undefined;

/** Whether the next new trace is recorded; asked before the SDK, which takes microseconds to say no. */
let takesNext = (): boolean => true;

/**
 * A step of a request, under way in this process, that is recorded. There is one only where the request's trace is: everybody
 * else holds undefined, and `span?.set(...)` then costs nothing, its arguments included.
 *
 * What is told of it are counts, codes, and names from fixed lists: never content, tokens, addresses, or the id of a user or room.
 */
export class Span {
  /** W3C traceparent of what follows from it. */
  readonly traceparent: string;

  constructor(private readonly span: OpenTelemetrySpan) {
    this.traceparent = toTraceparent(span.spanContext());
  }

  /** Puts another name in place of the one it was started with. */
  rename(name: string): void {
    this.span.updateName(name);
  }

  /** Adds an attribute. */
  set(name: string, value: string | number): void {
    this.span.setAttribute(name, value);
  }

  /** Adds a link to another span, of this trace or of another one. Does nothing for what is no traceparent. */
  link(traceparent: unknown): void {
    const other = toSpanContext(traceparent, false);
    if (other !== undefined) this.span.addLink({ context: other });
  }

  /** As the active one, for {@link runInSpan}. */
  get asContext(): Context {
    return trace.setSpan(ROOT_CONTEXT, this.span);
  }

  /** It went well. */
  end(): void {
    this.span.end();
  }

  /** It was answered with a code from a fixed list: well or by a refusal, or because something failed here, see {@link fail}. */
  answered(code: string, failed = false, cause?: unknown): void {
    this.span.setAttribute('parlance.code', code);
    if (failed) this.fail(code, cause);
    else this.span.end();
  }

  /**
   * It failed, with a code or name from a fixed list. Of the cause it tells the name of its class and its code: a driver's message quotes
   * documents, and OpenTelemetry's own `recordException` takes the code for the type ('11000') and the message along.
   */
  fail(code: string, cause?: unknown): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    this.span.setAttribute('error.type', code);
    if (cause instanceof Error) this.span.addEvent('exception', { 'exception.type': cause.name, ...codeOf(cause) });
    this.span.end();
  }
}

/**
 * Starts a span under the one that a `traceparent` names, if that one is recorded; without a parent one of a new trace, if that is
 * one of those to record. Undefined otherwise, and always while tracing is off, which costs one comparison.
 */
export function startSpan(name: string, kind: keyof typeof kinds, parent?: string): Span | undefined {
  if (tracer === undefined) return undefined;
  if (parent === undefined) {
    return takesNext() ? recorded(tracer.startSpan(name, { kind: kinds[kind], root: true }, ROOT_CONTEXT)) : undefined;
  }
  const above = toSpanContext(parent, kind === 'server' || kind === 'consumer');
  if (above?.traceFlags !== TraceFlags.SAMPLED) return undefined;
  return recorded(tracer.startSpan(name, { kind: kinds[kind] }, trace.setSpanContext(ROOT_CONTEXT, above)));
}

/** True where a span under this `traceparent` would be recorded; false while tracing is off. */
export function isTraced(traceparent: string): boolean {
  return tracer !== undefined && parseTraceparent(traceparent)?.sampled === true;
}

/**
 * Runs `work` so that log lines and the spans of commands in it, and in all it awaits, belong to this span; without one they
 * belong to none, whatever this is called from. While tracing is off it only runs it.
 */
export function runInSpan<Result>(span: Span | undefined, work: () => Result): Result {
  return tracer === undefined ? work() : context.with(span?.asContext ?? ROOT_CONTEXT, work);
}

/** The `traceparent` of the span that this code runs in, see {@link runInSpan}; undefined outside of one. */
export function activeTraceparent(): string | undefined {
  if (tracer === undefined) return undefined;
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? toTraceparent(active) : undefined;
}

/** From now on spans are made with this tracer; with undefined none are. `takes` says of each new trace whether it is recorded. */
export function makeSpansWith(given: Tracer | undefined, takes: () => boolean = () => true): void {
  tracer = given;
  takesNext = takes;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

function recorded(span: OpenTelemetrySpan): Span | undefined {
  return span.isRecording() ? new Span(span) : undefined;
}

function toTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}

function toSpanContext(traceparent: unknown, isRemote: boolean): SpanContext | undefined {
  const parsed = parseTraceparent(traceparent);
  if (parsed === undefined) return undefined;
  const { traceId, spanId, sampled } = parsed;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote };
}

function codeOf(error: Error): { 'exception.code'?: string } {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'number' || typeof code === 'string' ? { 'exception.code': String(code) } : {};
}
