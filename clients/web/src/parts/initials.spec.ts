import { expect, it } from 'vitest';
import { initials } from './initials.js';

it.each([
  ['Alice', 'A'],
  ['mary ann smith', 'MS'],
  ['design-team', 'DT'],
  ['  ', '?'],
  ['🎉', '?'],
  ['Émile Zola', 'ÉZ'],
  ['𠮷田 太郎', '𠮷太'],
])('shortens "%s" to "%s"', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
