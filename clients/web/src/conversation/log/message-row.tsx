import type { PendingMessage, RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { Avatar } from '../../parts/avatar.js';
import { clockTime, fullTime } from '../../parts/relative-time.js';
import { stableColour } from '../../parts/stable-colour.js';
import { userName } from '../../parts/user-name.js';
import { tickState } from '../receipts/tick-state.js';
import { Ticks } from '../receipts/ticks.js';
import type { Bubble } from './build-timeline.js';
import { MessageText } from './message-text.js';

/** One message, stored or on its way. Own ones stand at the right, with ticks that tell on a click who has them. */
export function MessageRow({ bubble, view, onTicks }: MessageRowProps): JSX.Element {
  const { kind, message, isOwn, isFirst, isLast, senderId } = bubble;
  const isGroup = view.room.roomType === 'group';
  const isFailed = kind === 'pending' && message.state === 'failed';
  const classes = [
    'message',
    isOwn ? 'message-own' : 'message-other',
    isFirst ? 'message-first' : '',
    isLast ? 'message-last' : '',
    kind === 'pending' ? 'message-pending' : '',
    isFailed ? 'message-failed' : '',
  ];
  return (
    <div class={classes.join(' ')} data-key={bubble.key} data-id={kind === 'message' ? message.messageId : undefined}>
      {!isOwn && isGroup && (
        <span class="message-avatar">{isLast && <Avatar id={senderId} name={userName(senderId)} size="small" />}</span>
      )}
      <div class="message-column">
        <div class="bubble">
          {isFirst && !isOwn && isGroup ? (
            <span class={`message-sender sender-colour-${stableColour(senderId)}`}>{userName(senderId)}</span>
          ) : (
            <span class="visually-hidden">{isOwn ? 'You' : userName(senderId)}: </span>
          )}
          {kind === 'message' && message.erased ? (
            <em class="message-erased">This message was erased.</em>
          ) : (
            <MessageText text={message.content} />
          )}
          <span class="message-meta">
            <time dateTime={new Date(bubble.at).toISOString()} title={fullTime(bubble.at)}>
              {clockTime(bubble.at)}
            </time>
            {kind === 'pending' && <Ticks state={message.state} />}
            {kind === 'message' && isOwn && <TicksButton message={message} view={view} onTicks={onTicks} />}
          </span>
        </div>
        {isFailed && kind === 'pending' && <Failure message={message} />}
      </div>
    </div>
  );
}

/** See {@link MessageRow}. */
export interface MessageRowProps {
  readonly bubble: Bubble;
  readonly view: RoomView;
  /** The ticks of an own message were clicked. */
  readonly onTicks: (message: ChatMessage) => void;
}

function TicksButton({ message, view, onTicks }: Omit<MessageRowProps, 'bubble'> & { message: ChatMessage }) {
  return (
    <button
      type="button"
      class="ticks-button"
      onClick={() => onTicks(message)}
      title="Who has read this?"
      data-ticks={tickState(message, view)}
    >
      <Ticks state={tickState(message, view)} />
    </button>
  );
}

/** Why a message was not sent, and what can be done about it. */
function Failure({ message }: { readonly message: PendingMessage }): JSX.Element {
  const client = useClient();
  const { roomId, clientMessageId, error } = message;
  return (
    <div class="failure" role="alert">
      <span>
        {error?.message ?? 'Not sent.'}
        {error?.outcome === 'unknown' && ' It may have arrived all the same.'}
      </span>
      <button type="button" class="link-button" onClick={() => client.retry(roomId, clientMessageId)}>
        Retry
      </button>
      <button type="button" class="link-button" onClick={() => client.discard(roomId, clientMessageId)}>
        Discard
      </button>
    </div>
  );
}
