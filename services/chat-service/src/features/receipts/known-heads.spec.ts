import type { UserId } from '@parlance/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Committed, PendingSend } from '../log/pending-send.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import { KnownHeads } from './known-heads.js';

describe('KnownHeads', () => {
  /** What the log has, and how often it was asked. */
  let head: number;
  let reads: number;
  let heads: KnownHeads;

  beforeEach(() => {
    head = 5;
    reads = 0;
    heads = new KnownHeads({
      head: async (room) => {
        reads += 1;
        return { room, head, timestamp: undefined };
      },
    });
  });

  it('reads a head once for all who ask at once, and not again below it', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => heads.reaches(room(1), 5)));
    expect([answers.every(Boolean), await heads.reaches(room(1), 4), reads]).toEqual([true, true, 1]);
  });

  it('reads none for messages that this pod has stored', async () => {
    heads.committed('r', [committed(6, 1), committed(7, 1)]);
    expect([await heads.reaches(room(1), 7), reads]).toEqual([true, 0]);
    expect([await heads.reaches(room(1), 8), reads]).toEqual([false, 1]);
  });

  it('takes nothing that was stored in one log for another one', async () => {
    heads.committed('r', [committed(7, 1)]);
    expect([await heads.reaches(room(2), 7), reads]).toEqual([false, 1]);
    heads.committed('r', [committed(9, 1)]);
    expect([await heads.reaches(room(2), 9), reads]).toEqual([false, 2]);
    heads.committed('r', [committed(6, 1), committed(7, 2)]);
    expect([await heads.reaches(room(2), 7), reads]).toEqual([true, 2]);
  });
});

function room(epoch: number): StoredRoom {
  return { roomId: 'r', epoch } as StoredRoom;
}

function committed(messageId: number, epoch: number): Committed {
  const context = { userId: 'ann' as UserId, traceId: 't', deadlineAt: 0 };
  const body = { content: 'hi', messageType: 'text', metadataJson: '' } as const;
  const send = new PendingSend(context, 'name', body, 'hash', { memberRev: 1, rev: 0, epoch });
  return { send, slot: { messageId } as Committed['slot'] };
}
