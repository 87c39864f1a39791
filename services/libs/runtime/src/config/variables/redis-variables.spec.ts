import { describe, expect, it } from 'vitest';
import { redisOptionsOf } from '../../redis/connection/redis-options.js';
import { defineConfig } from '../declaration/define-config.js';
import { readConfig } from '../declaration/read-config.js';
import { redisVariables } from './redis-variables.js';

const definition = defineConfig('example', redisVariables);

describe('redisVariables', () => {
  it('default to one server on this machine', () => {
    const result = readConfig(definition, {});
    if (!result.ok) throw new Error('faulty');
    expect(redisOptionsOf(result.value, 'example')).toEqual({
      mode: 'single',
      nodes: [{ host: '127.0.0.1', port: 6379 }],
      username: undefined,
      password: undefined,
      tls: false,
      connectionName: 'example',
    });
  });

  it('take names, IPv4 and IPv6 addresses, a scheme and the port that is usual', () => {
    expect(
      readConfig(definition, { REDIS_NODES: 'redis-0.redis:6379, 10.0.0.1:1,[::1]:7000,redis://redis:6380,redis' }),
    ).toMatchObject({
      value: {
        redisNodes: [
          { host: 'redis-0.redis', port: 6379 },
          { host: '10.0.0.1', port: 1 },
          { host: '::1', port: 7000 },
          { host: 'redis', port: 6380 },
          { host: 'redis', port: 6379 },
        ],
      },
    });
  });

  it.each([
    ['redis:6379,:1', 'item 2 is not host:port'],
    ['redis:70000', 'item 1 is not host:port'],
    ['rediss://redis:6379', 'item 1 has the scheme of TLS: write host:port and set REDIS_TLS=true'],
    ['::1:6379', 'item 1 is not host:port; write IPv6 in brackets, as [::1]:6379'],
    [',', 'names no address'],
  ])('refuse %s', (text, message) => {
    expect(readConfig(definition, { REDIS_NODES: text })).toEqual({
      ok: false,
      faults: [{ env: 'REDIS_NODES', message }],
    });
  });
});
