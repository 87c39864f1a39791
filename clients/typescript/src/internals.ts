import { listenForWake } from './connection/wake-signals.js';
import type { OpenSocket } from './socket/gateway-socket.js';
import { openSocketIo } from './socket/open-socket-io.js';
import { type Clock, systemClock } from './time/clock.js';

/** What a client is made with that tests replace. Not part of the promised API. */
export interface Internals {
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** A name for a message, never the same twice. */
  readonly newId: () => string;
  readonly openSocket: OpenSocket;
  /** Listens for signs that waiting makes no sense any more; the function it answers ends that. */
  readonly listenForWake: (wake: () => void) => () => void;
}

/** What a client uses outside tests. */
export function defaultInternals(): Internals {
  return {
    clock: systemClock,
    random: Math.random,
    newId: randomId,
    openSocket: openSocketIo,
    listenForWake: (wake) => listenForWake(systemClock, wake),
  };
}

/** 128 random bits. `crypto.randomUUID` is missing on pages that came over plain HTTP; `getRandomValues` is not. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
