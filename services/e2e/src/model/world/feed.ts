import type { Rules } from '../rules.js';
import { event, eventId, eventMessage } from './event.js';
import { live, resumeDone, returning, type Viewer } from './world.js';

/**
 * The gateway's `RoomFeed` of the one room, with `RoomRepair` on top: messages are passed on in the order of their ids,
 * each once; what cannot be passed on yet is held while the missing messages are wanted.
 */
export function offer(viewer: Viewer, rules: Rules, code: number): void {
  if (viewer.wanted > viewer.head) viewer.held.push(code);
  else judge(viewer, rules, code);
}

/** Passes on what was held until something is wanted again. Mirrors `RoomRepair.run` and `RoomFeed.replay`. */
export function replay(viewer: Viewer, rules: Rules): void {
  while (viewer.held.length > 0 && viewer.wanted <= viewer.head) judge(viewer, rules, viewer.held.shift() as number);
}

/** Passes on a message that was pulled. Mirrors `RoomDelivery.pulled`. */
export function passOnPulled(viewer: Viewer, rules: Rules, id: number, message: number): void {
  viewer.head = id;
  show(viewer, rules, event(id, message));
}

/** A feed starts, without anything held. */
export function startFeed(viewer: Viewer, head: number): void {
  viewer.head = viewer.wanted = head;
  viewer.held.length = 0;
}

function judge(viewer: Viewer, rules: Rules, code: number): void {
  const id = eventId(code);
  if (id <= viewer.head) return;
  viewer.wanted = Math.max(viewer.wanted, id - 1);
  if (viewer.wanted > viewer.head) {
    viewer.held.unshift(code);
    return;
  }
  viewer.head = viewer.wanted = id;
  show(viewer, rules, code);
}

/** The client takes a live message. One that ignores them during a resume shows what R10 guards against. */
export function show(viewer: Viewer, rules: Rules, code: number): void {
  if (viewer.presence === returning && viewer.resume !== resumeDone && rules.resume === 'ignores them') return;
  if (viewer.presence === live || viewer.presence === returning) keep(viewer, eventId(code), eventMessage(code) + 1);
}

/** The client keeps the first message that it was given under an id. */
export function keep({ shown }: Viewer, id: number, messagePlusOne: number): void {
  if (shown[id - 1] === 0) shown[id - 1] = messagePlusOne;
}
