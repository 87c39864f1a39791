import { describe, expect, it } from 'vitest';
import { createMetrics } from './create-metrics.js';
import { renderMetrics } from './render-metrics.js';

const create = () => createMetrics({ name: 'example', version: '1.2.3', prefix: 'app' });

describe('createMetrics', () => {
  it('comes with process, build and event loop metrics', async () => {
    const { body, contentType } = await renderMetrics(create().registry);
    expect(contentType).toContain('text/plain');
    for (const text of [
      'app_build_info{name="example",version="1.2.3"} 1',
      'nodejs_eventloop_lag_p99_seconds ',
      'process_cpu_seconds_total ',
    ]) {
      expect(body).toContain(text);
    }
    expect(body).toMatch(/^app_event_loop_busy_ratio (0|1|0\.\d+|\d(\.\d+)?e-\d+)$/m);
  });

  it('declares metrics with their doc and labels', async () => {
    const { registry, counter, gauge, histogram } = create();
    counter({ name: 'app_sent_total', doc: 'Sent.', labels: ['kind'] }).inc({ kind: 'a' }, 2);
    gauge({ name: 'app_open', doc: 'Open.', read: () => 7 });
    histogram({ name: 'app_wait_seconds', doc: 'Wait.', buckets: [0.1, 1] }).observe(0.5);
    const { body } = await renderMetrics(registry);
    for (const text of [
      '# HELP app_sent_total Sent.',
      'app_sent_total{kind="a"} 2',
      'app_open 7',
      'app_wait_seconds_bucket{le="1"} 1',
    ]) {
      expect(body).toContain(text);
    }
  });

  it('refuses names of others and names that are taken', () => {
    const { counter } = create();
    expect(() => counter({ name: 'other_total', doc: '' })).toThrow('does not start with app_');
    counter({ name: 'app_sent_total', doc: 'Sent.' });
    expect(() => counter({ name: 'app_sent_total', doc: 'Sent.' })).toThrow('app_sent_total');
  });

  it('keeps registries apart', async () => {
    create().counter({ name: 'app_sent_total', doc: 'Sent.' });
    expect((await renderMetrics(create().registry)).body).not.toContain('app_sent_total');
  });
});
