import { decodeEnvelope, everyUserChannel, roomChannel, userChannel } from '@parlance/proto';
import type { KeyedCommands } from '@parlance/runtime';
import { describe, expect, it } from 'vitest';
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

  it('says nothing when nobody joined', async () => {
    const { publisher, published } = recording();
    publisher.joined({ ...place, users: [] });
    expect(await published()).toEqual([]);
  });
});

function recording() {
  const groups: KeyedCommands[] = [];
  const write = (some: readonly KeyedCommands[]) => {
    groups.push(...some);
    return Promise.resolve({ failed: 0 });
  };
  const publisher = new EventPublisher(new RedisWrites(write, createChatMetrics('test')), () => 1_000);
  const published = async () => {
    await Promise.resolve();
    return groups
      .flatMap(({ commands }) => commands)
      .filter(([name]) => name === 'spublish')
      .map(([, channel, text]) => ({ channel: String(channel), text: String(text) }));
  };
  return { publisher, published };
}
