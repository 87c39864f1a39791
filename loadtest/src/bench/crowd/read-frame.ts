/** What a text frame of Socket.IO over Engine.IO may be, told to whoever reads it. No object is made a frame: there may be 70,000 a second. */
export interface FrameListener {
  /** A message of the bench reached this connection. */
  message(room: number, sequence: number, messageId: number): void;
  /** The answer to what was sent under this id; `json` is the array of its arguments. */
  ack(id: number, json: string): void;
  /** Another event of the server. */
  event(name: string, json: string): void;
  /** The server asks for life. */
  ping(): void;
  /** Engine.IO is open, the namespace is joined, or the server ends or refuses the connection. */
  connection(what: 'open' | 'joined' | 'refused' | 'closed', text: string): void;
}

/**
 * Reads one text frame. `prefix` is the namespace with its comma (`/chat,`), or nothing for the default one. A message of the
 * bench is known by its content, `m<room>.<sequence> `, and is not parsed any further: this is the sink of a load generator.
 * (https://socket.io/docs/v4/engine-io-protocol/, https://socket.io/docs/v4/socket-io-protocol/)
 */
export function readFrame(text: string, prefix: string, listener: FrameListener): void {
  if (text.charCodeAt(0) !== message) return readControl(text, listener);
  const start = 2 + prefix.length;
  switch (text.charCodeAt(1)) {
    case event: {
      const content = text.indexOf(contentMark, start);
      if (content === -1) return readEvent(text, start, listener);
      const room = numberAt(text, content + contentMark.length);
      const sequence = numberAt(text, text.indexOf('.', content) + 1);
      return listener.message(room, sequence, messageIdIn(text));
    }
    case ack: {
      const json = text.indexOf('[', start);
      return listener.ack(numberAt(text, start), text.slice(json));
    }
    case joined:
      return listener.connection('joined', text);
    case refused:
      return listener.connection('refused', text);
    case left:
      return listener.connection('closed', text);
    default:
      throw new Error(`not a frame that a server sends: ${text.slice(0, 60)}`);
  }
}

/** The `messageId` in the JSON of an ack or an event, or -1. */
export function messageIdIn(json: string): number {
  const at = json.indexOf(idMark);
  return at === -1 ? -1 : numberAt(json, at + idMark.length);
}

const [message, joined, left, event, ack, refused] = ['4', '0', '1', '2', '3', '4'].map((digit) => digit.charCodeAt(0));
const contentMark = '"content":"m';
const idMark = '"messageId":';

function readControl(text: string, listener: FrameListener): void {
  switch (text.charAt(0)) {
    case '0':
      return listener.connection('open', text);
    case '1':
      return listener.connection('closed', text);
    case '2':
      return listener.ping();
    case '6':
      return undefined;
    default:
      throw new Error(`not a frame that a server sends: ${text.slice(0, 60)}`);
  }
}

function readEvent(text: string, start: number, listener: FrameListener): void {
  const name = text.indexOf('["', start) + 2;
  const end = text.indexOf('"', name);
  listener.event(text.slice(name, end), text.slice(end + 1));
}

function numberAt(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
