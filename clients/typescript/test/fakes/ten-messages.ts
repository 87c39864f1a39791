import { settled } from './fake-clock.js';
import { type FakeStack, fakeStack } from './fake-stack.js';

/** A client that shows ten messages of a room; `told` are the rooms that went back, with their heads. */
export async function withTen(): Promise<FakeStack & { readonly told: readonly (readonly [string, number])[] }> {
  const stack = fakeStack();
  const told: (readonly [string, number])[] = [];
  stack.client.on('wentBack', ({ room }) => told.push([room.roomId, room.head]));
  stack.gateway.addRoom('r');
  await stack.client.connect();
  await settled();
  for (let id = 1; id <= 10; id++) stack.gateway.post('r', 'ann', `${id}`);
  await stack.clock.pass(1_000);
  return { ...stack, told };
}

/** What the room shows. */
export function contents(client: FakeStack['client']): readonly string[] | undefined {
  return client.room('r')?.messages.map(({ content }) => content);
}

/** What a restored backup does: the log ends at `head`, and is of a new epoch. */
export function restore({ rooms }: FakeStack['gateway'], head: number): void {
  const room = rooms.get('r');
  room?.goBack(head);
  if (room) room.epoch += 1;
}
