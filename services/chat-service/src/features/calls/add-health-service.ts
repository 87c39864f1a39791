import type { Server } from '@grpc/grpc-js';
import { chatProto } from '@parlance/proto';
import type { HealthRegistry } from '@parlance/runtime';
import { HealthImplementation } from 'grpc-health-check';

/**
 * Serves `grpc.health.v1.Health` for the whole server (the empty name) and for `chat.v1.ChatService`: `SERVING` while
 * `/readyz` is 200, else `NOT_SERVING`, so from the first moment of a stop on. Who watches hears of each change.
 */
export function addHealthService(server: Pick<Server, 'addService'>, health: Pick<HealthRegistry, 'onStatus'>): void {
  const implementation = new HealthImplementation();
  health.onStatus((status) => {
    const serving = status === 'ready' ? 'SERVING' : 'NOT_SERVING';
    for (const name of ['', `${chatProto.package}.${chatProto.service}`]) implementation.setStatus(name, serving);
  });
  implementation.addToServer(server);
}
