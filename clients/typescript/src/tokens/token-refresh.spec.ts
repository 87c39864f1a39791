import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { fakeStack } from '../../test/fakes/fake-stack.js';
import { ParlanceError } from '../parlance-error.js';
import { deferred } from '../time/deferred.js';
import { refreshDelay } from './token-refresh.js';

const start = 1_750_000_000_000;

describe('the token of a connection', () => {
  it.each([
    [0, 540_000],
    [0.5, 486_000],
    [0.999, 432_108],
  ])('is replaced before its last minute, up to a fifth earlier: chance %d', async (chance, refreshMs) => {
    const tokens = [jwt(600_000), jwt(1_200_000)];
    const { client, gateway, clock } = fakeStack(
      { getToken: () => tokens.shift() ?? jwt(1_200_000) },
      { random: () => chance },
    );
    await client.connect();
    await clock.pass(refreshMs - 1);
    expect(gateway.requestsOf('refreshToken')).toEqual([]);
    await clock.pass(1);
    expect(gateway.requestsOf('refreshToken')).toEqual([{ token: jwt(1_200_000) }]);
    expect(gateway.targets.length).toBe(1);
  });

  it('is asked for again as long as there is time when the source fails', async () => {
    const source = tokenSource([jwt(600_000), 'fails', 'fails', 'fails', jwt(1_200_000)]);
    const { client, gateway, clock } = fakeStack({ getToken: source.next });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await clock.pass(599_000);
    expect(errors).toEqual(['TOKEN_SOURCE_FAILED', 'TOKEN_SOURCE_FAILED', 'TOKEN_SOURCE_FAILED']);
    expect(gateway.requestsOf('refreshToken')).toEqual([{ token: jwt(1_200_000) }]);
    await clock.pass(200_000);
    expect([client.state, gateway.targets.length]).toEqual(['online', 1]);
  });

  it('is asked for again when the source never answered, and a late answer is not heard', async () => {
    const source = tokenSource([jwt(600_000), 'hangs', jwt(1_200_000)]);
    const { client, gateway, clock } = fakeStack({ getToken: source.next, requestTimeoutMs: 5_000 });
    await client.connect();
    await clock.pass(540_000);
    expect(gateway.requestsOf('refreshToken')).toEqual([{ token: jwt(1_200_000) }]);
    source.settle(jwt(900_000));
    await clock.pass(1_000);
    expect(gateway.requestsOf('refreshToken').length).toBe(1);
  });

  it('is sent again after a refusal that may pass, no sooner than the server asks', async () => {
    const source = tokenSource([jwt(600_000), jwt(1_200_000), jwt(1_200_000), jwt(1_200_000)]);
    const { client, gateway, clock } = fakeStack({ getToken: source.next }, { random: () => 0 });
    gateway.intervene(
      'refreshToken',
      failure('STORE_UNAVAILABLE', { retryable: true }),
      failure('RATE_LIMITED', { retryable: true, retryAfterMs: 7_000 }),
    );
    await client.connect();
    await clock.pass(540_000 + 1_000);
    expect(gateway.requestsOf('refreshToken').length).toBe(2);
    await clock.pass(6_999);
    expect(gateway.requestsOf('refreshToken').length).toBe(2);
    await clock.pass(1);
    expect(gateway.requestsOf('refreshToken').length).toBe(3);
  });

  it('is not sent again after a refusal that stays', async () => {
    const source = tokenSource([jwt(600_000), jwt(1_200_000), jwt(1_300_000)]);
    const { client, gateway, clock } = fakeStack({ getToken: source.next });
    gateway.intervene('refreshToken', failure('UNAUTHENTICATED'));
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await clock.pass(599_000);
    expect([gateway.requestsOf('refreshToken').length, errors]).toEqual([1, ['UNAUTHENTICATED']]);
  });

  it('is not offered when the source has no newer one, which is asked for from time to time', async () => {
    let calls = 0;
    const { client, gateway, clock } = fakeStack({ getToken: () => jwt(++calls < 5 ? 100_000 : 700_000) });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await clock.pass(99_000);
    expect([calls, errors]).toEqual([5, []]);
    expect(gateway.requestsOf('refreshToken')).toEqual([{ token: jwt(700_000) }]);
  });

  it('is asked for rarely when it lives long and the source fails for hours', async () => {
    const dayMs = 86_400_000;
    const source = tokenSource([jwt(dayMs)]);
    const { client, clock } = fakeStack({ getToken: source.next });
    await client.connect();
    await clock.pass(dayMs - 1_000);
    expect(source.calls()).toBeGreaterThan(10);
    expect(source.calls()).toBeLessThan(120);
  });
});

describe('when a token is replaced', () => {
  it('spreads those who signed in together over a fifth of the time', () => {
    const moments = Array.from({ length: 1_000 }, (_, index) => refreshDelay(3_600_000, () => index / 1_000));
    const inOneSecond = Math.max(...countBy(moments, (ms) => Math.floor(ms / 1_000)).values());
    expect(inOneSecond).toBeLessThanOrEqual(2);
    expect([Math.min(...moments), Math.max(...moments)]).toEqual([2_832_708, 3_540_000]);
  });

  it('is never in the past', () => {
    for (const leftMs of [-5_000, 0, 1, 1_000, 119_999, 120_000, 120_001]) {
      for (const chance of [0, 0.5, 0.999]) {
        const delayMs = refreshDelay(leftMs, () => chance);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(Math.max(0, leftMs));
      }
    }
  });
});

/** Gives these one after another, and fails when there are none left. */
function tokenSource(answers: string[]) {
  let calls = 0;
  const { promise, resolve } = deferred<string>();
  return {
    calls: () => calls,
    settle: resolve,
    next: (): string | Promise<string> => {
      calls += 1;
      const answer = answers.shift() ?? 'fails';
      if (answer === 'fails')
        throw new ParlanceError({ ...failure('INTERNAL').error, code: 'TOKEN_SOURCE_FAILED', retryable: true });
      return answer === 'hangs' ? promise : answer;
    },
  };
}

function countBy(values: readonly number[], keyOf: (value: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  return counts;
}

function jwt(lifeMs: number): string {
  return `e30.${btoa(JSON.stringify({ sub: 'me', exp: (start + lifeMs) / 1000 }))}.signature`;
}
