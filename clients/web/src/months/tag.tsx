import type { Month } from '@parlance/client';
import type { ComponentChildren, JSX } from 'preact';

/** A word in a colour that says what it means. */
export function Tag({ tone, children }: TagProps): JSX.Element {
  return <span class={`tag tag-${tone}`}>{children}</span>;
}

/** See {@link Tag}. */
export interface TagProps {
  readonly tone: Month['tier'] | 'plain' | 'work' | 'due' | 'bad' | 'good';
  readonly children: ComponentChildren;
}
