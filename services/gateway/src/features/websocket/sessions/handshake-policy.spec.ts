import { describe, expect, it } from 'vitest';
import { type HandshakeFacts, refuseHandshake } from './handshake-policy.js';

const good: HandshakeFacts = {
  isDraining: false,
  origin: undefined,
  protocolVersion: undefined,
  hasBegunBefore: false,
};

describe('refuseHandshake', () => {
  it('lets a client in that names this protocol version or none', () => {
    expect(refuseHandshake(good, [])).toBeUndefined();
    expect(refuseHandshake({ ...good, protocolVersion: 1 }, [])).toBeUndefined();
  });

  it.each([0, 2, '1', null, {}, [1]])('refuses protocol version %j', (protocolVersion) => {
    const refusal = refuseHandshake({ ...good, protocolVersion }, []);
    expect([refusal?.reason, refusal?.message]).toEqual(['INVALID_MESSAGE', 'protocolVersion: this server speaks 1.']);
  });

  it('refuses everybody while it drains, and may be asked again elsewhere', () => {
    expect(refuseHandshake({ ...good, isDraining: true }, [])).toMatchObject({
      reason: 'SHUTTING_DOWN',
      row: { retryable: true },
    });
  });

  it('refuses a browser whose origin is not on the list', () => {
    expect(refuseHandshake({ ...good, origin: 'https://evil.example' }, [])?.reason).toBe('ORIGIN_NOT_ALLOWED');
  });

  it('refuses a second handshake on the same connection', () => {
    const refusal = refuseHandshake({ ...good, hasBegunBefore: true }, []);
    expect([refusal?.reason, refusal?.message]).toEqual(['INVALID_MESSAGE', 'This connection has joined already.']);
  });
});
