import { type Bounds, messageCount } from '../bounds.js';

/** Slots go from 1 to this: four messages, and a batch of all four that is refused behind three of them. */
export const lastSlot = 7;

const nothing: { readonly month?: number; readonly head?: number } = {};

/**
 * One state of the modelled world: one room, its two months, two chat-service pods, the clients that write, and
 * perhaps a gateway with one client that listens. Numbers only, so that a state fits into a few bytes. Fields that mean
 * nothing in a stage are zero: equal situations must be equal states.
 */
export interface World {
  /** Faults that may still happen. */
  readonly left: Record<Fault, number>;
  /** By message. */
  readonly clients: Client[];
  /**
   * 1 once the first of two sends of one writer was given up while the second was under way (R11: sends keep their
   * order).
   */
  orderVoid: number;
  /** The two monthly collections of messages. */
  readonly months: readonly [Collection, Collection];
  readonly chain: Chain;
  readonly pods: readonly [Pod, Pod];
  /** Insert commands that nobody waits for any more and that may still land, see `detached-command.ts`. */
  readonly detached: number[];
  /** Redis's counter of ids; unused by the rules as built. */
  counter: number;
  readonly viewer: Viewer;
}

/** What {@link Bounds} limit while the world runs. */
export type Fault = (typeof faults)[number];
export const faults = [
  'crashes',
  'failovers',
  'clockSteps',
  'timeouts',
  'giveUps',
  'lostEvents',
  'absences',
  'counterSteps',
] as const satisfies readonly (keyof Bounds)[];

/** A message as the client that sends it, and the gateway's call for it, know it. */
export interface Client {
  status: number;
  /** Where the attempt waits; 0 unless `waiting`. */
  pod: number;
  /** What tells attempts apart where that matters, see `newTag`. */
  tag: number;
  /** Id in the acks that pods gave, heard or not; 0 for none, {@link twoIds} when they differed. */
  ackedId: number;
}
export const twoIds = 7;
export const unsent = 0;
export const waiting = 1;
export const toRepeat = 2;
export const acknowledged = 3;

/** A monthly collection on its primary. Entries are in the order of landing; a majority has the first `committed`. */
export interface Collection {
  readonly entries: number[];
  committed: number;
  /** Entries that an old primary still shows as committed, plus one; 0 when there is none. */
  stale: number;
}

/** `rooms.segments`: one segment, or two of which the second begins at `firstId`. */
export interface Chain {
  /** 0 while there is one segment. */
  firstId: number;
  /** 1 when a majority has the second segment. */
  committed: number;
  /** 1 when an old primary still shows one segment. */
  stale: number;
}

/** The room's `RoomLog` on one pod, with the part of `SegmentChain` that it waits for. */
export interface Pod {
  /** Month that its clock shows: 0 or 1. */
  clock: number;
  stage: number;
  /** Month of the tail: 0 or 1. */
  month: number;
  /** Head of the tail. */
  head: number;
  /** Messages at the front of the queue that the insert command under way carries. */
  batch: number;
  /** Documents of it that the primary has worked through. */
  landed: number;
  /** Bits of the documents that a unique index refused. */
  refused: number;
  /** See `queue-entry.ts`. */
  readonly queue: number[];
}
/** No tail. */
export const blank = 0;
/** The tail is known and nothing is under way. */
export const ready = 1;
/** An insert command is under way. */
export const inserting = 2;
/** A seal is under way. */
export const sealing = 3;

/** A gateway's feed of the room, its subscription, and the one client that listens there. */
export interface Viewer {
  presence: number;
  /** 1 when Redis has confirmed the subscription. */
  subscribed: number;
  resume: number;
  /** Head of the page that was read for a resume. */
  page: number;
  /** `RoomFeed.head` and the head it wants. */
  head: number;
  wanted: number;
  /** Events on their way to the gateway, see `event.ts`. */
  readonly events: number[];
  /** Events that the feed holds. */
  readonly held: number[];
  /** By id - 1: the message that the client shows, plus one; 0 for none. */
  readonly shown: number[];
}
export const live = 0;
export const away = 1;
export const returning = 2;
export const resumeDone = 0;
export const resumeAsked = 1;
export const resumeAnswered = 2;

/** The world before anything has happened. */
export function newWorld(bounds: Bounds): World {
  const count = messageCount(bounds);
  return {
    left: Object.fromEntries(faults.map((fault) => [fault, bounds[fault]])) as Record<Fault, number>,
    clients: Array.from({ length: count }, () => ({ status: unsent, pod: 0, tag: 0, ackedId: 0 })),
    orderVoid: 0,
    months: [newCollection(), newCollection()],
    chain: { firstId: 0, committed: 0, stale: 0 },
    pods: [newPod(), newPod()],
    detached: [],
    counter: 0,
    viewer: {
      presence: live,
      subscribed: bounds.viewer,
      resume: resumeDone,
      page: 0,
      head: 0,
      wanted: 0,
      events: [],
      held: [],
      shown: new Array<number>(bounds.viewer ? lastSlot : 0).fill(0),
    },
  };
}

function newCollection(): Collection {
  return { entries: [], committed: 0, stale: 0 };
}

function newPod(): Pod {
  return { clock: 0, stage: blank, month: 0, head: 0, batch: 0, landed: 0, refused: 0, queue: [] };
}

/** Puts a pod's log into a stage; what the stage has no use for is forgotten. */
export function enter(pod: Pod, stage: number, { month = 0, head = 0 } = nothing): void {
  pod.stage = stage;
  pod.month = month;
  pod.head = head;
  pod.batch = 0;
  pod.landed = 0;
  pod.refused = 0;
}
