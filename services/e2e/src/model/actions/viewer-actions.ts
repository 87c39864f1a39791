import { keep, offer, passOnPulled, replay, show, startFeed } from '../world/feed.js';
import { headOf, readableLog } from '../world/room-view.js';
import { away, live, resumeAnswered, resumeAsked, resumeDone, returning, type Viewer } from '../world/world.js';
import type { Action } from './step.js';

/** An event reaches the gateway, in any order, or is lost. Mirrors `ChatSyncService.handleEvent`. */
export const deliver: Action = (step) => {
  for (const [index, code] of step.from.viewer.events.entries()) {
    const world = step.fork();
    world.viewer.events.splice(index, 1);
    if (step.rules.gateway === 'passes events on') show(world.viewer, step.rules, code);
    else offer(world.viewer, step.rules, code);
    step.emit('deliver', code);
    if (step.from.left.lostEvents === 0) continue;
    const without = step.fork();
    without.viewer.events.splice(index, 1);
    without.left.lostEvents -= 1;
    step.emit('lose', code);
  }
};

/**
 * The gateway hears of the log's head without an event of it: by the sweep, after a change of the link or the
 * subscription, or because the chat service repeats it. Mirrors `ChatResilienceService.compare`, `watchForLosses`,
 * `HeadSweep`, `HeadRepeater`.
 */
export const checkHeads: Action = (step) => {
  const { viewer } = step.from;
  if (step.rules.headChecks === 'none' || viewer.presence === away) return;
  const head = headOf(readableLog(step.from));
  if (head <= viewer.wanted) return;
  const world = step.fork();
  world.viewer.wanted = head;
  step.emit('checkHeads', head);
};

/**
 * Missing messages are pulled and passed on, then what was held. Mirrors `RoomRepair.pull`. Its `giveUpHopeless` is left
 * out: no event comes before its commit, so there is always something to find, or the client ends `unseen`.
 */
export const pull: Action = (step) => {
  const { viewer } = step.from;
  if (viewer.wanted <= viewer.head) return;
  const log = readableLog(step.from);
  const world = step.fork();
  let next = viewer.head + 1;
  for (; next <= viewer.wanted && log[next - 1] !== 0; next++)
    passOnPulled(world.viewer, step.rules, next, (log[next - 1] as number) - 1);
  if (next === viewer.head + 1) return;
  replay(world.viewer, step.rules);
  step.emit('pull', viewer.head + 1, next - 1);
};

/** The client's connection ends; the feed was only for it. Mirrors `ConnectionRegistry.leave`, `RoomSubscriptions`. */
export const goAway: Action = (step) => {
  if (step.from.left.absences === 0 || step.from.viewer.presence !== live) return;
  const world = step.fork();
  world.left.absences -= 1;
  world.viewer.presence = away;
  unsubscribe(world.viewer);
  step.emit('goAway');
};

function unsubscribe(viewer: Viewer): void {
  viewer.subscribed = 0;
  viewer.events.length = 0;
  startFeed(viewer, 0);
}

/**
 * It comes back: the gateway reads the heads of its rooms, opens the feed there and asks for the subscription; the client
 * asks for what it missed. Mirrors `ChatSessionService.prepare` and `open`, `RoomJoinService.enter`.
 */
export const comeBack: Action = (step) => {
  if (step.from.viewer.presence !== away) return;
  const head = headOf(readableLog(step.from));
  const world = step.fork();
  world.viewer.presence = returning;
  world.viewer.resume = resumeAsked;
  startFeed(world.viewer, head);
  step.emit('comeBack', head);
};

/** The subscription is confirmed, then the head is compared with the log. Mirrors `RoomSubscriptions.acquire`. */
export const confirm: Action = (step) => {
  if (step.from.viewer.presence !== returning || step.from.viewer.subscribed === 1) return;
  const head = headOf(readableLog(step.from));
  const world = step.fork();
  world.viewer.subscribed = 1;
  world.viewer.wanted = Math.max(world.viewer.wanted, head);
  settleIn(world.viewer);
  step.emit('confirm', head);
};

/** The chat service reads the page behind the client's cursor. Mirrors `HistoryService.resume`. */
export const answerResume: Action = (step) => {
  if (step.from.viewer.resume !== resumeAsked) return;
  const head = headOf(readableLog(step.from));
  const world = step.fork();
  world.viewer.resume = resumeAnswered;
  world.viewer.page = head;
  step.emit('answerResume', head);
};

/** The page reaches the client, which merges it with what came live meanwhile. Mirrors the SDK's `takeMessages`. */
export const takeResume: Action = (step) => {
  const { viewer } = step.from;
  if (viewer.resume !== resumeAnswered) return;
  const log = readableLog(step.from);
  const world = step.fork();
  for (let id = 1; id <= viewer.page; id++) keep(world.viewer, id, log[id - 1] as number);
  world.viewer.resume = resumeDone;
  world.viewer.page = 0;
  settleIn(world.viewer);
  step.emit('takeResume', viewer.page);
};

function settleIn(viewer: Viewer): void {
  if (viewer.subscribed === 1 && viewer.resume === resumeDone) viewer.presence = live;
}
