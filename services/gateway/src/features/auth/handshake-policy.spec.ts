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
    expect(refuseHandshake({ ...good, protocolVersion }, [])?.reason).toBe('INVALID_MESSAGE');
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
    expect(refuseHandshake({ ...good, hasBegunBefore: true }, [])?.reason).toBe('INVALID_MESSAGE');
  });
});
