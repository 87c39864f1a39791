import type { HeardEvent } from '@parlance/proto';
import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoomFeed } from './room-feed.js';

const users = ['ann', 'ben', 'cat'] as const;

/** What happens in the room, what becomes of its event, and whether a repair gets a step done before the next. */
const step = record({
  happens: constantFrom('message', 'message', 'message', 'join', 'leave', 'nothing'),
  user: constantFrom(...users),
  fate: constantFrom('delivered', 'delivered', 'lost', 'twice', 'late'),
  repairs: constantFrom(true, false),
});

describe('RoomFeed, whatever is lost, doubled or late', () => {
  it('passes every message on once and in order or tells of it by heads, and ends with the membership of the log', () => {
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const room = new Room();
        for (const each of steps) room.play(each);
        room.settle();
        const all = Array.from({ length: room.log.length }, (_, index) => index + 1);
        expect(room.passedOn).toEqual(all.filter((id) => !room.skipped.has(id)));
        expect(room.feed.head).toBe(room.log.length);
        expect([...room.feed.members.keys()].toSorted()).toEqual([...room.participants].toSorted());
      }),
      { numRuns: 2_000 },
    );
  });

  it('passes no message on to anybody who had left before it was stored, and none from before they joined', () => {
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const room = new Room();
        for (const each of steps) room.play(each);
        room.settle();
        for (const { messageId, to } of room.deliveries) {
          const { connections } = room.log[messageId - 1] as Stored;
          for (const user of to) expect(connections).toContain(user);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

interface Stored {
  /** Participants when it was stored. */
  readonly connections: ReadonlySet<string>;
}

/** A room's truth, its events on an unreliable channel, and one gateway that repairs when it gets to it. */
class Room {
  readonly log: Stored[] = [];
  readonly participants = new Set<string>(['ann']);
  readonly feed = new RoomFeed<string>('r', { head: 0, memberRev: 1 });
  readonly passedOn: number[] = [];
  /** Told of by heads. */
  readonly skipped = new Set<number>();
  readonly deliveries: { readonly messageId: number; readonly to: readonly string[] }[] = [];
  private memberRev = 1;
  private late: HeardEvent[] = [];

  constructor() {
    this.feed.add('ann', 0);
  }

  play({ happens, user, fate, repairs }: { happens: string; user: string; fate: string; repairs: boolean }): void {
    const event = this.happen(happens, user);
    const overtaken = this.late.splice(0);
    if (event && (fate === 'delivered' || fate === 'twice')) this.arrive(event);
    for (const each of overtaken) this.arrive(each);
    if (event && fate === 'twice') this.arrive(event);
    if (event && fate === 'late') this.late.push(event);
    if (repairs) this.repairStep();
  }

  /** What the sweep does in the end. */
  settle(): void {
    for (const each of this.late.splice(0)) this.arrive(each);
    this.feed.learn({ head: this.log.length, memberRev: this.memberRev });
    for (let count = 0; count < 1_000; count++) this.repairStep();
  }

  private happen(happens: string, userId: string): HeardEvent | undefined {
    const header = { v: 1, roomId: 'r', rev: 0, at: 0, payload: Buffer.from('{}') } as const;
    if (happens === 'message') {
      this.log.push({ connections: new Set(this.participants) });
      return { ...header, type: 'chat:message:new', head: this.log.length, memberRev: this.memberRev };
    }
    const joins = happens === 'join' && !this.participants.has(userId);
    const leaves = happens === 'leave' && this.participants.has(userId) && userId !== 'ann';
    if (!joins && !leaves) return undefined;
    if (joins) this.participants.add(userId);
    else this.participants.delete(userId);
    this.memberRev += 1;
    return {
      ...header,
      type: joins ? 'chat:room:joined' : 'chat:room:left',
      head: this.log.length,
      memberRev: this.memberRev,
      ...(joins ? { userIds: [userId] } : { userId }),
    };
  }

  private arrive(event: HeardEvent): void {
    this.act(event, this.feed.offer(event));
  }

  private act(event: HeardEvent, verdict: ReturnType<RoomFeed<string>['offer']>): void {
    if (verdict.kind === 'message') this.passOn(event.head);
    if (verdict.kind !== 'membership' || !verdict.isNewest) return;
    if (event.type === 'chat:room:joined') for (const user of event.userIds ?? []) this.feed.add(user, event.head);
    else this.feed.members.delete(event.userId ?? '');
  }

  private repairStep(): void {
    const { need } = this.feed;
    switch (need?.kind) {
      case 'members':
        this.feed.startHolding();
        this.feed.membersRead(this.memberRev, this.log.length);
        for (const user of this.participants) this.feed.add(user, this.log.length);
        for (const user of this.feed.members.keys()) {
          if (!this.participants.has(user)) this.feed.members.delete(user);
        }
        return;
      case 'skip':
        this.feed.startHolding();
        for (let id = this.feed.head + 1; id <= need.upTo; id++) this.skipped.add(id);
        this.feed.jump(need.upTo);
        return;
      case 'messages':
        this.feed.startHolding();
        if (this.feed.takePulled(need.after + 1)) this.passOn(need.after + 1);
        return;
      case undefined: {
        const next = this.feed.replay();
        if (next) this.act(next.event, next.verdict);
      }
    }
  }

  private passOn(messageId: number): void {
    this.passedOn.push(messageId);
    const to = [...this.feed.members].filter(([, knownHead]) => messageId > knownHead).map(([user]) => user);
    this.deliveries.push({ messageId, to });
  }
}
