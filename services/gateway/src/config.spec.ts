import { readConfig } from '@parlance/runtime';
import { describe, expect, it } from 'vitest';
import { gatewayConfig } from './config.js';

const complete = { SERVICE_CREDENTIAL: 's'.repeat(32), JWT_SECRET: 'j'.repeat(32) };

describe('the configuration', () => {
  it('needs two secrets and has a default for everything else', () => {
    const config = readConfig(gatewayConfig, complete);
    expect(config).toMatchObject({
      ok: true,
      value: { port: 3000, transports: ['websocket'], allowedOrigins: [], devTokens: false },
    });
  });

  it.each<[string, Record<string, string>]>([
    ['neither secret nor keys for tokens', { JWT_SECRET: '' }],
    ['both of them', { JWT_JWKS_URL: 'https://id.example.com/keys' }],
    ['a short secret', { JWT_SECRET: 'short' }],
    [
      'development tokens without a secret',
      { JWT_SECRET: '', JWT_JWKS_URL: 'https://id.example.com/keys', DEV_TOKENS: 'true' },
    ],
    ['an origin with a path', { ALLOWED_ORIGINS: 'https://chat.example.com/app' }],
    ['any origin', { ALLOWED_ORIGINS: '*' }],
    ['any subdomain', { ALLOWED_ORIGINS: 'https://*.example.com' }],
    ['polling alone', { TRANSPORTS: 'polling' }],
    ['an unknown transport', { TRANSPORTS: 'websocket,pigeon' }],
    ['a target without a host', { CHAT_SERVICE_TARGETS: ':4005' }],
    ['a target with TLS', { CHAT_SERVICE_TARGETS: 'https://chat:4005' }],
    ['keys without a scheme', { JWT_SECRET: '', JWT_JWKS_URL: 'id.example.com/keys' }],
    ['a collector with the path of traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/v1/traces' }],
    ['a port to bind to', { HOST: '0.0.0.0:3000' }],
    ['no target', { CHAT_SERVICE_TARGETS: ',' }],
    ['a demo secret in production', { NODE_ENV: 'production', JWT_SECRET: `demo-${'x'.repeat(32)}` }],
    ['development tokens in production', { NODE_ENV: 'production', DEV_TOKENS: 'true' }],
  ])('refuses %s', (_what, env) => {
    expect(readConfig(gatewayConfig, { ...complete, ...env }).ok).toBe(false);
  });

  it('takes several targets, IPv6, schemes and the port that is usual', () => {
    const config = readConfig(gatewayConfig, { ...complete, CHAT_SERVICE_TARGETS: 'a:1, [fd00::1]:2,dns:///Chat' });
    expect(config).toMatchObject({
      value: {
        chatServiceTargets: [
          { host: 'a', port: 1 },
          { host: 'fd00::1', port: 2 },
          { host: 'chat', port: 4005 },
        ],
      },
    });
  });
});
