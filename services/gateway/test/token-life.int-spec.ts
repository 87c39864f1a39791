import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient, TestStack, testToken } from './fixtures/test-stack.js';

describe('the life of a token', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
  });
  afterAll(() => stack.stop());

  it('ends a socket that keeps its token until it has expired, and says why', async () => {
    const ann = await withToken(await testToken('ann', inSeconds(1)));
    await expect(closed(ann)).resolves.toBe('transport close');
    expect(ann.payloads('exception')).toMatchObject([{ success: false, error: { code: 'TOKEN_EXPIRED' } }]);
  });

  it('goes on with a refreshed token', async () => {
    // Long enough for two to connect and one to refresh, also on a busy machine.
    const expiry = inSeconds(5);
    const [ben, witness] = [
      await withToken(await testToken('ben', expiry)),
      await withToken(await testToken('cat', expiry)),
    ];
    await expect(ben.send('refreshToken', { token: await testToken('ben') })).resolves.toMatchObject({ success: true });
    await closed(witness);
    await expect(ben.send('listRooms', {})).resolves.toMatchObject({ success: true });
    expect(ben.payloads('exception')).toEqual([]);
  });

  it('cannot be refreshed with the token of somebody else', async () => {
    const ann = await stack.connected('ann');
    await expect(ann.send('refreshToken', { token: await testToken('ben') })).resolves.toMatchObject({
      success: false,
      error: { code: 'UNAUTHENTICATED' },
    });
  });

  it('ends by a revocation: live sockets are closed, and the token opens nothing any more', async () => {
    const [dan, eve] = [await stack.connected('dan'), await stack.connected('eve')];
    const gone = closed(dan);
    const answer = await revoke('dan', await testToken('root', '1h', { scope: 'chat admin' }));
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, data: { userId: 'dan', revokedBefore: expect.stringMatching(/Z$/) } },
    });
    await expect(gone).resolves.toBe('transport close');
    expect(dan.payloads('exception')).toMatchObject([{ error: { code: 'UNAUTHENTICATED' } }]);
    const old = await testToken('dan');
    await expect(withToken(old)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    const rooms = await fetch(`${api()}/rooms`, { headers: { authorization: `Bearer ${old}` } });
    expect(rooms.status).toBe(401);
    await withToken(await testToken('dan', '1h', { iat: Math.ceil(Date.now() / 1000) + 1 }));
    await expect(eve.send('listRooms', {})).resolves.toMatchObject({ success: true });
  });

  it('cannot be ended by those who are no administrators', async () => {
    await expect(revoke('eve', await testToken('ann'))).resolves.toMatchObject({
      status: 403,
      body: { error: { code: 'PERMISSION_DENIED' } },
    });
  });

  it('is treated as issued at the beginning of time when it does not say, once its user has a revocation', async () => {
    const undated = await testToken('fay', '1h', {});
    await withToken(undated);
    stack.chat.revoke('fay');
    await expect
      .poll(() => withToken(undated).catch((error: unknown) => error))
      .toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
  });

  it('ends by a revocation at a gateway where its user is not', async () => {
    const old = await testToken('ida');
    stack.chat.revoke('ida');
    await expect
      .poll(() => withToken(old).catch((error: unknown) => error))
      .toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
  });

  it('ends by a revocation while Redis is away, at a gateway where its user is not', async () => {
    const old = await testToken('jim');
    await stack.redis.stop();
    stack.chat.revoke('jim');
    await expect
      .poll(() => withToken(old).catch((error: unknown) => error))
      .toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    await stack.redis.restart();
  });

  it('ends by a revocation while Redis is away too', async () => {
    const gus = await stack.connected('gus');
    const gone = closed(gus);
    await stack.redis.stop();
    stack.chat.revoke('gus');
    await gone;
    expect(gus.payloads('exception')).toMatchObject([{ error: { code: 'UNAUTHENTICATED' } }]);
    await stack.redis.restart();
  });

  const api = (): string => `http://127.0.0.1:${stack.gateway.port}/api/v1`;

  async function withToken(token: string): Promise<ChatClient> {
    const client = new ChatClient(stack.gateway.port, { token });
    stack.clients.push(client);
    await client.connect();
    return client;
  }

  async function revoke(userId: string, token: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${api()}/admin/users/${userId}/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.json() };
  }
});

async function closed({ socket }: ChatClient): Promise<unknown> {
  const [reason] = (await once(socket as never, 'disconnect')) as unknown[];
  return reason;
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1_000);
}
