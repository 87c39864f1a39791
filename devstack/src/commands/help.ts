/** What `--help` prints. */
export function help(): string {
  return `Starts Parlance and the real servers it needs on this machine.

  up [--detach]     start everything and stay until Ctrl-C; --detach: return when all is ready
  down              stop what "up" started
  status            what runs (exit code 0), or that nothing does (3)
  url               where the gateways answer; 3 when nothing runs
  env               the same and more as variables, for eval; 3 when nothing runs
  token --user NAME [--scope admin] [--ttl 1h]
                    a token for these gateways, signed with their public demo secret
  restart NAME      end a part and wait until it runs again, with what was built meanwhile
  logs [name] [-f]  the end of each log, or one log; -f: go on with what is added
  clean-data        remove what the servers stored (only while they are stopped)

Environment (default)
  PROFILE (single)              single, or cluster: a sharded MongoDB, a Redis Cluster, two of each service, one address
  REPLICAS (1)                  1 or 3 MongoDB members
  REDIS (single)                single, or cluster: three masters with a replica each
  GATEWAYS (1; cluster: 2)      gateways to start, 1 to 9
  CHAT_SERVICES (1; cluster: 2) chat services to start, 1 to 9
  MONITORING (0)                1: a Prometheus beside it, with the chart's alerts
  GATEWAY_PORT (3000)           HTTP and Socket.IO; further gateways take the next ports;
                                in a cluster the one address, and all gateways take the next ports
  GATEWAY_OPS_PORT (3010)       health and metrics of the gateways, one after the other
  WEB_PORT (8080)               the web client's page
  CHAT_SERVICE_PORT (4005)      gRPC; further ones take every second port
  CHAT_SERVICE_OPS_PORT (4006)  health and metrics; likewise
  PROMETHEUS_PORT (9090)        its page and API
  MONGO_PORT (27117)            first MongoDB port
  REDIS_PORT (6479)             first Redis port
  PARLANCE_DIR (.parlance)      data, logs, downloaded servers
  MONGOD_BIN, MONGOS_BIN, REDIS_SERVER_BIN, PROMETHEUS_BIN
                                programs to use instead of those found

A default port that is taken gives way to a free one; a port you set does not.`;
}
