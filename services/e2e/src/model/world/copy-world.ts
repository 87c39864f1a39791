import type { Client, Collection, Pod, Viewer, World } from './world.js';

/** Makes one world what the other is; both belong to the same bounds. Nothing is allocated: this happens for every event. */
export function copyWorld(from: World, to: World): void {
  copyFaults(from.left, to.left);
  for (let message = 0; message < from.clients.length; message++)
    copyClient(from.clients[message] as Client, to.clients[message] as Client);
  to.orderVoid = from.orderVoid;
  copyMonth(from.months[0], to.months[0]);
  copyMonth(from.months[1], to.months[1]);
  to.chain.firstId = from.chain.firstId;
  to.chain.committed = from.chain.committed;
  to.chain.stale = from.chain.stale;
  copyPod(from.pods[0], to.pods[0]);
  copyPod(from.pods[1], to.pods[1]);
  copyList(from.detached, to.detached);
  to.counter = from.counter;
  if (from.viewer.shown.length > 0) copyViewer(from.viewer, to.viewer);
}

/** Shortens a list. To set its length to 0 would throw its memory away, which the next entry then asks for again. */
export function shorten(list: number[], length: number): void {
  while (list.length > length) list.pop();
}

function copyFaults(from: World['left'], to: World['left']): void {
  to.crashes = from.crashes;
  to.failovers = from.failovers;
  to.clockSteps = from.clockSteps;
  to.timeouts = from.timeouts;
  to.giveUps = from.giveUps;
  to.lostEvents = from.lostEvents;
  to.absences = from.absences;
  to.counterSteps = from.counterSteps;
}

function copyClient(from: Client, to: Client): void {
  to.status = from.status;
  to.pod = from.pod;
  to.tag = from.tag;
  to.ackedId = from.ackedId;
}

function copyMonth(from: Collection, to: Collection): void {
  copyList(from.entries, to.entries);
  to.committed = from.committed;
  to.stale = from.stale;
}

function copyPod(from: Pod, to: Pod): void {
  to.clock = from.clock;
  to.stage = from.stage;
  to.month = from.month;
  to.head = from.head;
  to.batch = from.batch;
  to.landed = from.landed;
  to.refused = from.refused;
  copyList(from.queue, to.queue);
}

function copyViewer(from: Viewer, to: Viewer): void {
  to.presence = from.presence;
  to.subscribed = from.subscribed;
  to.resume = from.resume;
  to.page = from.page;
  to.head = from.head;
  to.wanted = from.wanted;
  copyList(from.events, to.events);
  copyList(from.held, to.held);
  copyList(from.shown, to.shown);
}

function copyList(from: readonly number[], to: number[]): void {
  for (let index = 0; index < from.length; index++) to[index] = from[index] as number;
  shorten(to, from.length);
}
