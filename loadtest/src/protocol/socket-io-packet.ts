const typeCodes = { connect: '0', disconnect: '1', event: '2', ack: '3', connectError: '4' } as const;

/** One packet of Socket.IO protocol 5 as an Engine.IO message carries it. No binary attachments. */
export type SocketIoPacket =
  /** From the client with its `auth`, from the server with `{sid}`. */
  | { readonly type: 'connect'; readonly namespace: string; readonly data?: Readonly<Record<string, unknown>> }
  | { readonly type: 'disconnect'; readonly namespace: string }
  /** With an `id` the sender expects an ack. */
  | {
      readonly type: 'event';
      readonly namespace: string;
      readonly id?: number;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'ack'; readonly namespace: string; readonly id: number; readonly args: readonly unknown[] }
  | {
      readonly type: 'connectError';
      readonly namespace: string;
      readonly error: { readonly message: string; readonly data?: unknown };
    };

/** A packet as text (https://github.com/socketio/socket.io-protocol). */
export function encodeSocketIo(packet: SocketIoPacket): string {
  const id = 'id' in packet ? `${packet.id}` : '';
  return `${typeCodes[packet.type]}${prefixOf(packet.namespace)}${id}${bodyOf(packet)}`;
}

/** The packet in a text. Throws on anything that is not one, binary packets included. */
export function decodeSocketIo(text: string): SocketIoPacket {
  // Type, namespace with its comma, id, JSON. No pattern: k6 is slow at those on a whole packet.
  const code = text.charAt(0);
  const namespaceEnd = text.charAt(1) === '/' ? text.indexOf(',') : -1;
  const namespace = namespaceEnd < 0 ? '/' : text.slice(1, namespaceEnd);
  const idStart = namespaceEnd < 0 ? 1 : namespaceEnd + 1;
  let idEnd = idStart;
  while (isDigit(text.charCodeAt(idEnd))) idEnd++;
  const json = text.slice(idEnd);
  const body = json === '' ? undefined : parse(json, text);
  const id = idEnd === idStart ? undefined : Number(text.slice(idStart, idEnd));
  switch (code) {
    case typeCodes.connect:
      if (body === undefined) return { type: 'connect', namespace };
      return isRecord(body) ? { type: 'connect', namespace, data: body } : fail(text);
    case typeCodes.disconnect:
      return { type: 'disconnect', namespace };
    case typeCodes.event: {
      const [name, ...args] = Array.isArray(body) ? (body as unknown[]) : [];
      if (typeof name !== 'string') return fail(text);
      return { type: 'event', namespace, ...(id === undefined ? {} : { id }), name, args };
    }
    case typeCodes.ack:
      return Array.isArray(body) && id !== undefined ? { type: 'ack', namespace, id, args: body } : fail(text);
    case typeCodes.connectError:
      if (!isRecord(body) || typeof body['message'] !== 'string') return fail(text);
      return { type: 'connectError', namespace, error: { ...body, message: body['message'] } };
    default:
      return fail(text);
  }
}

function prefixOf(namespace: string): string {
  return namespace === '/' ? '' : `${namespace},`;
}

function bodyOf(packet: SocketIoPacket): string {
  switch (packet.type) {
    case 'connect':
      return packet.data === undefined ? '' : JSON.stringify(packet.data);
    case 'disconnect':
      return '';
    case 'event':
      return JSON.stringify([packet.name, ...packet.args]);
    case 'ack':
      return JSON.stringify(packet.args);
    case 'connectError':
      return JSON.stringify(packet.error);
  }
}

function parse(json: string, text: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return fail(text);
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(text: string): never {
  throw new Error(`not a Socket.IO packet: ${JSON.stringify(text.slice(0, 40))}`);
}
