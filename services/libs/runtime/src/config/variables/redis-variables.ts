import { z } from 'zod';
import { variable } from '../declaration/variable.js';
import { addressList } from '../values/address-list.js';
import { booleanFlag } from '../values/boolean-flag.js';

/** Variables of a deployable that talks to Redis; spread them into `defineConfig`. `redisOptionsOf` makes `RedisOptions` of them. */
export const redisVariables = {
  redisMode: variable({
    env: 'REDIS_MODE',
    doc: '`cluster` for a Redis or Valkey Cluster, `single` for one server.',
    schema: z.enum(['single', 'cluster']).default('single'),
  }),
  redisNodes: variable({
    env: 'REDIS_NODES',
    doc: 'Addresses to start from, port 6379 where none is written; in cluster mode any reachable nodes, the others are discovered.',
    schema: addressList({
      defaultPort: 6379,
      schemes: ['redis', 'valkey'],
      hints: {
        rediss: 'has the scheme of TLS: write host:port and set REDIS_TLS=true',
        valkeys: 'has the scheme of TLS: write host:port and set REDIS_TLS=true',
      },
    }).default([{ host: '127.0.0.1', port: 6379 }]),
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
