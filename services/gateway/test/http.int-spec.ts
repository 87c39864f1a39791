import { limits } from '@parlance/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultOfAnswer } from './fixtures/documented-answer.js';
import { TestStack, testToken } from './fixtures/test-stack.js';

const notUtf8 = Buffer.from([...Buffer.from('{"content":"a'), 0xff, ...Buffer.from('"}')]);
const beyond = '{"content":"x","metadata":{"n":9007199254740993}}';

describe('the chat over HTTP', () => {
  let stack: TestStack;
  let token: string;

  beforeAll(async () => {
    stack = await TestStack.start({ ALLOWED_ORIGINS: 'https://chat.example.com', KEEP_ALIVE_TIMEOUT_MS: '620000' });
    token = await testToken('ann');
  });
  afterAll(() => stack.stop());

  it('keeps idle connections for as long as it is told to', async () => {
    const { headers } = await fetch(`http://127.0.0.1:${stack.gateway.port}/api/v1/rooms`);
    expect(headers.get('keep-alive')).toBe('timeout=620');
  });

  it('creates, lists and shows rooms', async () => {
    const created = await call('POST', '/rooms', { roomType: 'group', participants: ['ben'] });
    expect(created).toMatchObject({
      status: 200,
      body: { success: true, data: { participants: ['ann', 'ben'] }, timestamp: expect.any(String) },
    });
    const { roomId } = created.body.data as { roomId: string };
    await expect(call('GET', '/rooms?limit=10')).resolves.toMatchObject({
      status: 200,
      body: { success: true, hasMore: false, data: [{ roomId }] },
    });
    await expect(call('GET', `/rooms/${roomId}`)).resolves.toMatchObject({
      status: 200,
      body: { success: true, data: { roomId } },
    });
  });

  it('lists the participants of a room in pages', async () => {
    const roomId = stack.chat.createRoom(['ann', 'cat', 'ben']);
    const path = `/rooms/${roomId}/participants?limit=2`;
    await expect(call('GET', path)).resolves.toMatchObject({
      status: 200,
      body: { success: true, hasMore: true, cursor: 'ben', data: [{ userId: 'ann' }, { userId: 'ben' }] },
    });
    const { body } = await call('GET', `${path}&cursor=ben`);
    const cat = { userId: 'cat', role: 'participant', joinedAt: 1, deliveredUpTo: 0, readUpTo: 0 };
    expect(body).toEqual({ success: true, data: [cat], hasMore: false, timestamp: expect.any(String) });
  });

  it('sends and reads messages, and sockets hear of them', async () => {
    const roomId = stack.chat.createRoom(['ann', 'cat']);
    const cat = await stack.connected('cat');
    await expect(call('POST', `/rooms/${roomId}/messages`, { content: 'hello' })).resolves.toMatchObject({
      body: { success: true, data: { messageId: 1 } },
    });
    await cat.until(() => cat.payloads('newMessage').length === 1);
    await expect(call('GET', `/rooms/${roomId}/messages?limit=10&afterId=0`)).resolves.toMatchObject({
      body: { success: true, hasMore: false, data: [{ messageId: 1, content: 'hello' }] },
    });
  });

  it('says system messages for tokens with the scope system, in any room, and for no others', async () => {
    const roomId = stack.chat.createRoom(['ben', 'cat']);
    const cat = await stack.connected('cat');
    const path = `/rooms/${roomId}/system-messages`;
    const asBackend = async (body: object, scope = 'chat system') =>
      call('POST', path, body, { authorization: `Bearer ${await testToken('crm', '1h', { scope })}` });
    const said = { content: 'Ben joined the project', senderId: 'system:crm', clientMessageId: 'joined-ben' };
    for (const deduplicated of [false, true]) {
      await expect(asBackend(said)).resolves.toMatchObject({
        status: 200,
        body: { success: true, data: { messageId: 1, senderId: 'system:crm', messageType: 'system', deduplicated } },
      });
    }
    await expect(asBackend({ content: 'By nobody in particular' })).resolves.toMatchObject({
      body: { data: { messageId: 2, senderId: 'system' } },
    });
    await cat.until(() => cat.payloads('newMessage').length === 2);
    for (const scope of ['', 'admin', 'systems']) {
      await expect(asBackend(said, scope)).resolves.toMatchObject({
        status: 403,
        body: { error: { code: 'PERMISSION_DENIED', message: 'The token needs the scope system.' } },
      });
    }
    for (const [wrong, message] of [
      [{ ...said, senderId: 'ann' }, 'senderId: must be "system", or "system:" and a name.'],
      [{ ...said, content: '' }, 'content: is empty.'],
      [{ ...said, messageType: 'system' }, 'The payload: unknown field messageType.'],
    ] as const) {
      await expect(asBackend(wrong)).resolves.toMatchObject({
        status: 400,
        body: { error: { code: 'INVALID_MESSAGE', message } },
      });
    }
    await expect(asBackend({ content: 'x'.repeat(limits.contentBytes + 1) })).resolves.toMatchObject({ status: 413 });
  });

  it('says to a user where system messages come from', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const body = { content: 'x', messageType: 'system' };
    const message = 'messageType: system is for backends: see docs/protocol.md, System messages.';
    await expect(call('POST', `/rooms/${roomId}/messages`, body)).resolves.toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_MESSAGE', message } },
    });
    const ann = await stack.connected('ann');
    await expect(ann.send('sendMessage', { roomId, ...body } as never)).resolves.toMatchObject({
      success: false,
      error: { code: 'INVALID_MESSAGE', message, outcome: 'rejected' },
    });
  });

  it('changes rooms, and adds and removes participants, one or several at a time', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    await expect(
      call('PATCH', `/rooms/${roomId}`, { metadata: { name: 'Tea' }, joinRule: 'open' }),
    ).resolves.toMatchObject({ status: 200, body: { data: { metadata: { name: 'Tea' }, joinRule: 'open' } } });
    await expect(call('POST', `/rooms/${roomId}/participants`, { userId: 'ben' })).resolves.toMatchObject({
      status: 200,
      body: { data: { participants: ['ann', 'ben'] } },
    });
    await expect(call('POST', `/rooms/${roomId}/participants`, { userIds: ['cat', 'dan'] })).resolves.toMatchObject({
      body: { data: { participants: ['ann', 'ben', 'cat', 'dan'] } },
    });
    await expect(call('DELETE', `/rooms/${roomId}/participants/ben`)).resolves.toMatchObject({
      status: 200,
      body: { data: { participants: ['ann', 'cat', 'dan'] } },
    });
  });

  it.each<[string, string, string, unknown, number, string]>([
    ['nobody to add', 'POST', '/rooms/r/participants', {}, 400, 'INVALID_MESSAGE'],
    ['a user and a list', 'POST', '/rooms/r/participants', { userId: 'a', userIds: ['b'] }, 400, 'INVALID_MESSAGE'],
    ['a wrong user id', 'DELETE', '/rooms/r/participants/%7Bx%7D', undefined, 400, 'INVALID_MESSAGE'],
    ['an unknown field of a room', 'PATCH', '/rooms/r', { roomType: '1v1' }, 400, 'INVALID_MESSAGE'],
    ['a room that is not theirs', 'GET', '/rooms/nowhere', undefined, 404, 'ROOM_NOT_FOUND'],
    ['a wrong room id', 'GET', '/rooms/%7Bx%7D', undefined, 400, 'INVALID_MESSAGE'],
    ['a wrong limit', 'GET', '/rooms/r/messages?limit=201', undefined, 400, 'INVALID_MESSAGE'],
    ['a limit given twice', 'GET', '/rooms/r/messages?limit=1&limit=2', undefined, 400, 'INVALID_MESSAGE'],
    ['an unknown parameter', 'GET', '/rooms/r/messages?before=1', undefined, 400, 'INVALID_MESSAGE'],
    ['a room in the body', 'POST', '/rooms/r/messages', { roomId: 'r', content: 'x' }, 400, 'INVALID_MESSAGE'],
    ['a body that is a list', 'POST', '/rooms/r/messages', [], 400, 'INVALID_MESSAGE'],
    ['no body', 'POST', '/rooms', undefined, 400, 'INVALID_MESSAGE'],
    ['content over its limit', 'POST', '/rooms/r/messages', { content: 'x'.repeat(16_385) }, 413, 'MESSAGE_TOO_LARGE'],
    [
      'a body over its limit',
      'POST',
      '/rooms/r/messages',
      { content: 'x'.repeat(limits.eventBytes) },
      413,
      'MESSAGE_TOO_LARGE',
    ],
    ['JSON that is none', 'POST', '/rooms', '{"roomType":', 400, 'INVALID_MESSAGE'],
    ['half a character', 'POST', '/rooms/r/messages', '{"content":"\\ud83d"}', 400, 'INVALID_MESSAGE'],
    ['bytes that are not UTF-8', 'POST', '/rooms/r/messages', notUtf8, 400, 'INVALID_MESSAGE'],
    ['a number beyond 2^53', 'POST', '/rooms/r/messages', beyond, 400, 'INVALID_MESSAGE'],
    ['a limit in another notation', 'GET', '/rooms/r/messages?limit=1e2', undefined, 400, 'INVALID_MESSAGE'],
    ['a limit with a blank', 'GET', '/rooms/r/messages?limit=+5', undefined, 400, 'INVALID_MESSAGE'],
    ['an empty limit', 'GET', '/rooms/r/messages?limit=', undefined, 400, 'INVALID_MESSAGE'],
    ['an empty position', 'GET', '/rooms/r/messages?beforeId=', undefined, 400, 'INVALID_MESSAGE'],
    ['a position beyond 2^53', 'GET', '/rooms/r/messages?beforeId=9007199254740993', undefined, 400, 'INVALID_MESSAGE'],
    ['a year as milliseconds', 'GET', '/rooms/r/messages?fromDate=2026', undefined, 400, 'INVALID_MESSAGE'],
    ['a list in a query', 'GET', '/rooms/r/messages?limit[]=1', undefined, 400, 'INVALID_MESSAGE'],
    ['a parameter called __proto__', 'GET', '/rooms?__proto__=1', undefined, 400, 'INVALID_MESSAGE'],
    ['a cursor given twice', 'GET', '/rooms?cursor=a&cursor=b', undefined, 400, 'INVALID_MESSAGE'],
    ['too many participants', 'GET', '/rooms/r/participants?limit=201', undefined, 400, 'INVALID_MESSAGE'],
    ['a query where none is read', 'GET', '/rooms/r?limit=1', undefined, 400, 'INVALID_MESSAGE'],
    ['a query of a change', 'PATCH', '/rooms/r?joinRule=open', {}, 400, 'INVALID_MESSAGE'],
    ['a query of a removal', 'DELETE', '/rooms/r/participants/ben?soft=1', undefined, 400, 'INVALID_MESSAGE'],
    ['a body of a removal', 'DELETE', '/rooms/r/participants/ben', { userId: 'cat' }, 400, 'INVALID_MESSAGE'],
    ['a body of a revocation', 'POST', '/admin/users/ben/revoke', { at: 1 }, 403, 'PERMISSION_DENIED'],
    ['a path that is no text', 'GET', '/rooms/%E0%A4%A', undefined, 400, 'INVALID_MESSAGE'],
    ['an unknown path', 'GET', '/nothing?secret=1', undefined, 404, 'INVALID_MESSAGE'],
    ['an unknown method', 'DELETE', '/rooms', undefined, 404, 'INVALID_MESSAGE'],
    ['a token for development where there are none', 'POST', '/dev/token', { userId: 'ann' }, 404, 'INVALID_MESSAGE'],
  ])('answers %s with the envelope of a socket', async (_what, method, path, body, status, code) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({
      status,
      body: { success: false, error: { code, outcome: 'rejected' }, timestamp: expect.any(String) },
    });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('says of a path that is no text what is wrong', async () => {
    await expect(call('POST', '/rooms/%E0%A4%A/messages', { content: 'x' })).resolves.toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_MESSAGE', message: 'The path is not percent-encoded UTF-8.' } },
    });
  });

  const asJson = 'Send it as JSON in UTF-8 with the header "content-type: application/json".';

  it.each<[what: string, type: string | undefined, body: string | Buffer, fault: string]>([
    [
      'a form',
      'application/x-www-form-urlencoded',
      'content=x',
      'The content-type of the body is application/x-www-form-urlencoded.',
    ],
    ['JSON that calls itself text', 'text/plain', '{"content":"x"}', 'The content-type of the body is text/plain.'],
    ['JSON without a word', undefined, Buffer.from('{"content":"x"}'), 'The content-type of the body is missing.'],
    ['a type that is none', '<secret>', '{"content":"x"}', 'The content-type of the body has another form.'],
    [
      'JSON in UTF-16',
      'application/json; charset=utf-16le',
      Buffer.from('{"content":"x"}', 'utf16le'),
      'The content-type of the body names more than UTF-8.',
    ],
    [
      'JSON in another charset',
      'application/json; charset=latin1',
      '{"content":"x"}',
      'The content-type of the body names more than UTF-8.',
    ],
  ])('says of %s that a body is JSON in UTF-8, and what is wrong', async (_what, type, body, fault) => {
    const roomId = stack.chat.createRoom(['ann']);
    const response = await fetch(`http://127.0.0.1:${stack.gateway.port}/api/v1/rooms/${roomId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
      body,
    });
    await expect(response.json()).resolves.toMatchObject({
      success: false,
      error: { code: 'INVALID_MESSAGE', message: `${fault} ${asJson}` },
    });
    expect(response.status).toBe(400);
  });

  it.each(['application/json', 'application/json;charset=UTF-8', 'Application/JSON ; charset = "utf-8"'])(
    'takes %s',
    async (type) => {
      const roomId = stack.chat.createRoom(['ann']);
      const url = `http://127.0.0.1:${stack.gateway.port}/api/v1/rooms/${roomId}/messages`;
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      expect((await fetch(url, { method: 'POST', headers, body: '{"content":"x"}' })).status).toBe(200);
    },
  );

  it.each<[what: string, path: string, body: unknown, message: string]>([
    [
      'no body',
      '/rooms',
      undefined,
      'The body is missing: send a JSON object with the header "content-type: application/json".',
    ],
    [
      'no body of a message',
      '/rooms/r/messages',
      undefined,
      'The body is missing: send a JSON object with the header "content-type: application/json".',
    ],
    ['JSON that is none', '/rooms', '{"roomType":', 'The body is not a JSON object.'],
    [
      'a name beside the metadata',
      '/rooms',
      { roomType: 'group', participants: [], name: 'Tea' },
      'The payload: unknown field name: its place is metadata.name.',
    ],
    [
      'a room in the body',
      '/rooms/r/messages',
      { roomId: 'r', content: 'x' },
      'The payload: unknown field roomId: the path names it.',
    ],
    [
      'a field that the path names already',
      '/rooms/r/messages',
      { roomid: 'r', content: 'x' },
      'The payload: unknown field roomid.',
    ],
  ])('says of %s what mends it', async (_what, path, body, message) => {
    await expect(call('POST', path, body)).resolves.toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_MESSAGE', message } },
    });
  });

  it('takes an id however its path is written, and every character of a text as it is', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const content = '\u0000\ufeff\ufffd\u2028\u{1f600}';
    const path = `/rooms/%${roomId.charCodeAt(0).toString(16)}${roomId.slice(1)}/messages`;
    await expect(call('POST', path, { content, metadata: { '': [-0, 1.0] } })).resolves.toMatchObject({
      status: 200,
      body: { data: { content, metadata: { '': [0, 1] } } },
    });
  });

  it.each<[what: string, authorization: () => Promise<string | undefined>, code: string, message: string]>([
    [
      'no token',
      async () => undefined,
      'UNAUTHENTICATED',
      'There is no token: send it in the header "authorization: Bearer TOKEN".',
    ],
    [
      'a token without Bearer',
      async () => token,
      'UNAUTHENTICATED',
      'The header authorization has another form than "Bearer TOKEN".',
    ],
    [
      'a token of another kind',
      async () => 'Bearer abc',
      'UNAUTHENTICATED',
      'The token is no signed JWT: that is three parts in base64url with dots between them.',
    ],
    [
      'an expired token',
      async () => `Bearer ${await testToken('ann', '1 hour ago')}`,
      'TOKEN_EXPIRED',
      'The token has expired; get a new one.',
    ],
  ])('refuses a request with %s, and says why', async (_what, authorization, code, message) => {
    const given = await authorization();
    const headers: Record<string, string> = given === undefined ? {} : { authorization: given };
    await expect(call('GET', '/rooms', undefined, headers)).resolves.toMatchObject({
      status: 401,
      body: { error: { code, message } },
    });
  });

  it('serves pages of allowed origins only', async () => {
    const url = `http://127.0.0.1:${stack.gateway.port}/api/v1/rooms`;
    const allowed = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, origin: 'https://chat.example.com' },
    });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://chat.example.com',
    ]);
    const other = await fetch(url, { headers: { authorization: `Bearer ${token}`, origin: 'https://evil.example' } });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('describes itself to people and to machines', async () => {
    const base = `http://127.0.0.1:${stack.gateway.port}/api/docs`;
    const page = await fetch(base);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(await page.text()).toContain('/api/v1/rooms/{roomId}/messages');
    const openApi = await fetch(`${base}/openapi.json`);
    expect(openApi.headers.get('content-type')).toBe('application/json; charset=utf-8');
    await expect(openApi.json()).resolves.toMatchObject({ openapi: '3.1.0' });
    await expect((await fetch(`${base}/asyncapi.json`)).json()).resolves.toMatchObject({ asyncapi: '3.0.0' });
    expect((await fetch(`${base}/openapi.yaml`)).status).toBe(404);
  });

  it('answers probes and scrapes on their own port', async () => {
    const base = `http://127.0.0.1:${stack.gateway.opsPort}`;
    await expect((await fetch(`${base}/livez`)).json()).resolves.toEqual({ status: 'alive' });
    await expect((await fetch(`${base}/readyz`)).json()).resolves.toMatchObject({ status: 'ready', draining: false });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toMatch(/chat_gateway_requests_total\{event="http listRooms",code="OK"\} \d/);
    expect(metrics).not.toContain('"ann"');
    for (const path of ['livez', 'readyz', 'metrics']) {
      expect((await fetch(`http://127.0.0.1:${stack.gateway.port}/${path}`)).status).toBe(404);
    }
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) {
    const response = await fetch(`http://127.0.0.1:${stack.gateway.port}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: (await response.json()) as { data?: unknown } };
    expect(faultOfAnswer(method, path, answer.status, answer.body)).toBeUndefined();
    return answer;
  }
});
