import { expect, it } from 'vitest';
import { typingText } from './typing-text.js';

it.each<[typing: readonly string[], text: string]>([
  [[], ''],
  [['bob'], 'Bob is typing…'],
  [['bob', 'carol'], 'Bob and Carol are typing…'],
  [['bob', 'carol', 'dan'], 'Bob, Carol and Dan are typing…'],
  [['bob', 'carol', 'dan', 'erin'], 'Several people are typing…'],
])('says who of %j is typing', (typing, text) => {
  expect(typingText(typing)).toBe(text);
});
