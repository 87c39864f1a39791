import { parentPort, workerData } from 'node:worker_threads';
import { RawSocket } from './raw-socket.js';

/**
 * The crowd's thread: opens the sockets named by `workerData`, says `ready`, and answers each `count` with what came
 * since the last `reset`. It has a thread of its own so that reading a thousand sockets does not delay the clock of the pairs.
 */
export interface CrowdTask {
  readonly members: readonly { readonly url: string; readonly token: string }[];
}

/** What the crowd was sent since the last reset. */
export interface CrowdCount {
  /** Sockets whose connection has ended. */
  readonly closed: number;
  /** Frames by the name of their event, over all sockets. */
  readonly frames: Readonly<Record<string, number>>;
  /** Most frames of one socket. */
  readonly mostFrames: number;
  /** `roomJoined` frames of a socket beyond its first of a room and `rev`. */
  readonly duplicates: number;
  /** Sockets that got a `roomJoined`. */
  readonly told: number;
  /** Sockets that got a `newMessage`. */
  readonly reached: number;
}

const { members } = workerData as CrowdTask;
const sockets: RawSocket[] = [];
const atOnce = 40;
for (let start = 0; start < members.length; start += atOnce) {
  const some = members.slice(start, start + atOnce);
  sockets.push(...(await Promise.all(some.map(({ url, token }) => RawSocket.open(url, token)))));
  parentPort?.postMessage({ kind: 'open', count: sockets.length }); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread, not a window
}
parentPort?.on('message', (asked: 'count' | 'reset') => {
  if (asked === 'reset') for (const socket of sockets) socket.reset();
  parentPort?.postMessage({ kind: 'count', count: countAll() }); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread, not a window
});

function countAll(): CrowdCount {
  const frames: Record<string, number> = {};
  let mostFrames = 0;
  let duplicates = 0;
  let told = 0;
  let reached = 0;
  for (const socket of sockets) {
    let all = 0;
    for (const [name, count] of socket.frames) {
      frames[name] = (frames[name] ?? 0) + count;
      all += count;
    }
    mostFrames = Math.max(mostFrames, all);
    duplicates += socket.duplicates;
    if (socket.frames.has('roomJoined')) told += 1;
    if (socket.frames.has('newMessage')) reached += 1;
  }
  const closed = sockets.filter(({ isOpen }) => !isOpen).length;
  return { closed, frames, mostFrames, duplicates, told, reached };
}
