import type { Registry } from './create-metrics.js';

/** Writes a registry in Prometheus' text format, with the content type to send it with. */
export async function renderMetrics(registry: Registry): Promise<RenderedMetrics> {
  return { contentType: registry.contentType, body: await registry.metrics() };
}

/** The answer to a scrape. */
export interface RenderedMetrics {
  readonly contentType: string;
  readonly body: string;
}
