import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEMO_SECRETS } from '../demo-secrets.js';
import { productServices } from './product-services.js';
import { nextSteps, stackTable } from './stack-table.js';

const ports = {
  chatService: [4005, 4007],
  chatServiceOps: [4006, 4008],
  balancer: [],
  gateway: [3000],
  gatewayOps: [3010],
  web: [8080],
};
const servers = {
  mongo: 'replicaSet',
  mongoUri: 'mongodb://m/parlance',
  redisMode: 'cluster',
  redisAddresses: ['127.0.0.1:1', '127.0.0.1:2'],
} as const;

test('chat services come before the gateways that know all of them', () => {
  const { steps, groups } = productServices(repository(true), ports)(servers);
  const [chatServices = [], gateways = []] = groups;
  expect(steps).toEqual([]);
  expect(chatServices.map(({ name, address, readyUrl }) => [name, address, readyUrl])).toEqual([
    ['chat-service-1', '127.0.0.1:4005', 'http://127.0.0.1:4006/readyz'],
    ['chat-service-2', '127.0.0.1:4007', 'http://127.0.0.1:4008/readyz'],
  ]);
  expect(chatServices[1]?.env).toMatchObject({
    MONGO_URI: 'mongodb://m/parlance',
    GRPC_PORT: '4007',
    OPS_PORT: '4008',
    REDIS_MODE: 'cluster',
  });
  expect(gateways[0]?.env).toMatchObject({
    PORT: '3000',
    OPS_PORT: '3010',
    CHAT_SERVICE_TARGETS: '127.0.0.1:4005,127.0.0.1:4007',
    REDIS_NODES: '127.0.0.1:1,127.0.0.1:2',
    DEV_TOKENS: 'true',
  });
  expect(gateways[0]?.readyUrl).toBe('http://127.0.0.1:3010/readyz');
  expect(gateways[0]).toMatchObject({ name: 'gateway', version: '1.2.3' });
});

test('both sides share one service credential, and all secrets are long and called what they are', () => {
  const [[chatService] = [], [gateway] = []] = productServices(repository(true), ports)(servers).groups;
  expect(gateway?.env['SERVICE_CREDENTIAL']).toBe(chatService?.env['SERVICE_CREDENTIAL']);
  for (const secret of Object.values(DEMO_SECRETS)) expect(secret).toMatch(/^demo-secret-not-for-production-.+/);
});

test('the web page is served where it is built, and knows the first gateway', () => {
  const [, , , none] = productServices(repository(true), ports)(servers).groups;
  expect(none).toEqual([]);
  const root = repository(true);
  for (const file of ['package.json', 'dist-server/serve.js', 'dist-web/index.html']) {
    mkdirSync(join(root, 'clients/web', file, '..'), { recursive: true });
    writeFileSync(join(root, 'clients/web', file), '{"version":"1.2.3"}');
  }
  const [, , , [web] = []] = productServices(root, ports)(servers).groups;
  expect(web).toMatchObject({ name: 'web', address: 'http://127.0.0.1:8080', version: '1.2.3' });
  expect(web?.env).toMatchObject({ WEB_PORT: '8080', GATEWAY_URL: 'http://127.0.0.1:3000' });
});

test('on a cluster the months are made first, and the gateways stand behind one address', () => {
  const clustered = { ...ports, balancer: [3000], gateway: [3001, 3002], gatewayOps: [3010, 3011] };
  const { steps, groups } = productServices(repository(true), clustered)({ ...servers, mongo: 'sharded' });
  expect(steps.map(({ name, args, env }) => [name, ...args, env['MONGO_URI']])).toEqual([
    ['jobs-create-months', 'create-months', 'mongodb://m/parlance'],
  ]);
  const [, gateways, [balancer] = []] = groups;
  expect(gateways?.map(({ name }) => name)).toEqual(['gateway-1', 'gateway-2']);
  expect(balancer).toMatchObject({
    address: 'http://127.0.0.1:3000',
    args: [expect.any(String), '--port', '3000', '--targets', '127.0.0.1:3001,127.0.0.1:3002'],
  });
});

test('services that are not built are named at once', () => {
  expect(() => productServices(repository(false), ports)).toThrow(
    /not built: .*chat-service\/dist\/main\.js, .*gateway\/dist\/main\.js, .*jobs\/dist\/main\.js\. Run "npm run build" first\./,
  );
});

test('the table is aligned and shortens log files inside the folder', () => {
  const parts = [
    { name: 'mongo-1', version: '6.0.5', address: '127.0.0.1:27117', pid: 7, logFile: '/p/.parlance/logs/mongo-1.log' },
    { name: 'gateway', version: '0.1.0', address: 'http://127.0.0.1:3000', pid: 12345, logFile: '/q/gateway.log' },
  ];
  expect(stackTable(parts, '/p').split('\n')).toEqual([
    'PART     VERSION  ADDRESS                PID    LOG',
    'mongo-1  6.0.5    127.0.0.1:27117        7      .parlance/logs/mongo-1.log',
    'gateway  0.1.0    http://127.0.0.1:3000  12345  /q/gateway.log',
  ]);
  const steps = nextSteps(parts, '/p/.parlance/logs', true);
  expect(steps).toContain('make -s token USER=alice');
  expect(steps).toContain('PARLANCE_URL=http://127.0.0.1:3000');
});

function repository(built: boolean): string {
  const root = mkdtempSync(join(tmpdir(), 'parlance-devstack-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['services/chat-service', 'services/gateway', 'jobs']) {
    mkdirSync(join(root, folder, 'dist'), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), '{"version":"1.2.3"}');
    if (built) writeFileSync(join(root, folder, 'dist', 'main.js'), '');
  }
  return root;
}
