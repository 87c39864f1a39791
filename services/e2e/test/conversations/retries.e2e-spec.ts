import { once } from 'node:events';
import { createLogger, createRedis } from '@parlance/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';
import { type ReceivedSpan, startTraceCollector, type TraceCollector } from '../../src/deployment/trace-collector.js';

let parlance: Deployment;
let collector: TraceCollector;
beforeAll(async () => {
  collector = await startTraceCollector();
  parlance = await startDeployment({ mongo: 'shared', gateways: 2, chatServices: 2, env: collector.env(1) });
});
afterAll(async () => {
  await parlance[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

it('tells the way of a send over two gateways in one trace, and that of many in one insert command by links', async () => {
  const [ann, bob] = await Promise.all(
    ['traced-ann', 'traced-bob'].map((user, at) => ChatClient.connect(parlance.gateways[at]?.url ?? '', user)),
  );
  if (!ann || !bob) throw new Error('no client');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['traced-bob'] });
  const send = (content: string) => ann.ask('sendMessage', { roomId, content });
  await bob.until('the room', () => bob.events.some(({ name }) => name === 'roomJoined'));
  await send('From here on nothing has to be read first.');
  await collector.until(() => sends().some(isWhole));
  const [warm] = sends();
  await send('Looked at');
  await collector.until(() => sends().filter(isWhole).length === 2);
  const one = sends().find((span) => span !== warm);
  expect(treeOf(one)).toBe(
    [
      'gateway sendMessage server',
      '  gateway sendMessage client',
      '    chat-service sendMessage server',
      '      chat-service commit internal',
      '        chat-service insert client',
      '      chat-service redis write producer',
      '      gateway chat:message:new consumer',
      '      gateway chat:message:new consumer',
    ].join('\n'),
  );
  const [stored] = collector.spans.filter(
    ({ traceId, service, kind }) => traceId === one?.traceId && service === 'chat-service' && kind === 'server',
  );
  const linked = collector.spans.filter(({ links }) => links.includes(stored?.spanId ?? ''));
  expect(linked.map(({ name }) => name).toSorted()).toEqual([
    'chat:message:new',
    'chat:message:new',
    'commit',
    'redis write',
  ]);

  await Promise.all(Array.from({ length: 60 }, (_, index) => send(`All at once, ${index}`)));
  await collector.until(() => sends().filter(isWhole).length === 62);
  const commits = collector.spans.filter(({ name }) => name === 'commit');
  expect(commits.flatMap(({ links }) => links)).toHaveLength(62);
  expect(new Set(commits.flatMap(({ links }) => links)).size).toBe(62);
  expect(Math.max(...commits.map(({ links }) => links.length))).toBeGreaterThan(1);
  expect(commits.every(({ attributes, links }) => attributes['parlance.messages'] === links.length)).toBe(true);

  expect(await ann.request('getHistory', { roomId: 'nowhere' })).toMatchObject({ success: false });
  await collector.until(() => collector.spans.some(({ attributes }) => attributes['parlance.code'] !== 'OK'));

  const others = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const headers = { traceparent: `00-${others.traceId}-${others.spanId}-01` };
  await new HttpClient(parlance.gateways[0]?.url ?? '', 'traced-ann', headers).ask('GET', '/rooms');
  const overHttp = (): ReceivedSpan[] => collector.spans.filter(({ name }) => name.startsWith('http '));
  await collector.until(() => overHttp().length > 0);
  expect(overHttp()).toMatchObject([
    { name: 'http listRooms', kind: 'server', parentSpanId: '', links: [others.spanId] },
  ]);
  expect(overHttp()[0]?.traceId).not.toBe(others.traceId);
  expect(collector.spans.filter(({ failure }) => failure !== undefined)).toEqual([]);
  for (const planted of ['Looked at', 'All at once', 'traced-ann', roomId, 'eyJ'])
    expect(collector.bodies.filter((body) => body.includes(planted))).toEqual([]);
  ann.close();
  bob.close();
});

it('stores a message once and answers it the same after its gateway was killed and Redis was emptied', async () => {
  const [first, second] = parlance.gateways;
  const ann = await ChatClient.connect(first?.url ?? '', 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  const request = (clientMessageId: string) => ({ roomId, content: clientMessageId, clientMessageId });
  const { deduplicated, ...stored } = await ann.ask('sendMessage', request('heard'));
  expect(deduplicated).toBe(false);
  const unheard = Array.from({ length: 20 }, (_, index) => `unheard-${index}`);
  for (const name of unheard) ann.socket.emit('sendMessage', request(name), () => {});
  await first?.process.kill('SIGKILL');
  ann.close();

  const again = await ChatClient.connect(second?.url ?? '', 'ann');
  expect(await again.ask('sendMessage', request('heard'))).toEqual({ ...stored, deduplicated: true });
  const acks = await Promise.all(unheard.map((name) => again.ask('sendMessage', request(name))));

  const redis = createRedis(
    { mode: 'single', nodes: [{ host: '127.0.0.1', port: parlance.redis.nodes[0]?.port ?? 0 }] },
    createLogger({ name: 'test', level: 'silent' }),
    () => performance.now(),
  );
  await once(redis, 'ready');
  await redis.flushall();
  redis.disconnect();
  expect(await again.ask('sendMessage', request('heard'))).toEqual({ ...stored, deduplicated: true });
  expect(await Promise.all(unheard.map((name) => again.ask('sendMessage', request(name))))).toEqual(
    acks.map((ack) => ({ ...ack, deduplicated: true })),
  );

  const history = await again.ask('getHistory', { roomId, limit: 100 });
  expect(history.map(({ content }) => content).toSorted()).toEqual(['heard', ...unheard].toSorted());
  again.close();
});

/** First spans of the traces of all sends. */
function sends(): readonly ReceivedSpan[] {
  return collector.spans.filter(({ name, parentSpanId }) => name === 'sendMessage' && parentSpanId === '');
}

/** Both gateways have told of the message, and so has the insert command that it was in. */
function isWhole({ traceId }: ReceivedSpan): boolean {
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const stored = spans.find(({ service, kind }) => service === 'chat-service' && kind === 'server');
  return (
    spans.filter(({ kind }) => kind === 'consumer').length === 2 &&
    spans.filter(({ kind }) => kind === 'client').length > 0 &&
    stored !== undefined &&
    collector.spans.filter(({ name, links }) => name !== 'chat:message:new' && links.includes(stored.spanId)).length ===
      2
  );
}

/** A span and those below it, a line each. Without marks, which are written a moment later for all who have some then. */
function treeOf(span: ReceivedSpan | undefined, indent = ''): string {
  if (span === undefined) return '';
  const below = collector.spans.filter(({ parentSpanId, name }) => parentSpanId === span.spanId && name !== 'update');
  const lines = below.map((each) => treeOf(each, `${indent}  `)).toSorted();
  return [`${indent}${span.service} ${span.name} ${span.kind}`, ...lines].join('\n');
}
