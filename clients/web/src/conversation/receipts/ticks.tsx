import type { PendingMessage } from '@parlance/client';
import type { JSX } from 'preact';
import type { TickState } from './tick-state.js';

const labels: Readonly<Record<TickState | PendingMessage['state'], string>> = {
  queued: 'Waiting to be sent',
  sending: 'Sending',
  failed: 'Not sent',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
};

const clock = 'M11 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM11 3.8V6l1.5 1';
const twice = 'm1 6.5 3 3 6-7.5M8 8.9l.6.6 6-7.5';

const shapes: Readonly<Record<TickState | PendingMessage['state'], string>> = {
  queued: clock,
  sending: clock,
  failed: 'M11 1.5v5M11 9.5v.2',
  sent: 'm5.5 6.5 3 3 6-7.5',
  delivered: twice,
  read: twice,
};

/** How far an own message got: a clock, one tick, two ticks, two ticks in the accent colour, or an exclamation mark. */
export function Ticks({ state }: { readonly state: TickState | PendingMessage['state'] }): JSX.Element {
  return (
    <svg
      class={`ticks ticks-${state}`}
      width="18"
      height="12"
      viewBox="0 0 18 12"
      role="img"
      aria-label={labels[state]}
    >
      <path d={shapes[state]} />
    </svg>
  );
}
