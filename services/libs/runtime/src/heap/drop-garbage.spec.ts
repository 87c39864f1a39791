import { expect, it } from 'vitest';
import { dropGarbage } from './drop-garbage.js';

it('collects what nobody refers to any more, and shows no collector to others', () => {
  const garbage = new WeakRef({ kept: Array.from({ length: 1_000 }, (_, index) => ({ index })) });
  return new Promise<void>((resolve) => {
    // A reference that was just made or read is kept to the end of its turn.
    setImmediate(() => {
      dropGarbage();
      expect([garbage.deref(), 'gc' in globalThis]).toEqual([undefined, false]);
      resolve();
    });
  });
});
