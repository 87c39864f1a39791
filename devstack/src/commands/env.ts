import { DEMO_SECRETS } from '../demo-secrets.js';
import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { readStackState, supervisorFiles } from '../stack/stack-state.js';
import { entrance } from '../stack/stack-table.js';
import { complain, say } from './say.js';

/** `env`: prints where the running stack answers and which checkout it is of, for `eval`: the examples of the documentation read it. Returns 0, or 3 when nothing runs. */
export function env(): number {
  const files = supervisorFiles(loadLocations().runDir);
  const running = lockHolder(files.lock) !== undefined;
  const parts = running ? (readStackState(files.state)?.parts ?? []) : [];
  const gateway = entrance(parts);
  const prometheus = parts.find(({ name }) => name === 'prometheus');
  const chatService = parts.find(({ name }) => name.startsWith('chat-service'));
  if (gateway === undefined || chatService === undefined) {
    complain('no gateway runs here; start one with "make up"');
    return 3;
  }
  say(`export PARLANCE_URL=${gateway.address}`);
  say(`export PARLANCE_GRPC=${chatService.address}`);
  say(`export PARLANCE_CREDENTIAL=${DEMO_SECRETS.serviceCredential}`);
  if (prometheus !== undefined) say(`export PARLANCE_PROMETHEUS=${prometheus.address}`);
  say(`export PARLANCE_HOME='${loadLocations().repositoryRoot.replaceAll("'", `'\\''`)}'`);
  return 0;
}
