import { connect, type Socket } from 'node:net';

/** Who hears what a line brings. */
export interface LineListener {
  /** One text frame, its bytes as latin1: what the bench looks for in it is ASCII. */
  text(frame: string): void;
  /** The line has ended, or could not be opened. Told once. */
  ended(reason: string): void;
}

/**
 * A WebSocket client for load: text frames of an unencrypted server on this machine, nothing else. All lines read into one
 * buffer and nothing is copied but the text, which takes a third of the CPU of a `WebSocket` of `ws`, so that a generator
 * beside the measured processes takes less from them. (RFC 6455)
 */
export class WebSocketLine {
  private readonly socket: Socket;
  private upgraded = false;
  private over = false;
  /** Bytes of a frame that has not come whole. */
  private rest: Buffer | undefined;

  /** Begins to connect. What is sent before the server has agreed is sent behind the request. */
  constructor(
    url: URL,
    private readonly listener: LineListener,
  ) {
    this.socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.read(shared.subarray(0, length));
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('closed'));
    this.socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
  }

  /** Sends a text frame. */
  send(text: string): void {
    const length = Buffer.byteLength(text);
    // A client has to mask; with the key 0 the masked text is the text.
    const header = length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(header + length);
    frame[0] = 0x81;
    if (length < 126) frame[1] = 0x80 | length;
    else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(length, 2);
    }
    frame.fill(0, header - 4, header);
    frame.write(text, header);
    this.socket.write(frame);
  }

  /** Reads nothing any more. */
  pause(): void {
    this.socket.pause();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    let at = this.upgraded ? 0 : this.readAnswer(bytes);
    while (!this.over && at < bytes.length) {
      const next = this.readFrame(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    this.rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }

  /** Returns where the frames begin, or 0 while the answer has not come whole. */
  private readAnswer(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    const answer = bytes.toString('latin1', 0, end);
    this.upgraded = answer.startsWith('HTTP/1.1 101');
    if (!this.upgraded) this.end(answer.slice(0, answer.indexOf('\r')));
    return end + 4;
  }

  /** Returns where the next frame begins, or undefined when this one has not come whole. */
  private readFrame(bytes: Buffer, at: number): number | undefined {
    if (!this.upgraded || bytes.length < at + 2) return undefined;
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    let length = second & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (bytes.length < start + 2) return undefined;
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (bytes.length < start + 8) return undefined;
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    const end = start + length;
    if (bytes.length < end) return undefined;
    if (first === 0x81) this.listener.text(bytes.toString('latin1', start, end));
    else if (first === 0x89) this.socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    else this.end(first === 0x88 ? 'the server closed it' : `a frame of kind ${first.toString(16)}`);
    return end;
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.socket.destroy();
    this.listener.ended(reason);
  }
}

const shared = Buffer.allocUnsafe(256 * 1_024);
