import type { RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import type { JSX } from 'preact';
import { Avatar } from '../../parts/avatar.js';
import { Dialog } from '../../parts/dialog.js';
import { fullTime } from '../../parts/relative-time.js';
import { userName } from '../../parts/user-name.js';
import { type Receipt, receiptsOf } from './receipts-of.js';
import { Ticks } from './ticks.js';

/** Who has read a message and when, who has it, and who has not. */
export function ReceiptsDialog({ message, view, onClose }: ReceiptsDialogProps): JSX.Element {
  const { deliveredCount, readCount } = message;
  const receipts = receiptsOf(message, view);
  return (
    <Dialog title="Message info" onClose={onClose}>
      <blockquote class="receipts-quote">{message.content.slice(0, 400)}</blockquote>
      <p class="muted">Sent {fullTime(message.timestamp)}</p>
      {readCount !== undefined && (
        <p>
          Read by {readCount}, delivered to {deliveredCount ?? readCount} of {view.room.participantCount - 1}.
        </p>
      )}
      <ul class="receipts" aria-label="Receipts">
        {readCount === undefined &&
          receipts.map((receipt) => (
            <li key={receipt.userId} class="person" data-receipt={receipt.userId}>
              <Avatar id={receipt.userId} name={userName(receipt.userId)} size="small" />
              <span class="person-name">{userName(receipt.userId)}</span>
              <span class="muted">{describe(receipt)}</span>
              <Ticks state={receipt.state} />
            </li>
          ))}
      </ul>
      {receipts.length === 0 && <p class="muted">Nobody else is here.</p>}
    </Dialog>
  );
}

/** See {@link ReceiptsDialog}. */
export interface ReceiptsDialogProps {
  readonly message: ChatMessage;
  readonly view: RoomView;
  readonly onClose: () => void;
}

function describe({ state, readAt }: Receipt): string {
  if (state === 'read') return readAt === undefined ? 'Read' : `Read ${fullTime(readAt)}`;
  return state === 'delivered' ? 'Delivered' : 'Not delivered yet';
}
