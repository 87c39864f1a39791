import { zones } from '@parlance/storage';
import { z } from 'zod';

const member = z.string().regex(/^[^\s/,@]+:\d+$/, 'members are host:port');
const name = z.string().regex(/^[A-Za-z0-9_-]{1,63}$/, 'names are letters, digits, _ and -');
const replicaSet = z.strictObject({ name, members: z.array(member).min(1).max(50) });

const schema = z
  .strictObject({
    config: replicaSet,
    shards: z.array(z.strictObject({ ...replicaSet.shape, zone: z.enum(zones) })).min(1),
  })
  .superRefine(({ config, shards }, context) => {
    const sets = [config, ...shards];
    const twice = (texts: readonly string[]): string | undefined =>
      texts.find((text, index) => texts.indexOf(text) !== index);
    const named = twice(sets.map((each) => each.name)) ?? twice(sets.flatMap((each) => each.members));
    if (named !== undefined) context.addIssue({ code: 'custom', message: `${named} stands there twice` });
    if (!shards.some(({ zone }) => zone === 'hot')) {
      context.addIssue({ code: 'custom', message: 'a cluster needs a shard in the zone hot, where new months go' });
    }
  });

/** The replica sets of a sharded cluster, and the zone of each shard. */
export type ClusterTopology = z.infer<typeof schema>;

/** A replica set of it. */
export type TopologySet = z.infer<typeof replicaSet>;

/**
 * Schema of a topology as JSON text: `{"config": {"name": "config", "members": ["c-0:27019"]}, "shards": [{"name": "hot-1",
 * "zone": "hot", "members": ["h-0:27018"]}]}`.
 */
export function clusterTopology() {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
