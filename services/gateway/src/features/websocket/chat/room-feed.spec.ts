import type { EventEnvelope, EventType } from '@parlance/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { RoomFeed } from './room-feed.js';

describe('RoomFeed', () => {
  let feed: RoomFeed<string>;

  beforeEach(() => {
    feed = new RoomFeed('r', { head: 10, memberRev: 3 });
  });

  it('passes the next message on', () => {
    expect(feed.offer(message(11))).toEqual({ kind: 'message' });
    expect(feed.head).toBe(11);
    expect(feed.need).toBeUndefined();
  });

  it('drops what it has passed on before', () => {
    feed.offer(message(11));
    expect(feed.offer(message(11))).toEqual({ kind: 'drop' });
    expect(feed.offer(message(4))).toEqual({ kind: 'drop' });
  });

  it('holds a message after a gap, asks for exactly what is missing, and goes on where the pull ends', () => {
    expect(feed.offer(message(14))).toEqual({ kind: 'hold' });
    expect(feed.need).toEqual({ kind: 'messages', after: 10, upTo: 13 });
    expect(feed.offer(message(15))).toEqual({ kind: 'hold' });
    expect([11, 12, 13].map((id) => feed.takePulled(id))).toEqual([true, true, true]);
    expect([feed.replay()?.verdict, feed.replay()?.verdict, feed.replay()]).toEqual([
      { kind: 'message' },
      { kind: 'message' },
      undefined,
    ]);
    expect(feed.offer(message(16))).toEqual({ kind: 'message' });
  });

  it('begins anew where a log stands that has gone back, and passes its next message on', () => {
    feed.add('one', 10);
    feed.add('two', 3);
    feed.offer(message(14));
    feed.goBack({ head: 5, memberRev: 2, rev: 1 });
    expect(feed.need).toEqual({ kind: 'members' });
    expect(feed.replay()).toBeUndefined();
    feed.membersRead(2, 5);
    expect(feed.need).toBeUndefined();
    expect(feed.offer(message(6, { memberRev: 2 }))).toEqual({ kind: 'message' });
    expect([...feed.members]).toEqual([
      ['one', 5],
      ['two', 3],
    ]);
    expect(feed.offer(event('chat:room:joined', { head: 6, memberRev: 3, userId: 'x' }))).toMatchObject({
      kind: 'membership',
    });
  });

  it('takes only the next message from a pull', () => {
    feed.learn({ head: 13, memberRev: 3 });
    expect(feed.takePulled(12)).toBe(false);
    expect(feed.takePulled(11)).toBe(true);
    expect(feed.takePulled(11)).toBe(false);
  });

  it('does not hold anything up for a head it only heard of until an event comes', () => {
    expect(feed.offer(event('chat:room:heads', { head: 12 }))).toEqual({ kind: 'drop' });
    expect(feed.need).toEqual({ kind: 'messages', after: 10, upTo: 12 });
  });

  it('asks for the members before it passes on a message of a newer membership', () => {
    expect(feed.offer(message(11, { memberRev: 4 }))).toEqual({ kind: 'hold' });
    expect(feed.need).toEqual({ kind: 'members' });
    feed.membersRead(4, 11);
    feed.takePulled(11);
    expect(feed.replay()?.verdict).toEqual({ kind: 'drop' });
  });

  it('tells members by heads of what was said while several changes of membership went unseen', () => {
    feed.learn({ head: 12, memberRev: 5 });
    feed.membersRead(5, 12);
    expect(feed.need).toEqual({ kind: 'skip', upTo: 12 });
    feed.jump(12);
    expect([feed.head, feed.need]).toEqual([12, undefined]);
  });

  it('is not content with a membership older than the one it heard of', () => {
    feed.learn({ head: 10, memberRev: 6 });
    feed.membersRead(5, 10);
    expect(feed.need).toEqual({ kind: 'members' });
    feed.membersRead(6, 10);
    expect(feed.need).toBeUndefined();
  });

  it('applies the next change of membership without reading, and the same change again not at all', () => {
    expect(feed.offer(joined('ann', 4))).toEqual({ kind: 'membership', isNewest: true });
    expect(feed.memberRev).toBe(4);
    expect(feed.offer(joined('ann', 4))).toEqual({ kind: 'drop' });
  });

  it('takes several people of one change, and the rest of them after another event of the room, each once', () => {
    const first = together(['ann', 'ben'], 4, { rev: 2 });
    const rest = together(['cy'], 4, { rev: 4 });
    expect(feed.offer(first)).toEqual({ kind: 'membership', isNewest: true });
    expect(feed.offer(rest)).toEqual({ kind: 'membership', isNewest: true });
    expect([feed.offer(first), feed.offer(rest)]).toEqual([{ kind: 'drop' }, { kind: 'drop' }]);
  });

  it('announces a change that it missed the predecessor of, without applying it over a newer membership', () => {
    expect(feed.offer(joined('ann', 5))).toEqual({ kind: 'hold' });
    feed.membersRead(7, 10);
    expect(feed.replay()?.verdict).toEqual({ kind: 'membership', isNewest: false });
    expect(feed.memberRev).toBe(7);
  });

  it('does not announce changes from before it began', () => {
    expect(feed.offer(joined('ann', 3))).toEqual({ kind: 'drop' });
  });

  it('sends the messages before a change of membership first', () => {
    expect(feed.offer(joined('ann', 4, { head: 11 }))).toEqual({ kind: 'hold' });
    expect(feed.need).toEqual({ kind: 'messages', after: 10, upTo: 11 });
    feed.takePulled(11);
    expect(feed.replay()?.verdict).toEqual({ kind: 'membership', isNewest: true });
  });

  it('goes on behind what it has skipped', () => {
    feed.offer(message(500));
    feed.jump(499);
    expect(feed.head).toBe(499);
    expect(feed.replay()?.verdict).toEqual({ kind: 'message' });
  });

  it('forgets what is held rather than keep it without bound, and still knows what it lacks', () => {
    for (let id = 12; id < 300; id++) feed.offer(message(id));
    feed.takePulled(11);
    expect(feed.need).toMatchObject({ kind: 'messages', after: 11 });
  });
});

function message(head: number, more: Partial<EventEnvelope> = {}): EventEnvelope {
  return event('chat:message:new', { head, ...more });
}

function joined(userId: string, memberRev: number, more: Partial<EventEnvelope> = {}): EventEnvelope {
  return together([userId], memberRev, more);
}

function together(userIds: readonly string[], memberRev: number, more: Partial<EventEnvelope> = {}): EventEnvelope {
  return event('chat:room:joined', { userIds, memberRev, ...more });
}

function event(type: EventType, more: Partial<EventEnvelope>): EventEnvelope {
  return { v: 1, type, roomId: 'r', head: 10, rev: 0, memberRev: 3, at: 0, body: '{}', ...more };
}
