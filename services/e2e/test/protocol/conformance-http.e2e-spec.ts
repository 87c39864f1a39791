import { type ChatMessage, type ChatRoom, type ErrorReason, errorTable } from '@parlance/proto';
import { MonthInventory, operationList } from '@parlance/proto/operations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient, type HttpMethod } from '../../src/clients/http-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';
import { checkMetrics } from '../../src/monitoring/check-metrics.js';

/** The HTTP part of docs/protocol.md, row by row, against the running stack. The second gateway gives no tokens away. */
let parlance: Deployment;
const open: ChatClient[] = [];
const requestsPerMinute = 100;

beforeAll(async () => {
  parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    chatServices: 2,
    env: {
      HTTP_PER_USER_PER_MINUTE: `${requestsPerMinute}`,
      HTTP_PER_IP_PER_MINUTE: '100000',
      SEND_PER_USER_PER_SECOND: '5',
      SEND_PER_USER_BURST: '20',
    },
    envOf: (name): Record<string, string> => (name === 'gateway-2' ? { DEV_TOKENS: 'false' } : {}),
  });
});
afterAll(async () => {
  for (const client of open) client.close();
  await parlance[Symbol.asyncDispose]();
});

const gateway = (index = 0): string => parlance.gateways[index]?.url ?? '';

let people = 0;

/** Fresh users, each at one of the two gateways in turn. */
function users(...names: string[]): HttpClient[] {
  return names.map((name) => new HttpClient(gateway(people++ % 2), `${name}-${people}`));
}

/** The same user by socket. */
async function socketOf({ url, userId }: HttpClient): Promise<ChatClient> {
  const client = await ChatClient.connect(url, userId);
  open.push(client);
  return client;
}

/** A group of the first user with the others in it. */
function group(owner: HttpClient, others: readonly Pick<HttpClient, 'userId'>[], more: object = {}): Promise<ChatRoom> {
  const participants = others.map(({ userId }) => userId);
  return owner.ask('POST', '/rooms', { roomType: 'group', participants, ...more });
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const routed = operationList.flatMap(({ http, example }) => (http ? [{ ...http, example }] : []));

/** Every row about one room, with a body that its owner may send. */
const roomRows = routed
  .filter(({ path, scope }) => path.includes('{roomId}') && scope === undefined)
  .map(({ method, path, example }) => {
    const { roomId: _ofThePath, ...body } = example.payload as Readonly<Record<string, unknown>>;
    return [
      method.toUpperCase() as HttpMethod,
      (roomId: string) => path.replace('/api/v1', '').replace('{roomId}', roomId).replace('{userId}', 'friend'),
      ...(method === 'post' || method === 'patch' ? [body] : []),
    ] as const;
  });

/** Every row there is, as OpenAPI writes it. */
const allRows = routed.map(({ method, path }) => `${method} ${path}`);

describe('the envelope', () => {
  it('is that of an ack, as JSON', async () => {
    const [ann] = users('ann') as [HttpClient];
    const list = await ann.request('GET', '/rooms');
    expect(list.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect([list.status, list.body]).toEqual([
      200,
      { success: true, data: [], hasMore: false, timestamp: expect.stringMatching(isoTime) },
    ]);
    const refused = await ann.request('GET', '/rooms/nowhere');
    expect(refused.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect([refused.status, refused.body]).toEqual([
      404,
      {
        success: false,
        error: { code: 'ROOM_NOT_FOUND', message: expect.any(String), retryable: false, outcome: 'rejected' },
        timestamp: expect.stringMatching(isoTime),
      },
    ]);
  });
});

describe('POST and GET /rooms', () => {
  it('create a room with every field of a ChatRoom and list it as listRooms does', async () => {
    const [ann] = users('ann') as [HttpClient];
    const metadata = { name: 'Lunch', description: 'Where to', avatar: 'https://example.org/a.png' };
    const wanted = {
      roomType: 'group',
      participants: ['zoe'],
      metadata,
      joinRule: 'open',
      historyVisibility: 'joined',
    };
    const room = await ann.ask<ChatRoom>('POST', '/rooms', wanted);
    expect(room).toEqual({
      roomId: expect.any(String),
      roomType: 'group',
      participants: expect.arrayContaining([ann.userId, 'zoe']),
      participantCount: 2,
      createdAt: expect.any(Number),
      lastMessageAt: room.createdAt,
      metadata,
      head: 0,
      rev: 0,
      memberRev: 1,
      epoch: room.createdAt,
      joinRule: 'open',
      historyVisibility: 'joined',
      role: 'owner',
      deliveredUpTo: 0,
      readUpTo: 0,
      unreadCount: 0,
    });
    expect(await ann.ask('GET', '/rooms')).toEqual([room]);
    expect(await (await socketOf(ann)).ask('listRooms', {})).toEqual([room]);
  });

  it('answer a 1v1 that exists already', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const mine = await ann.ask<ChatRoom>('POST', '/rooms', { roomType: '1v1', participants: [bob.userId] });
    const his = await bob.ask<ChatRoom>('POST', '/rooms', { roomType: '1v1', participants: [ann.userId] });
    expect(his).toEqual({ ...mine, participants: expect.arrayContaining([ann.userId, bob.userId]) });
  });

  it('page with limit and cursor, the room of the last activity first', async () => {
    const [ann] = users('ann') as [HttpClient];
    const rooms = [await group(ann, []), await group(ann, []), await group(ann, [])];
    const [oldest] = rooms as [ChatRoom];
    await ann.ask('POST', `/rooms/${oldest.roomId}/messages`, { content: 'awake' });
    const first = await ann.page<ChatRoom[]>('GET', '/rooms?limit=2');
    expect(first).toMatchObject({ hasMore: true, cursor: expect.any(String) });
    expect(first.data[0]).toMatchObject({ roomId: oldest.roomId, head: 1, unreadCount: 0 });
    const second = await ann.page<ChatRoom[]>('GET', `/rooms?limit=2&cursor=${encodeURIComponent(first.cursor ?? '')}`);
    expect(Object.keys(second).toSorted()).toEqual(['data', 'hasMore', 'success', 'timestamp']);
    expect(second.hasMore).toBe(false);
    const listed = [...first.data, ...second.data].map(({ roomId }) => roomId);
    expect(listed.toSorted()).toEqual(rooms.map(({ roomId }) => roomId).toSorted());
  });
});

describe('GET and PATCH /rooms/{roomId}', () => {
  it('show the room as each participant sees it, and change it for all of them', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const room = await group(ann, [bob], { metadata: { name: 'Old' } });
    const socket = await socketOf(bob);
    expect(await ann.ask('GET', `/rooms/${room.roomId}`)).toEqual(room);
    expect(await bob.ask('GET', `/rooms/${room.roomId}`)).toEqual({ ...room, role: 'participant' });
    const change = { metadata: { name: 'New' }, joinRule: 'open', historyVisibility: 'joined' };
    const changed = { ...room, ...change, rev: 1, memberRev: 2 };
    expect(await ann.ask('PATCH', `/rooms/${room.roomId}`, change)).toEqual(changed);
    await socket.until('the update', () => socket.events.some(({ name }) => name === 'roomUpdated'));
    expect(socket.events.find(({ name }) => name === 'roomUpdated')?.payload).toMatchObject({
      roomId: room.roomId,
      ...change,
      rev: 1,
    });
    await expect.poll(() => bob.ask('GET', `/rooms/${room.roomId}`)).toEqual({ ...changed, role: 'participant' });
  });
});

describe('the participants of a room', () => {
  it('are added by {userId} and by {userIds} and removed one by one', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const room = await group(ann, []);
    const path = `/rooms/${room.roomId}/participants`;
    const all = (...names: string[]) => ({
      ...room,
      participants: expect.arrayContaining([ann.userId, ...names]) as string[],
      participantCount: names.length + 1,
    });
    const one = await ann.ask<ChatRoom>('POST', path, { userId: bob.userId });
    expect(one).toEqual({ ...all(bob.userId), rev: 1, memberRev: 2 });
    expect(one.participants).toHaveLength(2);
    const more = await ann.ask<ChatRoom>('POST', path, { userIds: ['cy', 'dan', bob.userId] });
    expect(more).toEqual({ ...all(bob.userId, 'cy', 'dan'), rev: 3, memberRev: 3 });
    expect(more.participants).toHaveLength(4);
    const less = await ann.ask<ChatRoom>('DELETE', `${path}/cy`);
    expect(less).toEqual({ ...all(bob.userId, 'dan'), rev: 4, memberRev: 4 });
    expect(less.participants).toHaveLength(3);
    expect(await bob.ask('GET', `/rooms/${room.roomId}`)).toEqual({ ...less, role: 'participant' });
  });
});

describe('POST and GET /rooms/{roomId}/messages', () => {
  it('store a message with every field of a ChatMessage, once, and tell the sockets', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const { roomId, createdAt } = await group(ann, [bob]);
    const socket = await socketOf(bob);
    const body = { content: 'hello', clientMessageId: 'c-1', metadata: { color: 'red' } };
    const { deduplicated, epoch, ...message } = await ann.ask<ChatMessage & { deduplicated: boolean; epoch: number }>(
      'POST',
      `/rooms/${roomId}/messages`,
      body,
    );
    expect(epoch).toBe(createdAt);
    expect(message).toEqual({
      messageId: 1,
      roomId,
      senderId: ann.userId,
      ...body,
      timestamp: expect.any(Number),
      monthYear: expect.stringMatching(/^\d{4}-\d\d$/),
      status: 'sent',
      deliveredTo: [],
      readBy: [],
      messageType: 'text',
    });
    expect(deduplicated).toBe(false);
    expect(await ann.ask('POST', `/rooms/${roomId}/messages`, body)).toEqual({
      ...message,
      deduplicated: true,
      epoch,
    });
    await socket.until('the message', () => socket.idsOf(roomId).length === 1);
    expect(socket.messages).toEqual([message]);
    expect(await bob.page('GET', `/rooms/${roomId}/messages`)).toEqual({
      success: true,
      data: [message],
      hasMore: false,
      timestamp: expect.stringMatching(isoTime),
    });
  });

  it('page by id, in both directions and from a date, as getHistory does', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, [bob]);
    for (let index = 1; index <= 7; index++)
      await ann.ask('POST', `/rooms/${roomId}/messages`, { content: `${index}` });
    const socket = await socketOf(bob);
    const ids = async (position: Readonly<Record<string, number | string>>) => {
      const query = new URLSearchParams({ limit: '3', ...position });
      const page = await bob.page<ChatMessage[]>('GET', `/rooms/${roomId}/messages?${query.toString()}`);
      const same = await socket.request('getHistory', { roomId, limit: 3, ...position });
      expect({ ...page, timestamp: '' }).toEqual({ ...same, timestamp: '' });
      return [page.data.map(({ messageId }) => messageId), page.hasMore];
    };
    expect(await ids({})).toEqual([[5, 6, 7], true]);
    expect(await ids({ beforeId: 3 })).toEqual([[1, 2], false]);
    expect(await ids({ afterId: 2 })).toEqual([[3, 4, 5], true]);
    expect(await ids({ afterId: 7 })).toEqual([[], false]);
    expect(await ids({ fromDate: 0 })).toEqual([[1, 2, 3], true]);
    expect(await ids({ fromDate: '2020-01-01T00:00:00+01:00' })).toEqual([[1, 2, 3], true]);
    expect(await ids({ fromDate: new Date(Date.now() + 60_000).toISOString() })).toEqual([[], false]);
  });

  it('say truncated below what a newcomer may see', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, [], { historyVisibility: 'joined' });
    for (const content of ['1', '2']) await ann.ask('POST', `/rooms/${roomId}/messages`, { content });
    await ann.ask('POST', `/rooms/${roomId}/participants`, { userId: bob.userId });
    expect(await bob.page('GET', `/rooms/${roomId}/messages?afterId=0`)).toMatchObject({
      data: [],
      truncated: true,
      firstAvailableId: 3,
    });
  });
});

describe('POST /rooms/{roomId}/system-messages', () => {
  const backend = (scope: string) =>
    new HttpClient(gateway(1), 'projects', { authorization: `Bearer ${signToken('projects', { scope })}` });

  it('takes the scope system, and says something in the 1v1 of two others in the name of nobody', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const room = await ann.ask<ChatRoom>('POST', '/rooms', { roomType: '1v1', participants: [bob.userId] });
    const path = `/rooms/${room.roomId}/system-messages`;
    const body = { content: 'Your order is on its way', clientMessageId: 'order-7', metadata: { order: 7 } };
    for (const nobody of [ann, backend('admin'), backend('systems')])
      expect(await nobody.refused('POST', path, body)).toMatchObject({
        status: 403,
        error: { code: 'PERMISSION_DENIED', message: 'The token needs the scope system.' },
      });
    const said = await backend('chat system').ask<ChatMessage>('POST', path, body);
    expect(said).toMatchObject({
      ...body,
      messageId: 1,
      senderId: 'system',
      messageType: 'system',
      deduplicated: false,
      epoch: room.epoch,
    });
    expect(await backend('system').ask('POST', path, body)).toEqual({ ...said, deduplicated: true });
    expect(await bob.ask('GET', `/rooms/${room.roomId}/messages`)).toMatchObject([
      { messageId: 1, messageType: 'system' },
    ]);
    expect(await backend('system').refused('POST', '/rooms/nowhere/system-messages', body)).toMatchObject({
      status: 404,
      error: { code: 'ROOM_NOT_FOUND' },
    });
  });

  it('is held to the rates of a sender', async () => {
    const [ann] = users('ann') as [HttpClient];
    const { roomId } = await group(ann, []);
    const say = (content: string, senderId: string) =>
      backend('system').request('POST', `/rooms/${roomId}/system-messages`, { content, senderId });
    const codes = await Promise.all(Array.from({ length: 40 }, (_, index) => say(`${index}`, 'system:loud')));
    expect(codes.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect((await say('another one', 'system:calm')).status).toBe(200);
  });
});

describe('GET /admin/months', () => {
  it('takes the scope admin, and shows months with what is done to them next, and all jobs', async () => {
    const withScope = (scope: string) =>
      new HttpClient(gateway(1), 'root', { authorization: `Bearer ${signToken('root', { scope })}` });
    for (const nobody of [...users('ann'), withScope('system')]) {
      const refused = await nobody.refused('GET', '/admin/months');
      expect(refused).toMatchObject({ status: 403, error: { code: 'PERMISSION_DENIED' } });
    }
    const root = withScope('admin');
    const data = await root.ask('GET', '/admin/months');
    expect(MonthInventory.strict().parse(data)).toEqual(data);
    const { months, jobs } = MonthInventory.parse(data);
    const current = new Date().toISOString().slice(0, 7);
    const month = months.find(({ monthYear }) => monthYear === current);
    expect(month).toMatchObject({ tier: 'hot', state: 'OPEN', next: { job: 'seal-month' } });
    expect(jobs.map(({ state }) => state)).toEqual(jobs.map(() => 'never'));
    expect(jobs.length).toBeGreaterThan(5);
    expect(await root.refused('GET', '/admin/months?month=2026-01')).toMatchObject({ status: 400 });
  });
});

describe('POST /admin/users/{userId}/revoke', () => {
  it('takes the scope admin, ends the tokens of that user at every gateway, and no others', async () => {
    const [mallory, ann] = users('mallory', 'ann') as [HttpClient, HttpClient];
    const { userId } = mallory;
    const path = `/admin/users/${userId}/revoke`;
    const withScope = (scope: string) =>
      new HttpClient(gateway(1), 'root', { authorization: `Bearer ${signToken('root', { scope })}` });
    for (const nobody of [mallory, ann, withScope('administrator read')]) {
      expect(await nobody.refused('POST', path)).toMatchObject({ status: 403, error: { code: 'PERMISSION_DENIED' } });
    }
    const root = withScope('read admin');
    expect(await root.refused('POST', '/admin/users/%7Bx%7D/revoke')).toMatchObject({
      status: 400,
      error: { code: 'INVALID_MESSAGE' },
    });
    const authorization = `Bearer ${signToken(userId)}`;
    const calledAt = Date.now();
    const data = await root.ask<{ revokedBefore: string }>('POST', path);
    expect(data).toEqual({ userId, revokedBefore: expect.stringMatching(isoTime) });
    expect(Math.abs(Date.parse(data.revokedBefore) - calledAt)).toBeLessThan(10_000);
    for (const url of [gateway(0), gateway(1)]) {
      const old = new HttpClient(url, userId, { authorization });
      await expect.poll(async () => (await old.request('GET', '/rooms')).status).toBe(401);
      expect(await old.refused('GET', '/rooms')).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } });
      expect(await new HttpClient(url, ann.userId).ask('GET', '/rooms')).toEqual([]);
      // `iat` counts whole seconds, so a token of the next second is a new one.
      await expect.poll(async () => (await new HttpClient(url, userId).request('GET', '/rooms')).status).toBe(200);
    }
  });
});

describe('POST /dev/token', () => {
  const ask = (url: string, body: object) =>
    new HttpClient(url, 'x', { authorization: '' }).request<{
      token: string;
      expiresAt: number;
    }>('POST', '/dev/token', body);

  it('gives a token for a day that opens HTTP and sockets', async () => {
    const { status, body } = await ask(gateway(0), { userId: 'newcomer' });
    if (!body.success) throw new Error(body.error.message);
    const { token, expiresAt } = body.data;
    expect([status, body]).toEqual([
      200,
      { success: true, data: { token, expiresAt }, timestamp: expect.stringMatching(isoTime) },
    ]);
    expect(Math.abs(expiresAt - Date.now() - 24 * 3_600_000)).toBeLessThan(60_000);
    const client = await ChatClient.connect(gateway(1), 'newcomer', { token });
    open.push(client);
    expect(client.ready.userId).toBe('newcomer');
    const newcomer = new HttpClient(gateway(1), 'newcomer', { authorization: `Bearer ${token}` });
    expect(await newcomer.ask('GET', '/rooms')).toEqual([]);
  });

  it('is nothing where it is not configured, and strict where it is', async () => {
    expect(await ask(gateway(1), { userId: 'newcomer' })).toMatchObject({
      status: 404,
      body: { success: false, error: { code: 'INVALID_MESSAGE', outcome: 'rejected' } },
    });
    for (const body of [{}, { userId: '{x}' }, { userId: 'newcomer', scope: 'admin' }]) {
      expect(await ask(gateway(0), body)).toMatchObject({ status: 400, body: { error: { code: 'INVALID_MESSAGE' } } });
    }
  });
});

describe('the pages beside the API, without a token', () => {
  const fetched = async (path: string, base = gateway()) => {
    const response = await fetch(`${base}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it('/api/docs describes exactly the rows that there are, to people and to machines', async () => {
    const page = await fetched('/api/docs');
    expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
    const { text } = await fetched('/api/docs/openapi.json');
    const { paths } = JSON.parse(text) as { paths: Readonly<Record<string, object>> };
    const rows = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(rows.toSorted()).toEqual(allRows.toSorted());
    for (const path of Object.keys(paths)) expect(page.text).toContain(path);
    expect(JSON.parse((await fetched('/api/docs/asyncapi.json')).text)).toMatchObject({ asyncapi: '3.0.0' });
  });

  it('/livez, /readyz and /metrics answer as probes and scrapers expect, on a port of their own', async () => {
    const ops = parlance.gateways[0]?.opsUrl ?? '';
    const livez = await fetched('/livez', ops);
    expect([livez.status, JSON.parse(livez.text)]).toEqual([200, { status: 'alive' }]);
    const readyz = await fetched('/readyz', ops);
    expect(readyz.status).toBe(200);
    expect(JSON.parse(readyz.text)).toEqual({
      status: 'ready',
      started: true,
      draining: false,
      degraded: false,
      checks: expect.arrayContaining([
        { name: 'chat-service', critical: true, state: 'up' },
        { name: 'redis-commands', critical: false, state: 'up' },
        { name: 'redis-subscriptions', critical: true, state: 'up' },
        { name: 'redis-loopback', critical: true, state: 'up' },
        { name: 'delivery', critical: true, state: 'up' },
      ]),
    });
    await new HttpClient(gateway(), 'ann').ask('GET', '/rooms');
    const metrics = await fetched('/metrics', ops);
    expect([metrics.status, metrics.type]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(metrics.text).toMatch(/^chat_gateway_requests_total\{event="http listRooms",code="OK"\} \d+$/m);
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await fetched(path)).status).toBe(404);
  });

  it.each(['gateway', 'chat service'])('/metrics of a %s has every check, and what promtool takes', async (name) => {
    const services = name === 'gateway' ? parlance.gateways : parlance.chatServices;
    const ops = services[0]?.opsUrl ?? '';
    const { checks, degraded } = JSON.parse((await fetched('/readyz', ops)).text) as {
      readonly checks: readonly { readonly name: string }[];
      readonly degraded: boolean;
    };
    const { text } = await fetched('/metrics', ops);
    const prefix = name === 'gateway' ? 'chat_gateway' : 'chat';
    const shown = [...text.matchAll(new RegExp(`^${prefix}_health_check_up\\{check="([^"]+)"\\} 1$`, 'gm'))];
    expect(new Set(shown.map(([, check]) => check))).toEqual(new Set(checks.map((check) => check.name)));
    expect(degraded).toBe(false);
    expect(text).toMatch(new RegExp(`^${prefix}_ready 1\n(?:.*\n)*${prefix}_degraded 0$`, 'm'));
    expect((await checkMetrics(text)) ?? '').toBe('');
  });

  it('/metrics of every chat service says that this month and the next take messages', async () => {
    for (const { opsUrl } of parlance.chatServices) {
      const { text } = await fetched('/metrics', opsUrl);
      expect(text).toMatch(/^chat_months_open\{offset="0"\} 1\nchat_months_open\{offset="1"\} 1$/m);
    }
  });

  it('answer a path and a method that do not exist with the envelope', async () => {
    const [ann] = users('ann') as [HttpClient];
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['DELETE', '/rooms'],
    ] as const) {
      expect(await ann.refused(method, path)).toMatchObject({
        status: 404,
        error: { code: 'INVALID_MESSAGE', message: `There is no ${method} /api/v1${path}.`, outcome: 'rejected' },
      });
    }
  });
});

describe('every row of a room', () => {
  it('answers an outsider of a private room and anybody about an absent one with the same words', async () => {
    const [ann, mallory] = users('ann', 'mallory') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, []);
    for (const [method, path, body] of roomRows) {
      const hidden = await mallory.refused(method, path(roomId), body);
      expect(hidden).toMatchObject({ status: 404, error: { code: 'ROOM_NOT_FOUND' } });
      expect(await mallory.refused(method, path('nowhere'), body)).toEqual(hidden);
    }
    expect(await ann.ask('GET', `/rooms/${roomId}`)).toMatchObject({ participants: [ann.userId], head: 0, rev: 0 });
  });

  it('answers an outsider of an open room with NOT_A_PARTICIPANT', async () => {
    const [ann, mallory] = users('ann', 'mallory') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, [], { joinRule: 'open' });
    for (const [method, path, body] of roomRows) {
      expect(await mallory.refused(method, path(roomId), body)).toMatchObject({
        status: 403,
        error: { code: 'NOT_A_PARTICIPANT' },
      });
    }
  });

  it('answers a removed participant like an outsider, at both gateways', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, [bob]);
    await bob.ask('POST', `/rooms/${roomId}/messages`, { content: 'still here' });
    await ann.ask('DELETE', `/rooms/${roomId}/participants/${bob.userId}`);
    for (const url of [gateway(0), gateway(1)]) {
      const removed = new HttpClient(url, bob.userId);
      // A pod may take up to two seconds to hear of a removal (R13).
      await expect.poll(async () => (await removed.request('GET', `/rooms/${roomId}`)).status).toBe(404);
      for (const [method, path, body] of roomRows) {
        expect(await removed.refused(method, path(roomId), body)).toMatchObject({
          status: 404,
          error: { code: 'ROOM_NOT_FOUND' },
        });
      }
      expect(await removed.ask('GET', '/rooms')).toEqual([]);
    }
  });

  it('lets a plain participant read and send, and nothing more', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const { roomId } = await group(ann, [bob, { userId: 'friend' }]);
    const codes = [];
    for (const [method, path, body] of roomRows) {
      const { status, body: ack } = await bob.request(method, path(roomId), body);
      codes.push([status, ack.success ? 'OK' : ack.error.code]);
    }
    const denied = [403, 'PERMISSION_DENIED'];
    expect(codes).toEqual([[200, 'OK'], denied, [200, 'OK'], denied, denied, [200, 'OK'], [200, 'OK']]);
  });
});

describe('every row', () => {
  const rows = [
    ['POST', '/rooms', { roomType: 'group', participants: [] }] as const,
    ['GET', '/rooms'] as const,
    ['POST', '/admin/users/somebody/revoke'] as const,
    ['GET', '/admin/months'] as const,
    ['POST', '/rooms/some-room/system-messages', { content: 'x' }] as const,
    ...roomRows.map(([method, path, body]) => [method, path('some-room'), body] as const),
  ];

  it.each<[string, () => Readonly<Record<string, string>>, number, ErrorReason]>([
    ['no token', () => ({ authorization: '' }), 401, 'UNAUTHENTICATED'],
    [
      'an expired token',
      () => ({ authorization: `Bearer ${signToken('ann', { expiresIn: -60 })}` }),
      401,
      'TOKEN_EXPIRED',
    ],
    ['a page of another origin', () => ({ origin: 'https://evil.example' }), 403, 'ORIGIN_NOT_ALLOWED'],
  ])('refuses %s before anything else', async (_what, headers, status, code) => {
    const client = new HttpClient(gateway(), 'ann', headers());
    for (const [method, path, body] of rows) {
      expect(await client.refused(method, path, body)).toMatchObject({ status, error: { code, outcome: 'rejected' } });
    }
  });
});

describe('the same fault', () => {
  const group = { roomType: 'group', participants: ['bob'] };
  const many = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
  const add = 'POST /rooms/{room}/participants';
  const remove = 'DELETE /rooms/{room}/participants';
  const send = 'POST /rooms/{room}/messages';
  const read = 'GET /rooms/{room}/messages';

  /** The payload of the event, without its room, is the body of a POST or PATCH. */
  it.each<[what: string, event: string, payload: object, row: string, code: ErrorReason]>([
    ['an unknown field of a room', 'createRoom', { ...group, x: 1 }, 'POST /rooms', 'INVALID_MESSAGE'],
    ['a room of no type', 'createRoom', { participants: [] }, 'POST /rooms', 'INVALID_MESSAGE'],
    ['a 1v1 of three', 'createRoom', { roomType: '1v1', participants: ['b', 'c'] }, 'POST /rooms', 'INVALID_MESSAGE'],
    ['a room of 1,001', 'createRoom', { ...group, participants: many(1_000) }, 'POST /rooms', 'ROOM_FULL'],
    ['1,001 names', 'createRoom', { ...group, participants: many(1_001) }, 'POST /rooms', 'INVALID_MESSAGE'],
    ['an unknown parameter of a list', 'listRooms', { x: 1 }, 'GET /rooms?x=1', 'INVALID_MESSAGE'],
    ['a list over 200', 'listRooms', { limit: 201 }, 'GET /rooms?limit=201', 'INVALID_MESSAGE'],
    ['an unknown field of a change', 'updateRoom', { roomType: '1v1' }, 'PATCH /rooms/{room}', 'INVALID_MESSAGE'],
    ['a long name', 'updateRoom', { metadata: { name: 'x'.repeat(201) } }, 'PATCH /rooms/{room}', 'INVALID_MESSAGE'],
    ['nobody to add', 'addParticipants', {}, add, 'INVALID_MESSAGE'],
    ['a wrong id to add', 'addParticipants', { userIds: ['{x}'] }, add, 'INVALID_MESSAGE'],
    ['too many to add', 'addParticipants', { userIds: many(1_000) }, add, 'ROOM_FULL'],
    ['a stranger to remove', 'removeParticipant', { userId: 'stranger' }, `${remove}/stranger`, 'INVALID_MESSAGE'],
    ['oneself to remove', 'removeParticipant', { userId: '{me}' }, `${remove}/{me}`, 'PERMISSION_DENIED'],
    ['an unknown field of a message', 'sendMessage', { content: 'x', x: 1 }, send, 'INVALID_MESSAGE'],
    ['no content', 'sendMessage', {}, send, 'INVALID_MESSAGE'],
    ['content over 16 KiB', 'sendMessage', { content: 'x'.repeat(16_385) }, send, 'MESSAGE_TOO_LARGE'],
    [
      'metadata over 8 KiB',
      'sendMessage',
      { content: 'x', metadata: { a: 'x'.repeat(9_000) } },
      send,
      'MESSAGE_TOO_LARGE',
    ],
    ['a used id', 'sendMessage', { content: 'other', clientMessageId: 'used' }, send, 'IDEMPOTENCY_CONFLICT'],
    ['a page over 200', 'getHistory', { limit: 201 }, `${read}?limit=201`, 'INVALID_MESSAGE'],
    ['two positions', 'getHistory', { beforeId: 1, afterId: 1 }, `${read}?beforeId=1&afterId=1`, 'INVALID_MESSAGE'],
    ['a wrong date', 'getHistory', { fromDate: 'yesterday' }, `${read}?fromDate=yesterday`, 'INVALID_MESSAGE'],
    ['an unknown parameter', 'getHistory', { before: 1 }, `${read}?before=1`, 'INVALID_MESSAGE'],
  ])('gets the same answer by socket and by HTTP: %s', async (_what, event, payload, row, code) => {
    const [ann] = users('ann') as [HttpClient];
    const socket = await socketOf(ann);
    const { roomId } = await ann.ask<ChatRoom>('POST', '/rooms', group);
    await ann.ask('POST', `/rooms/${roomId}/messages`, { content: 'one', clientMessageId: 'used' });
    const fill = (text: string): string => text.replaceAll('{me}', ann.userId).replaceAll('{room}', roomId);
    const body = JSON.parse(fill(JSON.stringify(payload))) as object;
    const error = await socket.refused(event, row.includes('{room}') ? { roomId, ...body } : body);
    expect(error).toMatchObject({ code, retryable: false, outcome: 'rejected' });
    const [method, path] = fill(row).split(' ') as [HttpMethod, string];
    expect(await ann.refused(method, path, method === 'POST' || method === 'PATCH' ? body : undefined)).toEqual({
      status: errorTable[code].httpStatus,
      error,
      retryAfter: null,
    });
    expect(await ann.ask('GET', `/rooms/${roomId}`)).toMatchObject({ head: 1, rev: 0 });
  });
});

describe('limits', () => {
  it('answer MESSAGE_TOO_LARGE to a body over 256 KiB, and INVALID_MESSAGE to one that is no JSON object', async () => {
    const [ann] = users('ann') as [HttpClient];
    const { roomId } = await group(ann, []);
    const path = `/rooms/${roomId}/messages`;
    expect(await ann.refused('POST', path, { content: 'x', metadata: { a: 'x'.repeat(262_144) } })).toMatchObject({
      status: 413,
      error: { code: 'MESSAGE_TOO_LARGE', retryable: false, outcome: 'rejected' },
    });
    for (const body of ['{', 'null', '[]', '"text"', '{"roomId":"other","content":"x"}']) {
      expect(await ann.refused('POST', path, body)).toMatchObject({ status: 400, error: { code: 'INVALID_MESSAGE' } });
    }
  });

  it('answer RATE_LIMITED to sends that come too fast, with the time to wait in body and header', async () => {
    const [ann] = users('ann') as [HttpClient];
    const { roomId } = await group(ann, []);
    const sends = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ann.request('POST', `/rooms/${roomId}/messages`, { content: `${index}` }),
      ),
    );
    const refused = sends.flatMap(({ status, headers, body }) =>
      body.success ? [] : [{ status, error: body.error, retryAfter: headers.get('retry-after') }],
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, error, retryAfter } of refused) {
      expect([status, error]).toMatchObject([429, { code: 'RATE_LIMITED', retryable: true, outcome: 'rejected' }]);
      expect(error.retryAfterMs).toBeGreaterThan(0);
      expect(retryAfter).toBe(`${Math.ceil((error.retryAfterMs ?? 0) / 1_000)}`);
    }
  });

  it('count the requests of a user at both gateways together, and answer others meanwhile', async () => {
    const [ann, bob] = users('ann', 'bob') as [HttpClient, HttpClient];
    const elsewhere = new HttpClient(gateway(0) === ann.url ? gateway(1) : gateway(0), ann.userId);
    const answers = await Promise.all(
      Array.from({ length: requestsPerMinute + 20 }, (_, index) =>
        (index % 2 ? ann : elsewhere).request('GET', '/rooms'),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(requestsPerMinute);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, headers, body } of refused) {
      expect([status, body]).toMatchObject([429, { error: { code: 'RATE_LIMITED', retryable: true } }]);
      const wait = body.success ? 0 : (body.error.retryAfterMs ?? 0);
      expect(wait).toBeLessThanOrEqual(60_000);
      expect(headers.get('retry-after')).toBe(`${Math.ceil(wait / 1_000)}`);
    }
    expect(await bob.ask('GET', '/rooms')).toEqual([]);
  });
});
