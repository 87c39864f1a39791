import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { failure } from '../../test/fakes/fake-gateway.js';
import { fakeStack } from '../../test/fakes/fake-stack.js';
import { ParlanceError } from '../parlance-error.js';
import { deferred } from '../time/deferred.js';

const refused = (code: Parameters<typeof failure>[0], more = {}) => ParlanceError.fromServer(failure(code, more).error);

describe('connecting', () => {
  it('goes from idle over connecting to online, and connect resolves with the first ready', async () => {
    const { client } = fakeStack();
    const states: string[] = [client.state];
    client.on('state', (state) => states.push(state));
    await client.connect();
    expect(states).toEqual(['idle', 'connecting', 'online']);
    expect(client.userId).toBe('me');
  });

  it('tries again after an error that may pass, with waits that grow to a bound', async () => {
    const { client, gateway, clock } = fakeStack({ reconnect: { firstMs: 100, capMs: 400 } });
    gateway.refusals.push(...Array.from({ length: 5 }, () => ParlanceError.disconnected('rejected')));
    const connected = client.connect();
    const attemptsAt: number[] = [];
    for (const ms of [0, 50, 100, 200, 200, 200]) {
      await clock.pass(ms);
      attemptsAt.push(gateway.targets.length);
    }
    expect(attemptsAt).toEqual([1, 2, 3, 4, 5, 6]);
    await connected;
    expect(client.state).toBe('online');
  });

  it('tells when the next attempt begins, while it waits for that', async () => {
    const { client, gateway, clock } = fakeStack({ reconnect: { firstMs: 4_000 } });
    expect(client.nextAttemptAt).toBeUndefined();
    const told: [string, number | undefined][] = [];
    client.on('state', (state) => told.push([state, client.nextAttemptAt]));
    gateway.refusals.push(ParlanceError.disconnected('rejected'), ParlanceError.disconnected('rejected'));
    const start = clock.now();
    void client.connect();
    await clock.pass(60_000);
    expect(told).toEqual([
      ['connecting', undefined],
      ['waiting', start + 2_000],
      ['connecting', undefined],
      ['waiting', start + 6_000],
      ['connecting', undefined],
      ['online', undefined],
    ]);
  });

  it.each([
    [0, 5_000],
    [0.5, 15_050],
    [0.99, 24_899],
  ])(
    'waits at least as long as the server asks for, and some time more that chance decides: %d',
    async (chance, waitMs) => {
      const { client, gateway, clock } = fakeStack({ reconnect: { firstMs: 100 } }, { random: () => chance });
      gateway.refusals.push(refused('RATE_LIMITED', { retryable: true, retryAfterMs: 5_000 }));
      void client.connect();
      await clock.pass(waitMs - 1);
      expect(client.state).toBe('waiting');
      await clock.pass(1);
      expect(client.state).toBe('online');
    },
  );

  it('tells once that no gateway answers, goes on trying, and connects when there is one', async () => {
    const { client, gateway, clock } = fakeStack({ url: 'https://host/wrong', requestTimeoutMs: 5_000 });
    const errors: ParlanceError[] = [];
    client.on('error', (error) => errors.push(error));
    const notFound = new Error('websocket error');
    gateway.refusals.push(...Array.from({ length: 20 }, () => ParlanceError.disconnected('rejected', notFound)));
    let isConnected = false;
    void client.connect().then(() => {
      isConnected = true;
    });
    await clock.pass(6_000);
    expect(errors).toMatchObject([{ code: 'DISCONNECTED', retryable: true, cause: notFound }]);
    expect(errors[0]?.message).toContain('https://host/wrong');
    await clock.pass(30_000);
    expect([errors.length, isConnected]).toEqual([1, false]);
    gateway.refusals.length = 0;
    await clock.pass(20_000);
    expect([errors.length, isConnected, client.state]).toEqual([1, true, 'online']);
  });

  it('tells what a gateway says that refuses for long', async () => {
    const { client, gateway, clock } = fakeStack({ requestTimeoutMs: 5_000 });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    gateway.refusals.push(...Array.from({ length: 20 }, () => refused('TOO_MANY_CONNECTIONS', { retryable: true })));
    void client.connect();
    await clock.pass(6_000);
    expect(errors).toEqual(['TOO_MANY_CONNECTIONS']);
  });

  it.each(['UNAUTHENTICATED', 'ORIGIN_NOT_ALLOWED', 'INVALID_MESSAGE'] as const)('gives up on %s', async (code) => {
    const { client, gateway, clock } = fakeStack();
    gateway.refusals.push(refused(code));
    await expect(client.connect()).rejects.toMatchObject({ code });
    expect(client.state).toBe('closed');
    await clock.pass(60_000);
    expect(gateway.targets.length).toBe(1);
  });

  it('can be asked again after it gave up', async () => {
    const { client, gateway } = fakeStack();
    gateway.refusals.push(refused('UNAUTHENTICATED'));
    await expect(client.connect()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await client.connect();
    expect(client.state).toBe('online');
  });

  it('tries a fresh token at once when the old one has expired, then waits between tries', async () => {
    let tokens = 0;
    const { client, gateway, clock } = fakeStack({ getToken: () => `token ${++tokens}` });
    const lost = ParlanceError.disconnected('rejected');
    gateway.refusals.push(refused('TOKEN_EXPIRED'), lost, refused('TOKEN_EXPIRED'));
    void client.connect();
    await clock.pass(0);
    expect(gateway.targets.map(({ token }) => token)).toEqual(['token 1', 'token 2']);
    expect(client.state).toBe('waiting');
    await clock.pass(300);
    expect([gateway.targets.length, client.state]).toEqual([3, 'waiting']);
    await clock.pass(2_000);
    expect(client.state).toBe('online');
  });

  it('tells of a token source that fails, and asks it again', async () => {
    let calls = 0;
    const { client, clock } = fakeStack({
      getToken: () => (++calls === 1 ? Promise.reject(new Error('offline')) : 'token'),
    });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    const connected = client.connect();
    await clock.pass(1_000);
    await connected;
    expect(errors).toEqual(['TOKEN_SOURCE_FAILED']);
  });

  it('waits for a token no longer than for a request, tells that, and asks again', async () => {
    let calls = 0;
    const never = new Promise<string>(() => undefined);
    const { client, clock } = fakeStack({ getToken: () => (++calls === 1 ? never : 'token'), requestTimeoutMs: 7_000 });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    const connected = client.connect();
    await clock.pass(6_999);
    expect([client.state, errors]).toEqual(['connecting', []]);
    await clock.pass(1_000);
    await connected;
    expect([client.state, errors, calls]).toEqual(['online', ['TOKEN_SOURCE_FAILED'], 2]);
  });

  it('comes back although the token source fell silent after the first connection', async () => {
    const { promise, resolve } = deferred<string>();
    const tokens = ['first', promise, promise];
    const { client, gateway, clock } = fakeStack({ getToken: () => tokens.shift() ?? 'last' });
    await client.connect();
    gateway.cut();
    await clock.pass(26_000);
    expect(client.state).toBe('online');
    resolve('too late');
    await clock.pass(1_000);
    expect(gateway.targets.map(({ token }) => token)).toEqual(['first', 'last']);
  });

  it('rejects the connecting when it is closed meanwhile', async () => {
    const { client, gateway, clock } = fakeStack();
    const connected = client.connect();
    client.close();
    await expect(connected).rejects.toMatchObject({ code: 'CLOSED' });
    await clock.pass(60_000);
    expect(gateway.isConnected).toBe(false);
    expect(client.state).toBe('closed');
  });
});

describe('staying connected', () => {
  it('comes back when the server ends the connection', async () => {
    const { client, gateway, clock } = fakeStack();
    await client.connect();
    gateway.cut();
    expect(client.state).toBe('waiting');
    await clock.pass(1_000);
    expect(client.state).toBe('online');
    expect(gateway.targets.length).toBe(2);
  });

  it('moves after the time that a stopping server names, and not before', async () => {
    const { client, gateway, clock } = fakeStack();
    await client.connect();
    gateway.emit('reconnectIn', { delayMs: 2_000 });
    await clock.pass(1_999);
    expect([client.state, gateway.targets.length]).toEqual(['online', 1]);
    await clock.pass(1);
    expect([client.state, gateway.targets.length]).toEqual(['online', 2]);
  });

  it('ends with an error event when it may not come back', async () => {
    const { client, gateway, clock } = fakeStack();
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    gateway.refusals.push(refused('UNAUTHENTICATED'));
    gateway.cut();
    await clock.pass(1_000);
    expect([client.state, errors]).toEqual(['closed', ['UNAUTHENTICATED']]);
  });

  it('says why there is no connection, as long as there is none and nobody closed it', async () => {
    const { client, gateway, clock } = fakeStack();
    const seen: (string | undefined)[] = [];
    client.on('state', (state) => seen.push(`${state} ${client.userId} ${client.connectionError?.code}`));
    await client.connect();
    gateway.refusals.push(refused('UNAUTHENTICATED'));
    gateway.cut();
    await clock.pass(1_000);
    await client.connect();
    client.close();
    expect(seen).toEqual([
      'connecting undefined undefined',
      'online me undefined',
      'waiting me DISCONNECTED',
      'connecting me DISCONNECTED',
      'closed me UNAUTHENTICATED',
      'connecting me UNAUTHENTICATED',
      'online me undefined',
      'closed me undefined',
    ]);
  });

  it('leaves no timer behind when it is closed', async () => {
    const { client, gateway, clock } = fakeStack({ getToken: () => jwt(3_600_000 + 1_750_000_000_000) });
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(5_000);
    client.close();
    await settled();
    expect(clock.waiting).toBe(0);
  });
});

function jwt(expiresAt: number): string {
  return `e30.${btoa(JSON.stringify({ sub: 'me', exp: expiresAt / 1000 }))}.signature`;
}
