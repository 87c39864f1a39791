import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, programEntry, startProcess } from '@parlance/devstack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import {
  type Deployment,
  type GatewayProcess,
  type ServiceProcess,
  startDeployment,
} from '../../src/deployment/start-deployment.js';
import { testSecrets } from '../../src/deployment/test-secrets.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const entry = (service: string): string => programEntry(root, `services/${service}`);
const tlsFile = (name: string): string => join(import.meta.dirname, '../fixtures/tls', name);

/** The environment of a process that shows the certificate of this name. */
function tls(name: 'gateway' | 'chat-service' | 'stranger'): Record<string, string> {
  return {
    GRPC_TLS_CA_FILE: tlsFile('test-authority.pem'),
    GRPC_TLS_CERT_FILE: tlsFile(`${name}.pem`),
    GRPC_TLS_KEY_FILE: tlsFile(`${name}.key`),
  };
}

/** Runs a service's program to its end. */
async function run(service: string, args: string[], env: Record<string, string>) {
  const path = process.env['PATH'] ?? '';
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [entry(service), ...args], {
      env: { PATH: path, ...env },
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

const complete: Record<string, Record<string, string>> = {
  'chat-service': {
    MONGO_URI: 'mongodb://user:hidden-password@db/parlance',
    SERVICE_CREDENTIAL: testSecrets.serviceCredential,
    BODY_HASH_KEY: testSecrets.bodyHashKey,
  },
  gateway: { SERVICE_CREDENTIAL: testSecrets.serviceCredential, JWT_SECRET: testSecrets.jwtSecret },
};

describe.each(Object.entries(complete))('%s as a program', (service, env) => {
  it('says what is wrong with its environment, all at once', async () => {
    const { code, output } = await run(service, ['--check-config'], { LOG_LEVEL: 'loud', SHUTDOWN_GRACE_MS: 'soon' });
    expect(code).toBe(1);
    for (const name of ['LOG_LEVEL', 'SHUTDOWN_GRACE_MS', ...Object.keys(env).slice(0, 1)])
      expect(output).toContain(name);
  });

  it('shows a good configuration without its secrets', async () => {
    const { code, output } = await run(service, ['--check-config'], env);
    expect(code).toBe(0);
    for (const secret of [...Object.values(testSecrets), 'hidden-password']) expect(output).not.toContain(secret);
  });

  it('refuses to start in production with the secrets of a demonstration', async () => {
    const { code, output } = await run(service, [], { ...env, NODE_ENV: 'production' });
    expect(code).not.toBe(0);
    expect(output).toContain('SERVICE_CREDENTIAL');
    expect(output).not.toContain(testSecrets.serviceCredential);
  });

  it('explains itself', async () => {
    const { code, output } = await run(service, ['--help'], {});
    expect(code).toBe(0);
    for (const name of Object.keys(env)) expect(output).toContain(name);
  });
});

it('refuses to hand out development tokens in production', async () => {
  const { code, output } = await run('gateway', ['--check-config'], {
    ...complete['gateway'],
    NODE_ENV: 'production',
    SERVICE_CREDENTIAL: 'x'.repeat(40),
    JWT_SECRET: 'y'.repeat(40),
    DEV_TOKENS: 'true',
  });
  expect(code).toBe(1);
  expect(output).toContain('DEV_TOKENS');
});

describe('a running deployment', () => {
  let parlance: Deployment;
  let secrets: string;
  beforeAll(async () => {
    secrets = await mkdtemp(join(tmpdir(), 'parlance-secrets-'));
    await writeFile(join(secrets, 'credential'), `${testSecrets.serviceCredential}\n`);
    await writeFile(join(secrets, 'jwt'), `${testSecrets.jwtSecret}\n`);
    parlance = await startDeployment({
      mongo: 'shared',
      // The gateway has its secrets from files, the chat service from its environment. They speak by mutual TLS.
      envOf: (name): Record<string, string> =>
        name.startsWith('chat-service')
          ? { DRAIN_DELAY_MS: '1000', ...tls('chat-service') }
          : {
              ...tls('gateway'),
              SERVICE_CREDENTIAL: '',
              SERVICE_CREDENTIAL_FILE: join(secrets, 'credential'),
              JWT_SECRET: '',
              JWT_SECRET_FILE: join(secrets, 'jwt'),
            },
    });
  });
  afterAll(async () => {
    await parlance[Symbol.asyncDispose]();
    await rm(secrets, { recursive: true });
  });
  const gateway = (): string => parlance.gateways[0]?.url ?? '';

  it('starts with one line for each thing that is there', async () => {
    const lines = await Promise.all(
      [...parlance.gateways, ...parlance.chatServices].map(({ process: { logFile } }) => readFile(logFile, 'utf8')),
    );
    const texts = lines.map((log) =>
      log
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    );
    expect(texts[0]?.toSorted()).toEqual([
      'Redis is connected',
      'chat service stream is up',
      'gateway is ready',
      'gateway listens',
    ]);
    expect(texts[1]).toContain('ready');
    expect(texts[1]?.length).toBeLessThan(6);
  });

  it('measures what the design asks for, without a room or user in any label', async () => {
    const ann = await ChatClient.connect(gateway(), 'ann');
    const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
    await ann.ask('sendMessage', { roomId, content: 'count me' });
    await ann.until('the message', () => ann.idsOf(roomId).length === 1);
    await ann.ask('getHistory', { roomId });
    const scrape = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
    const chatService = await scrape(parlance.chatServices[0]?.opsUrl ?? '');
    expect(chatService).toMatch(/^chat_log_messages_total 1$/m);
    expect(chatService).toMatch(/^chat_cache_reads_total\{result="(hit|miss)"\} 1$/m);
    expect(chatService).toMatch(/^chat_log_insert_batch_messages_count 1$/m);
    expect(chatService).toMatch(/^chat_offline_backlog_messages_count 1$/m);
    expect(chatService).toMatch(/^chat_grpc_call_seconds_count\{operation="sendMessage"\} 1$/m);
    expect(chatService).toMatch(/^chat_mongo_commands_total\{command="insert",result="ok"\} [1-9]/m);
    expect(chatService).toMatch(/^chat_redis_connection_up\{connection="commands"\} 1$/m);
    expect(chatService).toMatch(/^chat_streams 1$/m);
    const own = await scrape(parlance.gateways[0]?.opsUrl ?? '');
    expect(own).toMatch(/^chat_gateway_connections 1$/m);
    expect(own).toMatch(/^chat_gateway_message_delivery_seconds_count 1$/m);
    for (const connection of ['limits', 'subscriber'])
      expect(own).toContain(`chat_gateway_redis_connection_up{connection="${connection}"} 1`);
    const busiest = await fetch(`${parlance.gateways[0]?.opsUrl}/top-rooms`);
    expect(await busiest.json()).toMatchObject({ pods: 1, silentPods: 0, rooms: [{ roomId, messages: 1 }] });
    expect(own).toMatch(/^chat_gateway_message_end_to_end_seconds_count 1$/m);
    expect(own).toMatch(/^chat_gateway_heard_messages_total 1$/m);
    for (const [text, prefix] of [
      [chatService, 'chat'],
      [own, 'chat_gateway'],
    ] as const) {
      const expiring = text.matchAll(
        new RegExp(`^${prefix}_certificate_expires_seconds\\{use="(.+)"\\} (\\d+)$`, 'gm'),
      );
      const ends = new Map([...expiring].map(([, use, at]) => [use, new Date(Number(at) * 1_000).getUTCFullYear()]));
      expect([ends.get('grpc'), ends.get('grpc-authority'), ends.has('mongodb')]).toEqual([2126, 2126, false]);
    }
    expect(`${chatService}${own}`).not.toContain(roomId);
    expect(`${chatService}${own}`).not.toContain('"ann"');
    ann.close();
  });

  it('has no stream to a gateway of another authority, which says why and is never ready', async () => {
    const { env } = parlance.gateways[0] as GatewayProcess;
    const ca = tlsFile('other-authority.pem');
    const strangers: [Record<string, string>, RegExp][] = [
      [{ ...tls('gateway'), GRPC_TLS_CA_FILE: ca }, /no connection: .*(?:unable to verify|self.signed)/],
      [tls('stranger'), /no stream is up: (?!undefined)\S/],
      [{ GRPC_TLS_CA_FILE: '', GRPC_TLS_CERT_FILE: '', GRPC_TLS_KEY_FILE: '' }, /no stream is up: (?!undefined)\S/],
      [{ GRPC_TLS_SERVER_NAME: 'somebody-else' }, /no connection: .*altnames/],
    ];
    await Promise.all(
      strangers.map(async ([own, why], index) => {
        const [port = 0, opsPort = 0] = await freePorts(2);
        const stranger = await startProcess({
          name: `stranger-${index}`,
          command: process.execPath,
          args: [entry('gateway')],
          env: { ...env, PORT: `${port}`, OPS_PORT: `${opsPort}`, ...own },
          logFile: join(parlance.directory, `stranger-${index}.log`),
        });
        try {
          const readyz = async (): Promise<unknown> => {
            const response = await fetch(`http://127.0.0.1:${opsPort}/readyz`).catch(() => undefined);
            return response && { code: response.status, ...((await response.json()) as object) };
          };
          const checks = expect.arrayContaining([
            expect.objectContaining({ name: 'chat-service', detail: expect.stringMatching(why) }),
          ]);
          await expect.poll(readyz, { timeout: 60_000 }).toMatchObject({ code: 503, status: 'starting', checks });
        } finally {
          await stranger.stop();
        }
      }),
    );
  });

  it('traces a request through both services', async () => {
    const ann = await ChatClient.connect(gateway(), 'ann');
    await ann.refused('sendMessage', { roomId: 'not-there', content: 'x' });
    ann.close();
    const lines = (await readFile(parlance.gateways[0]?.process.logFile ?? '', 'utf8')).trim().split('\n');
    const refused = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ code }) => code === 'ROOM_NOT_FOUND');
    expect(refused).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), event: 'sendMessage' });
  });

  it('hands out development tokens that work', async () => {
    const response = await fetch(`${gateway()}/api/v1/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'newcomer' }),
    });
    const { data } = (await response.json()) as { data: { token: string } };
    const client = await ChatClient.connect(gateway(), 'newcomer', { token: data.token });
    expect(client.ready.userId).toBe('newcomer');
    client.close();
  });

  it('answers all requests through a chat service that is to stop, which is not ready meanwhile', async () => {
    const ann = await ChatClient.connect(gateway(), 'ann');
    const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
    const { process: service, opsUrl } = parlance.chatServices[0] as ServiceProcess;
    const ready = async (): Promise<number> => (await fetch(`${opsUrl}/readyz`)).status;
    const stopped = service.kill('SIGTERM');
    await expect.poll(ready).toBe(503);
    await ann.ask('sendMessage', { roomId, content: 'still served' });
    await stopped;
    expect(await service.exited).toMatchObject({ code: 0 });
    await service.restart();
    await expect.poll(async () => (await ann.request('getHistory', { roomId })).success).toBe(true);
    ann.close();
  });

  it('finishes what it has begun when it is told to stop', async () => {
    const ann = await ChatClient.connect(gateway(), 'ann');
    const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
    const sends = Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => ann.ask('sendMessage', { roomId, content: `${index}` })),
    );
    const service = parlance.gateways[0]?.process;
    const warm = await ann.request('getHistory', { roomId });
    expect(warm.success).toBe(true);
    await service?.kill('SIGTERM');
    expect(await service?.exited).toMatchObject({ code: 0 });
    const acked = (await sends).flatMap((result) => (result.status === 'fulfilled' ? [result.value.messageId] : []));
    await service?.restart();
    const again = await ChatClient.connect(gateway(), 'ann');
    const history = await again.ask('getHistory', { roomId, limit: 200 });
    expect(history.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(acked));
    expect(acked).toHaveLength(50);
    again.close();
  });
});
