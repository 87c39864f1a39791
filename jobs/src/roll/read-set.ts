import { commandTimeout } from '@parlance/storage';
import { type Db, type Document, MongoClient, type Timestamp } from 'mongodb';
import type { TopologySet } from '../bootstrap/cluster-topology.js';
import { shardUri } from '../mongo/cluster/shard-uri.js';
import type { MemberSight } from './set-fault.js';

/** Longest wait for one member, milliseconds. */
const memberMs = 5_000;

/** What each member says of its set, all asked at once and by themselves; what one does not answer is said in its place. Never rejects. */
export function readSet(set: TopologySet, routerUri: string): Promise<readonly MemberSight[]> {
  return Promise.all(set.members.map((member) => readMember(member, routerUri)));
}

/** featureCompatibilityVersion of the data of a member, such as `7.0`. Rejects as the driver does. */
export async function readCompatibility(member: string, routerUri: string): Promise<string | undefined> {
  return await onMember(routerUri, member, async (admin) => {
    const found = await ask(admin, { getParameter: 1, featureCompatibilityVersion: 1 });
    return (found['featureCompatibilityVersion'] as { readonly version?: string } | undefined)?.version;
  });
}

/**
 * Asks a primary to let another member be primary, once one has all that it has. Resolves also when it is none any more. Rejects as the
 * driver does when no other is near enough within ten seconds.
 */
export async function stepDown(member: string, routerUri: string): Promise<void> {
  await onMember(routerUri, member, async (admin) => {
    const { isWritablePrimary } = await ask(admin, { hello: 1 });
    if (isWritablePrimary !== true) return;
    await admin.command({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 10 }, commandTimeout(15_000));
  });
}

async function readMember(member: string, routerUri: string): Promise<MemberSight> {
  try {
    return await onMember(routerUri, member, async (admin) => {
      const status = await ask(admin, { replSetGetStatus: 1 });
      const all = status['members'] as readonly { readonly name: string; readonly stateStr: string }[];
      const applied = (status['optimes'] as { readonly appliedOpTime: { readonly ts: Timestamp } }).appliedOpTime.ts;
      const own = all.find((each) => 'self' in each && each.self === true);
      return {
        member,
        state: own?.stateStr ?? 'REMOVED',
        appliedAt: applied.toBigInt(),
        others: new Map(all.map(({ name, stateStr }) => [name, stateStr])),
      };
    });
  } catch (thrown) {
    return { member, away: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

async function onMember<Answer>(uri: string, member: string, work: (admin: Db) => Promise<Answer>): Promise<Answer> {
  await using client = new MongoClient(shardUri(uri, member), {
    appName: 'parlance-jobs',
    retryWrites: false,
    serverSelectionTimeoutMS: memberMs,
    connectTimeoutMS: memberMs,
    maxPoolSize: 1,
  });
  return await work(client.db('admin'));
}

function ask(admin: Db, command: Document): Promise<Document> {
  return admin.command(command, commandTimeout(memberMs));
}
