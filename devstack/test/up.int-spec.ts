import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'vitest';
import { processIdentity } from '../src/process/process-identity.js';
import { allGone, StackFolder } from './stack-folder.js';

test.concurrent('up --detach returns when all is ready; status, logs, a second up, down and clean-data know about it', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up(['--detach']);
  expect(await up.code).toBe(0);
  expect(up.output).toMatch(/PART +VERSION +ADDRESS +PID +LOG\nmongo-1 .*\nredis .*\nchat-service .*\ngateway .*/);
  const { processes } = folder;
  expect(processes).toHaveLength(5);

  const second = folder.up();
  expect(await second.code).toBe(0);
  expect(second.output).toContain(`running already in ${folder.parlanceDir} (supervisor pid ${folder.supervisorPid})`);

  const status = folder.cli('status');
  expect(await status.code).toBe(0);
  expect(status.output).toContain(`127.0.0.1:${folder.env['MONGO_PORT']}`);

  const url = folder.cli('url');
  expect(await url.code).toBe(0);
  expect(url.output.trim()).toMatch(new RegExp(`^(http://)?127\\.0\\.0\\.1:${folder.env['GATEWAY_PORT']}$`));

  const logs = folder.cli('logs', 'gateway');
  expect(await logs.code).toBe(0);
  expect(logs.output).toContain(`listening on ${folder.env['GATEWAY_PORT']}`);

  const refused = folder.cli('clean-data');
  expect(await refused.code).toBe(1);
  expect(refused.output).toContain('stop it first');

  const down = folder.cli('down');
  expect(await down.code).toBe(0);
  expect(down.output).toContain('stopping gateway, chat-service, redis, mongo-1');
  await allGone(processes);
  expect(await folder.cli('status').code).toBe(3);
  expect(await folder.cli('url').code).toBe(3);
  expect(await folder.cli('down').code).toBe(0);

  expect(await folder.cli('clean-data').code).toBe(0);
  expect(existsSync(join(folder.parlanceDir, 'data'))).toBe(false);
});

test.concurrent('Ctrl-C stops everything in the reverse order, with a line each', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up();
  await up.says(/stop +Ctrl-C/);
  const { processes } = folder;

  up.kill('SIGINT');

  expect(await up.code).toBe(0);
  const stopped = up.output.split('\n').filter((line) => line.endsWith(' stopped'));
  expect(stopped).toEqual(['gateway stopped', 'chat-service stopped', 'Redis stopped', 'MongoDB stopped']);
  await allGone(processes);
});

test.concurrent('what a supervisor that was killed hard left behind is stopped by the next up, and by down', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  expect(await folder.up(['--detach']).code).toBe(0);
  const first = folder.processes;
  process.kill(folder.supervisorPid, 'SIGKILL');

  const again = folder.up(['--detach']);
  expect(await again.code).toBe(0);
  expect(again.output).toMatch(/stopped mongo-1 \(pid \d+\), left behind/);
  await allGone(first);

  const second = folder.processes;
  process.kill(folder.supervisorPid, 'SIGKILL');
  const down = folder.cli('down');
  expect(await down.code).toBe(0);
  expect(down.output).toMatch(/stopped gateway \(pid \d+\), left behind/);
  await allGone(second);
});

test.concurrent('a service that ends while starting is quoted, and everything is stopped again', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up([], { FAKE_BEHAVIOUR: 'exits-early' });
  await up.says(/chat-service is ready/);

  expect(await up.code).toBe(1);
  expect(up.output).toMatch(
    /gateway exited with code 7; the end of .*gateway\.log:\n {2}\| cannot find my configuration/,
  );
  expect(up.output).toContain('MongoDB stopped');
  expect(await folder.cli('status').code).toBe(3);
});

test.concurrent('a service and a server that die later are started again, and a line says so', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up();
  await up.says(/stop +Ctrl-C/);
  for (const name of ['gateway', 'mongo-1']) {
    const pid = folder.parts.find((part) => part.name === name)?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await up.says(new RegExp(`${name} was ended by SIGKILL; starting it again`));
    const [, newPid] = await up.says(new RegExp(`${name} runs again \\(pid (\\d+)\\)`));
    await expect.poll(() => folder.parts.map((part) => part.pid)).toContain(Number(newPid));
  }
});

test.concurrent('Ctrl-C while up --detach waits calls the start off and cleans up', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up(['--detach'], { FAKE_BEHAVIOUR: 'never-ready' });
  await up.says(/gateway: waiting for .*\(503\)/);
  const supervisor = processIdentity(folder.supervisorPid);

  up.kill('SIGINT');

  expect(await up.code).toBe(130);
  expect(up.output).toContain('MongoDB stopped');
  expect(supervisor).toBeDefined();
  await allGone(supervisor === undefined ? [] : [supervisor]);
});

test.concurrent('a supervisor in the background gives up when the command that waits for it is killed', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up(['--detach'], { FAKE_BEHAVIOUR: 'never-ready' });
  await up.says(/gateway: waiting for .*\(503\)/);
  const supervisor = processIdentity(folder.supervisorPid);

  up.kill('SIGKILL');

  expect(supervisor).toBeDefined();
  await allGone(supervisor === undefined ? [] : [supervisor]);
  expect(await folder.cli('status').code).toBe(3);
});

test.concurrent('a port that was set and is taken is an error with its variable, and nothing is started', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  const stranger = createServer().listen(Number(folder.env['GATEWAY_PORT']), '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());

  const up = folder.up();

  expect(await up.code).toBe(1);
  expect(up.output).toContain(`The gateway cannot start: GATEWAY_PORT=${folder.env['GATEWAY_PORT']} was set`);
  expect(existsSync(join(folder.parlanceDir, 'data'))).toBe(false);
});

test.concurrent('all faults of the environment are told at once', async ({ expect, onTestFinished }) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up([], { REPLICAS: '2', REDIS: 'both', MONGO_PORT: 'x' });
  expect(await up.code).toBe(1);
  expect(up.output).toMatch(
    /REPLICAS: must be 1 or 3\n.*REDIS: must be "single" or "cluster"\n.*MONGO_PORT: must be a port number/,
  );
});

test.concurrent('an option that does not exist is refused', async ({ expect, onTestFinished }) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.cli('up', '--sideways');
  expect(await up.code).toBe(1);
  expect(up.output).toContain("Unknown option '--sideways'");
});
