import { type Channel, channel } from 'node:diagnostics_channel';
import { stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { as, type Pod, type Pods, startPods } from '../fixtures/start-pods.js';

const clientSockets: Channel = channel('net.client.socket');
const sockets = new Set<Socket>();
const note = (message: unknown): void => void sockets.add((message as { readonly socket: Socket }).socket);

let servers: Pods;
let pod: Pod;
beforeAll(async () => {
  clientSockets.subscribe(note);
  servers = await startPods();
  [pod] = servers.pods;
});
afterAll(async () => {
  clientSockets.unsubscribe(note);
  await servers[Symbol.asyncDispose]();
});

function send(roomId: string, content: string) {
  return pod.operations.sendMessage({ ...as('ann'), deadlineAt: Date.now() + 30_000 }, newText(roomId, content));
}

/** Destroys every connection to MongoDB, as its death does, and calls before any of them has told that it is closed. */
async function callAsConnectionsClose<Result>(call: () => Promise<Result>): Promise<Result> {
  const { port } = new URL(servers.mongoUri.replace('mongodb:', 'http:'));
  // One that is still being made has no port yet, and would serve the read.
  await vi.waitUntil(() => [...sockets].every(({ connecting }) => !connecting), { interval: 5, timeout: 60_000 });
  // From here to the next turn of the event loop; sockets tell that they are closed at the end of a turn.
  await stat('.');
  for (const socket of sockets) if (String(socket.remotePort) === port) socket.destroy();
  return call();
}

it('ends commands that were written to connections at the moment these closed, and sends again', async () => {
  const read = () => pod.operations.listRooms(as('ann'), { cursor: '', limit: 10 });
  let refusal: unknown;
  // A read that finds no idle connection waits for a new one, and is answered: then the next moment is tried.
  while (refusal === undefined) {
    const roomId = await newRoom(pod);
    await send(roomId, 'first');
    const [sent, rooms] = await callAsConnectionsClose(() => Promise.allSettled([send(roomId, 'second'), read()]));
    expect(sent).toMatchObject({ value: { message: { messageId: 2 }, deduplicated: false } });
    expect((await read()).rooms).toContainEqual(expect.objectContaining({ roomId }));
    if (rooms.status === 'rejected') refusal = rooms.reason;
  }
  expect(refusal).toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'rejected' });
});
