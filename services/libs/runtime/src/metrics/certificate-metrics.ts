import type { Metrics } from './create-metrics.js';
import type { Gauge } from './metric-types.js';

/** Declares until when the certificates are good that a process has in use. No series is there before it is told where to read. */
export function declareCertificateMetrics<const Use extends string>(
  { gauge, prefix }: Metrics,
  uses: readonly Use[],
): Gauge<{ readonly use: readonly Use[] }> {
  const expires = gauge({
    name: `${prefix}_certificate_expires_seconds`,
    doc: `When a certificate that this process has read expires, Unix seconds: of a file of several the first of a chain, the last of authorities. A series is there only where such a file is configured; \`use\` is ${uses.map((use) => `\`${use}\``).join(', ')}.`,
    labels: { use: uses },
  });
  expires.readBy(() => undefined);
  return expires;
}
