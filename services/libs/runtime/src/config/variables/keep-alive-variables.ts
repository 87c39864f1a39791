import { variable } from '../declaration/variable.js';
import { durationMs } from '../values/duration-ms.js';

/** Variables of a deployable that serves HTTP to proxies and load balancers; spread them into `defineConfig`. */
export const keepAliveVariables = {
  keepAliveTimeoutMs: variable({
    env: 'KEEP_ALIVE_TIMEOUT_MS',
    doc: 'How long an idle HTTP connection is kept, in milliseconds. Longer than the load balancer in front keeps its own, which would else send a request into a connection that is being closed: 60 s at an AWS ALB and nginx, 600 s at Google Cloud.',
    schema: durationMs(1_000, 3_600_000).default(75_000),
  }),
} as const;
