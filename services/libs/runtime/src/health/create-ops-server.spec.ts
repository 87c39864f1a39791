import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, type Registry } from '../metrics/create-metrics.js';
import { createOpsServer, type OpsServer } from './create-ops-server.js';
import { HealthRegistry } from './health-registry.js';

const running: OpsServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const newRegistry = () => createMetrics({ name: 'example', version: '1.2.3', prefix: 'app' }).registry;

async function start(options: { health?: HealthRegistry; registry?: Registry; port?: number } = {}) {
  const { health = new HealthRegistry(), registry = newRegistry(), port = 0 } = options;
  const server = createOpsServer({ port, host: '127.0.0.1', health, registry, logger: { error: () => {} } });
  running.push(server);
  return `http://127.0.0.1:${await server.listen()}`;
}

describe('createOpsServer', () => {
  it('answers probes with the state of the process', async () => {
    const health = new HealthRegistry();
    const url = await start({ health });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    health.markStarted();
    const ready = await fetch(`${url}/readyz?verbose`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', started: true, draining: false, degraded: false, checks: [] },
    ]);
  });

  it('answers scrapes, and with 500 when a metric cannot be read', async () => {
    const registry = newRegistry();
    const url = await start({ registry });
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('text/plain');
    registry.metrics = () => Promise.reject(new Error('broken'));
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
  });

  it('knows no other paths and methods', async () => {
    const url = await start();
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/livez`, { method: 'POST' })).status).toBe(405);
  });

  it('rejects when its port is taken', async () => {
    const port = Number(new URL(await start()).port);
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
  });
});
