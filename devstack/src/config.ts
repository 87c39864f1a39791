import { z } from 'zod';
import { type Locations, loadLocations } from './locations.config.js';
import { shardedServers } from './mongo/plan-sharded-cluster.js';

const DEFAULT_PORTS = {
  MONGO_PORT: 27_117,
  REDIS_PORT: 6_479,
  CHAT_SERVICE_PORT: 4_005,
  CHAT_SERVICE_OPS_PORT: 4_006,
  GATEWAY_PORT: 3_000,
  // Behind the ports of nine gateways and their one address.
  GATEWAY_OPS_PORT: 3_010,
  WEB_PORT: 8_080,
  PROMETHEUS_PORT: 9_090,
} as const;

const port = z
  .string()
  .regex(/^\d+$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_000, 'must be a port between 1 and 65000')
  .optional();

const instances = z
  .string()
  .regex(/^[1-9]$/, 'must be a number from 1 to 9')
  .transform(Number)
  .optional();

const schema = z.object({
  PROFILE: z.enum(['single', 'cluster'], 'must be "single" or "cluster"').default('single'),
  REPLICAS: z
    .enum(['1', '3'], 'must be 1 or 3')
    .default('1')
    .transform((value) => (value === '3' ? 3 : 1)),
  REDIS: z.enum(['single', 'cluster'], 'must be "single" or "cluster"').optional(),
  MONITORING: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  MONGO_PORT: port,
  REDIS_PORT: port,
  CHAT_SERVICE_PORT: port,
  CHAT_SERVICE_OPS_PORT: port,
  GATEWAY_PORT: port,
  GATEWAY_OPS_PORT: port,
  WEB_PORT: port,
  PROMETHEUS_PORT: port,
  GATEWAYS: instances,
  CHAT_SERVICES: instances,
});

/**
 * Reads what `up` shall start from the environment. Reports all faults in one error. A port that is set in the environment is
 * insisted upon; a default port gives way to a free one.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): DevstackConfig {
  const parsed = schema.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const { data } = parsed;
  const isCluster = data.PROFILE === 'cluster';
  const redisMode = data.REDIS ?? (isCluster ? 'cluster' : 'single');
  const [gateways, chatServices] = [data.GATEWAYS, data.CHAT_SERVICES].map((count) => count ?? (isCluster ? 2 : 1)) as [
    number,
    number,
  ];
  const mongoServers = isCluster ? shardedServers(data.REPLICAS).length : data.REPLICAS;
  const ports = (variable: PortVariable, count: number, step = 1, skipped = 0): PortRange => {
    const set = data[variable];
    const first = (set ?? DEFAULT_PORTS[variable]) + skipped;
    return {
      variable,
      explicit: set !== undefined,
      ports: Array.from({ length: count }, (_, index) => first + index * step),
    };
  };
  const config: DevstackConfig = {
    mongo: isCluster ? 'sharded' : 'replicaSet',
    replicas: data.REPLICAS,
    redisMode,
    ports: {
      mongo: ports('MONGO_PORT', mongoServers),
      redis: ports('REDIS_PORT', redisMode === 'cluster' ? 6 : 1),
      // Two ports an instance, so that the service ports and the operations ports of several instances interleave.
      chatService: ports('CHAT_SERVICE_PORT', chatServices, 2),
      chatServiceOps: ports('CHAT_SERVICE_OPS_PORT', chatServices, 2),
      balancer: ports('GATEWAY_PORT', isCluster ? 1 : 0),
      gateway: ports('GATEWAY_PORT', gateways, 1, isCluster ? 1 : 0),
      gatewayOps: ports('GATEWAY_OPS_PORT', gateways),
      web: ports('WEB_PORT', 1),
      prometheus: ports('PROMETHEUS_PORT', data.MONITORING === '1' ? 1 : 0),
    },
    locations: loadLocations(env),
  };
  const clashes = findClashes(Object.values(config.ports));
  if (clashes.length > 0) throw new ConfigError(clashes);
  return config;
}

/** What `up` starts, and where. */
export interface DevstackConfig {
  /** `PROFILE=cluster`: sharded, behind a router. */
  readonly mongo: 'replicaSet' | 'sharded';
  /** Members of the MongoDB replica set; of a sharded MongoDB those of the config servers and of each hot shard. */
  readonly replicas: 1 | 3;
  readonly redisMode: 'single' | 'cluster';
  readonly ports: {
    readonly mongo: PortRange;
    readonly redis: PortRange;
    /** gRPC, one for each instance. */
    readonly chatService: PortRange;
    /** Health and metrics, one for each instance. */
    readonly chatServiceOps: PortRange;
    /** The one address of all gateways; none outside the cluster profile. */
    readonly balancer: PortRange;
    readonly gateway: PortRange;
    /** Health and metrics, one for each instance. */
    readonly gatewayOps: PortRange;
    /** The web client's page. */
    readonly web: PortRange;
    /** None without `MONITORING=1`. */
    readonly prometheus: PortRange;
  };
  readonly locations: Locations;
}

/** The ports wanted for one kind of server. */
export interface PortRange {
  /** The environment variable that sets the first of them. */
  readonly variable: PortVariable;
  /** Set by the user: no other port will do. */
  readonly explicit: boolean;
  readonly ports: readonly number[];
}

/** Environment variables that set ports. */
export type PortVariable = keyof typeof DEFAULT_PORTS;

/** The environment is wrong in these ways. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The environment cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** `FOO= make up` means "FOO is not set". */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** Ports that two explicit settings both claim. A default gives way. */
function findClashes(ranges: readonly PortRange[]): readonly string[] {
  return ranges.flatMap((range, index) =>
    ranges.slice(index + 1).flatMap((other) => {
      const shared = range.ports.filter((candidate) => other.ports.includes(candidate));
      if (shared.length === 0 || !range.explicit || !other.explicit) return [];
      return [`${range.variable} and ${other.variable}: both claim port ${shared.join(', ')}`];
    }),
  );
}
