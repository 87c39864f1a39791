import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeRoom } from './make-room.js';

describe('makeRoom', () => {
  it('asks and ends nobody while there is room', async () => {
    const sockets = [connection(1, 'never'), connection(2, 'never')];
    expect(await ended(sockets, 3)).toEqual([]);
    expect(sockets.map(({ asked }) => asked)).toEqual([0, 0]);
  });

  it('ends the one that has been silent longest of those that do not answer, when there was time to', async () => {
    const sockets = [connection(1, 'soon'), connection(5, 'never'), connection(3, 'never'), connection(9, 'never')];
    const begun = performance.now();
    expect(await ended(sockets, 4)).toEqual([3]);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1_450);
    expect(sockets.map(({ asked }) => asked)).toEqual([1, 1, 1, 1]);
  });

  it('ends nobody when all answer, and waits no longer for that', async () => {
    const sockets = [connection(1, 'soon'), connection(2, 'soon')];
    const gone = await Promise.race([ended(sockets, 2), delay(1_400, 'waited on')]);
    expect(gone).toEqual([]);
  });

  it('ends nobody when somebody goes meanwhile, and waits no longer', async () => {
    const sockets = [connection(1, 'never'), connection(2, 'never')];
    const gone = ended(sockets, 2);
    await delay(10);
    sockets.pop();
    expect(await Promise.race([gone, delay(1_400, 'waited on')])).toEqual([]);
  });
});

interface Connection {
  readonly heardAt: number;
  isSilent: boolean;
  asked: number;
  askForSign(): void;
}

function connection(heardAt: number, answers: 'soon' | 'never'): Connection {
  return {
    heardAt,
    isSilent: false,
    asked: 0,
    askForSign() {
      this.asked += 1;
      this.isSilent = true;
      if (answers === 'soon') setTimeout(() => (this.isSilent = false), 40);
    },
  };
}

/** When those that are ended were heard last. */
async function ended(sockets: readonly Connection[], most: number): Promise<readonly number[]> {
  const gone: number[] = [];
  await makeRoom(
    () => sockets,
    most,
    ({ heardAt }) => gone.push(heardAt),
  );
  return gone;
}
