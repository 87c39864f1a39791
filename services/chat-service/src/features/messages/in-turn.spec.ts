import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { InTurn } from './in-turn.js';

it('does what goes by one key in its order, whatever fails, and forgets it then', async () => {
  const turns = new InTurn();
  const done: string[] = [];
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = turns.take('a', async () => {
    await answers[0]?.promise;
    done.push('first');
    throw new Error('it failed');
  });
  const second = turns.take('a', async () => {
    await answers[1]?.promise;
    done.push('second');
  });
  await turns.take('b', async () => void done.push('other'));
  answers[1]?.resolve();
  await delay(5);
  expect(done).toEqual(['other']);
  answers[0]?.resolve();
  await expect(first).rejects.toThrow('it failed');
  await second;
  expect(done).toEqual(['other', 'first', 'second']);
  await delay(0);
  expect(turns.size).toBe(0);
});
