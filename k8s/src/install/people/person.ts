import { Agent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ChatMessage, ClientEvents, ServerEvents } from '@parlance/proto';
import { SignJWT } from 'jose';
import { io, type Socket } from 'socket.io-client';

/** How the gateways are reached. */
export interface IngressPlace {
  readonly host: string;
  /** Where that name leads to. */
  readonly address: string;
  /** Certificate that the ingress shows, PEM. */
  readonly certificate: string;
  readonly jwtSecret: string;
  /** Address of this machine that connections come from; default whatever the way there takes. */
  readonly from?: string;
  /** What they claim in `X-Forwarded-For`. */
  readonly forwardedFor?: string;
}

/** Somebody who is connected. Whatever they ask for rejects when it is not answered within two minutes. */
export interface Person {
  readonly user: string;
  readonly socket: Socket<ServerEvents, ClientEvents>;
  ask(event: keyof ClientEvents, payload: object): Promise<unknown>;
  /** Resolves with the first messages that were heard, when there are so many. */
  hears(count: number): Promise<readonly ChatMessage[]>;
  leave(): void;
}

/** Connects by WebSocket; rejects when the gateway refuses. The connection comes back by itself when it is lost. */
export async function connectPerson(user: string, place: IngressPlace): Promise<Person> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setIssuer('parlance')
    .setAudience('parlance-chat')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(place.jwtSecret.split(',')[0] ?? ''));
  const lookup: LookupFunction = (_host, options, done) =>
    options.all ? done(null, [{ address: place.address, family: 4 }]) : done(null, place.address, 4);
  const localAddress = place.from === undefined ? {} : { localAddress: place.from };
  const agent = new Agent({ ca: place.certificate, lookup, ...localAddress });
  const socket: Socket<ServerEvents, ClientEvents> = io(`https://${place.host}/chat`, {
    transports: ['websocket'],
    forceNew: true,
    timeout: 60_000,
    // Node's client takes an agent of Node, which its types, made for browsers too, call text.
    agent: agent as unknown as string,
    ...(place.forwardedFor === undefined ? {} : { extraHeaders: { 'X-Forwarded-For': place.forwardedFor } }),
    auth: { token },
  });
  const heard: ChatMessage[] = [];
  const { promise: joined, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.on('connect_error', reject);
  socket.on('newMessage', (message) => void heard.push(message));
  try {
    await within(joined, `${user} connects`);
  } catch (thrown) {
    socket.disconnect();
    throw thrown;
  }
  return {
    user,
    socket,
    ask: async (event, payload) => {
      const answer = (await within(socket.emitWithAck(event, payload as never), `${user}: ${event}`)) as {
        readonly success: boolean;
        readonly data?: unknown;
      };
      if (!answer.success) throw new Error(`${user}: ${event} was answered ${JSON.stringify(answer)}`);
      return answer.data;
    },
    hears: (count) =>
      within(
        new Promise((done) => {
          const look = (): void => {
            if (heard.length >= count) done(heard.slice(0, count));
          };
          socket.on('newMessage', look);
          look();
        }),
        `${user} hears ${count} messages`,
      ),
    leave: () => void socket.disconnect(),
  };
}

async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within two minutes`)), 120_000);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
