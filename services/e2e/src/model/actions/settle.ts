import { event } from '../world/event.js';
import { live, twoIds, type World } from '../world/world.js';
import { answer } from './client-actions.js';
import type { Step } from './step.js';

/** Acknowledges a message: `RoomLog.#settle` and `#settleStored`. */
export function acknowledge(world: World, message: number, pod: number, id: number): void {
  const client = world.clients[message] as World['clients'][number];
  client.ackedId = client.ackedId === 0 || client.ackedId === id ? id : twoIds;
  answer(world, message, pod);
}

/**
 * Publishes a message, after its commit and before its ack, in the same turn (R9: events are hints): `announce` of
 * `RoomLog` and `EventPublisher`. Only a subscribed gateway gets it, if Redis does not lose it.
 */
export function publish(step: Step, world: World, id: number, message: number): void {
  if (step.bounds.viewer === 0) return;
  const { viewer } = world;
  const code = event(id, message);
  if (viewer.subscribed === 0 || viewer.events.includes(code)) return;
  if (step.rules.gateway === 'repairs gaps' && id <= viewer.head) return; // The feed would drop it.
  if (step.rules.gateway === 'passes events on' && viewer.presence !== live) return;
  viewer.events.push(code);
}
