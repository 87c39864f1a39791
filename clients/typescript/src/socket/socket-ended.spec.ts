import { describe, expect, it } from 'vitest';
import { ParlanceError } from '../parlance-error.js';
import { blameFor, SocketEnded } from './socket-ended.js';

describe('the end of a connection', () => {
  it.each([
    ['transport close', 1009, 'sent'],
    ['transport close', 1008, 'sent'],
    ['transport close', 1002, 'sent'],
    ['transport close', 1003, 'sent'],
    ['transport close', 1007, 'sent'],
    ['transport close', 1006, 'server'],
    ['parse error', undefined, 'nobody'],
    ['parse error', 1006, 'nobody'],
    ['transport close', 1011, 'server'],
    ['transport error', undefined, 'server'],
    ['io server disconnect', undefined, 'server'],
    ['transport close', 1000, 'nobody'],
    ['transport close', 1001, 'nobody'],
    ['transport close', 1005, 'nobody'],
    ['ping timeout', undefined, 'nobody'],
  ] as const)('by %s with code %s is blamed on %s', (reason, code, blame) => {
    expect(blameFor(reason, code)).toBe(blame);
  });

  it('is nobody’s fault when nothing is known of it', () => {
    expect(SocketEnded.blameOf(ParlanceError.disconnected('unknown'))).toBe('nobody');
    expect(SocketEnded.blameOf(ParlanceError.disconnected('unknown', new SocketEnded('x', 'sent')))).toBe('sent');
  });
});
