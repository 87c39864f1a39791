import type { JSX } from 'preact';
import { splitLinks } from './split-links.js';

/** What was said, as text nodes and links and nothing else: markup in it is text. */
export function MessageText({ text }: { readonly text: string }): JSX.Element {
  return (
    <span class="message-text">
      {splitLinks(text).map(({ text, href }, index) =>
        href === undefined ? (
          text
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {text}
          </a>
        ),
      )}
    </span>
  );
}
