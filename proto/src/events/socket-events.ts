import type { Ack } from '../errors/ack.js';
import type { ClientRequests, ServerPayloads } from '../operations/gen/client-types.js';

/** Version of the socket protocol that this package describes. */
export const protocolVersion = 1;

/** Name of a client event. */
export type ClientEventName = keyof ClientRequests;

/** Client events as Socket.IO types them. The namespace is `/chat`; each event takes one object and an ack. */
export type ClientEvents = {
  [Name in ClientEventName]: (
    payload: ClientRequests[Name]['payload'],
    ack: (answer: Ack<ClientRequests[Name]['data']>) => void,
  ) => void;
};

/** Server events as Socket.IO types them. */
export type ServerEvents = {
  [Name in ServerEventName]: (payload: ServerPayloads[Name]) => void;
};

/** Name of a server event. */
export type ServerEventName = keyof ServerPayloads;
