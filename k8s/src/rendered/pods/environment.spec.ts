import { chatServiceConfig } from '@parlance/chat-service/config';
import { gatewayConfig } from '@parlance/gateway/config';
import { bootstrapConfig, jobsConfig, redisJobsConfig, rollConfig, secretsJobConfig } from '@parlance/jobs/config';
import { type ConfigRow, describeConfig } from '@parlance/runtime';
import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { type Container } from '../pods-of.js';
import { chartCases } from '../render-chart.js';

/** What each container reads, by its name; jobs by their command. */
const read = (...definitions: Parameters<typeof describeConfig>[0][]): readonly ConfigRow[] =>
  definitions.flatMap(describeConfig);
const rowsOf: Readonly<Record<string, readonly ConfigRow[]>> = {
  gateway: read(gatewayConfig),
  'chat-service': read(chatServiceConfig),
  bootstrap: read(bootstrapConfig),
  'roll-mongodb': read(rollConfig),
  'redis-bootstrap': read(redisJobsConfig),
  'redis-heal': read(redisJobsConfig),
  'init-secrets': read(secretsJobConfig),
};
const jobRows = read(jobsConfig);
/** Parts of a connection string that another variable is made of, what the page's server reads by itself, and what Node does. */
const others = new Set(['MONGO_PASSWORD', 'POD_NAME', 'WEB_PORT', 'HOST', 'GATEWAY_URL', 'NODE_EXTRA_CA_CERTS']);
const secrets = new Set(
  Object.values(rowsOf)
    .flat()
    .concat(jobRows)
    .filter(({ secret }) => secret)
    .map(({ env }) => env),
);

describeRendered('the environment of $name', chartCases, (chart) => {
  const containers = () =>
    chart.pods
      .filter(({ labels }) => ['gateway', 'chat-service', 'jobs'].includes(labels['app.kubernetes.io/component'] ?? ''))
      .flatMap(({ of, spec }) =>
        [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({ of, container })),
      );
  const namesOf = ({ env = [], envFrom = [] }: Container): readonly string[] => [
    ...env.map(({ name }) => name),
    ...envFrom.flatMap(({ configMapRef }) => Object.keys(configMap(configMapRef?.name)?.data ?? {})),
  ];
  const configMap = (name: string | undefined) =>
    chart.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);

  it('is what the programs read, and nothing twice', () => {
    for (const { of, container } of containers()) {
      const known = new Set((rowsOf[container.name] ?? jobRows).map(({ env }) => env));
      const names = namesOf(container);
      expect(
        names.filter((name) => !known.has(name) && !others.has(name)),
        `${of}/${container.name}`,
      ).toEqual([]);
      expect(names, `${of}/${container.name}`).toEqual([...new Set(names)]);
    }
  });

  it('has everything without which a program does not start', () => {
    for (const { of, container } of containers()) {
      const names = new Set(namesOf(container));
      const required = (rowsOf[container.name] ?? jobRows).filter((row) => row.required).map(({ env }) => env);
      expect(
        required.filter((name) => !names.has(name)),
        `${of}/${container.name}`,
      ).toEqual([]);
    }
  });

  it('takes secrets from a Secret alone, and no ConfigMap has one', () => {
    for (const { of, container } of containers()) {
      // A connection string is made of a Secret's password: `$(MONGO_PASSWORD)`.
      const made = /^mongodb:\/\/(?:[a-z]+:\$\(MONGO_PASSWORD\)@)?[a-z]/;
      const written = (container.env ?? []).filter(({ name, value }) => secrets.has(name) && value !== undefined);
      expect(
        written.filter(({ value = '' }) => !made.test(value)),
        of,
      ).toEqual([]);
      for (const { secretRef } of container.envFrom ?? []) expect(secretRef, of).toBeUndefined();
    }
    const open = chart.objects.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data = {} }) => Object.keys(data));
    expect(open.filter((name) => secrets.has(name))).toEqual([]);
    expect(chart.objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it('is part of what a change rolls out: a pod is annotated with the sum of its ConfigMap', () => {
    for (const { of, object, spec } of chart.pods.filter(
      ({ object: { kind } }) => kind === 'Deployment' || kind === 'StatefulSet',
    )) {
      const reads =
        spec.containers.some(({ envFrom = [] }) => envFrom.length > 0) ||
        spec.volumes?.some(({ configMap }) => configMap !== undefined) === true;
      const { annotations = {} } = (object.spec as unknown as { template: { metadata: { annotations?: object } } })
        .template.metadata;
      expect('checksum/config' in annotations, of).toBe(reads);
    }
  });
});
