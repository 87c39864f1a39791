import { BSON, type Document } from 'mongodb';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;

/** One request of MongoDB's wire protocol, taken apart as far as a router has to. See the driver specification "OP_MSG". */
export interface WireRequest {
  readonly requestId: number;
  /** The one old form a driver may open a connection with: an OP_QUERY on `admin.$cmd`. It wants an OP_REPLY. */
  readonly legacy: boolean;
  /** The command document, not copied. */
  readonly body: Buffer;
  /** Document sequences beside the body (kind 1), each with its kind byte, not copied. */
  readonly sequences: readonly Buffer[];
  /** The client does not wait for an answer. */
  readonly unanswered: boolean;
  /** The client takes any number of answers: a monitor that wants to be told of every change. */
  readonly takesMore: boolean;
}

/** Reads one whole message. Throws on an opcode or section no current driver sends. */
export function parseRequest(message: Buffer): WireRequest {
  const requestId = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_QUERY) {
    const nameEnd = message.indexOf(0, 20);
    const start = nameEnd + 1 + 8; // numberToSkip, numberToReturn
    const body = message.subarray(start, start + message.readInt32LE(start));
    return { requestId, legacy: true, body, sequences: [], unanswered: false, takesMore: false };
  }
  if (opcode !== OP_MSG) throw new Error(`opcode ${opcode} is not spoken here`);
  const flags = message.readUInt32LE(16);
  const end = message.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4);
  let body: Buffer | undefined;
  const sequences: Buffer[] = [];
  for (let at = 20; at < end; ) {
    const length = message.readInt32LE(at + 1);
    const section = message.subarray(at, at + 1 + length);
    if (section[0] === 0) body = section.subarray(1);
    else if (section[0] === 1) sequences.push(section);
    else throw new Error(`section kind ${section[0]} is not spoken here`);
    at += 1 + length;
  }
  if (body === undefined) throw new Error('a message without a command');
  return {
    requestId,
    legacy: false,
    body,
    sequences,
    unanswered: (flags & MORE_TO_COME) !== 0,
    takesMore: (flags & EXHAUST_ALLOWED) !== 0,
  };
}

/** The request under another command name, with `extra` at the end of its body; all other bytes are the client's own. */
export function renamedRequest(request: WireRequest, name: string, extra: Document = {}): Buffer {
  const { body, requestId, sequences } = request;
  const nameEnd = body.indexOf(0, 5);
  const more = BSON.serialize(extra).subarray(4, -1);
  const newBody = Buffer.concat([
    int32(0),
    body.subarray(4, 5), // type of the first element
    Buffer.from(`${name}\0`, 'utf8'),
    body.subarray(nameEnd + 1, -1),
    more,
    Buffer.of(0),
  ]);
  newBody.writeInt32LE(newBody.length, 0);
  return message(requestId, 0, OP_MSG, [int32(0), Buffer.of(0), newBody, ...sequences]);
}

/** A request with a command of the router's own. */
export function newRequest(command: Document): Buffer {
  return message(0, 0, OP_MSG, [int32(0), Buffer.of(0), BSON.serialize(command, { ignoreUndefined: true })]);
}

/** An answer to `request`, in the form it was asked in. */
export function replyTo(request: WireRequest, document: Document): Buffer {
  const body = BSON.serialize(document, { ignoreUndefined: true });
  if (!request.legacy) return message(0, request.requestId, OP_MSG, [int32(0), Buffer.of(0), body]);
  const AWAIT_CAPABLE = 8;
  const head = [int32(AWAIT_CAPABLE), int32(0), int32(0), int32(0), int32(1)]; // flags, cursor id, starting from, count
  return message(0, request.requestId, OP_REPLY, [...head, body]);
}

/** One of several answers to a request, after `before` (a request or an answer), with more to come. */
export function oneOfManyReplies(before: number, document: Document): { readonly id: number; readonly reply: Buffer } {
  const body = BSON.serialize(document, { ignoreUndefined: true });
  const reply = message(0, before, OP_MSG, [int32(MORE_TO_COME), Buffer.of(0), body]);
  return { id: reply.readInt32LE(4), reply };
}

/** The command document of an answer that came as OP_MSG, not copied. */
export function replyBody(reply: Buffer): Buffer {
  return reply.subarray(21, 21 + reply.readInt32LE(21));
}

let lastRequestId = 0;

function message(requestId: number, responseTo: number, opcode: number, parts: readonly Uint8Array[]): Buffer {
  const id = requestId === 0 ? (lastRequestId = (lastRequestId + 1) & 0x7fffffff) : requestId;
  const length = parts.reduce((sum, part) => sum + part.length, 16);
  return Buffer.concat([int32(length), int32(id), int32(responseTo), int32(opcode), ...parts], length);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
