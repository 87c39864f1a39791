import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../../k8s.config.js';

const ender = join(repository, 'k8s/install/end-packed-cluster.sh');

describe.skipIf(!existsSync('/proc/self/environ'))('the end of a packed cluster', () => {
  let folder: string;
  const started: ChildProcess[] = [];
  const atWork = (workdir: string): ChildProcess => {
    const child = spawn('sleep', ['600'], { env: { ...process.env, WORKDIR: workdir } });
    started.push(child);
    return child;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-end-'));
  });
  afterEach(async () => {
    for (const child of started) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('comes when whoever holds its input is gone, takes all that works on it, its folder, and nothing else', async () => {
    const [own, inside, neighbour] = [atWork(folder), atWork(join(folder, 'images')), atWork(`${folder}2`)];
    const ended = [own, inside].map((child) => once(child, 'exit'));
    const guard = spawn(ender, ['/no/tool', folder, 'remove'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const left = once(guard, 'exit');
    guard.stdin.write('still here\n');
    expect([own.exitCode, own.signalCode]).toEqual([null, null]);
    guard.stdin.end();
    expect(await Promise.all(ended)).toEqual([
      [null, 'SIGKILL'],
      [null, 'SIGKILL'],
    ]);
    expect(await left).toEqual([0, null]);
    expect(existsSync(folder)).toBe(false);
    expect([neighbour.exitCode, neighbour.signalCode]).toEqual([null, null]);
  });
});
