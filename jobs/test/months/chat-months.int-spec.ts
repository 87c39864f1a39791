import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { findKubernetes, startKubernetes, type TestKubernetes } from '@parlance/devstack';
import { claimMonth, createMonth, type MonthYear, releaseMonth, stepMonth } from '@parlance/storage';
import { Long } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCode } from '../../src/index.js';
import { readMonth } from '../../src/months/month-registry.js';
import { secretKinds } from '../../src/secrets/secret-kinds.js';
import { runJob } from '../fixtures/run-job.js';
import { startDatabase, type TestDatabase } from '../fixtures/start-database.js';
import { writeRoom } from '../fixtures/write-rooms.js';

/** All that the jobs need to be allowed, as in jobs/README.md. */
const rules = [
  { apiGroups: ['parlance.dev'], resources: ['chatmonths'], verbs: ['list', 'create', 'patch'] },
  { apiGroups: ['parlance.dev'], resources: ['chatmonths/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
];
const month = '2026-08' as MonthYear;
const kubernetesArchive = findKubernetes('the objects in Kubernetes');

describe.runIf(kubernetesArchive !== undefined)('months in a real Kubernetes', () => {
  let mongo: TestDatabase;
  let kubernetes: TestKubernetes;
  let kubeconfig: string;
  beforeAll(async () => {
    [mongo, kubernetes] = await Promise.all([startDatabase(), startKubernetes(kubernetesArchive ?? '')]);
    kubeconfig = await kubernetes.kubeconfigFor('jobs', rules);
    await createMonth(mongo.database, month);
    await writeRoom(mongo.database, 'room', month, 20);
  });
  afterAll(async () => {
    await kubernetes[Symbol.asyncDispose]();
    await mongo[Symbol.asyncDispose]();
  });

  /** Runs a command as in a cluster; answers its code and what it complained of. */
  async function jobs(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { code, stdout, stderr } = await runJob(args, { MONGO_URI: mongo.uri, KUBECONFIG: kubeconfig, ...env });
    // How far a job is, is told beside it where the machine is slow.
    return { code, stdout: stdout.join(''), told: stderr.filter((text) => !text.startsWith('{')).join('') };
  }

  it('are created and kept by the jobs, with the least of rights', async () => {
    expect(await jobs(['seal-month', '--month', month, '--dry-run'])).toMatchObject({ code: exitCode.done, told: '' });
    expect(await kubernetes.kubectl(['get', 'months', '-o', 'name'])).toBe('');

    expect(await jobs(['seal-month', '--month', month])).toMatchObject({ code: exitCode.done, told: '' });
    const table = (await kubernetes.kubectl(['get', 'months'])).split('\n').map((line) => line.split(/\s{2,}/));
    expect(table[0]?.slice(1, 8)).toEqual(['MONTH', 'TIER', 'STATE', 'MESSAGES', 'BYTES', 'SHARDS', 'VERIFIED']);
    expect(table[1]?.slice(0, 5)).toEqual([`parlance-${month}`, month, 'hot', 'SEALED', '20']);
    expect(Number(table[1]?.[5])).toBeGreaterThan(10_000);
    expect(await kubernetes.kubectl(['get', 'months', '-l', 'parlance.dev/state=OPEN', '-o', 'name'])).toBe('');
  });

  it('show the steps of the last move with their reasons, as conditions and as Events', async () => {
    await move();
    // A checkpoint between two runs would change the size that is shown.
    await mongo.database.db.admin().command({ fsync: 1 });
    await jobs(['seal-month', '--month', month]);
    const description = await kubernetes.kubectl(['describe', 'months', `parlance-${month}`]);
    expect(description).toMatch(/Message: +give the range to zone warm, because it is 2 months old/);
    expect(description).toMatch(/Archive:\n[^]*Object: +2026-08\/manifest-1\.json/);
    const events = description.slice(description.indexOf('Events:'));
    expect(events).toMatch(/Normal +MoveZone .*give the range to zone warm, because it is 2 months old/);
    expect(events).toMatch(/Normal +AwaitMove .*wait for the balancer, because 3 chunks lie on hot-1/);

    // What was told is not told again, and what is right is not written again.
    const before = await kubernetes.kubectl(['get', 'months,events', '-o', 'name']);
    const version = (): Promise<string> =>
      kubernetes.kubectl(['get', 'months', '-o', 'jsonpath={.items[0].metadata.resourceVersion}']);
    const written = await version();
    await jobs(['seal-month', '--month', month]);
    expect(await kubernetes.kubectl(['get', 'months,events', '-o', 'name'])).toBe(before);
    expect(await version()).toBe(written);
  });

  it('are mended when somebody changes or deletes them, and never read as truth', async () => {
    const lie = JSON.stringify({ status: { state: 'OPEN', tier: 'archive', epoch: 0, messages: 1 } });
    await kubernetes.kubectl([
      'patch',
      'months',
      `parlance-${month}`,
      '--subresource=status',
      '--type=merge',
      '-p',
      lie,
    ]);
    await jobs(['create-months', '--ahead', '0']);
    const tiers = [
      'get',
      'months',
      '-o',
      'jsonpath={range .items[*]}{.spec.month} {.status.tier} {.status.state};{end}',
    ];
    expect(await kubernetes.kubectl(tiers)).toContain(`${month} warm SEALED;`);
    await kubernetes.kubectl(['delete', 'months', '--all']);
    await jobs(['create-months', '--ahead', '0']);
    expect(await kubernetes.kubectl(tiers)).toContain(`${month} warm SEALED;`);
    const refused = kubernetes.kubectl([
      'patch',
      'months',
      `parlance-${month}`,
      '--type=merge',
      '-p',
      '{"spec":{"month":"2026-09"}}',
    ]);
    await expect(refused).rejects.toThrow('a month stays what it is');
  });

  it('stand beside those of another installation in the same namespace', async () => {
    await jobs(['create-months', '--ahead', '0'], { KUBERNETES_INSTANCE: 'second' });
    const names = await kubernetes.kubectl(['get', 'months', '-o', 'name']);
    expect(names).toContain(`chatmonth.parlance.dev/second-${month}`);
    expect(names).toContain(`chatmonth.parlance.dev/parlance-${month}`);
  });

  it('have secrets beside them, that are made once and never changed or printed', async () => {
    const allowed = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'update'] }];
    const env = { KUBECONFIG: await kubernetes.kubeconfigFor('init', allowed) };
    const init = (...more: string[]) => jobs(['init-secrets', '--secret', 'parlance', ...more], env);
    const data = async () =>
      JSON.parse(await kubernetes.kubectl(['get', 'secret', 'parlance', '-o', 'jsonpath={.data}'])) as Record<
        string,
        string
      >;

    await kubernetes.kubectl([
      'create',
      'secret',
      'generic',
      'parlance',
      `--from-literal=JWT_SECRET=${'j'.repeat(40)}`,
    ]);
    // Two at once: what one has made the other leaves.
    const both = await Promise.all([init(), init()]);
    expect(both.map(({ code }) => code)).toEqual([exitCode.done, exitCode.done]);
    const made = await data();
    expect(Buffer.from(made['JWT_SECRET'] ?? '', 'base64').toString()).toBe('j'.repeat(40));
    expect(Object.keys(made).toSorted()).toEqual(secretKinds.map(({ name }) => name).toSorted());
    const said = both.map(({ stdout }) => stdout).join('');
    for (const value of Object.values(made)) {
      expect(said).not.toContain(value);
      expect(said).not.toContain(Buffer.from(value, 'base64').toString());
    }
    expect(await init()).toMatchObject({
      code: exitCode.done,
      stdout: expect.stringContaining('nothing to do') as string,
    });
    expect(await data()).toEqual(made);

    await kubernetes.kubectl([
      'patch',
      'secret',
      'parlance',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/data/MONGO_KEYFILE"}]',
    ]);
    await kubernetes.kubectl(['patch', 'secret', 'parlance', '-p', '{"immutable":true}']);
    expect(await init()).toMatchObject({
      code: exitCode.refused,
      stdout: expect.stringContaining('immutable') as string,
    });
    expect(await init('--except', 'MONGO_KEYFILE')).toMatchObject({ code: exitCode.done });
    expect(await jobs(['init-secrets', '--secret', 'parlance'])).toMatchObject({
      code: exitCode.failed,
      told: expect.stringContaining('403') as string,
    });
  });

  it('never make a job fail: without rights, without a definition, without an API it is told in one line', async () => {
    const none = await kubernetes.kubeconfigFor('nobody', []);
    const run = (file: string) => jobs(['create-months', '--ahead', '1'], { KUBECONFIG: file });
    expect(await run(none)).toMatchObject({ code: exitCode.done, told: told(/answered 403/) });
    expect(await run('/nowhere/config')).toMatchObject({ code: exitCode.done, told: told(/ENOENT/) });
    await kubernetes.kubectl(['delete', 'crd', 'chatmonths.parlance.dev']);
    expect(await run(kubeconfig)).toMatchObject({ code: exitCode.done, told: told(/answered 404/) });
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const elsewhere = await kubernetes.kubeconfigAt(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    expect(await run(elsewhere)).toMatchObject({ code: exitCode.done, told: told(/did not answer in time/) });
    silent.close();
    await kubernetes.stopApi();
    expect(await run(kubeconfig)).toMatchObject({ code: exitCode.done, told: told(/ECONNREFUSED/) });
  });

  /** One line of that reason. */
  function told(reason: RegExp): string {
    return expect.stringMatching(new RegExp(`^Kubernetes [^\\n]*${reason.source}[^\\n]*\\n$`)) as string;
  }

  /** What a job does that moves a month, as far as `months` shows it. */
  async function move(): Promise<void> {
    const { database } = mongo;
    const entry = await readMonth(database, month);
    const begin = { step: 'moveZone', what: 'give the range to zone warm', reason: 'it is 2 months old' };
    const claim = entry && (await claimMonth(database, entry, { run: randomUUID(), job: 'migrate-tiers' }, begin));
    if (!claim) throw new Error('not claimed');
    const archive = {
      manifest: '2026-08/manifest-1.json',
      manifestVersion: 1,
      rootHash: 'ab'.repeat(32),
      messages: Long.fromNumber(20),
      bytes: Long.fromNumber(4_096),
    };
    const wait = { step: 'awaitMove', what: 'wait for the balancer', reason: '3 chunks lie on hot-1' };
    await stepMonth(database, claim, wait, { archive });
    await releaseMonth(database, claim, { tier: 'warm', verifiedAt: new Date() });
  }
});
