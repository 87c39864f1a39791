import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config.js';
import { processIdentity } from '../process/process-identity.js';
import { choosePorts } from './choose-ports.js';
import { freePorts, handedOut, isPortFree, portLockFile } from './free-ports.js';

const range = (ports: readonly number[], explicit: boolean) => ({ variable: 'MONGO_PORT', explicit, ports }) as const;

test('free ports are different, free, and never handed out twice', async () => {
  const [first, second] = [await freePorts(5), await freePorts(5)];
  expect(new Set([...first, ...second]).size).toBe(10);
  expect(await Promise.all(first.map(isPortFree))).toEqual([true, true, true, true, true]);
});

test('no default port of a stack is handed out, since a stack that finds nobody there takes it', async () => {
  const { ports } = loadConfig({ PROFILE: 'cluster', REPLICAS: '3' });
  const defaults = Object.values(ports).flatMap((range) => range.ports);
  expect(defaults).toContain(27117);
  const { first, count } = handedOut;
  expect(defaults.filter((port) => port >= first && port < first + count)).toEqual([]);
});

test('a port of another living process is passed over, though nobody listens on it', async () => {
  const [last = 0] = await freePorts(1);
  const theirs = last + 1;
  const other = spawn('sleep', ['60']);
  onTestFinished(() => void other.kill());
  mkdirSync(dirname(portLockFile(theirs)), { recursive: true });
  writeFileSync(portLockFile(theirs), JSON.stringify(processIdentity(other.pid ?? 0)));
  expect(await freePorts(5)).not.toContain(theirs);
});

test('a port that somebody listens on, on any address, is not free', async () => {
  expect(await isPortFree(await occupied('127.0.0.1'))).toBe(false);
  expect(await isPortFree(await occupied('0.0.0.0'))).toBe(false);
});

test('a default port that is taken gives way to a free one', async () => {
  const [free = 0] = await freePorts(1);
  const taken = await occupied('127.0.0.1');
  const lines: string[] = [];
  const chosen = await choosePorts(range([free, taken], false), new Set(), 'MongoDB', (line) => lines.push(line));
  expect(chosen[0]).toBe(free);
  expect(chosen[1]).not.toBe(taken);
  expect(lines).toEqual([
    `port ${taken} is taken by another program: MongoDB gets ${chosen[1]} (MONGO_PORT sets another)`,
  ]);
});

test('a taken port that was set is an error with the port and its variable', async () => {
  const taken = await occupied('127.0.0.1');
  await expect(choosePorts(range([taken], true), new Set(), 'MongoDB')).rejects.toThrow(
    `MongoDB cannot start: MONGO_PORT=${taken} was set, but port ${taken} is taken`,
  );
});

test('a port promised to another server counts as taken', async () => {
  const [port = 0] = await freePorts(1);
  const reserved = new Set<number>();
  await choosePorts(range([port], true), reserved, 'MongoDB');
  expect(await choosePorts(range([port], false), reserved, 'Redis')).not.toContain(port);
});

async function occupied(host: string): Promise<number> {
  const [port = 0] = await freePorts(1);
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return port;
}
