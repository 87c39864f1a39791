import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { bindHost } from './bind-host.js';
import { hostPort } from './host-port.js';
import { httpUrl } from './http-url.js';
import { mongoUri } from './mongo-uri.js';

describe('addresses as people write them', () => {
  it.each<[string, z.ZodType, string, string]>([
    [
      'a URL in capitals',
      httpUrl(),
      'HTTPS://Keys.Example.com/.well-known/jwks.json',
      'https://keys.example.com/.well-known/jwks.json',
    ],
    ['a URL with the default port', httpUrl(), 'https://keys.example.com:443/k', 'https://keys.example.com/k'],
    ['a URL with blanks around it', httpUrl(), ' http://[::1]:4318 ', 'http://[::1]:4318/'],
    ['an address to bind', bindHost(), '0.0.0.0', '0.0.0.0'],
    ['IPv6 to bind', bindHost(), '::', '::'],
    ['IPv6 in brackets to bind', bindHost(), '[::]', '::'],
    ['a name to bind', bindHost(), 'LocalHost', 'localhost'],
    ['MongoDB', mongoUri(), 'mongodb://a:1,b:2/chat?replicaSet=rs', 'mongodb://a:1,b:2/chat?replicaSet=rs'],
    [
      'MongoDB in capitals',
      mongoUri(),
      'MongoDB+SRV://Cluster.example.com/chat',
      'mongodb+srv://Cluster.example.com/chat',
    ],
  ])('takes %s', (_what, schema, text, value) => {
    expect(schema.parse(text)).toBe(value);
  });

  it.each<[string, z.ZodType, string, RegExp]>([
    ['a URL without a scheme', httpUrl(), 'keys.example.com/jwks.json', /begins with http/],
    ['a host and port as a URL', httpUrl(), 'otel-collector:4318', /begins with http/],
    ['a URL without a host', httpUrl(), 'https:///jwks.json', /begins with http/],
    ['a scheme to bind', bindHost(), 'http://0.0.0.0', /without scheme and port/],
    ['a port to bind', bindHost(), '0.0.0.0:3000', /without scheme and port/],
    ['a star to bind', bindHost(), '*', /0\.0\.0\.0 or ::/],
    ['MongoDB without a database', mongoUri(), 'mongodb://a:27017', /name of the database/],
    ['MongoDB without a database and with a slash', mongoUri(), 'mongodb://a:27017/', /name of the database/],
    ['MongoDB without a scheme', mongoUri(), 'a:27017/chat', /mongodb:\/\/HOSTS\/DATABASE/],
    ['MongoDB with a path', mongoUri(), 'mongodb://a/chat/x', /name of the database/],
  ])('refuses %s, and says what to write', (_what, schema, text, message) => {
    const result = schema.safeParse(text);
    expect(result.success ? '' : result.error.issues[0]?.message).toMatch(message);
  });

  it('writes a host and port as one', () => {
    expect([hostPort('redis', 1), hostPort('10.0.0.1', 2), hostPort('::', 3)]).toEqual([
      'redis:1',
      '10.0.0.1:2',
      '[::]:3',
    ]);
  });
});
