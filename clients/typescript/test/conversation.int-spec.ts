import { randomUUID } from 'node:crypto';
import { startTestStack, type TestStack } from '@parlance/devstack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ParlanceClient, type ParlanceError, type RoomView } from '../src/index.js';
import { openSocketIo } from '../src/socket/open-socket-io.js';
import { SocketEnded } from '../src/socket/socket-ended.js';
import { until } from './until.js';

let stack: TestStack;
const open: ParlanceClient[] = [];

beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('a conversation through the client', () => {
  it('shows both the same messages in the same order, with nothing left pending', async () => {
    const { ann, bob, roomId } = await talk();
    const sends = Array.from({ length: 10 }, (_, index) => ann.send(roomId, `from ann ${index}`));
    expect(ann.room(roomId)?.pending.length).toBe(10);
    const stored = await Promise.all([...sends.map(({ done }) => done), bob.send(roomId, 'from bob').done]);
    expect(stored.length).toBe(11);
    const views = await Promise.all([ann, bob].map((person) => shows(person, roomId, 11)));
    for (const { messages, pending } of views) {
      expect(messages.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(pending).toEqual([]);
      const own = messages.filter(({ senderId }) => senderId === ann.userId);
      expect(own.map(({ content }) => content)).toEqual(sends.map(({ content }) => content));
    }
  });

  it('keeps its connection when a message is far too long, and sends what is behind that', async () => {
    const { ann, roomId } = await talk();
    const states: string[] = [];
    ann.on('state', (state) => states.push(state));
    const large = ann.send(roomId, '\u6f22'.repeat(30_000));
    const small = ann.send(roomId, 'small');
    await expect(large.done).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', outcome: 'rejected' });
    expect((await small.done).messageId).toBe(1);
    ann.discard(roomId, large.clientMessageId);
    expect(ann.room(roomId)?.pending).toEqual([]);
    expect(states).toEqual([]);
  });

  it('knows from the real gateway that a connection ended because of what was sent', async () => {
    const token = await stack.token('ann');
    const error = await new Promise<ParlanceError>((resolve) => {
      const target = { url: stack.gateways[0].url, token, connectTimeoutMs: 12_000 };
      const socket = openSocketIo(target, {
        event: () => socket.send('sendMessage', { content: 'x'.repeat(1024 * 1024) }, () => undefined),
        heartbeat: () => undefined,
        closed: resolve,
      });
    });
    expect([error.code, SocketEnded.blameOf(error)]).toEqual(['DISCONNECTED', 'sent']);
  });

  it('counts what is unread until it is read, and shows the sender that it was', async () => {
    const { ann, bob, roomId } = await talk();
    await Promise.all(['one', 'two'].map((text) => ann.send(roomId, text).done));
    await shows(bob, roomId, 2);
    expect(bob.room(roomId)?.unreadCount).toBe(2);
    await until(ann, () => ann.room(roomId)?.lastMessage?.status === 'delivered');
    bob.markRead(roomId);
    expect(bob.room(roomId)?.unreadCount).toBe(0);
    const read = await until(ann, () => {
      const message = ann.room(roomId)?.lastMessage;
      return message?.status === 'read' && message;
    });
    expect(read.readBy.map(({ userId }) => userId)).toEqual([bob.userId]);
    expect(ann.room(roomId)?.messages.map(({ status }) => status)).toEqual(['read', 'read']);
  });

  it('shows who is typing until they stop', async () => {
    const { ann, bob, roomId } = await talk();
    ann.setTyping(roomId, true);
    await until(bob, () => bob.room(roomId)?.typing.includes(ann.userId ?? ''));
    ann.setTyping(roomId, false);
    await until(bob, () => bob.room(roomId)?.typing.length === 0);
    expect(ann.room(roomId)?.typing).toEqual([]);
  });

  it('gets exactly what was missed while away: messages, events and receipts', async () => {
    const { ann, bob, roomId } = await talk();
    await ann.send(roomId, 'before').done;
    await shows(bob, roomId, 1);
    const told: number[] = [];
    bob.on('message', ({ messageId }) => told.push(messageId));
    bob.close();
    for (let index = 0; index < 15; index++) await ann.send(roomId, `missed ${index}`).done;
    await ann.updateRoom({ roomId, metadata: { name: 'Renamed' } });
    await bob.connect();
    const view = await until(bob, () => {
      const now = bob.room(roomId);
      return now && now.messages.length === 16 && now.room.metadata.name === 'Renamed' && now;
    });
    expect(view.messages.map(({ content }) => content)).toEqual(
      ann.room(roomId)?.messages.map(({ content }) => content),
    );
    expect(told).toEqual(Array.from({ length: 15 }, (_, index) => index + 2));
  });

  it('learns after coming back that its messages were read meanwhile', async () => {
    const { ann, bob, roomId } = await talk();
    await ann.send(roomId, 'read this').done;
    await shows(bob, roomId, 1);
    ann.close();
    bob.markRead(roomId);
    await until(bob, () => bob.room(roomId)?.unreadCount === 0);
    await bob.send(roomId, 'I have').done;
    await ann.connect();
    const message = await until(ann, () => {
      const first = ann.room(roomId)?.messages.find(({ messageId }) => messageId === 1);
      return first?.status === 'read' && first;
    });
    expect(message.readBy.map(({ userId }) => userId)).toEqual([bob.userId]);
  });

  it('sends what was written without a connection once there is one', async () => {
    const { ann, bob, roomId } = await talk();
    ann.close();
    const pending = ann.send(roomId, 'written in a tunnel');
    expect(ann.room(roomId)?.pending.map(({ state }) => state)).toEqual(['queued']);
    await ann.connect();
    const message = await pending.done;
    expect(message.clientMessageId).toBe(pending.clientMessageId);
    const view = await shows(bob, roomId, 1);
    expect(view.messages[0]?.content).toBe('written in a tunnel');
  });

  it('pages back to the beginning of a room', async () => {
    const { ann, roomId } = await talk();
    for (let index = 0; index < 12; index++) await ann.send(roomId, `${index}`).done;
    const again = await person(ann.userId);
    await again.connect();
    await shows(again, roomId, 1);
    expect(again.room(roomId)?.hasOlder).toBe(true);
    expect(await again.loadOlder(roomId, 5)).toBe(true);
    expect(again.room(roomId)?.messages.map(({ messageId }) => messageId)).toEqual([7, 8, 9, 10, 11, 12]);
    while (await again.loadOlder(roomId, 5)) continue;
    expect(again.room(roomId)?.messages.length).toBe(12);
    expect(again.room(roomId)?.hasOlder).toBe(false);
  });

  it('sees people come, change and go, and loses a room that it is removed from', async () => {
    const { ann, bob, roomId } = await talk();
    const carl = await person();
    await carl.connect();
    await ann.addParticipants(roomId, [carl.userId ?? '']);
    await until(carl, () => carl.room(roomId));
    await until(bob, () => bob.room(roomId)?.room.participants.length === 3);
    await ann.setRole(roomId, bob.userId ?? '', 'admin');
    await until(bob, () => bob.room(roomId)?.room.role === 'admin');
    await bob.removeParticipant(roomId, carl.userId ?? '');
    await until(carl, () => carl.room(roomId) === undefined);
    await until(ann, () => ann.room(roomId)?.room.participants.length === 2);
    await bob.leaveRoom(roomId);
    expect(bob.rooms.has(roomId)).toBe(false);
    await until(ann, () => ann.room(roomId)?.room.participants.length === 1);
  });

  it('tells why a message is refused, and sends it again when asked to', async () => {
    const { ann, roomId } = await talk();
    const pending = ann.send(roomId, 'x'.repeat(20_000));
    await expect(pending.done).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', outcome: 'rejected' });
    const [failed] = ann.room(roomId)?.pending ?? [];
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'MESSAGE_TOO_LARGE', retryable: false } });
    ann.retry(roomId, pending.clientMessageId);
    const again = ann.room(roomId)?.pending[0];
    await expect(again?.done).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    ann.discard(roomId, pending.clientMessageId);
    expect(ann.room(roomId)?.pending).toEqual([]);
  });

  it('rejects the connecting for a token that is not valid', async () => {
    const client = new ParlanceClient({ url: stack.gateways[0].url, getToken: () => 'not.a.token' });
    await expect(client.connect()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
    expect(client.state).toBe('closed');
  });
});

async function talk(): Promise<{ ann: ParlanceClient; bob: ParlanceClient; roomId: string }> {
  const [ann, bob] = [await person(), await person()];
  await Promise.all([ann.connect(), bob.connect()]);
  const { roomId } = await ann.createRoom({ roomType: 'group', participants: [bob.userId ?? ''] });
  await until(bob, () => bob.room(roomId));
  return { ann, bob, roomId };
}

async function person(userId = `u-${randomUUID().slice(0, 8)}`): Promise<ParlanceClient> {
  const token = await stack.token(userId);
  const client = new ParlanceClient({ url: stack.gateways[0].url, getToken: () => token });
  open.push(client);
  return client;
}

function shows(client: ParlanceClient, roomId: string, count: number): Promise<RoomView> {
  return until(client, () => {
    const view = client.room(roomId);
    return view && view.messages.length >= count && view;
  });
}
