import { userName } from '../parts/user-name.js';

/** Who is typing, as a sentence: nobody is an empty one, more than three are "Several people". Pure. */
export function typingText(typing: readonly string[]): string {
  const names = typing.map(userName);
  if (names.length === 0) return '';
  if (names.length > 3) return 'Several people are typing…';
  const last = names.at(-1) ?? '';
  return names.length === 1 ? `${last} is typing…` : `${names.slice(0, -1).join(', ')} and ${last} are typing…`;
}
