import {
  archiveIsComplete,
  archiveVariables,
  type ConfigOf,
  defineConfig,
  durationMs,
  mongoUri,
  redisVariables,
  runtimeVariables,
  variable,
} from '@parlance/runtime';
import { defaultTierPolicy, type TierPolicy } from '@parlance/storage';
import { z } from 'zod';
import { clusterTopology } from './bootstrap/cluster-topology.js';
import { mongoUser } from './mongo/cluster/mongo-user.js';

/** A name as Kubernetes takes it (RFC 1123). */
const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const { redisMode, redisNodes, redisUsername, redisPassword, redisTls } = redisVariables;

/** The age of a month, in months. */
const age = z.coerce.number().int().min(1).max(1_200);

const kubernetesVariables = {
  kubeconfig: variable({
    env: 'KUBECONFIG',
    doc: 'Files that say how to reach the Kubernetes API, for whoever runs a job outside a cluster. Unset: the service account of the pod, if it has one, and else no Kubernetes.',
    schema: z.string().optional(),
  }),
  kubernetesNamespace: variable({
    env: 'KUBERNETES_NAMESPACE',
    doc: 'Namespace of Kubernetes objects. Unset: that of the pod or of the kubeconfig, else `default`.',
    schema: z.string().max(63).regex(dnsLabel, 'is not a name of a namespace').optional(),
  }),
  kubernetesInstance: variable({
    env: 'KUBERNETES_INSTANCE',
    doc: 'Name of this installation, such as the Helm release: the ChatMonth of October 2026 is `parlance-2026-10`.',
    schema: z.string().max(53).regex(dnsLabel, 'must be lower-case letters, digits and -').default('parlance'),
  }),
} as const;

/** The jobs' configuration. */
export const jobsConfig = defineConfig(
  'jobs',
  {
    nodeEnv: runtimeVariables.nodeEnv,
    mongoUri: variable({
      env: 'MONGO_URI',
      doc: 'MongoDB connection string with the database name, the same as the chat service has.',
      schema: mongoUri(),
      secret: true,
    }),
    redisMode,
    redisNodes,
    redisUsername,
    redisPassword,
    redisTls,
    bodyHashKey: variable({
      env: 'BODY_HASH_KEY',
      doc: 'The same as the chat service has; needed by `erase-user` and `fold-events`, so that a retry of an erased message is still known.',
      schema: z.string().min(32, 'must have at least 32 characters').optional(),
      secret: true,
    }),
    retentionDays: variable({
      env: 'RETENTION_DAYS',
      doc: 'Days that messages are kept at least in rooms without a policy of their own, counted from the end of their month. Unset keeps them forever.',
      schema: z.coerce.number().int().min(9).max(36_500).optional(),
    }),
    warmAfterMonths: variable({
      env: 'TIER_WARM_AFTER_MONTHS',
      doc: 'Age from which on a month belongs on warm storage, in months: 1 is the month before the current one.',
      schema: age.default(defaultTierPolicy.warmAfterMonths),
    }),
    coldAfterMonths: variable({
      env: 'TIER_COLD_AFTER_MONTHS',
      doc: 'Age from which on a month belongs on cold storage, in months; more than `TIER_WARM_AFTER_MONTHS`.',
      schema: age.default(defaultTierPolicy.coldAfterMonths),
    }),
    archiveAfterMonths: variable({
      env: 'TIER_ARCHIVE_AFTER_MONTHS',
      doc: 'Age from which on a month belongs into the archive, in months; more than `TIER_COLD_AFTER_MONTHS`.',
      schema: age.default(defaultTierPolicy.archiveAfterMonths),
    }),
    ...archiveVariables,
    archiveGraceMs: variable({
      env: 'ARCHIVE_GRACE_MS',
      doc: 'How long a month stays in MongoDB after readers were sent to its archive, in milliseconds: longer than a chat service remembers where a month lies and a request lasts.',
      schema: durationMs(0, 365 * 24 * 3_600_000).default(24 * 3_600_000),
    }),
    ...kubernetesVariables,
  },
  { rules: [everyMonthHasOneTier, archiveIsComplete] },
);

/** The checked values. */
export type JobsConfig = ConfigOf<typeof jobsConfig>;

function everyMonthHasOneTier({ warmAfterMonths, coldAfterMonths, archiveAfterMonths }: TierPolicy) {
  return [
    ...(coldAfterMonths > warmAfterMonths
      ? []
      : [{ env: 'TIER_COLD_AFTER_MONTHS', message: 'must be more than TIER_WARM_AFTER_MONTHS' }]),
    ...(archiveAfterMonths > coldAfterMonths
      ? []
      : [{ env: 'TIER_ARCHIVE_AFTER_MONTHS', message: 'must be more than TIER_COLD_AFTER_MONTHS' }]),
  ];
}

const topology = variable({
  env: 'CLUSTER_TOPOLOGY',
  doc: 'JSON: the replica sets and the zone of each shard, as in `{"config": {"name": "config", "members": ["c-0:27019"]}, "shards": [{"name": "hot-1", "zone": "hot", "members": ["h-0:27018"]}]}`. Zones are `hot`, `warm` and `cold`.',
  schema: clusterTopology(),
});

/** Configuration of `bootstrap`, which makes the MongoDB that the other jobs need. */
export const bootstrapConfig = defineConfig(
  'jobs bootstrap',
  {
    nodeEnv: runtimeVariables.nodeEnv,
    mongoUri: variable({
      env: 'MONGO_URI',
      doc: 'Connection string of the router with the database name, the same as the chat service has; the user that it names is made known to all replica sets.',
      schema: mongoUri(),
      secret: true,
    }),
    topology,
    keyfile: variable({
      env: 'MONGO_KEYFILE',
      doc: 'Text of the key file that all members share. Unset where MongoDB asks nobody who they are.',
      schema: z.string().min(6).max(1_024).optional(),
      secret: true,
    }),
    servicesUser: variable({
      env: 'MONGO_SERVICES_USER',
      doc: 'User that the services are, beside that of `MONGO_URI`: made known to the router, and may read and write the database and nothing else. Unset makes no such user.',
      schema: z
        .string()
        .regex(/^[\w.-]+$/, 'must be letters, digits, _, - and .')
        .optional(),
    }),
    servicesPassword: variable({
      env: 'MONGO_SERVICES_PASSWORD',
      doc: 'Password of `MONGO_SERVICES_USER`.',
      schema: z.string().min(1).optional(),
      secret: true,
    }),
  },
  { rules: [servicesAreAnotherUser] },
);

/** The checked values of {@link bootstrapConfig}. */
export type BootstrapConfig = ConfigOf<typeof bootstrapConfig>;

function servicesAreAnotherUser({
  mongoUri,
  keyfile,
  servicesUser,
  servicesPassword,
}: Readonly<Record<'mongoUri', string>> &
  Readonly<Record<'keyfile' | 'servicesUser' | 'servicesPassword', string | undefined>>) {
  const env = 'MONGO_SERVICES_USER';
  if ((servicesUser === undefined) !== (servicesPassword === undefined)) {
    return [{ env, message: 'is set together with MONGO_SERVICES_PASSWORD or not at all' }];
  }
  if (servicesUser === undefined) return [];
  if (keyfile === undefined)
    return [{ env, message: 'needs MONGO_KEYFILE: without it MongoDB asks nobody who they are' }];
  if (mongoUser(mongoUri).user?.name === servicesUser)
    return [{ env, message: 'must be another user than that of MONGO_URI' }];
  return [];
}

/** Configuration of `init-secrets`; it needs no MongoDB. */
export const secretsJobConfig = defineConfig('jobs init-secrets', {
  nodeEnv: runtimeVariables.nodeEnv,
  kubeconfig: kubernetesVariables.kubeconfig,
  kubernetesNamespace: kubernetesVariables.kubernetesNamespace,
});

/** The checked values of {@link secretsJobConfig}. */
export type SecretsJobConfig = ConfigOf<typeof secretsJobConfig>;

/** Configuration of `roll-mongodb`, which goes through Kubernetes and asks each replica set by itself. */
export const rollConfig = defineConfig('jobs roll-mongodb', {
  nodeEnv: runtimeVariables.nodeEnv,
  mongoUri: variable({
    env: 'MONGO_URI',
    doc: 'Connection string of the router with the database name; its user has to be known to each replica set.',
    schema: mongoUri(),
    secret: true,
  }),
  topology,
  kubeconfig: kubernetesVariables.kubeconfig,
  kubernetesNamespace: kubernetesVariables.kubernetesNamespace,
});

/** The checked values of {@link rollConfig}. */
export type RollConfig = ConfigOf<typeof rollConfig>;

/** Configuration of the jobs that form and heal the Redis Cluster; they need no MongoDB. */
export const redisJobsConfig = defineConfig('jobs redis-bootstrap, jobs redis-heal', {
  nodeEnv: runtimeVariables.nodeEnv,
  redisNodes: {
    ...redisNodes,
    doc: 'Addresses of all nodes, port 6379 where none is written. A name stands for all its addresses, so one headless Service names all pods.',
  },
  redisUsername,
  redisPassword,
  redisTls,
});

/** The checked values of {@link redisJobsConfig}. */
export type RedisJobsConfig = ConfigOf<typeof redisJobsConfig>;
