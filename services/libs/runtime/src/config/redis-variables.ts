import { z } from 'zod';
import type { RedisAddress } from '../redis/redis-options.js';
import { booleanFlag } from './boolean-flag.js';
import { variable } from './variable.js';

/** Variables of a deployable that talks to Redis; spread them into `defineConfig`. `redisOptionsOf` makes `RedisOptions` of them. */
export const redisVariables = {
  redisMode: variable({
    env: 'REDIS_MODE',
    doc: '`cluster` for a Redis or Valkey Cluster, `single` for one server.',
    schema: z.enum(['single', 'cluster']).default('single'),
  }),
  redisNodes: variable({
    env: 'REDIS_NODES',
    doc: 'Addresses to start from; in cluster mode any reachable nodes, the others are discovered.',
    schema: redisAddresses().default([{ host: '127.0.0.1', port: 6379 }]),
  }),
  redisUsername: variable({
    env: 'REDIS_USERNAME',
    doc: 'ACL user. Unset means the default user.',
    schema: z.string().optional(),
  }),
  redisPassword: variable({
    env: 'REDIS_PASSWORD',
    doc: 'Password of the user. Unset means no authentication.',
    schema: z.string().optional(),
    secret: true,
  }),
  redisTls: variable({
    env: 'REDIS_TLS',
    doc: '`true` connects with TLS and verifies certificates against the system and `NODE_EXTRA_CA_CERTS`.',
    schema: booleanFlag().default(false),
  }),
} as const;

function redisAddresses() {
  return z
    .string()
    .meta({ title: 'comma-separated list of host:port' })
    .transform((text, context): readonly RedisAddress[] => {
      const addresses: RedisAddress[] = [];
      for (const item of text.split(',').map((part) => part.trim())) {
        if (item === '') continue;
        const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(item);
        const port = Number(match?.[3]);
        if (!match || port < 1 || port > 65_535) {
          context.addIssue({ code: 'custom', message: `item ${addresses.length + 1} is not host:port` });
          return z.NEVER;
        }
        addresses.push({ host: match[1] ?? match[2] ?? '', port });
      }
      if (addresses.length === 0) context.addIssue({ code: 'custom', message: 'names no address' });
      return addresses;
    });
}
