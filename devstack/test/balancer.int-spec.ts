import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, startProcess, waitForPort } from '../src/index.js';
import { scratchFolder } from './scratch-folder.js';

test('connections go to the targets in turn, and past one that is away', async () => {
  const [port = 0, first = 0, second = 0] = await freePorts(3);
  const one = await answering('one', first);
  await answering('two', second);
  await started(port, [first, second]);

  const answers = [await asked(port), await asked(port), await asked(port), await asked(port)];
  expect(answers.filter((answer) => answer === 'one')).toHaveLength(2);
  expect(answers.filter((answer) => answer === 'two')).toHaveLength(2);

  one.close();
  await once(one, 'close');
  expect([await asked(port), await asked(port)]).toEqual(['two', 'two']);
});

test('a client hears at once that nobody is there', async () => {
  const [port = 0, nobody = 0] = await freePorts(2);
  await started(port, [nobody]);
  expect(await asked(port)).toBe('');
});

async function started(port: number, targets: readonly number[]): Promise<void> {
  const process_ = await startProcess({
    name: 'balancer',
    command: process.execPath,
    args: [ENTRY, '--port', String(port), '--targets', targets.map((target) => `127.0.0.1:${target}`).join(',')],
    logFile: join(scratchFolder(onTestFinished), 'balancer.log'),
    ready: ({ signal }) => waitForPort(port, { signal }),
  });
  onTestFinished(() => process_.stop());
}

const ENTRY = join(import.meta.dirname, '..', 'dist', 'balancer', 'main.js');

async function answering(name: string, port: number): Promise<Server> {
  const server = createServer((socket) => socket.end(name)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

function asked(port: number): Promise<string> {
  return text(connect(port, '127.0.0.1'));
}
