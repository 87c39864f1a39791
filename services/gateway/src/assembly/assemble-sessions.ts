import { setTimeout as delay } from 'node:timers/promises';
import { toFailure } from '../answers/ack.mapper.js';
import type { RequestJournal } from '../answers/request-journal.js';
import { RevocationWatch } from '../features/auth/revocations/revocation-watch.js';
import { TokenWatch } from '../features/auth/revocations/token-watch.js';
import { clientAddress } from '../features/limits/client-address.js';
import type { RateLimits } from '../features/limits/rate-limits.js';
import { ChatSessionService } from '../features/websocket/sessions/chat-session.service.js';
import { ConnectionSlots } from '../features/websocket/sessions/connection-slots.js';
import { DrainService } from '../features/websocket/sessions/drain.service.js';
import { HandshakeGate } from '../features/websocket/sessions/handshake-gate.js';
import { Heartbeats } from '../features/websocket/sessions/heartbeats.js';
import { SessionRooms } from '../features/websocket/sessions/session-rooms.js';
import { SocketAuth } from '../features/websocket/sessions/socket-auth.js';
import { exceptionFrame } from '../features/websocket/transport/frame.js';
import type { assembleRooms } from './assemble-rooms.js';
import type { assembleTokens } from './assemble-tokens.js';
import type { AssemblyParts } from './gateway-parts.js';

/** How sockets come, how long they stay, and how a stopping gateway sends them away. */
export function assembleSessions({ config, logger, clock }: AssemblyParts, made: MadeBefore) {
  const { journal, rateLimits, tokens, rooms } = made;
  const { connections, subscriptions, queries, roomJoin, pubsub } = rooms;
  const { maxConnections, maxConnectionsPerUser, trustProxyHops } = config;
  const most = { ofUser: maxConnectionsPerUser, ofAll: maxConnections };
  const slots = new ConnectionSlots(connections, most, clock, delay);
  const sessionRooms = new SessionRooms(subscriptions, queries, roomJoin, clock.now);
  const sessions = new ChatSessionService(slots, sessionRooms, connections, clock.now);
  const take = (remote: string, forwardedFor: string) =>
    rateLimits.take('handshakesOfAddress', clientAddress(remote, forwardedFor, trustProxyHops));
  const gate = new HandshakeGate(config, take, clock.now);
  const tokenWatch = new TokenWatch(
    connections,
    tokens.revocations,
    (socket, fault) => socket.dismiss(exceptionFrame(toFailure(fault, clock.now()))),
    clock.now,
  );
  const heartbeats = new Heartbeats(() => connections.sockets(), clock.elapsedMs);
  const read = (withinMs?: number) => queries.listRevocations(withinMs);
  const revocationWatch = new RevocationWatch(tokens.revocations, read, logger, clock.elapsedMs);
  pubsub.onEvent((event) => revocationWatch.heard(event));
  const { reconnectSpreadMs, shutdownGraceMs, drainDelayMs } = config;
  // The drain is one of three phases that share what is left of the grace; what is in flight needs some of its third.
  const spreadMs = Math.min(reconnectSpreadMs, (shutdownGraceMs - drainDelayMs) / 4);
  return {
    sessions,
    gate,
    tokenWatch,
    heartbeats,
    revocationWatch,
    socketAuth: new SocketAuth(gate, tokens.tokens, sessions, journal),
    drain: new DrainService(connections, spreadMs),
  };
}

interface MadeBefore {
  readonly journal: RequestJournal;
  readonly rateLimits: RateLimits;
  readonly tokens: ReturnType<typeof assembleTokens>;
  readonly rooms: ReturnType<typeof assembleRooms>;
}
