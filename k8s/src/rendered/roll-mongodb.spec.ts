import { describe, expect, it } from 'vitest';
import { describeRendered } from './describe-rendered.js';
import { findHelm } from './find-helm.js';
import { type Container, podsOf, type RenderedPod } from './pods-of.js';
import { chartCases, renderChart, setting } from './render-chart.js';

const helm = await findHelm(4);
const withMongodb = chartCases.filter(({ name }) => !/external-data|redis-cluster/.test(name));
const isMongodb = ({ labels }: RenderedPod): boolean =>
  labels['app.kubernetes.io/component']?.startsWith('mongodb') === true;

describeRendered('a roll of MongoDB by $name', withMongodb, (chart) => {
  it('is left to the job: Kubernetes replaces no pod by itself', () => {
    const servers = chart.pods.filter(isMongodb);
    expect(servers.length).toBeGreaterThan(3);
    for (const { object, of } of servers) {
      expect(object.kind, of).toBe('StatefulSet');
      expect((object.spec as unknown as StatefulSetSpec).updateStrategy, of).toEqual({ type: 'OnDelete' });
    }
  });

  it('is not made by what changes with every version of the chart', () => {
    for (const { labels, of } of chart.pods.filter(isMongodb)) expect(labels, of).not.toHaveProperty(['helm.sh/chart']);
  });

  it('knows each StatefulSet by its name, and each of its members', () => {
    const jobs = chart.pods.flatMap(({ spec }) => spec.containers).filter(({ name }) => name === 'roll-mongodb');
    expect(jobs).toHaveLength(2);
    for (const { args = [], env = [] } of jobs) {
      const name = args[args.indexOf('--name') + 1];
      const topology = JSON.parse(env.find((one) => one.name === 'CLUSTER_TOPOLOGY')?.value ?? '{}') as Topology;
      const members = [topology.config, ...topology.shards].map((set) => [`${name}-${set.name}`, set.members] as const);
      const sets = chart.objects
        .filter(({ kind }) => kind === 'StatefulSet')
        .filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
      expect(sets.map(({ metadata }) => metadata.name).toSorted()).toEqual(
        [...members.map(([set]) => set), `${name}-router`].toSorted(),
      );
      for (const [set, hosts] of members) {
        const spec = sets.find(({ metadata }) => metadata.name === set)?.spec as StatefulSetSpec | undefined;
        expect(hosts.map((host) => host.split('.')[0])).toEqual(
          Array.from({ length: spec?.replicas ?? 0 }, (_, index) => `${set}-${index}`),
        );
      }
    }
  });
});

describe.skipIf(helm === undefined)('routers', () => {
  it.each([
    ['with an image of their own', ['mongodb.router.image.name=registry.example.com/mongos:8.0']],
    ['of a path', ['mongodb.router.command={/opt/mongodb/bin/mongos}']],
  ])('%s have the key file and TLS as the members have', async (_, settings) => {
    const [tls] = chartCases.filter(({ name }) => name === 'parlance with tls');
    if (!tls) throw new Error('there is no ci/tls-values.yaml');
    const objects = await renderChart(String(helm), tls, setting(settings));
    const [router] = podsOf(objects).flatMap(({ spec }) => spec.containers.filter(({ name }) => name === 'router'));
    const { args = [], volumeMounts = [] } = router as Container;
    for (const argument of ['--keyFile=/run/keyfile/keyfile', '--tlsMode=requireTLS']) expect(args).toContain(argument);
    expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual(
      expect.arrayContaining(['/run/keyfile', '/run/tls']),
    );
  });
});

interface StatefulSetSpec {
  readonly replicas: number;
  readonly updateStrategy: object;
}

interface Topology {
  readonly config: TopologySet;
  readonly shards: readonly TopologySet[];
}

interface TopologySet {
  readonly name: string;
  readonly members: readonly string[];
}
