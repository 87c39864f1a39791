import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServers, startRedis } from '@parlance/devstack';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';
import { TcpProxy } from '../../src/faults/world/tcp-proxy.js';

/**
 * One Redis behind a stable address, as a Service or a proxy in front of a primary and its replica: new connections go
 * to the new primary, old ones stay where they are. Gateway and chat service have an address each, so that the one can
 * be at the new server while the other is at the old.
 */
let servers: readonly RedisServers[];
let directory: string;
let target = 0;
let proxies: { readonly gateway: TcpProxy; readonly chat: TcpProxy };
let parlance: Deployment;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parlance-failover-'));
  servers = await Promise.all(
    ['old', 'new'].map((name) => startRedis({ mode: 'single', dataDir: join(directory, name) })),
  );
  const port = (): number => servers[target]?.nodes[0]?.port ?? 0;
  proxies = { gateway: await TcpProxy.start(port), chat: await TcpProxy.start(port) };
  parlance = await startDeployment({
    mongo: 'shared',
    envOf: (name) => ({
      REDIS_NODES: `127.0.0.1:${name.startsWith('gateway') ? proxies.gateway.port : proxies.chat.port}`,
    }),
  });
});
afterAll(async () => {
  await parlance[Symbol.asyncDispose]();
  await Promise.all(Object.values(proxies).map((proxy) => proxy[Symbol.asyncDispose]()));
  await Promise.all(servers.map((server) => server.stop()));
  await rm(directory, { recursive: true, force: true });
});

/** Runs one command at a server, behind everybody's back. */
async function tell(server: number, ...command: [string, ...string[]]): Promise<unknown> {
  const admin = new Redis({ port: servers[server]?.nodes[0]?.port ?? 0, host: '127.0.0.1' });
  try {
    return await admin.call(...command);
  } finally {
    admin.disconnect();
  }
}

/** The names of our connections at a server that last; those that only look where an address leads do not. */
async function connectionsAt(server: number): Promise<readonly string[]> {
  const names = [...String(await tell(server, 'CLIENT', 'LIST')).matchAll(/ name=(parlance-\S*)/g)].map(
    ([, name]) => name,
  );
  return names.flatMap((name) => (name === undefined || name.endsWith('-probe') ? [] : [name])).toSorted();
}

it('is at the new primary soon, whoever kept an old connection', async () => {
  const url = parlance.gateways[0]?.url ?? '';
  const [ann, bob, eve] = (await Promise.all(['ann', 'bob', 'eve'].map((name) => ChatClient.connect(url, name)))) as [
    ChatClient,
    ChatClient,
    ChatClient,
  ];
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob', 'eve'] });
  await ann.ask('sendMessage', { roomId, content: 'before' });
  await bob.until('the first message', () => bob.idsOf(roomId).length === 1);
  const everybody = ['parlance-chat-service', 'parlance-gateway', 'parlance-gateway-limits'];
  await expect.poll(() => connectionsAt(0)).toEqual(everybody);
  const admin = new HttpClient(url, 'root', { authorization: `Bearer ${signToken('root', { scope: 'admin' })}` });

  // The chat service is at the new server, the gateway at the old one, which does not know that it is no longer the primary.
  target = 1;
  proxies.chat.reset();
  await expect.poll(() => connectionsAt(1)).toContain('parlance-chat-service');
  const movedAt = performance.now();
  const gone = new Promise<number>((resolve) => eve.socket.once('disconnect', () => resolve(performance.now())));
  await admin.ask('POST', '/admin/users/eve/revoke');
  await ann.ask('sendMessage', { roomId, content: 'past the old primary' });
  await bob.until('the second message', () => bob.idsOf(roomId).length === 2, 60_000);
  const shownAfter = performance.now() - movedAt;
  const revokedAfter = (await gone) - movedAt;
  const typing = setInterval(() => void ann.request('typing', { roomId, isTyping: true }), 250);
  await bob.until('typing', () => bob.events.some(({ name }) => name === 'typing'), 60_000);
  clearInterval(typing);
  const typingAfter = performance.now() - movedAt;
  await expect.poll(() => connectionsAt(0)).toEqual([]);

  // The roles change while all connections stay open.
  target = 0;
  await tell(1, 'REPLICAOF', '127.0.0.1', String(servers[0]?.nodes[0]?.port));
  const demotedAt = performance.now();
  await ann.ask('sendMessage', { roomId, content: 'past the old primary again' });
  await bob.until('the third message', () => bob.idsOf(roomId).length === 3, 60_000);
  const demotedShownAfter = performance.now() - demotedAt;
  await expect.poll(() => connectionsAt(1), { timeout: 60_000 }).toEqual([]);
  await expect.poll(() => connectionsAt(0)).toEqual(everybody);

  // The gateway is at the new server, the chat service publishes to the old one, which takes it.
  target = 1;
  await tell(1, 'REPLICAOF', 'NO', 'ONE');
  proxies.gateway.reset();
  await expect.poll(() => connectionsAt(1)).toContain('parlance-gateway');
  const sentAt = performance.now();
  await ann.ask('sendMessage', { roomId, content: 'into the void' });
  await bob.until('the fourth message', () => bob.idsOf(roomId).length === 4, 60_000);
  const unheardAfter = performance.now() - sentAt;
  process.stdout.write(
    `Redis failed over, old connections kept: message after ${shownAfter.toFixed(0)} ms, typing after ${typingAfter.toFixed(0)} ms, ` +
      `revoked after ${revokedAfter.toFixed(0)} ms; demoted: message after ${demotedShownAfter.toFixed(0)} ms; published to the old one: after ${unheardAfter.toFixed(0)} ms\n`,
  );
  for (const client of [ann, bob, eve]) client.close();
});
