import { expect, it } from 'vitest';
import { userName } from './user-name.js';

it('begins with a capital letter and leaves the rest of the id alone', () => {
  expect(userName('alice')).toBe('Alice');
  expect(userName('mary.ann:7')).toBe('Mary.ann:7');
  expect(userName('')).toBe('');
});
