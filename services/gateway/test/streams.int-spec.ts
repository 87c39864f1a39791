import { type AckSuccess, type ChatMessage, WireOutcome } from '@parlance/proto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeServer } from './fixtures/exchange-server.js';
import { failure } from './fixtures/memory-chat.js';
import { ChatClient, credential, startTestGateway, TestStack, testToken } from './fixtures/test-stack.js';

describe('a gateway that starts before any chat service', () => {
  it('is ready when the first stream is up, and stays so when it breaks', async () => {
    const stack = await TestStack.start();
    const { port } = stack.server;
    stack.server.stop();
    const gateway = await startTestGateway({
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${port}`,
    });
    try {
      const readyz = async (): Promise<unknown> => {
        const response = await fetch(`http://127.0.0.1:${gateway.opsPort}/readyz`);
        return { code: response.status, ...((await response.json()) as object) };
      };
      const failing = expect.arrayContaining([
        expect.objectContaining({
          name: 'chat-service',
          detail: expect.stringMatching(/^no stream is up: no connection: .*ECONNREFUSED/),
        }),
      ]);
      await expect.poll(readyz, { timeout: 60_000 }).toMatchObject({ code: 503, status: 'starting', checks: failing });
      stack.server = await ExchangeServer.start(stack.chat, credential, port);
      await expect.poll(readyz, { timeout: 60_000 }).toMatchObject({ code: 200, status: 'ready', degraded: false });
      stack.server.stop();
      await expect.poll(readyz, { timeout: 60_000 }).toMatchObject({ code: 200, status: 'ready', degraded: true });
    } finally {
      await gateway.close();
      await stack.stop();
    }
  });
});

describe('a chat service that refuses the credential of a gateway', () => {
  it('is named by /readyz, and gets no calls while another one takes it', async () => {
    const stack = await TestStack.start();
    const other = await ExchangeServer.start(stack.chat, 'another-service-credential-0123456789abcdef');
    const targets = [`127.0.0.1:${stack.server.port}`, `127.0.0.1:${other.port}`];
    const gateway = await startTestGateway({
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: targets.join(','),
    });
    try {
      const readyz = async () => (await fetch(`http://127.0.0.1:${gateway.opsPort}/readyz`)).json();
      await expect.poll(readyz).toMatchObject({
        status: 'ready',
        degraded: true,
        checks: expect.arrayContaining([
          {
            name: 'chat-service',
            critical: true,
            state: 'down',
            detail: `${targets[1]}: it refuses the SERVICE_CREDENTIAL of this gateway`,
          },
        ]),
      });
      const rooms = Array.from({ length: 20 }, () => stack.chat.createRoom(['ann']));
      const ann = new ChatClient(gateway.port, { token: await testToken('ann') });
      stack.clients.push(ann);
      await ann.connect();
      const sent = await Promise.all(rooms.map((roomId) => ann.send('sendMessage', { roomId, content: 'x' })));
      for (const ack of sent) expect(ack).toMatchObject({ success: true, data: { deduplicated: false } });
    } finally {
      await gateway.close();
      other.stop();
      await stack.stop();
    }
  });
});

describe('the streams to the chat service', () => {
  let stack: TestStack;

  beforeEach(async () => {
    stack = await TestStack.start({ REQUEST_TIMEOUT_MS: '1500' });
  });
  afterEach(() => stack.stop());

  it('repeats a send that was on a broken stream under the same name, so that it is stored once', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    const answer = stack.chat.answer;
    stack.chat.answer = async (call) => {
      if (!call.sendMessage) return answer(call);
      stack.chat.answer = answer;
      await answer(call);
      stack.server.breakStreams();
      return new Promise(() => {});
    };
    await expect(ann.send('sendMessage', { roomId, content: 'once' })).resolves.toMatchObject({
      success: true,
      data: { messageId: 1, deduplicated: true },
    });
  });

  it('repeats the sends of a socket in their order, what was sent meanwhile behind them (R11)', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    const answer = stack.chat.answer;
    let arrived = 0;
    stack.chat.answer = (call) => {
      if (call.sendMessage && ++arrived === 5) {
        stack.chat.answer = answer;
        stack.server.breakStreams();
      }
      return new Promise(() => {});
    };
    const first = Array.from({ length: 5 }, (_, index) => ann.send('sendMessage', { roomId, content: `${index}` }));
    await expect.poll(() => stack.chat.answer).toBe(answer);
    const rest = Array.from({ length: 5 }, (_, index) => ann.send('sendMessage', { roomId, content: `${index + 5}` }));
    const acks = await Promise.all([...first, ...rest]);
    expect(acks.map((ack) => ack.success && ack.data.messageId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const { data } = (await ann.send('getHistory', { roomId })) as AckSuccess<ChatMessage[]>;
    expect(data.map(({ content }) => content)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('hands nothing on that was sent behind an unknown outcome, until all before is answered (R11)', async () => {
    const roomId = stack.chat.createRoom(['ann', 'ben']);
    const [ann, ben] = [await stack.connected('ann'), await stack.connected('ben')];
    const answer = stack.chat.answer;
    const held = Promise.withResolvers<void>();
    stack.chat.answer = async (call) => {
      if (call.sendMessage?.content === 'lost')
        return failure(call.callId, 'INTERNAL', WireOutcome.ERROR_OUTCOME_UNKNOWN);
      if (call.sendMessage?.content === 'slow') await held.promise;
      return answer(call);
    };
    const order: string[] = [];
    const send = async (content: string): Promise<unknown> => {
      const ack = await ann.send('sendMessage', { roomId, content });
      order.push(content);
      return ack.success ? 'stored' : `${ack.error.outcome} ${ack.error.retryable}`;
    };
    const [lost, slow] = [send('lost'), send('slow')];
    expect(await lost).toBe('unknown true');
    const behind = [send('behind 1'), send('behind 2')];
    await expect(ben.send('sendMessage', { roomId, content: 'by somebody else' })).resolves.toMatchObject({
      success: true,
    });
    held.resolve();
    expect(await Promise.all([slow, ...behind])).toEqual(['stored', 'rejected true', 'rejected true']);
    expect(order).toEqual(['lost', 'slow', 'behind 1', 'behind 2']);
    expect(await send('after')).toBe('stored');
    const { data } = (await ann.send('getHistory', { roomId })) as AckSuccess<ChatMessage[]>;
    expect(data.map(({ content }) => content)).toEqual(['by somebody else', 'slow', 'after']);
  });

  it('says that a send is unknown when the stream does not come back in time', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    const answer = stack.chat.answer;
    stack.chat.answer = (call) => {
      if (!call.sendMessage) return answer(call);
      stack.server.stop();
      return new Promise(() => {});
    };
    await expect(ann.send('sendMessage', { roomId, content: 'x' })).resolves.toMatchObject({
      success: false,
      error: { code: 'DEADLINE_EXCEEDED', retryable: true, outcome: 'unknown' },
    });
  });

  it('answers what was sent while no pod could be reached, in its order, when one is there in time', async () => {
    await stack.stop();
    stack = await TestStack.start({ REQUEST_TIMEOUT_MS: '30000' });
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    stack.server.stop();
    await expect.poll(() => streams()).toBe(0);
    const sends = ['1', '2'].map((content) => ann.send('sendMessage', { roomId, content }));
    await stack.restartServer();
    const acks = (await Promise.all(sends)) as AckSuccess<ChatMessage>[];
    expect(acks.map(({ data }) => data?.messageId)).toEqual([1, 2]);
  });

  it('refuses when no pod can be reached within the time for a request, and works again when one is', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    stack.server.stop();
    await expect
      .poll(() => ann.send('sendMessage', { roomId, content: 'x' }))
      .toMatchObject({
        success: false,
        error: { code: 'STORE_UNAVAILABLE', retryable: true, outcome: 'rejected' },
      });
    await stack.restartServer();
    await expect.poll(() => ann.send('sendMessage', { roomId, content: 'y' })).toMatchObject({ success: true });
  });

  it('looks for messages that a broken pod stored and did not tell of', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    stack.chat.store(roomId, 'ann', 'silent', { silent: true });
    stack.server.breakStreams();
    await ann.until(() => ann.payloads('newMessage').length === 1);
    expect(ann.payloads('newMessage')).toMatchObject([{ content: 'silent' }]);
  });

  it('refuses a handshake that it cannot complete, and may be asked again', async () => {
    stack.server.stop();
    await expect
      .poll(async () => (await stack.client('ann')).connect().catch((error: unknown) => error))
      .toMatchObject({
        data: { code: 'STORE_UNAVAILABLE', retryable: true },
      });
  });

  it('gives a call up when the pod does not answer within the time for a request, and says meanwhile that it is there itself', async () => {
    const ann = await stack.connected('ann');
    stack.chat.answer = () => new Promise(() => {});
    const listed = ann.send('listRooms', {});
    const isAlive = await Promise.race([ann.send('resume', { rooms: {} }), listed]);
    expect(isAlive).toMatchObject({ success: true, data: { rooms: {} } });
    await expect(listed).resolves.toMatchObject({
      error: { code: 'DEADLINE_EXCEEDED', outcome: 'rejected' },
    });
  });

  it('does not pass on what the chat service says of its own faults', async () => {
    const ann = await stack.connected('ann');
    stack.chat.answer = (call) => ({
      ...failure(call.callId, 'INTERNAL'),
      error: { ...failure(0, 'INTERNAL').error!, message: 'E11000 mongo' },
    });
    await expect(ann.send('listRooms', {})).resolves.toMatchObject({
      error: { code: 'INTERNAL', message: 'Something went wrong on our side; retry.' },
    });
  });

  it('does not come up with a wrong credential', async () => {
    const env = {
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${stack.server.port}`,
    };
    const stranger = await startTestGateway({ ...env, SERVICE_CREDENTIAL: 'a-wrong-credential-0123456789abcdef' });
    const before = stack.chat.calls.length;
    const ann = new ChatClient(stranger.port, { token: await testToken('ann') });
    stack.clients.push(ann);
    await expect(ann.connect()).rejects.toMatchObject({ data: { code: 'STORE_UNAVAILABLE' } });
    // The other gateway here asks for revocations every second.
    const calls = stack.chat.calls.slice(before).filter(({ listRevocations }) => listRevocations === undefined);
    expect(calls).toEqual([]);
    await stranger.close();
  });

  async function streams(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
    return Number(/^chat_gateway_streams (\d+)/m.exec(text)?.[1]);
  }
});
