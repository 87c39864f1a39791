import { setDefaultResultOrder } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readConfig } from '@parlance/runtime';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobsConfig } from '../../src/config.js';
import { exitCode } from '../../src/index.js';
import { purgeCachedMessages } from '../../src/redis/purge-cached-messages.js';
import { runJob } from '../fixtures/run-job.js';
import { type RedisTestNodes, startRedisNodes } from '../fixtures/start-redis-nodes.js';

const certificate = (name: string): string =>
  join(import.meta.dirname, '../../../services/libs/runtime/test/fixtures/tls', name);
/**
 * Nodes that speak TLS alone, as the chart sets them up, by certificates for `localhost`; the default user is off, and jobs and the
 * nodes themselves sign in with the rules of the chart's `jobs.acl`.
 */
let nodes: RedisTestNodes;
let rules: readonly string[];
const jobsUser = { username: 'jobs', password: 'a-password-of-jobs' };
const admin = { username: 'test-admin', password: 'a-password-of-the-test' };

beforeAll(async () => {
  const file = new URL('../../../charts/redis-cluster/files/jobs.acl', import.meta.url);
  rules = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  // What NODE_EXTRA_CA_CERTS does for a process.
  setDefaultCACertificates([...getCACertificates('bundled'), await readFile(certificate('test-ca.pem'), 'utf8')]);
  // Where `localhost` is both, the nodes are at the address of version 4.
  setDefaultResultOrder('ipv4first');
  nodes = await startRedisNodes(6, {
    port: '0',
    'tls-port': 'PORT',
    'tls-cluster': 'yes',
    'tls-replication': 'yes',
    'tls-cert-file': certificate('localhost.pem'),
    'tls-key-file': certificate('localhost.key'),
    'tls-ca-cert-file': certificate('test-ca.pem'),
    'tls-auth-clients': 'no',
    'cluster-announce-hostname': 'localhost',
    'cluster-preferred-endpoint-type': 'hostname',
  });
  await makeUsers();
});
afterAll(async () => {
  setDefaultCACertificates(getCACertificates('bundled'));
  await nodes?.[Symbol.asyncDispose]();
});

const ports = (): readonly number[] => nodes.addresses.map((address) => Number(address.split(':')[1]));

/** As a node of the chart has them from its start. */
async function makeUsers(): Promise<void> {
  await onEachNode(async (node) => {
    await node.acl('SETUSER', admin.username, 'on', `>${admin.password}`, '~*', '&*', '+@all');
    await node.acl('SETUSER', jobsUser.username, 'reset', 'on', `>${jobsUser.password}`, ...rules);
    await node.config('SET', 'masteruser', jobsUser.username, 'masterauth', jobsUser.password);
    await node.auth(admin.username, admin.password);
    await node.acl('SETUSER', 'default', 'reset', 'off');
  }, {});
}

async function onEachNode<Answer>(
  ask: (node: Redis) => Promise<Answer>,
  as: Partial<typeof admin> = admin,
): Promise<readonly Answer[]> {
  return await Promise.all(
    ports().map(async (port) => {
      const node = new Redis({ host: 'localhost', port, tls: {}, ...as, maxRetriesPerRequest: 0 });
      try {
        return await ask(node);
      } finally {
        node.disconnect();
      }
    }),
  );
}

function environment(): Readonly<Record<string, string>> {
  return {
    REDIS_NODES: ports()
      .map((port) => `localhost:${port}`)
      .join(','),
    REDIS_TLS: 'true',
    REDIS_USERNAME: jobsUser.username,
    REDIS_PASSWORD: jobsUser.password,
  };
}

async function jobs(...args: readonly string[]): Promise<string> {
  const { code, said } = await runJob(args, environment());
  expect(code, said).toBe(exitCode.done);
  return said;
}

const refused = async (): Promise<readonly unknown[]> =>
  (await onEachNode((node) => node.acl('LOG') as Promise<unknown[]>)).flat();

/** Names of the commands that were carried out, in Redis's words: `scan`, `cluster|meet`. */
async function commandsSeen(): Promise<readonly string[]> {
  const texts = await onEachNode((node) => node.info('commandstats'));
  return texts.flatMap((text) => [...text.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => String(name)));
}

it('lets jobs form a cluster over TLS, heal it, purge caches, and replicas follow, and allows nothing that none of them needs', async () => {
  await jobs('redis-bootstrap', '--patience', '60');
  const followers = async (): Promise<number> =>
    (await onEachNode((node) => node.info('replication'))).filter((text) => text.includes('master_link_status:up'))
      .length;
  await expect.poll(followers).toBe(3);
  const seen = new Set(await commandsSeen());
  const refusedBefore = await refused();
  await nodes.moveAll('127.0.0.1');
  await makeUsers();
  await jobs('redis-heal', '--patience', '60');
  const read = readConfig(jobsConfig, {
    ...environment(),
    REDIS_MODE: 'cluster',
    MONGO_URI: 'mongodb://unused/unused',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const key = 'chat:room:{a}:messages:0';
  await onEachNode((node) => node.zadd(key, 1, 'a text').catch(() => 0));
  expect(await purgeCachedMessages(new Set(['a']), { config: read.value, elapsedMs: () => performance.now() })).toBe(1);

  expect([...refusedBefore, ...(await refused())]).toEqual([]);
  for (const name of await commandsSeen()) seen.add(name);
  const allowed = rules.filter((rule) => /^\+[a-z]/.test(rule)).map((rule) => rule.slice(1));
  expect(allowed.filter((name) => !seen.has(name))).toEqual([]);
});

it('refuses jobs to read, write, empty or reconfigure', async () => {
  const commands = [
    'ZRANGE chat:room:{a}:messages:0 0 -1',
    'SET chat:room:{a}:msg_id 1',
    'EVAL return 0',
    'SPUBLISH chat:rooms:{1} x',
    'UNLINK offline:{a}:messages',
    'FLUSHALL',
    'CLUSTER RESET',
    'CLUSTER FORGET x',
    'CONFIG GET *',
    'ACL LIST',
    'SHUTDOWN NOSAVE',
  ];
  for (const line of commands) {
    const [name = '', ...args] = line.split(' ');
    const answers = await onEachNode((node) => node.call(name, ...args).catch(String), jobsUser);
    for (const answer of answers) expect(answer, line).toMatch(/NOPERM/);
  }
});
