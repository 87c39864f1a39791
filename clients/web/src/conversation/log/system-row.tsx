import type { JSX } from 'preact';
import { clockTime, fullTime } from '../../parts/relative-time.js';
import type { SystemLine } from './build-timeline.js';
import { MessageText } from './message-text.js';

/** A line that nobody has said: in the middle, quiet, without a bubble. */
export function SystemRow({ line }: { readonly line: SystemLine }): JSX.Element {
  const { message, at } = line;
  return (
    <div class="message message-system" data-key={line.key} data-id={message.messageId}>
      <p class="system-text">
        <MessageText text={message.content} />{' '}
        <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
          {clockTime(at)}
        </time>
      </p>
    </div>
  );
}
