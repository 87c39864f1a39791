import { type Bounds, fairWeather } from './bounds.js';

/** One exploration of the rules as built. */
export interface Configuration {
  readonly name: string;
  readonly bounds: Bounds;
}

/** Every run of the tests explores these. */
export const quickConfigurations: readonly Configuration[] = [
  configuration('pods die, a primary is lost', { writers: [2, 1], crashes: 2, failovers: 1 }),
  configuration('three writers, a pod dies', { writers: [2, 1, 1], crashes: 1 }),
  configuration('a month ends among faults', { writers: [1, 1], months: 2, crashes: 1, failovers: 1, timeouts: 1 }),
  configuration('a month ends, retries', { writers: [2, 1], months: 2, giveUps: 1, clockSteps: 1 }),
  configuration('a client listens', { writers: [2, 1], viewer: 1, lostEvents: 1, absences: 1 }),
];

/**
 * `make test-model` explores these. All bounds at once are too many states to visit, so every two kinds of fault meet in
 * some configuration that the month's end is part of, with as many writers as that allows; the last chat-service
 * configuration has all of them with one message.
 */
export const fullConfigurations: readonly Configuration[] = [
  configuration('3 writers: crash, month', { writers: [2, 1, 1], months: 2, crashes: 1 }),
  configuration('3 writers: crash, failover', { writers: [2, 1, 1], crashes: 1, failovers: 1 }),
  configuration('3 writers: 2 crashes', { writers: [2, 1, 1], crashes: 2 }),
  configuration('3 writers: failover, time-out, month', { writers: [2, 1, 1], months: 2, failovers: 1, timeouts: 1 }),
  configuration('3 writers: retry, month', { writers: [2, 1, 1], months: 2, giveUps: 1 }),
  configuration('3 writers: time-out, clock, month', { writers: [2, 1, 1], months: 2, timeouts: 1, clockSteps: 1 }),
  configuration('3 writers: crash, failover, month', { writers: [1, 1, 1], months: 2, crashes: 1, failovers: 1 }),
  configuration('2 writers: crash, failover, month', { writers: [2, 1], months: 2, crashes: 1, failovers: 1 }),
  configuration('2 writers: 2 crashes, clock, month', { writers: [2, 1], months: 2, crashes: 2, clockSteps: 1 }),
  configuration('2 writers: retry, time-out, clock, month', {
    writers: [2, 1],
    months: 2,
    giveUps: 1,
    timeouts: 1,
    clockSteps: 1,
  }),
  configuration('2 writers: crash, failover, retry, month', {
    writers: [1, 1],
    months: 2,
    crashes: 1,
    failovers: 1,
    giveUps: 1,
  }),
  configuration('2 writers: crash, failover, time-out, clock, month', {
    writers: [1, 1],
    months: 2,
    crashes: 1,
    failovers: 1,
    timeouts: 1,
    clockSteps: 1,
  }),
  configuration('2 writers: crash, failover, old primary, month', {
    writers: [1, 1],
    months: 2,
    crashes: 1,
    failovers: 1,
    staleReads: 1,
  }),
  configuration('1 writer: everything at once, 2 crashes', {
    writers: [1],
    months: 2,
    crashes: 2,
    failovers: 1,
    clockSteps: 1,
    timeouts: 1,
    giveUps: 1,
    staleReads: 1,
  }),
  configuration('listener, 3 writers: lost event, away', { writers: [2, 1, 1], viewer: 1, lostEvents: 1, absences: 1 }),
  configuration('listener, 2 writers: crash, lost event, away, month', {
    writers: [1, 1],
    months: 2,
    viewer: 1,
    crashes: 1,
    lostEvents: 1,
    absences: 1,
  }),
  configuration('listener, 2 writers: crash, failover, lost event, away', {
    writers: [1, 1],
    viewer: 1,
    crashes: 1,
    failovers: 1,
    lostEvents: 1,
    absences: 1,
  }),
];

function configuration(name: string, bounds: Partial<Bounds>): Configuration {
  return { name, bounds: { ...fairWeather, ...bounds } };
}
