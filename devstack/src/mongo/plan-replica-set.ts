/**
 * Decides what must happen to the replica set's configuration so that exactly the running members form the set. `current` is
 * what the first member has stored, `null` on a fresh data folder. Members are matched by number: number n is data folder n,
 * whatever its port was.
 */
export function planReplicaSet(current: ReplicaSetConfig | null, wanted: WantedSet): ReplicaSetPlan {
  const settings = { electionTimeoutMillis: wanted.electionTimeoutMillis, heartbeatIntervalMillis: heartbeat(wanted) };
  const members = wanted.hosts.map((host, id) => ({ _id: id, host }));
  if (current === null) {
    const role = wanted.configsvr === true ? { configsvr: true } : {};
    const config = { _id: wanted.name, ...role, members, settings };
    return { action: 'initiate', config, reason: 'the data folder is new' };
  }
  if (current.members.length > members.length) {
    return {
      action: 'refuse',
      reason: `MongoDB's data in this folder belongs to a replica set of ${current.members.length} members and cannot be opened with ${members.length}: an acknowledged write may be on the others only. Start it with ${current.members.length} again, or remove the data.`,
    };
  }
  const moved = members.filter((member) => current.members.find(({ _id }) => _id === member._id)?.host !== member.host);
  const retimed = current.settings?.electionTimeoutMillis !== settings.electionTimeoutMillis;
  if (moved.length === 0 && !retimed)
    return { action: 'keep', reason: 'members and addresses are those of the last run' };
  return {
    action: 'reconfigure',
    config: {
      ...current,
      version: (current.version ?? 1) + 1,
      members,
      settings: { ...current.settings, ...settings },
    },
    reason:
      moved.length > 0 ? `new addresses: ${moved.map(({ host }) => host).join(', ')}` : 'another election timeout',
  };
}

/** What is wanted now. */
export interface WantedSet {
  readonly name: string;
  /** "host:port" of each member, in the order of their numbers. */
  readonly hosts: readonly string[];
  readonly electionTimeoutMillis: number;
  /** The config servers of a sharded cluster. */
  readonly configsvr?: boolean;
}

/** The part of a replica set configuration that is looked at here; everything else in it is kept. */
export interface ReplicaSetConfig {
  readonly _id: string;
  readonly version?: number;
  readonly configsvr?: boolean;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
  readonly settings?: { readonly electionTimeoutMillis?: number; readonly heartbeatIntervalMillis?: number };
}

/** What to do, and why. */
export type ReplicaSetPlan =
  | { readonly action: 'initiate' | 'reconfigure'; readonly config: ReplicaSetConfig; readonly reason: string }
  | { readonly action: 'keep' | 'refuse'; readonly reason: string };

/** A member notices a silent one only by heartbeats, so they must come well within an election timeout. */
function heartbeat(wanted: WantedSet): number {
  return Math.min(2_000, Math.max(100, Math.floor(wanted.electionTimeoutMillis / 8)));
}
