import { decodeEnvelope, everyUserChannel, roomChannel, type UserId, userChannel } from '@parlance/proto';
import type { KeyedCommands } from '@parlance/runtime';
import { monthOf } from '@parlance/storage';
import { describe, expect, it, vi } from 'vitest';
import { type Committed, PendingSend } from '../features/log/pending-send.js';
import { createChatMetrics } from '../metrics.js';
import { EventPublisher } from './event-publisher.js';
import { RedisWrites } from './redis-writes.js';

describe('EventPublisher', () => {
  const place = { roomId: 'r', head: 3, memberRev: 2, epoch: 9, traceId: 't' };

  it('tells of a thousand people by one event on two channels, not by one for each', async () => {
    const { publisher, published } = recording();
    const users = Array.from({ length: 1_000 }, (_, index) => ({ userId: `user-${index}`, rev: index + 1 }));
    publisher.joined({ ...place, users });
    expect((await published()).map(({ channel }) => channel)).toEqual([roomChannel('r'), everyUserChannel]);
    const [inRoom, forUsers] = await published();
    expect(inRoom?.text).toBe(forUsers?.text);
    expect(decodeEnvelope(Buffer.from(inRoom?.text ?? ''))).toMatchObject({
      rev: 1_000,
      epoch: 9,
      userIds: users.map(({ userId }) => userId),
    });
  });

  it('tells of one person on the channel of that user, so that nobody else has to hear it', async () => {
    const { publisher, published } = recording();
    publisher.joined({ ...place, users: [{ userId: 'ann', rev: 1 }] });
    publisher.left({ ...place, userId: 'ann', rev: 2 });
    const channels = [roomChannel('r'), userChannel('ann')];
    expect((await published()).map(({ channel }) => channel)).toEqual([...channels, ...channels]);
  });

  it('makes the JSON of a message once, for the cache and for every socket', async () => {
    const { publisher, sent } = recording();
    const stringify = vi.spyOn(JSON, 'stringify');
    publisher.messages('r', [committed('hello')]);
    const encoded = stringify.mock.calls.filter(([value]) => typeof value === 'object' && 'content' in value);
    stringify.mockRestore();
    expect(encoded).toHaveLength(1);
    const [cached] = await sent('zadd');
    const [event] = await sent('spublish');
    expect(String(event?.[2]).split('\n')[1]).toBe(cached?.[3]);
  });

  it('says nothing when nobody joined', async () => {
    const { publisher, published } = recording();
    publisher.joined({ ...place, users: [] });
    expect(await published()).toEqual([]);
  });
});

function committed(content: string): Committed {
  const context = { userId: 'ann' as UserId, traceId: 't', deadlineAt: 0 };
  const body = { content, messageType: 'text', metadataJson: '' } as const;
  const send = new PendingSend(context, 'name', body, 'hash', { memberRev: 1, rev: 0, epoch: 9 });
  const monthYear = monthOf(0);
  const slot = {
    messageId: 4,
    monthYear,
    roomId: 'r',
    timestamp: 1,
    senderId: 'ann',
    clientMessageId: 'name',
    ...body,
  };
  return { send, slot: { ...slot, _id: send._id, kind: 'message', bodyHash: 'hash', erased: false } };
}

function recording() {
  const groups: KeyedCommands[] = [];
  const write = (some: readonly KeyedCommands[]) => {
    groups.push(...some);
    return Promise.resolve({ failed: 0 });
  };
  const publisher = new EventPublisher(new RedisWrites(write, createChatMetrics('test'), () => 0), () => 1_000);
  const published = async () => {
    await Promise.resolve();
    return groups
      .flatMap(({ commands }) => commands)
      .filter(([name]) => name === 'spublish')
      .map(([, channel, text]) => ({ channel: String(channel), text: String(text) }));
  };
  const sent = async (name: string) => {
    await Promise.resolve();
    return groups.flatMap(({ commands }) => commands).filter(([each]) => each === name);
  };
  return { publisher, published, sent };
}
