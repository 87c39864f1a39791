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
  await up.endsWith(0);
  expect(up.output).toMatch(/PART +VERSION +ADDRESS +PID +LOG\nmongo-1 .*\nredis .*\nchat-service .*\ngateway .*/);
  const { processes } = folder;
  expect(processes).toHaveLength(5);

  const second = folder.up();
  await second.endsWith(0);
  expect(second.output).toContain(`running already in ${folder.parlanceDir} (supervisor pid ${folder.supervisorPid})`);

  const status = folder.cli('status');
  await status.endsWith(0);
  expect(status.output).toContain(`127.0.0.1:${folder.env['MONGO_PORT']}`);

  const url = folder.cli('url');
  await url.endsWith(0);
  expect(url.output.trim()).toMatch(new RegExp(`^(http://)?127\\.0\\.0\\.1:${folder.env['GATEWAY_PORT']}$`));

  const env = folder.cli('env');
  await env.endsWith(0);
  expect(env.output).toContain(`export PARLANCE_URL=http://127.0.0.1:${folder.env['GATEWAY_PORT']}\n`);
  expect(env.output).toContain(`export PARLANCE_HOME='${join(import.meta.dirname, '../..')}'\n`);

  const pidOf = (name: string): number | undefined => folder.parts.find((part) => part.name === name)?.pid;
  const before = { gateway: pidOf('gateway'), chatService: pidOf('chat-service') };
  const restart = folder.cli('restart', 'gateway');
  await restart.endsWith(0);
  expect(restart.output).toBe(`gateway runs again (pid ${pidOf('gateway')})\n`);
  expect(pidOf('gateway')).not.toBe(before.gateway);
  expect(pidOf('chat-service')).toBe(before.chatService);
  const nameless = folder.cli('restart', 'gatewya');
  await nameless.endsWith(2);
  expect(nameless.output).toContain(
    'there is no part "gatewya" to restart: NAME is one of mongo-1, redis, chat-service',
  );

  const logs = folder.cli('logs', 'gateway');
  await logs.endsWith(0);
  expect(logs.output).toContain(`listening on ${folder.env['GATEWAY_PORT']}`);

  const refused = folder.cli('clean-data');
  await refused.endsWith(1);
  expect(refused.output).toContain('stop it first');

  const down = folder.cli('down');
  await down.endsWith(0);
  expect(down.output).toContain('stopping gateway, chat-service, redis, mongo-1');
  await allGone(processes);
  await folder.cli('status').endsWith(3);
  await folder.cli('url').endsWith(3);
  await folder.cli('env').endsWith(3);
  await folder.cli('restart', 'gateway').endsWith(3);
  await folder.cli('down').endsWith(0);

  await folder.cli('clean-data').endsWith(0);
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

  await up.endsWith(0);
  const stopped = up.output.split('\n').filter((line) => line.endsWith(' stopped'));
  expect(stopped).toEqual(['gateway stopped', 'chat-service stopped', 'Redis stopped', 'MongoDB stopped']);
  await allGone(processes);
});

test.concurrent('what a supervisor that was killed hard left behind is stopped by the next up, and by down', async ({
  expect,
  onTestFinished,
}) => {
  const folder = await StackFolder.create(onTestFinished);
  await folder.up(['--detach']).endsWith(0);
  const first = folder.processes;
  process.kill(folder.supervisorPid, 'SIGKILL');

  const again = folder.up(['--detach']);
  await again.endsWith(0);
  expect(again.output).toMatch(/stopped mongo-1 \(pid \d+\), left behind/);
  await allGone(first);

  const second = folder.processes;
  process.kill(folder.supervisorPid, 'SIGKILL');
  const down = folder.cli('down');
  await down.endsWith(0);
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

  await up.endsWith(1);
  expect(up.output).toMatch(
    /gateway exited with code 7; the end of .*gateway\.log:\n {2}\| cannot find my configuration/,
  );
  expect(up.output).toContain('MongoDB stopped');
  await folder.cli('status').endsWith(3);
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

  await up.endsWith(130);
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
  await folder.cli('status').endsWith(3);
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

  await up.endsWith(1);
  expect(up.output).toContain(`The gateway cannot start: GATEWAY_PORT=${folder.env['GATEWAY_PORT']} was set`);
  expect(existsSync(join(folder.parlanceDir, 'data'))).toBe(false);
});

test.concurrent('all faults of the environment are told at once', async ({ expect, onTestFinished }) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.up([], { REPLICAS: '2', REDIS: 'both', MONGO_PORT: 'x' });
  await up.endsWith(1);
  expect(up.output).toMatch(
    /REPLICAS: must be 1 or 3\n.*REDIS: must be "single" or "cluster"\n.*MONGO_PORT: must be a port number/,
  );
});

test.concurrent('an option that does not exist is refused', async ({ expect, onTestFinished }) => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.cli('up', '--sideways');
  await up.endsWith(1);
  expect(up.output).toContain("Unknown option '--sideways'");
});
