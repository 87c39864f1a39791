import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { type Container, type RenderedPod, type Volume } from '../pods-of.js';
import { chartCases } from '../render-chart.js';

const isServer = ({ labels }: RenderedPod): boolean =>
  ['redis', 'mongodb', 'mongodb-router'].includes(labels['app.kubernetes.io/component'] ?? '');

describeRendered('encryption of $name', chartCases, (chart) => {
  const data = (name: string | undefined): Readonly<Record<string, string>> =>
    chart.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data ?? {};
  const environment = ({ env = [], envFrom = [] }: Container): Readonly<Record<string, string>> => ({
    ...Object.fromEntries(env.map(({ name, value = '' }) => [name, value])),
    ...Object.assign({}, ...envFrom.map(({ configMapRef }) => data(configMapRef?.name))),
  });
  const containers = () =>
    chart.pods.flatMap((pod) =>
      [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => ({
        at: `${pod.of}/${container.name}`,
        pod,
        container,
        env: environment(container),
      })),
    );
  const redisConf = (): string | undefined =>
    chart.objects.map((object) => object.data?.['redis.conf']).find((text) => text !== undefined);
  const mongoServers = () =>
    containers().filter(({ container }) => container.name === 'mongod' || container.name === 'router');
  const hasRedis = (): boolean => redisConf() !== undefined;
  const says = chart.name.endsWith('with tls');
  const isOn = () => ({ redis: says && hasRedis(), mongodb: says && mongoServers().length > 0 });
  /** Secrets with the private keys of a component's servers; one, where it has TLS. */
  const keysOf = (component: string): readonly string[] => [
    ...new Set(
      chart.pods
        .filter(({ labels }) => labels['app.kubernetes.io/component']?.startsWith(component))
        .flatMap(({ spec }) => spec.volumes?.filter(holdsKey) ?? [])
        .map(({ secret }) => String(secret?.secretName)),
    ),
  ];

  it('is on in the examples that say so, for servers and clients alike, and nowhere else', () => {
    const { redis, mongodb } = isOn();
    expect([keysOf('redis').length, keysOf('mongodb').length]).toEqual([Number(redis), Number(mongodb)]);
    const clients = containers().filter(({ env }) => hasRedis() && env['REDIS_NODES'] !== undefined);
    for (const { at, env } of clients) expect(env['REDIS_TLS'], at).toBe(redis ? 'true' : undefined);
    for (const { at, env } of containers().filter(({ env }) => env['MONGO_URI']))
      expect(env['MONGO_URI']?.includes('tls=true'), at).toBe(mongodb);
  });

  it('leaves no port of a server open in plain', () => {
    const { redis, mongodb } = isOn();
    const lines = redisConf()?.split('\n') ?? [];
    const open = redis ? ['port 0', 'tls-port 6379'] : ['port 6379'];
    expect(lines.filter((line) => /^(tls-)?port /.test(line))).toEqual(hasRedis() ? open : []);
    const among = ['tls-cluster yes', 'tls-replication yes', 'cluster-preferred-endpoint-type hostname'];
    expect(among.filter((line) => lines.includes(line))).toEqual(redis ? among : []);
    for (const { at, container } of mongoServers()) {
      const modes = container.args?.filter((argument) => argument.startsWith('--tlsMode='));
      expect(modes, at).toEqual(mongodb ? ['--tlsMode=requireTLS'] : []);
    }
  });

  it('gives servers the files that they are told of, and their keys to nobody else', () => {
    for (const { at, container } of containers().filter(({ pod }) => isServer(pod))) {
      const conf = container.name === 'redis' ? (redisConf() ?? '') : '';
      const isTold = `${(container.args ?? []).join('\n')}\n${conf}`.includes('/run/tls/');
      const isMounted = container.volumeMounts?.some(({ mountPath }) => mountPath === '/run/tls') === true;
      expect(isTold || container.name === 'credentials', at).toBe(isMounted || container.name === 'credentials');
    }
    for (const pod of chart.pods.filter((each) => !isServer(each))) {
      const volumes = pod.spec.volumes?.filter(({ name }) => name !== 'grpc-tls') ?? [];
      expect(volumes.filter(holdsKey), pod.of).toEqual([]);
    }
  });

  it('gives every client the authority of the servers that it connects to', () => {
    const { redis, mongodb } = isOn();
    const clients = containers().filter(({ pod }) => !isServer(pod));
    for (const { at, pod, container, env } of clients.filter(({ env }) => env['REDIS_NODES'])) {
      // Of servers outside it is the one that the values name, if they do.
      const expected = redis ? keysOf('redis')[0] : hasRedis() ? undefined : 'company-ca';
      expect(authorityOf(pod, container, env['NODE_EXTRA_CA_CERTS']), at).toBe(expected);
    }
    for (const { at, pod, container, env } of clients.filter(({ env }) => env['MONGO_URI'])) {
      const file = new URLSearchParams(env['MONGO_URI']?.split('?')[1]).get('tlsCAFile') ?? undefined;
      expect(authorityOf(pod, container, file), at).toBe(mongodb ? keysOf('mongodb')[0] : undefined);
    }
  });

  it('has certificates for every name that is connected to or announced', () => {
    const certificates = chart.objects
      .filter(({ kind }) => kind === 'Certificate')
      .map(({ spec }) => spec as unknown as Certificate);
    expect(certificates).toHaveLength(Number(says));
    // Nodes and members show theirs from both sides.
    for (const { usages } of certificates)
      expect(usages).toEqual(expect.arrayContaining(['server auth', 'client auth']));
    for (const { secretName, dnsNames } of certificates) {
      const of = keysOf('redis').includes(secretName) ? 'redis' : 'mongodb';
      expect(keysOf(of)).toEqual([secretName]);
      const hosts = new Set(containers().flatMap(({ pod, container, env }) => hostsOf(of, pod, container, env)));
      expect(hosts.size).toBeGreaterThan(1);
      const subjectaltname = dnsNames.map((name) => `DNS:${name}`).join(', ');
      const certificate = { subject: {}, subjectaltname } as PeerCertificate;
      expect([...hosts].map((host) => checkServerIdentity(host, certificate)?.message)).toEqual(
        [...hosts].map(() => undefined),
      );
      expect(checkServerIdentity('elsewhere.example.com', certificate)).toBeInstanceOf(Error);
    }
  });
});

/** Names that servers are connected to by, or announce. */
function hostsOf(
  of: 'redis' | 'mongodb',
  pod: RenderedPod,
  { args = [] }: Container,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const line = args.join(' ');
  const redis = [
    ...(env['REDIS_NODES']?.split(',') ?? []),
    ...[...line.matchAll(/--cluster-announce-hostname "\$POD_NAME\.([^"]+)"/g)].map(
      ([, domain]) => `${pod.object.metadata.name}-5.${domain}`,
    ),
  ];
  const mongodb = [
    ...[...(env['CLUSTER_TOPOLOGY'] ?? '').matchAll(/[\w.-]+:270\d\d/g)].map(([host]) => host),
    ...(/--configdb=\w+\/(\S+)/.exec(line)?.[1]?.split(',') ?? []),
    ...(/^mongodb:\/\/(?:[^@]*@)?([^/]+)/.exec(env['MONGO_URI'] ?? '')?.slice(1) ?? []),
  ];
  return (of === 'redis' ? redis : mongodb).map((host) => host.replace(/:\d+$/, ''));
}

/** Whether a volume has private keys in it: all of a Secret with certificates. */
function holdsKey({ name, secret }: Volume): boolean {
  return secret !== undefined && name.includes('tls') && secret.items === undefined;
}

/** The Secret whose certificate of an authority a container finds at a path. */
function authorityOf(pod: RenderedPod, container: Container, path: string | undefined): string | undefined {
  const mount = container.volumeMounts?.find(({ mountPath }) => path?.startsWith(`${mountPath}/`));
  const secret = pod.spec.volumes?.find(({ name }) => name === mount?.name)?.secret;
  const found = secret?.items?.filter((item) => `${mount?.mountPath}/${item.path}` === path);
  return found?.length === 1 && secret?.items?.length === 1 && found[0]?.key === 'ca.crt'
    ? secret.secretName
    : undefined;
}

interface Certificate {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly usages: readonly string[];
}
