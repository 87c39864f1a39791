import type { RoomId } from '@parlance/proto';
import type { MessageLog } from '../log/message-log.js';
import type { PendingSend } from '../log/pending-send.js';
import type { SendLimits } from './send-limits.js';

/** The log, for what is within the limits of sending. */
export class LimitedLog {
  constructor(
    private readonly log: Pick<MessageLog, 'append'>,
    private readonly limits: SendLimits,
  ) {}

  /** Appends a message, whose `result` tells what becomes of it. @throws RATE_LIMITED when too many came. */
  append(roomId: RoomId, send: PendingSend): void {
    this.limits.admit(roomId, send.senderId);
    void this.log.append(roomId, send);
  }
}
