import type { Redis } from 'ioredis';

/** Which server answers on a connection, and whether it takes writes. */
export interface ServerIdentity {
  /** Of this process of the server; a restart makes a new one. */
  readonly runId: string;
  readonly isReplica: boolean;
}

/**
 * Asks the server of a connection who it is. Undefined when it may not say: the user has no right to `INFO`, or a proxy
 * answers something else. Rejects when the connection breaks or is silent.
 */
export async function askIdentity(redis: Redis): Promise<ServerIdentity | undefined> {
  try {
    return readIdentity(await redis.info('server', 'replication'));
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'ReplyError') return undefined;
    throw thrown;
  }
}

/** Reads the sections `server` and `replication` of `INFO`. */
function readIdentity(info: string): ServerIdentity | undefined {
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  const role = /^role:(\w+)/m.exec(info)?.[1];
  return runId === undefined || role === undefined ? undefined : { runId, isReplica: role !== 'master' };
}

/** Why a connection to a replica is of no use here: it takes no writes, and may hear of what is published late or not at all. */
export const onlyReplica = 'the server is a replica';
