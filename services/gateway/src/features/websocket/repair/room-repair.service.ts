import { setTimeout as delay } from 'node:timers/promises';
import { ChatError, limits, type UserId } from '@parlance/proto';
import { backoffMs, type Logger } from '@parlance/runtime';
import { ConnectionRegistry, type LocalFeed } from '../fan-out/connection-registry.js';
import { RoomDelivery, type RoomPlace } from '../fan-out/room-delivery.service.js';
import type { Need } from '../fan-out/room-feed.js';
import { RoomQueries } from './room-queries.service.js';

/**
 * Fetches what feeds need before they can go on: participants, missing messages. One run per room at a time, in which
 * the room's events are held; it ends when nothing is needed and nothing is held. Failures are tried again with a
 * growing pause for as long as anybody here listens to the room.
 */
export class RoomRepair {
  private readonly running = new Map<LocalFeed, Promise<void>>();

  constructor(
    private readonly queries: RoomQueries,
    private readonly connections: ConnectionRegistry,
    private readonly delivery: RoomDelivery,
    private readonly logger: Logger,
  ) {}

  /** Starts a run if the feed needs one; resolves when the feed is whole. Never rejects. */
  ensure(feed: LocalFeed): Promise<void> {
    const running = this.running.get(feed);
    if (running) return running;
    if (feed.need === undefined) return Promise.resolve();
    if (feed.need.kind === 'messages') this.delivery.noteGap();
    feed.startHolding();
    const run = Promise.resolve().then(() => this.run(feed));
    this.running.set(feed, run);
    return run;
  }

  /** The log is another one, which stands at `place`: the feed begins anew there, and its participants are read again. */
  async beginAnew(feed: LocalFeed, place: RoomPlace): Promise<void> {
    const { roomId, head, rev, epoch = 0 } = place;
    this.logger.warn({ roomId, head, rev, epoch, passedOn: feed.head, before: feed.epoch }, 'a log begins anew');
    this.delivery.beginAnew(feed, place);
    await this.ensure(feed);
  }

  /** Counts rooms that were compared with the log. */
  compared(rooms: number): void {
    this.delivery.noteCompared(rooms);
  }

  /** Has pulled what a feed lacks to where its room was found to stand, a moment ago. */
  catchUp(feed: LocalFeed, known: RoomPlace): void {
    this.delivery.noteLag(feed, known.head);
    // Room events are not repaired here: the members hear that there are some.
    const isUntold = known.rev > feed.rev;
    if (this.learn(feed, known) === 'same' && isUntold) this.delivery.tell(feed);
    void this.ensure(feed);
  }

  /** The room is there no longer, as after a backup from before it was created. */
  vanish(feed: LocalFeed): void {
    this.logger.warn({ roomId: feed.roomId, passedOn: feed.head, before: feed.epoch }, 'a room is there no longer');
    this.delivery.vanish(feed);
  }

  /**
   * Takes in where an answer says that the room stands: in a newer epoch the feed begins anew there, an older one changes
   * nothing. Answers which it is.
   */
  learn(feed: LocalFeed, place: RoomPlace): 'same' | 'newer' | 'older' {
    const age = feed.meet(place.epoch);
    if (age === 'newer') void this.beginAnew(feed, place);
    else if (age === 'same') feed.learn(place);
    return age;
  }

  private async run(feed: LocalFeed): Promise<void> {
    let failures = 0;
    while (this.connections.holds(feed)) {
      const { need } = feed;
      if (need === undefined) {
        const next = feed.replay();
        if (next === undefined) break;
        this.delivery.act(feed, next.event, next.verdict);
        continue;
      }
      try {
        await this.satisfy(feed, need);
        failures = 0;
      } catch (thrown) {
        failures += 1;
        this.giveUpHopeless(feed, thrown, failures);
        await delay(backoffMs(failures, { firstMs: 100, capMs: 5_000 }));
      }
    }
    this.running.delete(feed);
  }

  private async satisfy(feed: LocalFeed, need: Need): Promise<void> {
    switch (need.kind) {
      case 'members':
        return this.reloadMembers(feed);
      case 'skip':
        return this.delivery.heads(feed, need.upTo);
      case 'messages':
        return this.pull(feed, need);
    }
  }

  private async reloadMembers(feed: LocalFeed): Promise<void> {
    const { userIds, memberRev, head, epoch } = await this.queries.listParticipants(feed.roomId);
    if (!(await this.isOfThisLog(feed, epoch))) return;
    const participants = new Set(userIds);
    feed.membersRead(memberRev, head);
    for (const userId of participants) {
      for (const socket of this.connections.socketsOf(userId)) {
        if (socket.canJoin && !feed.members.has(socket))
          this.connections.join(feed.roomId, socket, head, { head, memberRev, epoch });
      }
    }
    for (const socket of feed.members.keys()) {
      if (!participants.has(socket.userId)) this.connections.leave(feed, socket);
    }
    if (feed.need?.kind === 'members') throw new NoProgress('an older membership was read than the one heard of');
  }

  /** Pulls the next page of missing messages, on behalf of one local participant after the other until one may see it. */
  private async pull(feed: LocalFeed, { after, upTo }: MissingMessages): Promise<void> {
    const missing = upTo - after;
    if (missing > limits.pageItems) return this.delivery.heads(feed, upTo);
    for (const userId of usersOf(feed)) {
      const page = await this.queries.historyAfter(userId, feed.roomId, after, missing).catch((thrown: unknown) => {
        if (!isNotTheirs(thrown)) throw thrown;
        feed.doubtMembers();
      });
      if (page === undefined || !(await this.isOfThisLog(feed, page.epoch))) return;
      let passedOn = 0;
      for (const message of page.messages) if (this.delivery.pulled(feed, message)) passedOn += 1;
      if (passedOn > 0) return;
      if (!page.truncated) throw new NoProgress('the log does not have the messages that were heard of');
    }
    this.delivery.heads(feed, upTo); // Nobody here may see them.
  }

  /** Whether an answer is of the log that the feed is of. If a newer log has begun, so does the feed. */
  private async isOfThisLog(feed: LocalFeed, epoch: number): Promise<boolean> {
    const age = feed.meet(epoch);
    if (age === 'older') throw new NoProgress('the answer is of a log that is no more');
    if (age === 'same') return true;
    const [place] = await this.queries.getRoomHeads([feed.roomId]);
    if (place && feed.meet(place.epoch) === 'newer') void this.beginAnew(feed, place);
    return false;
  }

  /**
   * What was only heard of and cannot be read after several tries is not waited for: an event is a hint (R9: events are
   * hints). A chat service that does not answer is waited for.
   */
  private giveUpHopeless(feed: LocalFeed, thrown: unknown, failures: number): void {
    if (failures === 1) this.logger.info({ roomId: feed.roomId, err: thrown }, 'a gap cannot be repaired yet');
    if (failures < 4 || (thrown instanceof ChatError && thrown.row.retryable)) return;
    this.logger.warn({ roomId: feed.roomId, err: thrown }, 'gave up a gap');
    feed.forgetWanted();
  }
}

type MissingMessages = Extract<Need, { kind: 'messages' }>;

class NoProgress extends Error {}

function usersOf(feed: LocalFeed): ReadonlySet<UserId> {
  return new Set([...feed.members.keys()].map(({ userId }) => userId));
}

function isNotTheirs(thrown: unknown): boolean {
  return thrown instanceof ChatError && (thrown.reason === 'NOT_A_PARTICIPANT' || thrown.reason === 'ROOM_NOT_FOUND');
}
