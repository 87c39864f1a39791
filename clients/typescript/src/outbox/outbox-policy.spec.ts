import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { ParlanceError, type ParlanceErrorCode } from '../parlance-error.js';
import { SocketEnded } from '../socket/socket-ended.js';
import { OutboxEntry } from './outbox-entry.js';
import { afterFailure, cutsOf, cutTooOften, isSuspect, nextToSend } from './outbox-policy.js';

describe('the next message of a room to send', () => {
  it('is the first one, once it is ready and not under way', () => {
    const [first, second] = [entry(), entry()];
    expect(nextToSend([])).toBeUndefined();
    expect(nextToSend([first, second])).toBeUndefined();
    second.ready();
    expect(nextToSend([first, second])).toBeUndefined();
    first.ready();
    expect(nextToSend([first, second])).toBe(first);
    first.sending();
    expect(nextToSend([first, second])).toBeUndefined();
  });

  it('is the one after what is stored or refused', () => {
    const [stored, refused, next] = [entry(), entry(), entry()];
    stored.stored({ ...stored.message, messageId: 1 } as never);
    refused.ready();
    refused.fail(error('NOT_A_PARTICIPANT', false));
    next.ready();
    expect(nextToSend([stored, refused, next])).toBe(next);
  });
});

describe('after a failed attempt a message', () => {
  it.each<[string, ParlanceError, { internalFailures?: number; cuts?: number }, string]>([
    ['of a torn connection', ended('server'), { cuts: 2 }, 'retryWhenConnected'],
    ['under which connections were torn too often', ended('server'), { cuts: 3 }, 'fail'],
    ['of a refused connection', ended('sent'), { cuts: 1 }, 'retryWhenConnected'],
    ['that was refused twice', ended('sent'), { cuts: 2 }, 'fail'],
    ['of a connection that nobody is to blame for', ended('nobody'), { cuts: 3 }, 'retryWhenConnected'],
    ['after a fault of the server', error('INTERNAL', true), { internalFailures: 6 }, 'retryLater'],
    ['after the eighth fault of the server', error('INTERNAL', true), { internalFailures: 7 }, 'fail'],
    ['after a fault that stays', error('INTERNAL', false), {}, 'fail'],
    ['that may pass later', error('STORE_UNAVAILABLE', true), { internalFailures: 9, cuts: 3 }, 'retryLater'],
    ['that is refused', error('NOT_A_PARTICIPANT', false), {}, 'fail'],
  ])('%s', (_title, fault, earlier, next) => {
    expect(afterFailure(fault, { internalFailures: 0, cuts: 0, ...earlier })).toBe(next);
  });

  it('counts two when the server ended the connection for it, one when it was torn', () => {
    expect(['sent', 'server', 'nobody'].map((blame) => cutsOf(ended(blame as never)))).toEqual([2, 1, 0]);
    expect([0, 1, 2, 3].map((cuts) => isSuspect({ cuts }))).toEqual([false, false, true, true]);
  });

  it('that was cut too often may have been stored, and is not tried again by itself', () => {
    const cause = ended('sent');
    expect(cutTooOften(cause)).toMatchObject({ code: 'DISCONNECTED', retryable: false, outcome: 'unknown', cause });
  });
});

function entry(): OutboxEntry {
  return new OutboxEntry({ roomId: 'r', content: 'hi', messageType: 'text', clientMessageId: 'c', createdAt: 0 });
}

function error(code: ParlanceErrorCode, retryable: boolean): ParlanceError {
  return new ParlanceError({ ...failure('INTERNAL').error, code, retryable });
}

function ended(blame: 'sent' | 'server' | 'nobody'): ParlanceError {
  return ParlanceError.disconnected('unknown', new SocketEnded('gone', blame));
}
