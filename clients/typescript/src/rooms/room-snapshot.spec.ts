import { expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { connected } from '../../test/fakes/fake-stack.js';

it('stays the same object, and so do all rooms, when something is told again', async () => {
  const { client, gateway, clock } = await connected({}, ['r', 'other']);
  gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
  const [rooms, view] = [client.rooms, client.room('r')];
  await clock.pass(1_000);
  gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
  expect(client.room('r')).toBe(view);
  expect(client.rooms).toBe(rooms);
});

it('keeps the parts that a change does not touch', async () => {
  const { client, gateway } = await connected({}, ['r', 'other']);
  gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
  const before = client.room('r');
  gateway.post('r', 'bob', 'hello');
  const after = client.room('r');
  expect(after?.messages).not.toBe(before?.messages);
  expect(after?.typing).toBe(before?.typing);
  expect(after?.room.participants).toBe(before?.room.participants);
  expect(client.room('other')).toBe(client.rooms.get('other'));
});

it('is another one for a room that went and came back', async () => {
  const { client, gateway } = await connected({}, ['r', 'other']);
  const before = client.room('r');
  await client.leaveRoom('r');
  expect(client.room('r')).toBeUndefined();
  expect([...client.rooms.keys()]).toEqual(['other']);
  gateway.post('r', 'ann', 'back');
  await settled();
  expect(client.room('r')?.lastMessage?.content).toBe('back');
  expect(client.room('r')).not.toBe(before);
});
