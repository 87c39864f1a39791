import { createChatMetrics } from '@parlance/chat-service/metrics';
import { createGatewayMetrics } from '@parlance/gateway/metrics';
import type { Registry } from '@parlance/runtime';
import { describe, expect, it } from 'vitest';

const registries = { gateway: createGatewayMetrics('1').registry, 'chat service': createChatMetrics('1').registry };

/** Their series depend on which certificates are configured. */
const withoutSeries = ['chat_gateway_certificate_expires_seconds', 'chat_certificate_expires_seconds'];

describe.each(Object.entries(registries))('what the %s measures', (_name, registry) => {
  it('has all series from the start, at 0', async () => {
    const metrics = await ownMetrics(registry);
    expect(metrics.length).toBeGreaterThan(15);
    for (const { name, values } of metrics) {
      if (withoutSeries.includes(name) || name.endsWith('_build_info')) continue;
      expect(values.length, name).toBeGreaterThan(0);
      const atStart = values.filter(({ value }) => value === 0 || name.endsWith('_ratio'));
      expect(atStart, name).toEqual(values);
    }
  });

  it('is named by its kind', async () => {
    for (const { name, type } of await ownMetrics(registry)) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(name, name).not.toMatch(/_count$/);
    }
  });

  it('has so few series that a scrape is small', async () => {
    expect((await registry.metrics()).split('\n').filter((line) => !line.startsWith('#')).length).toBeLessThan(2_000);
  });
});

async function ownMetrics(registry: Registry): Promise<readonly Metric[]> {
  return ((await registry.getMetricsAsJSON()) as unknown as readonly Metric[]).filter(({ name }) =>
    name.startsWith('chat_'),
  );
}

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly values: readonly { readonly value: number }[];
}
