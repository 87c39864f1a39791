import { describe, expect, it } from 'vitest';
import { redact } from './redact.js';

describe('redact', () => {
  it('replaces sensitive fields down to the third level', () => {
    const fields = { token: 'x', request: { cookie: 'x', headers: { Authorization: 'x', host: 'a' } }, count: 1 };
    expect(redact(fields)).toEqual({
      token: '[redacted]',
      request: { cookie: '[redacted]', headers: { Authorization: '[redacted]', host: 'a' } },
      count: 1,
    });
  });

  it.each(['accessToken', 'jwtSecret', 'Set-Cookie', 'REDIS_PASSWORD', 'content'])('knows %s by its end', (name) => {
    expect(redact({ [name]: 'x' })).toEqual({ [name]: '[redacted]' });
  });

  it.each(['contentType', 'tokens', 'cookieCount', 'message'])('leaves %s alone', (name) => {
    expect(redact({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it('looks into lists', () => {
    expect(redact({ items: [{ token: 'x' }, 'a'] })).toEqual({ items: [{ token: '[redacted]' }, 'a'] });
  });

  it('does not change what it was given, and copies only when it must', () => {
    const clean = { request: { host: 'a' }, when: new Date(), err: new Error('a') };
    expect(redact(clean)).toBe(clean);
    const dirty = { request: { token: 'x' } };
    redact(dirty);
    expect(dirty).toEqual({ request: { token: 'x' } });
  });
});
