import { describe, expect, it } from 'vitest';
import { makeRoom } from './make-room.js';

describe('makeRoom', () => {
  it('asks and ends nobody while there is room', async () => {
    const sockets = [connection(1, 'never'), connection(2, 'never')];
    expect(await outcome(sockets, 3)).toEqual({ ended: [], afterMs: 0 });
    expect(sockets.map(({ asked }) => asked)).toEqual([0, 0]);
  });

  it('ends the one that has been silent longest of those that do not answer, when there was time to', async () => {
    const sockets = [connection(1, 'soon'), connection(5, 'never'), connection(3, 'never'), connection(9, 'never')];
    expect(await outcome(sockets, 4)).toEqual({ ended: [3], afterMs: 1_500 });
    expect(sockets.map(({ asked }) => asked)).toEqual([1, 1, 1, 1]);
  });

  it('ends nobody when all answer, and waits no longer for that', async () => {
    expect(await outcome([connection(1, 'soon'), connection(2, 'soon')], 2)).toEqual({ ended: [], afterMs: 50 });
  });

  it('ends nobody when somebody goes meanwhile, and waits no longer', async () => {
    const sockets = [connection(1, 'never'), connection(2, 'never')];
    expect(await outcome(sockets, 2, () => sockets.pop())).toEqual({ ended: [], afterMs: 25 });
  });
});

interface Connection {
  readonly heardAt: number;
  isSilent: boolean;
  asked: number;
  askForSign(): void;
  /** Time has passed since it was asked. */
  wait(ms: number): void;
}

function connection(heardAt: number, answers: 'soon' | 'never'): Connection {
  return {
    heardAt,
    isSilent: false,
    asked: 0,
    askForSign() {
      this.asked += 1;
      this.isSilent = true;
    },
    wait(ms) {
      if (answers === 'soon' && ms >= 40) this.isSilent = false;
    },
  };
}

/** When those that are ended were heard last, and how long that took. */
async function outcome(sockets: readonly Connection[], most: number, meanwhile: () => unknown = () => undefined) {
  const ended: number[] = [];
  let afterMs = 0;
  await makeRoom(
    () => sockets,
    most,
    ({ heardAt }) => ended.push(heardAt),
    {
      elapsedMs: () => afterMs,
      pause: async (ms) => {
        afterMs += ms;
        meanwhile();
        for (const socket of sockets) socket.wait(afterMs);
      },
    },
  );
  return { ended, afterMs };
}
