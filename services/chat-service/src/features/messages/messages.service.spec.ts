import type { UserId } from '@parlance/proto';
import { expect, it } from 'vitest';
import { PendingSend } from '../log/pending-send.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { StoredSlot } from '../slots/message-store.js';
import type { LimitedLog } from './limited-log.js';
import { MessagesService } from './messages.service.js';
import type { SendIdentity } from './send-identity.js';

const ann = 'ann' as UserId;

it('stores the sends of somebody of whom something was erased in their order, however long each is looked up', async () => {
  const lookups = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const looked: string[] = [];
  const appended: string[] = [];
  const view = {
    room: { roomId: 'r', erasures: [{ userId: ann, upTo: 1 }] },
    participants: new Map([[ann, {}]]),
  };
  const service = new MessagesService(
    { fresh: () => view } as unknown as RoomCache,
    {
      pending: (context: never, name: string, body: never) =>
        new PendingSend(context, name, body, 'hash', { memberRev: 0, rev: 0, epoch: 0 }),
      findErased: (_room: unknown, { clientMessageId }: PendingSend) => {
        looked.push(clientMessageId);
        return lookups[Number(clientMessageId)]?.promise;
      },
    } as unknown as SendIdentity,
    {
      append: (_roomId: string, send: PendingSend) => {
        appended.push(send.clientMessageId);
        send.settle({ ...slot, _id: send._id });
      },
    } as unknown as LimitedLog,
    { sent: () => undefined },
  );
  const context = { userId: ann, traceId: '', deadlineAt: Number.POSITIVE_INFINITY };
  const sends = ['0', '1'].map((clientMessageId) =>
    service.sendMessage(context, { roomId: 'r', content: 'x', messageType: 'text', clientMessageId, metadataJson: '' }),
  );
  lookups[1]?.resolve(undefined);
  await new Promise(setImmediate);
  lookups[0]?.resolve(undefined);
  await Promise.all(sends);
  expect([looked, appended]).toEqual([
    ['0', '1'],
    ['0', '1'],
  ]);
});

const slot = {
  bodyHash: 'hash',
  messageId: 2,
  erased: false,
  metadataJson: '',
  senderId: ann,
} as unknown as StoredSlot;
