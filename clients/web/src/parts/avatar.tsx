import type { JSX } from 'preact';
import { initials } from './initials.js';
import { stableColour } from './stable-colour.js';

/** A coloured disc with initials: the same colour for the same id, everywhere. Decoration: the name stands beside it. */
export function Avatar({ id, name, size = 'medium' }: AvatarProps): JSX.Element {
  return (
    <span class={`avatar avatar-${size} avatar-colour-${stableColour(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** Whom it stands for. */
export interface AvatarProps {
  readonly id: string;
  readonly name: string;
  /** 28, 40, 46 or 64 pixels. */
  readonly size?: 'small' | 'medium' | 'large' | 'huge';
}
