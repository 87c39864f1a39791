import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { serveClient } from './client-connection.js';
import { ClusterServers } from './cluster-servers.js';
import { catalogCommands } from './commands/catalog-commands.js';
import { clusterCommands } from './commands/cluster-commands.js';
import { collectionCommands } from './commands/collection-commands.js';
import { findAndModify } from './commands/find-and-modify.js';
import { ownCommands } from './commands/own-commands.js';
import { CursorTags } from './cursor-tags.js';
import { RoutingShard } from './routing-shard.js';

/**
 * A router for a sharded cluster of mongod 6.0, where there is no mongos: `main.js --port 1 --configdb csrs/host:2 --version
 * 6.0.5`. A part for development and tests: it asks nobody who they are, so it listens on the loopback address unless `--bind`
 * names another, as in a container. Ends on SIGTERM.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    bind: { type: 'string' },
    configdb: { type: 'string' },
    version: { type: 'string' },
  },
});
const { port = '', bind = '127.0.0.1', configdb = '', version = '' } = values;
const servers = new ClusterServers(configdb);
const routing = new RoutingShard(servers);
const handlers = {
  ...ownCommands({ port: Number(port), version }),
  ...collectionCommands,
  ...catalogCommands,
  ...clusterCommands,
  findAndModify,
};
const parts = { servers, routing, cursors: new CursorTags(), handlers };
const CHECK_EVERY_MS = 1_000;
const check = (): void => {
  const again = (): void => void setTimeout(check, CHECK_EVERY_MS).unref();
  routing.check().then(again, again); // the config servers may be away; the next check tells
};

const server = createServer({ noDelay: true }, (socket) => serveClient(socket, parts));
server.listen(Number(port), bind, () => {
  process.stdout.write(`router for ${configdb} listens on ${bind}:${port}\n`);
  check();
});
process.once('SIGTERM', () => process.exit(0));
