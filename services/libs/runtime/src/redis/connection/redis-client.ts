import type { Cluster, Redis } from 'ioredis';

/** A connection to one server or to a cluster; both take the same commands. */
export type RedisClient = Redis | Cluster;
