import type { EventType, HeardEvent } from '@parlance/proto';
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

  it('knows up to where a member may have been told: at its start, by what came or is known of, and by acknowledgements', () => {
    feed.meet(7);
    expect(feed.seenBy('one')).toBeUndefined();
    feed.add('one', 12);
    feed.add('two', 3);
    expect([feed.seenBy('one'), feed.seenBy('two')]).toEqual([12, 10]);
    feed.offer(message(11));
    expect(feed.seenBy('two')).toBe(11);
    feed.offer(message(15));
    expect(feed.seenBy('two')).toBe(14);
    feed.noteAcknowledged(17, 7);
    feed.noteAcknowledged(16, 7);
    feed.noteAcknowledged(99, 6);
    expect([feed.seenBy('one'), feed.seenBy('two')]).toEqual([17, 17]);
    feed.beginAnew({ head: 5, memberRev: 3, rev: 2, epoch: 8 });
    expect(feed.seenBy('one')).toBe(5);
  });

  it('begins anew where a log stands that has gone back, and passes its next message on', () => {
    feed.add('one', 10);
    feed.add('two', 3);
    feed.offer(message(14));
    feed.beginAnew({ head: 5, memberRev: 2, rev: 1 });
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

  it('holds what comes while it is told to, and goes on in order', () => {
    feed.startHolding();
    expect([feed.offer(message(11)), feed.offer(message(12))]).toEqual([{ kind: 'hold' }, { kind: 'hold' }]);
    expect(feed.head).toBe(10);
    expect([feed.replay()?.event.head, feed.replay()?.event.head, feed.replay()]).toEqual([11, 12, undefined]);
    expect(feed.offer(message(13))).toEqual({ kind: 'message' });
  });

  it('keeps the order of what has to be held again', () => {
    feed.offer(message(12));
    feed.offer(message(13));
    expect(feed.replay()?.verdict).toEqual({ kind: 'hold' });
    feed.takePulled(11);
    expect([feed.replay()?.event.head, feed.replay()?.event.head, feed.replay()]).toEqual([12, 13, undefined]);
  });

  it('learns only what is newer', () => {
    feed.learn({ head: 9, memberRev: 2 });
    expect([feed.need, feed.rev]).toEqual([undefined, 0]);
    feed.learn({ head: 12, memberRev: 3, rev: 5 });
    feed.learn({ head: 11, memberRev: 3, rev: 4 });
    expect([feed.need, feed.rev]).toEqual([{ kind: 'messages', after: 10, upTo: 12 }, 5]);
    feed.forgetWanted();
    expect(feed.need).toBeUndefined();
    feed.learn({ head: 10, memberRev: 4 });
    expect(feed.need).toEqual({ kind: 'members' });
    feed.forgetWanted();
    expect(feed.need).toBeUndefined();
  });

  it('learns from what it passes on or drops where the room stands, and from what is not of the log nothing', () => {
    const ahead = { head: 12, memberRev: 4, rev: 6 };
    for (const type of ['chat:message:delivered', 'chat:message:read', 'chat:user:typing'] as const)
      expect([feed.offer(event(type, ahead)), feed.need]).toEqual([{ kind: 'pass' }, undefined]);
    expect([feed.offer(event('chat:user:revoked', ahead)), feed.need]).toEqual([{ kind: 'drop' }, undefined]);
    expect([feed.offer(event('chat:room:updated', ahead)), feed.need]).toEqual([{ kind: 'pass' }, { kind: 'members' }]);
    expect(feed.rev).toBe(6);
  });

  it('notes the event number of messages and changes of membership', () => {
    feed.offer(message(11, { rev: 4 }));
    expect(feed.rev).toBe(4);
    feed.offer(joined('ann', 4, { rev: 5 }));
    expect(feed.rev).toBe(5);
  });

  it('learns nothing from a message that was passed on before', () => {
    expect([feed.offer(message(10, { memberRev: 9 })), feed.need]).toEqual([{ kind: 'drop' }, undefined]);
  });

  it('reads the members again when they are in doubt, once', () => {
    feed.doubtMembers();
    expect(feed.need).toEqual({ kind: 'members' });
    feed.membersRead(2, 10);
    expect([feed.need, feed.memberRev]).toEqual([undefined, 3]);
  });

  it('pulls for all of its members what was said before one change of membership', () => {
    feed.membersRead(4, 12);
    expect(feed.need).toEqual({ kind: 'messages', after: 10, upTo: 12 });
  });

  it('skips nothing where nothing was said while changes went unseen', () => {
    feed.membersRead(6, 10);
    expect(feed.need).toBeUndefined();
  });

  it('never jumps back', () => {
    feed.jump(4);
    expect(feed.head).toBe(10);
  });

  it('keeps what a member knows when it is added again', () => {
    feed.add('ann', 4);
    feed.add('ann', 9);
    expect([...feed.members]).toEqual([['ann', 4]]);
  });

  it('tells the epochs of logs apart, and takes what names none for its own', () => {
    expect([feed.meet(7), feed.epoch]).toEqual(['same', 7]);
    expect([feed.meet(7), feed.meet(0), feed.meet(), feed.meet(6), feed.meet(8)]).toEqual([
      'same',
      'same',
      'same',
      'older',
      'newer',
    ]);
    expect(feed.epoch).toBe(7);
    feed.beginAnew({ head: 5, memberRev: 3, rev: 2, epoch: 8 });
    expect([feed.meet(8), feed.meet(7)]).toEqual(['same', 'older']);
    feed.beginAnew({ head: 4, memberRev: 3, rev: 2 });
    expect(feed.epoch).toBe(8);
    expect(new RoomFeed('r', { head: 1, memberRev: 1, epoch: 3 }).epoch).toBe(3);
  });

  it('forgets what it wanted and announced of a log that has gone back', () => {
    feed.offer(joined('ann', 4));
    feed.learn({ head: 20, memberRev: 9, rev: 9 });
    feed.membersRead(9, 20);
    feed.beginAnew({ head: 5, memberRev: 3, rev: 2 });
    feed.membersRead(3, 5);
    expect([feed.need, feed.head, feed.memberRev, feed.rev]).toEqual([undefined, 5, 3, 2]);
    expect(feed.offer(joined('ann', 4, { head: 5 }))).toEqual({ kind: 'membership', isNewest: true });
  });

  it('begins to announce where it is told to', () => {
    feed = new RoomFeed('r', { head: 10, memberRev: 3, announcedUpTo: 2 });
    expect(feed.offer(joined('ann', 2))).toEqual({ kind: 'drop' });
    expect(feed.offer(joined('ann', 3))).toEqual({ kind: 'membership', isNewest: true });
  });

  it('announces two who went in one change', () => {
    const left = (userId: string) => event('chat:room:left', { userId, memberRev: 4 });
    const twice = [left('ann'), left('ben'), left('ann'), left('ben')].map((each) => feed.offer(each).kind);
    expect(twice).toEqual(['membership', 'membership', 'drop', 'drop']);
  });

  it('remembers the last 256 announcements', () => {
    for (let index = 0; index < 256; index++) feed.offer(joined(`user-${index}`, 4 + index));
    expect(feed.offer(joined('user-0', 4))).toEqual({ kind: 'drop' });
    feed.offer(joined('user-256', 260));
    expect(feed.offer(joined('user-1', 5))).toEqual({ kind: 'drop' });
    expect(feed.offer(joined('user-0', 4))).toEqual({ kind: 'membership', isNewest: false });
  });

  it('holds 200 events, and reads all of it again when there are more', () => {
    const hold = (count: number) => {
      feed = new RoomFeed('r', { head: 10, memberRev: 3 });
      for (let id = 12; id < 12 + count; id++) feed.offer(message(id));
      for (let id = 11; id < 12; id++) feed.takePulled(id);
      return feed.replay()?.event.head;
    };
    expect([hold(200), feed.need]).toEqual([12, undefined]);
    expect([hold(201), feed.need]).toEqual([undefined, { kind: 'messages', after: 11, upTo: 212 }]);
  });

  it('reads the members again when a change of them was held and forgotten', () => {
    feed.offer(message(12));
    feed.offer(joined('ann', 4, { head: 12 }));
    for (let id = 13; id < 220; id++) feed.offer(message(id, { memberRev: 3 }));
    expect(feed.need).toEqual({ kind: 'members' });
  });

  it('forgets what is held rather than keep it without bound, and still knows what it lacks', () => {
    for (let id = 12; id < 300; id++) feed.offer(message(id));
    feed.takePulled(11);
    expect(feed.need).toMatchObject({ kind: 'messages', after: 11 });
  });
});

function message(head: number, more: Partial<HeardEvent> = {}): HeardEvent {
  return event('chat:message:new', { head, ...more });
}

function joined(userId: string, memberRev: number, more: Partial<HeardEvent> = {}): HeardEvent {
  return together([userId], memberRev, more);
}

function together(userIds: readonly string[], memberRev: number, more: Partial<HeardEvent> = {}): HeardEvent {
  return event('chat:room:joined', { userIds, memberRev, ...more });
}

function event(type: EventType, more: Partial<HeardEvent>): HeardEvent {
  return { v: 1, type, roomId: 'r', head: 10, rev: 0, memberRev: 3, at: 0, payload: Buffer.from('{}'), ...more };
}
