import { erasedClientId } from '@parlance/storage';
import type { CallContext } from '../../requests/call-context.js';
import { type MessageBody, PendingSend } from '../log/pending-send.js';
import type { SealedSegments } from '../log/sealed-segments.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { StoredSlot } from '../slots/message-store.js';
import type { MongoMessageStore } from '../slots/mongo-message-store.js';
import { type BodyHash, bodyHashUnder } from './body-hash.js';

/**
 * By what a message is known that is sent again (R5: a client id makes a retry safe): the client's name for it, and a
 * keyed hash of what it says.
 */
export class SendIdentity {
  private readonly hashOf: BodyHash;

  constructor(
    private readonly messages: Pick<MongoMessageStore, 'findByClientKeys'>,
    private readonly sealed: Pick<SealedSegments, 'find'>,
    private readonly hashKey: string,
    private readonly newClientMessageId: () => string,
  ) {
    this.hashOf = bodyHashUnder(hashKey);
  }

  /** A message on its way; it gets a name where the client gave none. */
  pending(
    context: CallContext,
    clientMessageId: string,
    body: MessageBody,
    place: PendingSend['place'] = { memberRev: 0, rev: 0, epoch: 0 },
  ): PendingSend {
    const name = clientMessageId || this.newClientMessageId();
    return new PendingSend(context, name, body, this.hashOf(body), place);
  }

  /** The message that the sender has stored under this name in the room's last two segments, or undefined. */
  async findEarlier({ roomId, segments }: StoredRoom, send: PendingSend): Promise<StoredSlot | undefined> {
    const [last, previous] = segments.slice(-2).toReversed();
    const [slot] = last ? await this.messages.findByClientKeys(last.monthYear, roomId, [send]) : [];
    if (slot || !previous) return slot;
    return (await this.sealed.find(roomId, previous.monthYear, [send]))[0];
  }

  /**
   * The erased message that had this name, in the room's last two segments: it is known by the hash that stands in its
   * place. What is remembered of a sealed segment may be older than the erasure, so it is not asked.
   */
  async findErased({ roomId, segments }: StoredRoom, send: PendingSend): Promise<StoredSlot | undefined> {
    const { senderId, clientMessageId } = send;
    const key = { senderId, clientMessageId: erasedClientId({ roomId, senderId, clientMessageId }, this.hashKey) };
    for (const [back, { monthYear }] of segments.slice(-2).toReversed().entries()) {
      const level = back === 0 ? 'majority' : 'linearizable';
      const [slot] = await this.messages.findByClientKeys(monthYear, roomId, [key], level);
      if (slot) return slot;
    }
    return undefined;
  }
}
