import { expect, test } from 'vitest';
import type { ServicePlan, ServiceSpec } from '../stack/service-spec.js';
import { withPrometheus } from './with-prometheus.js';

const service = (name: string, opsPort: number): ServiceSpec => ({
  name,
  version: '0.1.0',
  command: 'node',
  args: [],
  env: {},
  address: 'http://127.0.0.1:1',
  readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
});
const servers = { mongo: 'replicaSet', mongoUri: '', redisMode: 'single', redisAddresses: [] } as const;
const prometheus = { path: '/bin/prometheus', version: '2.42.0', port: 9090, folder: '/data', rules: '{"groups":[]}' };

test('Prometheus comes last, and scrapes the gateways and chat services where their probes are', () => {
  const plan: ServicePlan = {
    steps: [],
    groups: [
      [service('chat-service-1', 4006), service('chat-service-2', 4008)],
      [service('gateway', 3010)],
      [service('web', 8080)],
    ],
  };
  const { groups } = withPrometheus(() => plan, prometheus)(servers);
  expect(groups.slice(0, -1)).toEqual(plan.groups);
  const [spec] = groups.at(-1) ?? [];
  expect(spec).toMatchObject({
    name: 'prometheus',
    command: '/bin/prometheus',
    address: 'http://127.0.0.1:9090',
    readyUrl: 'http://127.0.0.1:9090/-/ready',
  });
  expect(spec?.args).toContain('--web.listen-address=127.0.0.1:9090');
  expect(spec?.files?.['/data/rules.json']).toBe(prometheus.rules);
  const config = JSON.parse(spec?.files?.['/data/prometheus.json'] ?? '') as unknown;
  expect(config).toMatchObject({
    rule_files: ['/data/rules.json'],
    scrape_configs: [
      {
        job_name: 'parlance-chat-service',
        static_configs: [
          { targets: ['127.0.0.1:4006'], labels: { namespace: 'local', pod: 'chat-service-1' } },
          { targets: ['127.0.0.1:4008'], labels: { namespace: 'local', pod: 'chat-service-2' } },
        ],
      },
      {
        job_name: 'parlance-gateway',
        static_configs: [{ targets: ['127.0.0.1:3010'], labels: { namespace: 'local', pod: 'gateway' } }],
      },
    ],
  });
});
