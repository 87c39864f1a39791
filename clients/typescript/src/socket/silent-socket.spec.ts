import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { failure } from '../../test/fakes/fake-gateway.js';
import { fakeStack } from '../../test/fakes/fake-stack.js';
import { ParlanceError } from '../parlance-error.js';

describe('a socket through which nothing comes any more', () => {
  it('is given up within 11 s of a send, which is stored over the next one', async () => {
    const { client, gateway, clock } = fakeStack();
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(60_000);
    gateway.freeze();
    client.send('r', 'hello');
    await clock.pass(11_000);
    expect(client.state).toBe('online');
    expect(gateway.rooms.get('r')?.messages.map(({ content }) => content)).toEqual(['hello']);
    expect(gateway.targets.length).toBe(2);
  });

  it('is not given up while the gateway answers, though a request takes long', async () => {
    const { client, gateway, clock } = fakeStack({ requestTimeoutMs: 60_000 });
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(1_000);
    gateway.intervene('createRoom', 'lost');
    void client.createRoom({ roomType: 'group', participants: [] }).catch(() => undefined);
    await clock.pass(59_000);
    expect([client.state, gateway.targets.length]).toEqual(['online', 1]);
    const probes = gateway.requestsOf('resume').filter(({ rooms }) => Object.keys(rooms).length === 0);
    expect(probes.length).toBeGreaterThan(5);
    expect(probes.length).toBeLessThan(16);
  });

  it('is not given up while events or heartbeats come', async () => {
    const { client, gateway, clock } = fakeStack({ requestTimeoutMs: 60_000 });
    gateway.addRoom('r');
    await client.connect();
    gateway.fate = () => () => undefined;
    void client.joinRoom('r').catch(() => undefined);
    for (let second = 0; second < 50; second += 3) {
      if (second % 2 === 0) gateway.heartbeat();
      else gateway.post('r', 'ann', `${second}`);
      await clock.pass(3_000);
    }
    expect([client.state, gateway.targets.length]).toEqual(['online', 1]);
  });

  it('is not asked anything while nobody waits for an answer', async () => {
    const { client, gateway, clock } = fakeStack();
    await client.connect();
    await clock.pass(1_000);
    const before = gateway.requests.length;
    await clock.pass(600_000);
    expect([gateway.requests.length, client.state]).toEqual([before, 'online']);
  });

  it('is waited for longer and longer where answers only are slow, so that they come at last', async () => {
    const { client, gateway, clock } = fakeStack({ requestTimeoutMs: 60_000 });
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(1_000);
    gateway.line = (arrive) => void clock.after(18_000, arrive);
    let joined: string | undefined;
    const join = async (): Promise<void> => {
      joined = (await client.joinRoom('r')).roomId;
    };
    const off = client.on('state', (state) => {
      if (state === 'online') void join().catch(() => undefined);
    });
    void join().catch(() => undefined);
    await clock.pass(60_000);
    off();
    expect(joined).toBe('r');
    expect(gateway.targets.length).toBe(3);
  });
});

describe('when the network is back, the page is shown or thaws', () => {
  it('tries at once instead of waiting on, and begins the waits anew', async () => {
    const { client, gateway, clock, wake } = fakeStack();
    await client.connect();
    gateway.refusals.push(...Array.from({ length: 20 }, () => ParlanceError.disconnected('rejected')));
    gateway.cut();
    await clock.pass(45_000);
    expect(client.state).toBe('waiting');
    gateway.refusals.length = 0;
    expect((client.nextAttemptAt ?? 0) - clock.now()).toBeGreaterThan(1_000);
    wake();
    await clock.pass(300);
    expect(client.state).toBe('online');
  });

  it('does not come before the time that the server has named', async () => {
    const { client, gateway, clock, wake } = fakeStack();
    gateway.refusals.push(
      new ParlanceError({ ...failure('RATE_LIMITED').error, retryable: true, retryAfterMs: 30_000 }),
    );
    void client.connect();
    await clock.pass(1_000);
    wake();
    await clock.pass(28_000);
    expect([client.state, gateway.targets.length]).toEqual(['waiting', 1]);
  });

  it('tests a connection that stands, and replaces it when nothing comes', async () => {
    const { client, gateway, clock, wake } = fakeStack();
    await client.connect();
    wake();
    await clock.pass(30_000);
    expect([client.state, gateway.targets.length]).toEqual(['online', 1]);
    gateway.freeze();
    wake();
    await clock.pass(7_000);
    expect([client.state, gateway.targets.length]).toEqual(['online', 2]);
  });

  it('begins anew with an attempt that hangs, and leaves a young one alone', async () => {
    let calls = 0;
    const never = new Promise<string>(() => undefined);
    const { client, clock, wake } = fakeStack({ getToken: () => (++calls < 2 ? never : 'token') });
    void client.connect();
    await clock.pass(2_000);
    wake();
    await settled();
    expect([client.state, calls]).toEqual(['connecting', 1]);
    await clock.pass(2_000);
    wake();
    await settled();
    expect([client.state, calls]).toEqual(['online', 2]);
  });

  it('does nothing for a client that is closed', async () => {
    const { client, gateway, clock, wake } = fakeStack();
    await client.connect();
    client.close();
    wake();
    await clock.pass(60_000);
    expect([client.state, gateway.targets.length]).toEqual(['closed', 1]);
  });
});
