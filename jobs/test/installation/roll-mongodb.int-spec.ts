import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findKubernetes,
  type ServerNode,
  type ShardedMongo,
  startKubernetes,
  startShardedMongo,
  type TestKubernetes,
} from '@parlance/devstack';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBaseCollections } from '../../src/bootstrap/create-base-collections.js';
import { exitCode } from '../../src/index.js';
import { isBalancerOn } from '../../src/mongo/cluster/balancer.js';
import { connectMongo } from '../../src/mongo/connect-mongo.js';
import { readSet } from '../../src/roll/read-set.js';
import { primaryOf } from '../../src/roll/set-fault.js';
import { type PlayedSet, playStatefulSets } from '../fixtures/play-stateful-sets.js';
import { killAt, runJob } from '../fixtures/run-job.js';

const kubernetesArchive = findKubernetes('a roll of MongoDB by the Kubernetes API');

describe.runIf(kubernetesArchive !== undefined)('a roll of MongoDB', () => {
  let dataDir: string;
  let mongo: ShardedMongo;
  let kubernetes: TestKubernetes;
  let kubeconfig: string;
  let play: Awaited<ReturnType<typeof playStatefulSets>>;
  /** Of each pod that went: its name, who was primary of its set then, and whether the balancer was on. */
  let gone: { readonly pod: string; readonly primary: string | undefined; readonly balancer: boolean }[];
  const membersOf = (hosts: string): string[] => hosts.slice(hosts.indexOf('/') + 1).split(',');
  const topology = () => ({
    config: { name: 'config', members: membersOf(mongo.config.hosts) },
    shards: mongo.shards.map(({ name, tier, hosts }) => ({ name, zone: tier, members: membersOf(hosts) })),
  });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-roll-'));
    [mongo, kubernetes] = await Promise.all([
      startShardedMongo({
        dataDir,
        shards: { hot: 1, warm: 0, cold: 0 },
        shardReplicas: { hot: 3 },
        // A member that is told to stop waits fifteen seconds for its clients.
        setParameters: { shutdownTimeoutMillisForSignaledShutdown: 100 },
      }),
      startKubernetes(kubernetesArchive ?? ''),
    ]);
    await using connection = await connectMongo(`${mongo.uri}parlance`);
    await createBaseCollections(connection.database);
    const sets: readonly PlayedSet[] = [
      { name: 'chat-mongodb-config', nodes: mongo.config.nodes },
      { name: 'chat-mongodb-hot-1', nodes: mongo.shards[0]?.nodes as readonly ServerNode[] },
      { name: 'chat-mongodb-router', nodes: [mongo.router] },
    ];
    play = await playStatefulSets(kubernetes, sets, async (pod, node) => {
      await using open = await connectMongo(`${mongo.uri}parlance`);
      const set = [topology().config, ...topology().shards].find(({ members }) => members.includes(node.address));
      const primary = set && primaryOf(await readSet(set, mongo.uri));
      gone.push({ pod, primary, balancer: await isBalancerOn(open.database) });
    });
    const names = sets.flatMap(({ name, nodes }) => nodes.map((_, index) => `${name}-${index}`));
    // As the chart gives them.
    kubeconfig = await kubernetes.kubeconfigFor('roll', [
      { apiGroups: ['apps'], resources: ['statefulsets'], resourceNames: sets.map(({ name }) => name), verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: names, verbs: ['get'] },
      { apiGroups: [''], resources: ['pods/eviction'], resourceNames: names, verbs: ['create'] },
    ]);
  });
  afterAll(async () => {
    await play.stop();
    await kubernetes[Symbol.asyncDispose]();
    await mongo.kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(() => {
    gone = [];
  });

  /** Runs it as the command line does; ends it at a checkpoint, as a kill between two commands would. */
  function roll(args: readonly string[] = [], stopAt?: number) {
    // A run that is ended while MongoDB has no primary cannot give its lease back.
    const argv = ['roll-mongodb', '--name', 'chat-mongodb', '--wait', '120', '--patience', '90', ...args];
    const env = {
      MONGO_URI: `${mongo.uri}parlance`,
      CLUSTER_TOPOLOGY: JSON.stringify(topology()),
      KUBECONFIG: kubeconfig,
    };
    return runJob(argv, env, killAt(stopAt));
  }

  const isOn = async (): Promise<boolean> => {
    await using connection = await connectMongo(`${mongo.uri}parlance`);
    return await isBalancerOn(connection.database);
  };

  it('is nothing after an installation', async () => {
    const { code, said } = await roll();
    expect(said).toContain('nothing to do: all 5 pods of MongoDB are made from the newest templates');
    expect([code, gone]).toEqual([exitCode.done, []]);
  });

  it('says what it would do and does nothing of it', async () => {
    await play.change();
    const { code, said } = await roll(['--dry-run']);
    expect(said).toMatch(/replace chat-mongodb-config-0 of config\n.*it is alone/);
    expect(said).toMatch(
      /let another be primary of hot-1, then replace chat-mongodb-hot-1-\d of hot-1\n.*it is the primary/,
    );
    expect([code, gone, await isOn()]).toEqual([exitCode.done, [], true]);
  });

  it('goes in the order of MongoDB, no primary that could hand over is stopped, the balancer is off meanwhile and on afterwards', async () => {
    const { code, said } = await roll();
    expect(said).toContain('all pods of MongoDB are made from the newest templates');
    expect(code).toBe(exitCode.done);
    expect(gone.map(({ pod }) => pod.replace(/\d$/, ''))).toEqual([
      'chat-mongodb-config-',
      'chat-mongodb-hot-1-',
      'chat-mongodb-hot-1-',
      'chat-mongodb-hot-1-',
      'chat-mongodb-router-',
    ]);
    const hot = mongo.shards[0]?.nodes ?? [];
    for (const { pod, primary, balancer } of gone) {
      expect([pod, balancer]).toEqual([pod, false]);
      if (!pod.includes('hot-1')) continue;
      expect(primary).toBeDefined();
      expect(primary).not.toBe(hot[Number(pod.at(-1))]?.address);
    }
    expect(await isOn()).toBe(true);
    expect((await roll()).said).toContain('nothing to do');
  });

  it('goes on after it was ended at any point, takes each pod once, and the balancer comes back', async () => {
    await play.change();
    // A run begins with the record of the balancer and its stop; then a pod hands over, is evicted, and is back.
    for (const stopAt of [1, 2, 3, 4, 5, 1, 2, 3, 4])
      expect(await roll([], stopAt)).toMatchObject({ code: exitCode.failed });
    expect(await roll()).toMatchObject({ code: exitCode.done });
    expect(gone.map(({ pod }) => pod).toSorted()).toEqual(play.pods);
    expect(await isOn()).toBe(true);
  });

  it('takes nothing more once a pod does not come back, and leaves a balancer off that somebody has switched off', async () => {
    await using connection = await connectMongo(`${mongo.uri}parlance`);
    await connection.database.db.client.db('admin').command({ balancerStop: 1 });
    await play.change();
    play.hold('chat-mongodb-config-0');
    const { code, said } = await roll(['--patience', '3']);
    expect(said).toContain('waited 3 s until chat-mongodb-config-0 is ready: it is not there');
    expect([code, gone.map(({ pod }) => pod)]).toEqual([exitCode.failed, ['chat-mongodb-config-0']]);
    play.hold(undefined);
    expect(await roll()).toMatchObject({ code: exitCode.done });
    expect(await isOn()).toBe(false);
    await connection.database.db.client.db('admin').command({ balancerStart: 1 });
  });

  it('waits for a PodDisruptionBudget, and refuses a StatefulSet that Kubernetes rolls itself', async () => {
    await play.change();
    await kubernetes.kubectl(['create', 'pdb', 'all', '--selector=app=chat-mongodb-config', '--max-unavailable=0']);
    const { code, said } = await roll(['--patience', '2']);
    expect(said).toContain('until chat-mongodb-config-0 may go: its PodDisruptionBudget allows no disruption now');
    expect([code, gone]).toEqual([exitCode.failed, []]);
    await kubernetes.kubectl(['delete', 'pdb', 'all']);
    await play.change('RollingUpdate');
    expect(await roll()).toMatchObject({ code: exitCode.refused });
    expect(gone).toEqual([]);
  });
});
