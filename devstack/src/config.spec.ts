import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.js';

test('without any variable it is one of everything on the default ports', () => {
  const { mongo, replicas, redisMode, ports } = loadConfig({});
  expect({ mongo, replicas, redisMode }).toEqual({ mongo: 'replicaSet', replicas: 1, redisMode: 'single' });
  expect(Object.values(ports).map((range) => [range.variable, range.explicit, ...range.ports])).toEqual([
    ['MONGO_PORT', false, 27117],
    ['REDIS_PORT', false, 6479],
    ['CHAT_SERVICE_PORT', false, 4005],
    ['CHAT_SERVICE_OPS_PORT', false, 4006],
    ['GATEWAY_PORT', false],
    ['GATEWAY_PORT', false, 3000],
    ['GATEWAY_OPS_PORT', false, 3010],
    ['WEB_PORT', false, 8080],
    ['PROMETHEUS_PORT', false],
  ]);
});

test('more instances take the next ports, chat services every second one', () => {
  const { ports } = loadConfig({
    REPLICAS: '3',
    REDIS: 'cluster',
    GATEWAYS: '2',
    CHAT_SERVICES: '2',
    GATEWAY_PORT: '8000',
  });
  expect(ports.mongo.ports).toEqual([27117, 27118, 27119]);
  expect(ports.redis.ports).toEqual([6479, 6480, 6481, 6482, 6483, 6484]);
  expect(ports.gateway).toMatchObject({ explicit: true, ports: [8000, 8001] });
  expect(ports.chatService.ports).toEqual([4005, 4007]);
  expect(ports.chatServiceOps.ports).toEqual([4006, 4008]);
});

test('the cluster profile is a sharded MongoDB, a Redis Cluster and two of each service behind one port', () => {
  const { mongo, redisMode, ports } = loadConfig({ PROFILE: 'cluster' });
  expect({ mongo, redisMode }).toEqual({ mongo: 'sharded', redisMode: 'cluster' });
  expect(ports.mongo.ports).toEqual([27117, 27118, 27119, 27120, 27121, 27122]);
  expect(ports.balancer.ports).toEqual([3000]);
  expect(ports.gateway.ports).toEqual([3001, 3002]);
  expect(ports.chatService.ports).toEqual([4005, 4007]);
});

test('what is set beside the cluster profile is kept', () => {
  const { redisMode, ports } = loadConfig({ PROFILE: 'cluster', REPLICAS: '3', REDIS: 'single', GATEWAYS: '1' });
  expect(redisMode).toBe('single');
  expect(ports.mongo.ports).toHaveLength(3 + 2 * 3 + 2 + 1);
  expect(ports.gateway.ports).toEqual([3001]);
});

test('an empty variable is an unset one', () => {
  expect(loadConfig({ MONGO_PORT: '', PARLANCE_DIR: '', MONGOD_BIN: '' })).toEqual(loadConfig({}));
});

test('all faults are told at once', () => {
  const read = (): unknown => loadConfig({ REPLICAS: '2', GATEWAYS: '0', REDIS_PORT: '70000', GATEWAY_PORT: '1e3' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/REPLICAS: .*\n.*REDIS_PORT: .*\n.*GATEWAY_PORT: .*\n.*GATEWAYS: /);
});

test('two settings that claim one port are a fault', () => {
  expect(() => loadConfig({ GATEWAY_PORT: '4100', GATEWAYS: '3', CHAT_SERVICE_PORT: '4102' })).toThrow(
    'CHAT_SERVICE_PORT and GATEWAY_PORT: both claim port 4102',
  );
});

test('the folder for everything made at run time can be moved', () => {
  const { locations } = loadConfig({ PARLANCE_DIR: '/srv/parlance' });
  expect(locations).toMatchObject({
    dataDir: '/srv/parlance/data',
    logDir: '/srv/parlance/logs',
    ledgerDir: '/srv/parlance/run/ledger',
  });
});
