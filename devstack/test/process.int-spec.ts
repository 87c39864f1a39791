import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { type ProcessSpec, type SupervisedProcess, startProcess } from '../src/index.js';
import { sweepLeftovers } from '../src/process/ledger.js';
import { isAlive, ownIdentity, processIdentity } from '../src/process/process-identity.js';
import { scratchFolder } from './scratch-folder.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
/** The parent's last act was a SIGKILL to its child, which the system carries out a moment later. */
const GONE_SOON = { timeout: 20_000, interval: 5 };

test('a process is ready when a line matches, and logs to its file', async () => {
  const lines: string[] = [];
  const child = await sleeper({ onLine: (line) => lines.push(line) });

  expect(child.running).toBe(true);
  expect(lines).toEqual(['awake']);
  expect(readFileSync(child.logFile, 'utf8')).toBe('awake\n');
});

test('a process that ends before it is ready is quoted', async () => {
  const start = sleeper({ args: ['-e', 'console.error("no such table"); process.exit(3)'], ready: /never/ });
  await expect(start).rejects.toThrow(/sleeper exited with code 3; the end of .*\n {2}\| no such table/);
});

test('a command that does not exist says so', async () => {
  await expect(sleeper({ command: '/no/such/program' })).rejects.toThrow('could not be started');
});

test('a process that is not ready in time is killed', async () => {
  let pid = 0;
  const ready: ProcessSpec['ready'] = (start) => {
    pid = start.pid;
    return new Promise(() => undefined);
  };
  await expect(sleeper({ ready, readyTimeoutMs: 200 })).rejects.toThrow('was not ready after 0.2 s');
  expect(processIdentity(pid)).toBeUndefined();
});

test('a start can be called off', async () => {
  const calledOff = new AbortController();
  const start = sleeper({
    ready: () =>
      Promise.resolve(calledOff.abort(new Error('changed my mind'))).then(() => new Promise(() => undefined)),
    signal: calledOff.signal,
  });
  await expect(start).rejects.toThrow('changed my mind');
});

test('a restart is a new process under the same name, and both ends were asked for', async () => {
  const child = await sleeper();
  const [first, end] = [child.pid, child.exited];
  await child.restart();
  expect(child.pid).not.toBe(first);
  expect(await end).toMatchObject({ asked: true, signal: 'SIGTERM' });
});

test('a process that does not heed SIGTERM is killed after the grace', async () => {
  const child = await sleeper({ args: [join(FIXTURES, 'sleeper.mjs'), 'deaf'] });
  const { exited } = child;
  await child.stop(100);
  expect(await exited).toMatchObject({ signal: 'SIGKILL' });
});

test('an end nobody asked for is told as such', async () => {
  const child = await sleeper();
  const told = new Promise((resolve) => child.onExit(resolve));
  process.kill(child.pid, 'SIGKILL');
  expect(await told).toMatchObject({ name: 'sleeper', asked: false, signal: 'SIGKILL' });
});

test.each(['returns', 'throws', 'exits'])('no child outlives a parent that %s', async (ending) => {
  const { parent, childPid } = await parentWithChild(scratchFolder(onTestFinished), ending);
  await ended(parent);
  await expect.poll(() => processIdentity(childPid), GONE_SOON).toBeUndefined();
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('no child outlives a parent ended by %s', async (signal) => {
  const { parent, childPid } = await parentWithChild(scratchFolder(onTestFinished), 'waits');
  const end = ended(parent);
  parent.kill(signal);
  expect(await end).toEqual([null, signal]);
  await expect.poll(() => processIdentity(childPid), GONE_SOON).toBeUndefined();
});

test('the child of a parent that was killed hard is stopped by the next start, and the ledger is empty in the end', async () => {
  const folder = scratchFolder(onTestFinished);
  const { parent, childPid } = await parentWithChild(folder, 'waits');
  const end = ended(parent);
  parent.kill('SIGKILL');
  await end;
  expect(processIdentity(childPid)).toBeDefined();

  const next = await parentWithChild(folder, 'returns');
  await ended(next.parent);

  expect(processIdentity(childPid)).toBeUndefined();
  expect(readdirSync(join(folder, 'ledger'))).toEqual([]);
});

test('the children of a living parent are left alone', async () => {
  const folder = scratchFolder(onTestFinished);
  const { childPid } = await parentWithChild(folder, 'waits');
  expect(await sweepLeftovers(join(folder, 'ledger'))).toEqual([]);
  expect(processIdentity(childPid)).toBeDefined();
});

test('a recycled pid in an old ledger does not cost a stranger its life', async () => {
  const folder = scratchFolder(onTestFinished);
  const stranger = spawn(process.execPath, [join(FIXTURES, 'sleeper.mjs')], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await once(stranger.stdout, 'data');
  const { pid, startTime } = ownIdentity();
  const file = join(folder, 'old.json');
  const record = {
    owner: { pid, startTime: `${startTime}0` },
    children: [{ name: 'mongo-1', pid: stranger.pid, startTime: 'long ago' }],
  };
  writeFileSync(file, JSON.stringify(record));

  expect(await sweepLeftovers(folder)).toEqual([]);

  expect(existsSync(file)).toBe(false);
  expect(processIdentity(stranger.pid ?? 0)).toBeDefined();
});

async function sleeper(spec: Partial<ProcessSpec> = {}): Promise<SupervisedProcess> {
  const folder = scratchFolder(onTestFinished);
  const child = await startProcess({
    name: 'sleeper',
    command: process.execPath,
    args: [join(FIXTURES, 'sleeper.mjs')],
    logFile: join(folder, 'sleeper.log'),
    ledgerDir: join(folder, 'ledger'),
    ready: /awake/,
    ...spec,
  });
  onTestFinished(() => child.stop());
  return child;
}

async function parentWithChild(folder: string, ending: string): Promise<{ parent: ChildProcess; childPid: number }> {
  const parent = spawn(process.execPath, [join(FIXTURES, 'parent.mjs'), folder, ending], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    if (parent.exitCode === null && parent.signalCode === null) {
      const end = once(parent, 'exit');
      parent.kill('SIGTERM');
      await end;
    }
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = processIdentity(Number(line));
  onTestFinished(() => {
    if (child !== undefined && isAlive(child)) process.kill(child.pid, 'SIGKILL'); // only where the test has failed
  });
  return { parent, childPid: Number(line) };
}

async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}
