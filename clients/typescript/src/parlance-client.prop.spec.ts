import type { ChatMessage } from '@parlance/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeStack } from '../test/fakes/fake-stack.js';

/** What may happen in the world around a client. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('ann', 'bob').map((by) => ({ kind: 'post', by }) as const) },
  { weight: 3, arbitrary: fc.constant({ kind: 'send' } as const) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4_000 }).map((ms) => ({ kind: 'pass', ms }) as const) },
  fc.constant({ kind: 'cut' } as const),
  fc.constant({ kind: 'loseAnswer' } as const),
  fc.constant({ kind: 'read' } as const),
  fc.constantFrom('open', 'close', 'loadOlder').map((kind) => ({ kind }) as const),
);

describe('ParlanceClient in a world that loses and doubles things', () => {
  it('shows exactly the log, tells each message once in order, and stores each own message once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.infiniteStream(fc.integer({ min: 0, max: 9 })), run),
      { numRuns: 200 },
    );
  });
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function run(steps: readonly Step[], chance: Iterator<number>): Promise<void> {
  const roll = (): number => chance.next().value as number;
  const { clock, gateway, client } = fakeStack({ messagesPerRoom }, { random: () => roll() / 10 });
  const room = gateway.addRoom('r');
  room.pageItems = 3;
  const told: ChatMessage[] = [];
  client.on('message', (message) => told.push(message));
  const connected = client.connect();
  await clock.pass(100);
  await connected;
  gateway.passes = lossy(roll, (message, delayMs) => {
    clock.after(delayMs, () => gateway.emit('newMessage', message, 'surely'));
  });
  let sent = 0;
  const closes: (() => void)[] = [];
  for (const each of steps) {
    if (each.kind === 'post') gateway.post('r', each.by, `${room.head + 1}`, `${each.by}${room.head}`);
    else if (each.kind === 'send') client.send('r', `own ${++sent}`);
    else if (each.kind === 'pass') await clock.pass(each.ms);
    else if (each.kind === 'cut') gateway.cut();
    else if (each.kind === 'loseAnswer') gateway.intervene('sendMessage', 'lost');
    else if (each.kind === 'open') closes.push(client.open('r'));
    else if (each.kind === 'close') closes.pop()?.();
    else if (each.kind === 'loadOlder') client.loadOlder('r', 2).catch(() => undefined);
    else client.markRead('r');
    expectWindow(client.room('r')?.messages, told);
  }
  gateway.passes = () => true;
  await clock.pass(300_000);
  gateway.emit('heads', { r: { head: room.head, rev: room.rev } });
  await clock.pass(300_000);
  const ids = room.messages.map(({ messageId }) => messageId);
  while (await client.loadOlder('r')) continue;
  const view = client.room('r');
  expect(view?.messages.map(({ messageId }) => messageId)).toEqual(ids);
  expect(told.map(({ messageId }) => messageId)).toEqual(ids);
  expect(view?.pending).toEqual([]);
  expect(room.messages.filter(({ senderId }) => senderId === 'me').length).toBe(sent);
  expect(room.marks.get('me')?.delivered ?? 0).toBe(room.head);
  client.markRead('r');
  await clock.pass(1_000);
  expect(room.marks.get('me')?.read ?? 0).toBe(room.head);
  expect(client.room('r')?.unreadCount).toBe(0);
  closes.push(client.open('r'));
  for (const close of closes) close();
  expect(client.room('r')?.messages.map(({ messageId }) => messageId)).toEqual(ids.slice(-messagesPerRoom));
}

/** Without gaps up to the newest message told of, and at least as long as it may be. */
function expectWindow(messages: readonly ChatMessage[] = [], told: readonly ChatMessage[]): void {
  messages.forEach(({ messageId }, index) => expect(messageId).toBe((messages[0]?.messageId ?? 0) + index));
  expect(messages.at(-1)?.messageId).toBe(told.at(-1)?.messageId);
  expect(messages.length).toBeGreaterThanOrEqual(Math.min(told.length, messagesPerRoom));
}

const messagesPerRoom = 6;

/** Of ten live events one is lost, one comes late and one twice. */
function lossy(
  roll: () => number,
  repeat: (payload: unknown, delayMs: number) => void,
): (name: string, payload: unknown) => boolean {
  return (name, payload) => {
    const dice = roll();
    if (name === 'newMessage' && (dice === 1 || dice === 2)) repeat(payload, roll() * 300);
    return dice > 1;
  };
}
