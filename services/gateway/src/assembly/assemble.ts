import { randomUUID } from 'node:crypto';
import { RequestJournal } from '../answers/request-journal.js';
import type { Clock } from '../clock.js';
import { ChatDistributorService } from '../features/websocket/chat/chat-distributor.service.js';
import { SocketDispatcher } from '../features/websocket/chat/socket-dispatcher.js';
import { ToldTyping } from '../features/websocket/chat/told-typing.js';
import { assembleChatService } from './assemble-chat-service.js';
import { assembleLimits } from './assemble-limits.js';
import { assembleRooms } from './assemble-rooms.js';
import { assembleSessions } from './assemble-sessions.js';
import { assembleTokens } from './assemble-tokens.js';
import type { AssemblyParts, GatewayParts } from './gateway-parts.js';

const clock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now() };

/** Puts the gateway together, and looks for chat services. Nothing is subscribed to and nobody is served before `start`. */
export async function assemble(given: GatewayParts) {
  const parts: AssemblyParts = { ...given, clock };
  const journal = new RequestJournal(parts.metrics, parts.logger, clock);
  const { redis, rateLimits, eventLimits } = assembleLimits(parts);
  const tokens = assembleTokens(parts);
  const chatService = assembleChatService(parts);
  const rooms = assembleRooms(parts, { chatService, redis });
  const sessions = assembleSessions(parts, { journal, rateLimits, tokens, rooms });
  const dispatcher = new SocketDispatcher(journal, eventLimits, tokens.callers);
  const told = new ToldTyping(clock.elapsedMs);
  const distributor = new ChatDistributorService(chatService.pool, rooms.sync, told, randomUUID);
  const { loopback, headPoll, headSweep } = rooms;
  const { tokenWatch, heartbeats, revocationWatch } = sessions;
  await chatService.resolver.start();
  return {
    journal,
    rateLimits,
    dispatcher,
    busyRooms: chatService.busyRooms,
    /** Undefined where tokens are not given away. */
    devTokens: tokens.devTokens,
    /** What controllers, guards and the socket gateway are made of, each by its class. */
    served: [
      journal,
      rateLimits,
      tokens.tokens,
      tokens.callers,
      distributor,
      sessions.sessions,
      sessions.socketAuth,
      dispatcher,
    ],
    /** Resolves when the first stream to a chat service has come up. */
    firstUp: chatService.pool.firstUp,
    /** Subscribes, begins to look for what was missed, and waits for the revocations, though not for ever. */
    start: async (): Promise<void> => {
      rooms.subscriptions.start();
      for (const each of [loopback, headPoll, headSweep, tokenWatch, heartbeats]) each.start();
      await revocationWatch.start();
    },
    /** Refuses new handshakes and sends the sockets away; resolves when every request is answered, or `signal` aborts. */
    sendAway: async (signal: AbortSignal): Promise<void> => {
      sessions.gate.close();
      await sessions.drain.sendAway(signal);
      await dispatcher.idle(signal);
    },
    /** Ends what `start` began, while sockets are still served. */
    stop: (): void => {
      for (const each of [loopback, headPoll, headSweep, tokenWatch, heartbeats, revocationWatch]) each.stop();
    },
    /** Ends streams and subscriptions. */
    close: (): void => {
      chatService.resolver.stop();
      chatService.pool.close();
      rooms.subscriber.close();
      rateLimits.close();
    },
  };
}

/** A gateway without its transports. */
export type Gateway = Awaited<ReturnType<typeof assemble>>;
