import type { Invariant } from './actions/step.js';
import { type Bounds, fairWeather } from './bounds.js';
import { originalRules, type Rules, rulesAsBuilt } from './rules.js';

/** A protocol with a mistake in it, the faults that bring it to light, and the promise that is then broken. */
export interface Control {
  readonly name: string;
  readonly rules: Rules;
  readonly bounds: Bounds;
  readonly breaks: Invariant;
}

/** Each must be found out. What the model does not find here it would not find in the code's rules either. */
export const controls: readonly Control[] = [
  original('gap', { writers: [1, 1], crashes: 1 }),
  original('equal ids', { writers: [1, 1], counterSteps: 1 }),
  original('duplicate', { writers: [1], giveUps: 1 }),
  original('unseen', { writers: [1], viewer: 1, lostEvents: 1 }),
  loosened('R2 ids from Redis INCR', { messageId: 'counter in Redis' }, 'gap', { writers: [1, 1], crashes: 1 }),
  loosened('R2 slot tried before its predecessor is majority', { headRead: 'local' }, 'gap', {
    writers: [1, 1],
    failovers: 1,
  }),
  loosened('R2 unordered batch of one room', { roomBatch: 'unordered' }, 'lost', {
    writers: [2, 1],
    months: 2,
  }),
  loosened('R3 an empty slot counts as dead', { emptySlot: 'dead' }, 'duplicate', { writers: [1], timeouts: 1 }),
  loosened('R4 retry answered from a local read', { retryRead: 'local' }, 'lost', {
    writers: [1],
    crashes: 1,
    failovers: 1,
  }),
  loosened('R4 retry answered from a local read', { retryRead: 'local' }, 'wrong ack', {
    writers: [1, 1],
    crashes: 1,
    failovers: 1,
    giveUps: 1,
  }),
  loosened('R5 previous month searched before the seal', { previousSearch: 'before the seal' }, 'duplicate', {
    writers: [1],
    months: 2,
    giveUps: 1,
  }),
  loosened('R5 previous month read at majority', { previousRead: 'majority' }, 'duplicate', {
    writers: [1],
    months: 2,
    crashes: 1,
    failovers: 1,
    staleReads: 1,
  }),
  loosened('R6 month ended without a seal', { monthEnd: 'nothing' }, 'equal ids', {
    writers: [1, 1],
    months: 2,
    clockSteps: 1,
  }),
  loosened('R6 seal believed before it is majority', { sealRead: 'local' }, 'equal ids', {
    writers: [1, 1],
    months: 2,
    failovers: 1,
  }),
  loosened('R9 event published before the commit', { publication: 'before it' }, 'phantom', {
    writers: [1],
    viewer: 1,
    failovers: 1,
  }),
  loosened('R9 heads neither repeated nor swept', { headChecks: 'none' }, 'unseen', {
    writers: [1],
    viewer: 1,
    lostEvents: 1,
  }),
  loosened('R10 live messages ignored during a resume', { resume: 'ignores them' }, 'unseen', {
    writers: [1],
    viewer: 1,
    absences: 1,
  }),
  loosened('R11 order promised over an unknown outcome', { orderAfterUnknown: 'promised' }, 'reordered', {
    writers: [2],
    giveUps: 1,
  }),
];

function original(breaks: Invariant, bounds: Partial<Bounds>): Control {
  return { name: 'the original design', rules: originalRules, bounds: { ...fairWeather, ...bounds }, breaks };
}

function loosened(name: string, change: Partial<Rules>, breaks: Invariant, bounds: Partial<Bounds>): Control {
  return { name, rules: { ...rulesAsBuilt, ...change }, bounds: { ...fairWeather, ...bounds }, breaks };
}
