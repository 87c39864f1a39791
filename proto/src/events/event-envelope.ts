/**
 * One event on Redis pub/sub: a header that gateways read and a payload, the ready-made JSON of the server event, that
 * they pass on unread. On the wire: the header as JSON, a line feed, the payload. An event is a hint (R9: events are
 * hints): whoever misses one learns it from `head`.
 */
export interface EventEnvelope extends EventHeader {
  /** JSON text of the payload that sockets receive. */
  readonly payload: string;
}

/** An event as a gateway hears it: its payload is the bytes that came, which nobody reads on the way to sockets. */
export interface HeardEvent extends EventHeader {
  /** UTF-8 of the JSON that sockets receive. */
  readonly payload: Uint8Array;
}

/** What a gateway needs to know of an event. */
export interface EventHeader {
  /** Version of this format. */
  readonly v: 1;
  readonly type: EventType;
  readonly roomId: string;
  /** Newest message id of the room; for `chat:message:new` the message's own id. */
  readonly head: number;
  /** Newest room event of the room. */
  readonly rev: number;
  /** Membership the event was made under; a gateway that knows an older one reloads the participants. */
  readonly memberRev: number;
  /** Epoch of the room's log under which `head` and `rev` count; absent where they say nothing, and in events of older builds. */
  readonly epoch?: number;
  /** Left: who. Delivered, read, typing: who did it. Revoked: whose tokens end; `roomId` is empty. */
  readonly userId?: string;
  /** Joined: all who came in by one change, also those whom the payload does not name. */
  readonly userIds?: readonly string[];
  /** For the sockets of `userId` alone: receipts in rooms of many. */
  readonly only?: true;
  /** W3C traceparent of the request behind the event. */
  readonly trace?: string;
  /** When the event was published, Unix milliseconds; the start of the delivery latency. */
  readonly at: number;
  /**
   * Of a message: its timestamp, which is when the chat service took the send, Unix milliseconds; the start of the end to end
   * latency. Absent in events of older builds.
   */
  readonly sentAt?: number;
}

/** Type of an event, by the names of the original design. */
export type EventType = (typeof eventTypes)[number];

/** All event types. */
export const eventTypes = [
  'chat:message:new',
  'chat:message:delivered',
  'chat:message:read',
  'chat:user:typing',
  'chat:room:joined',
  'chat:room:left',
  'chat:room:updated',
  'chat:room:heads',
  'chat:user:revoked',
] as const;

const known: ReadonlySet<string> = new Set(eventTypes);
const lineFeed = 0x0a;

/** The envelope as text for SPUBLISH. The payload must be one JSON value. */
export function encodeEnvelope(envelope: EventEnvelope): string {
  const { payload, ...header } = envelope;
  return `${JSON.stringify(header)}\n${payload}`;
}

/** The envelope behind a pub/sub payload, or undefined for anything that is not one of this version. */
export function decodeEnvelope(bytes: Uint8Array): HeardEvent | undefined {
  const end = bytes.indexOf(lineFeed);
  if (end < 0) return undefined;
  const header = parseHeader(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString());
  return header && { ...header, payload: bytes.subarray(end + 1) };
}

function parseHeader(text: string): EventHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Not ours: the caller counts it.
  }
  return isHeader(value) ? value : undefined;
}

function isHeader(value: unknown): value is EventHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header = value as Partial<Record<keyof EventHeader, unknown>>;
  return (
    header.v === 1 &&
    typeof header.type === 'string' &&
    known.has(header.type) &&
    typeof header.roomId === 'string' &&
    [header.head, header.rev, header.memberRev, header.epoch ?? 0, header.at, header.sentAt ?? 0].every(
      Number.isSafeInteger,
    )
  );
}
