import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { FakeGateway, failure, type Intervention } from '../../test/fakes/fake-gateway.js';
import { FakeProgram, type FakeWorld, notingOutbox } from '../../test/fakes/fake-program.js';

/** What happens to a program, to its connection and to its user. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('r', 's').map((roomId) => ({ kind: 'send', roomId }) as const) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3_000 }).map((ms) => ({ kind: 'pass', ms }) as const) },
  fc.constant({ kind: 'cut' } as const),
  fc.constant({ kind: 'kill' } as const),
);

describe('Outbox in a world that fails in every way', () => {
  it('brings the messages of one sender into the log of each room in the order of sending, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), fc.infiniteStream(fc.integer({ min: 0, max: 99 })), run),
      { numRuns: 500 },
    );
  });
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function run(steps: readonly Step[], chance: Iterator<number>): Promise<void> {
  const roll = (): number => chance.next().value as number;
  const clock = new FakeClock();
  const gateway = new FakeGateway(() => clock.now());
  const store = notingOutbox();
  let ids = 0;
  let isHealthy = false;
  const random = (): number => roll() / 100;
  const storeFails = (): boolean => !isHealthy && roll() < 7;
  const world: FakeWorld = { clock, gateway, store, random, newId: () => `c${++ids}`, storeFails };
  for (const roomId of ['r', 's']) gateway.addRoom(roomId);
  gateway.fate = (name) =>
    name === 'sendMessage' ? fateOf(roll(), (later) => void clock.after(roll() * 200, later)) : undefined;
  gateway.passes = () => roll() > 20;

  let program = new FakeProgram(world);
  let sinceStart: string[] = [];
  for (const each of steps) {
    if (each.kind === 'send') {
      const content = `${each.roomId} ${ids}`;
      program.client.send(each.roomId, content);
      sinceStart.push(content);
    } else if (each.kind === 'pass') await clock.pass(each.ms);
    else if (each.kind === 'cut') gateway.cut();
    else {
      program.kill();
      program = new FakeProgram(world);
      sinceStart = [];
    }
  }
  isHealthy = true;
  gateway.fate = () => undefined;
  gateway.passes = () => true;
  await clock.pass(600_000);

  const kept = new Set([...store.everPut, ...sinceStart]);
  for (const [roomId, { messages }] of gateway.rooms) {
    const contents = messages.map(({ content }) => content);
    expect(contents.length).toBe(new Set(contents).size);
    // Of one that the store could not take and whose program was killed nobody knows when the server stores it, if ever.
    const expected = [...kept].filter((content) => content.startsWith(roomId)).toSorted(bySending);
    expect(contents.filter((content) => kept.has(content))).toEqual(expected);
    expect(program.client.room(roomId)?.pending).toEqual([]);
  }
  await expectNothingLeft(world, program);
}

function bySending(left: string, right: string): number {
  return Number(left.slice(2)) - Number(right.slice(2));
}

/** Another start finds what a failing store could not forget, and stores nothing a second time. */
async function expectNothingLeft(world: FakeWorld, program: FakeProgram): Promise<void> {
  const heads = [...world.gateway.rooms.values()].map(({ head }) => head);
  program.kill();
  void new FakeProgram(world);
  await world.clock.pass(60_000);
  expect(await world.store.all()).toEqual([]);
  expect([...world.gateway.rooms.values()].map(({ head }) => head)).toEqual(heads);
}

/** Of a hundred sends about half end in another way than they should. */
function fateOf(dice: number, later: (work: () => void) => void): Intervention | undefined {
  const unknown = failure('STORE_UNAVAILABLE', { retryable: true, outcome: 'unknown' });
  if (dice < 8) return 'lost';
  if (dice < 20) return failure('RATE_LIMITED', { retryable: true, retryAfterMs: dice * 10 });
  if (dice < 26) return unknown;
  if (dice < 34) {
    return (carryOut) => {
      carryOut();
      return unknown;
    };
  }
  if (dice < 46) {
    return (carryOut) => {
      later(carryOut);
      return dice < 40 ? unknown : undefined;
    };
  }
  return undefined;
}
