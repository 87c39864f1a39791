import type { JSX } from 'preact';
import { Icon } from '../parts/icon.js';

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);

/** The right side while no room is open. */
export function NothingOpen(): JSX.Element {
  return (
    <main class="nothing-open">
      <span class="nothing-open-icon">
        <Icon name="chat" size={36} />
      </span>
      <p>Pick a conversation, or start one.</p>
      <p class="muted">
        <kbd>{isApple ? '⌘' : 'Ctrl'}</kbd> <kbd>K</kbd> searches
      </p>
    </main>
  );
}
