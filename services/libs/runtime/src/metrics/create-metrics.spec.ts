import { describe, expect, it } from 'vitest';
import { createMetrics } from './create-metrics.js';
import { renderMetrics } from './render-metrics.js';

const create = () => createMetrics({ name: 'example', version: '1.2.3', prefix: 'app' });

/** Lines of what was declared in addition. */
const ownSeries = (body: string) => body.split('\n').filter((line) => /^app_(?!build|event_loop)/.test(line));

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
    counter({ name: 'app_sent_total', doc: 'Sent.', labels: { kind: ['a'] } }).inc({ kind: 'a' }, 2);
    gauge({ name: 'app_open', doc: 'Open.' }).readBy(() => 7);
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

  it('has all series from the start, at 0', async () => {
    const { registry, counter, gauge, histogram } = create();
    const requests = counter({
      name: 'app_requests_total',
      doc: 'Requests.',
      labels: [
        { event: 'a', code: 'OK' },
        { event: 'b', code: 'BAD' },
      ],
    });
    gauge({ name: 'app_open', doc: 'Open.', labels: { side: ['in', 'out'], kind: ['x', 'y'] } });
    histogram({ name: 'app_wait_seconds', doc: 'Wait.', labels: { side: ['in', 'out'] }, buckets: [1] });
    const bad = requests.of({ event: 'b', code: 'BAD' });
    bad.inc();
    bad.inc(2);
    requests.inc({ event: 'b', code: 'BAD' });
    expect(ownSeries((await renderMetrics(registry)).body)).toEqual([
      'app_requests_total{event="a",code="OK"} 0',
      'app_requests_total{event="b",code="BAD"} 4',
      ...['in",kind="x', 'in",kind="y', 'out",kind="x', 'out",kind="y'].map((each) => `app_open{side="${each}"} 0`),
      ...['in', 'out'].flatMap((side) => [
        `app_wait_seconds_bucket{le="1",side="${side}"} 0`,
        `app_wait_seconds_bucket{le="+Inf",side="${side}"} 0`,
        `app_wait_seconds_sum{side="${side}"} 0`,
        `app_wait_seconds_count{side="${side}"} 0`,
      ]),
    ]);
  });

  it('asks for the values of a gauge at each scrape, and leaves out what has none', async () => {
    const { registry, gauge } = create();
    const values: Record<string, number | undefined> = { a: 3, b: undefined };
    gauge({ name: 'app_ends_seconds', doc: 'Ends.', labels: { use: ['a', 'b'] } }).readBy(({ use }) => values[use]);
    expect(ownSeries((await renderMetrics(registry)).body)).toEqual(['app_ends_seconds{use="a"} 3']);
    values['b'] = 4;
    expect(ownSeries((await renderMetrics(registry)).body)).toHaveLength(2);
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
