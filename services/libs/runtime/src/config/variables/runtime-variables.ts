import { z } from 'zod';
import { variable } from '../declaration/variable.js';
import { durationMs } from '../values/duration-ms.js';
import { httpUrl } from '../values/http-url.js';

/** Variables that every deployable has; spread them into `defineConfig`. */
export const runtimeVariables = {
  nodeEnv: variable({
    env: 'NODE_ENV',
    doc: '`production` refuses demo secrets and development features.',
    schema: z.enum(['production', 'development', 'test']).default('development'),
  }),
  logLevel: variable({
    env: 'LOG_LEVEL',
    doc: 'Least severe level that is written to the log.',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  }),
  otlpEndpoint: variable({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    doc: 'Base URL of an OpenTelemetry collector (OTLP over HTTP), for example `http://otel-collector:4318`. Tracing is off when unset.',
    schema: httpUrl()
      .refine((url) => !/\/v1\/(?:traces|metrics|logs)\/?$/.test(url), 'must be the base URL, without /v1/traces')
      .optional(),
  }),
  traceSampleRatio: variable({
    env: 'OTEL_TRACES_SAMPLER_ARG',
    doc: 'Share of requests that are traced, 0 to 1, where tracing is on; what comes with a `traceparent` is traced if that says so.',
    schema: z.coerce.number().min(0).max(1).default(0.01),
  }),
  shutdownGraceMs: variable({
    env: 'SHUTDOWN_GRACE_MS',
    doc: "Time from SIGTERM to exit in milliseconds; keep it below the pod's `terminationGracePeriodSeconds`.",
    schema: durationMs(100, 600_000).default(25_000),
  }),
} as const;
