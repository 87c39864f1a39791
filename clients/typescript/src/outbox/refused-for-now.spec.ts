import type { ClientEventName } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { fakeStack } from '../../test/fakes/fake-stack.js';

const asked = failure('RATE_LIMITED', { retryable: true, retryAfterMs: 10_000 });

describe('what is refused for some time', () => {
  it.each<[ClientEventName, number]>([
    ['listRooms', 0],
    ['resume', 0],
    ['messageRead', 0],
    ['sendMessage', 0],
    ['listRooms', 0.99],
    ['resume', 0.99],
    ['messageRead', 0.99],
    ['sendMessage', 0.99],
  ])('%s is asked again after that time and a random part of it, chance %d', async (name, chance) => {
    const { client, gateway, clock } = fakeStack({}, { random: () => chance });
    const room = gateway.addRoom('r');
    room.append('ann', 'hello', 'a');
    gateway.intervene(name, ...(name === 'listRooms' ? [asked] : []));
    await client.connect();
    if (name !== 'listRooms') {
      await clock.pass(5_000);
      gateway.intervene(name, asked);
    }
    if (name === 'sendMessage') client.send('r', 'hi');
    if (name === 'messageRead') client.markRead('r');
    if (name === 'resume') client.open('r');
    const count = (): number => gateway.requestsOf(name).length;
    const before = count();
    await clock.pass(name === 'messageRead' ? 250 : 0);
    const refused = name === 'listRooms' ? before : before + Number(count() > before);
    await clock.pass(chance === 0 ? 9_999 : 19_899);
    expect(count()).toBe(refused);
    await clock.pass(6_500);
    expect(count()).toBe(refused + 1);
  });
});
