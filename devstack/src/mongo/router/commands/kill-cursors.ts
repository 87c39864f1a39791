import type { Document, Long } from 'mongodb';
import type { ClusterServers } from '../cluster-servers.js';

/** Kills the cursors on all shards that were opened with this tag, so that nothing waits for them (range deletion does). */
export async function killTaggedCursors(servers: ClusterServers, tag: string): Promise<void> {
  const shards = await servers.shards();
  await Promise.all(
    shards.map(async ({ host }) => {
      const idle = [
        { $currentOp: { idleCursors: true, allUsers: true } },
        { $match: { type: 'idleCursor', 'cursor.originatingCommand.comment': tag } },
      ];
      const open = servers.onHosts(host, 'admin').aggregate<IdleCursor>(idle, { promoteLongs: false });
      for (const { ns, cursor } of await open.toArray()) {
        const dot = ns.indexOf('.');
        const command = { killCursors: ns.slice(dot + 1), cursors: [cursor.cursorId] };
        await servers.onHosts(host, ns.slice(0, dot)).command(command);
      }
    }),
  );
}

interface IdleCursor extends Document {
  readonly ns: string;
  readonly cursor: { readonly cursorId: Long };
}
