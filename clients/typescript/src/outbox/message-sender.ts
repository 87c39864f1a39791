import type { ChatMessage } from '@parlance/proto';
import type { Requester } from '../connection/connection.js';
import { ParlanceError } from '../parlance-error.js';
import type { OutgoingMessage } from './outbox-entry.js';
import { sendPayload } from './sizes/send-payload.js';
import { refusalOfMessage } from './sizes/size-refusal.js';

/** Sends messages over a connection, once each. */
export class MessageSender {
  constructor(
    private readonly connection: Requester,
    /** A message was stored in the room's log of this epoch; answers whether that log, as far as is known, is there still. */
    private readonly isOfLog: (roomId: string, epoch: number) => boolean,
  ) {}

  get isOnline(): boolean {
    return this.connection.state === 'online';
  }

  /** Why a message need not be sent at all. */
  refusalOf(message: OutgoingMessage): ParlanceError | undefined {
    return this.connection.limits && refusalOfMessage(message, this.connection.limits);
  }

  /** One attempt. Rejects with a ParlanceError. */
  async send(outgoing: OutgoingMessage): Promise<ChatMessage> {
    const { data } = await this.connection.request('sendMessage', sendPayload(outgoing));
    const { deduplicated: _deduplicated, epoch, ...message } = data;
    // Stored in a log that is no more: not known to be stored.
    if (!this.isOfLog(message.roomId, epoch)) throw ParlanceError.from(epoch, 'STORE_UNAVAILABLE');
    return message;
  }

  /** Tells of a refusal that nobody could see otherwise. */
  report(error: ParlanceError): void {
    this.connection.report(error);
  }
}
