import { describe, expect, it } from 'vitest';
import { type Address, addressList } from './address-list.js';

const schema = addressList({
  defaultPort: 6379,
  schemes: ['redis'],
  keptSchemes: ['k8s'],
  hints: { rediss: 'has the scheme of TLS: write host:port and set REDIS_TLS=true' },
});

describe('addressList', () => {
  it.each<[string, string, Address[]]>([
    ['a scheme that says how it is found', 'K8S:///chat.talk:4005', [{ host: 'chat.talk', port: 4005, scheme: 'k8s' }]],
    ['a host and port', 'redis:6380', [{ host: 'redis', port: 6380 }]],
    ['a host alone', 'redis', [{ host: 'redis', port: 6379 }]],
    ['capitals', 'Redis.Example.COM:6379', [{ host: 'redis.example.com', port: 6379 }]],
    ['a scheme', 'redis://redis:6380', [{ host: 'redis', port: 6380 }]],
    ['a scheme in capitals and a slash', 'REDIS://redis/', [{ host: 'redis', port: 6379 }]],
    ['IPv4', '10.0.0.1:6379', [{ host: '10.0.0.1', port: 6379 }]],
    ['IPv6', '[2001:DB8::1]:6380', [{ host: '2001:db8::1', port: 6380 }]],
    ['IPv6 without a port', 'redis://[::1]', [{ host: '::1', port: 6379 }]],
    [
      'several, with blanks and a comma too many',
      ' a:1 , b ,',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 6379 },
      ],
    ],
    ['a name with a dot at the end', 'redis.svc.cluster.local.:1', [{ host: 'redis.svc.cluster.local.', port: 1 }]],
  ])('takes %s', (_what, text, addresses) => {
    expect(schema.parse(text)).toEqual(addresses);
  });

  it.each<[string, string, RegExp]>([
    ['nothing', ' , ', /names no address/],
    ['IPv6 without brackets', '::1:6379', /write IPv6 in brackets/],
    ['a name in brackets', '[redis]:6379', /is not host:port/],
    ['a port that is none', 'redis:99999', /is not host:port/],
    ['port 0', 'redis:0', /is not host:port/],
    ['a port of words', 'redis:port', /IPv6 in brackets/],
    ['a password', 'redis://:secret@redis:6379', /user or a password/],
    ['a database', 'redis://redis:6379/2', /something behind the port/],
    ['a query', 'redis:6379?x=1', /something behind the port/],
    ['the scheme of TLS', 'rediss://redis:6379', /set REDIS_TLS=true/],
    ['another scheme', 'http://redis:6379', /has a scheme: write host:port/],
    ['blanks inside', 'redis 6379', /is not host:port|behind the port/],
  ])('refuses %s, and says what to write', (_what, text, message) => {
    const result = schema.safeParse(`ok:1,${text}`.replace(/^ok:1, , $/, ' , '));
    const texts = result.success ? [] : result.error.issues.map((issue) => issue.message);
    expect(texts.join('; ')).toMatch(message);
    expect(texts.join('; ')).not.toContain('secret');
  });
});
