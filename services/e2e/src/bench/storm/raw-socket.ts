/**
 * A Socket.IO connection that only counts: the Engine.IO and Socket.IO packets are read as text, so that a thousand of
 * them cost their thread little (https://socket.io/docs/v4/engine-io-protocol/, socket-io-protocol/).
 */
export class RawSocket {
  /** Server events since the last reset, by name. */
  readonly frames = new Map<string, number>();
  /** How many `roomJoined` since the last reset told what an earlier one had told. */
  duplicates = 0;
  private readonly joined = new Set<string>();

  private constructor(private readonly socket: WebSocket) {}

  /** Connects to the namespace `/chat` and resolves at `ready`. Rejects when the connection ends first. */
  static open(url: string, token: string): Promise<RawSocket> {
    const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address);
    const raw = new RawSocket(socket);
    return new Promise((resolve, reject) => {
      socket.addEventListener('close', () => reject(new Error('a connection of the crowd ended before it was ready')));
      socket.addEventListener('message', ({ data }) => {
        const text = String(data);
        if (text.startsWith('0')) socket.send(`40/chat,${JSON.stringify({ token })}`);
        else if (text.startsWith('44')) reject(new Error(`the crowd was refused: ${text}`));
        else if (text === '2') socket.send('3');
        else if (text.startsWith('42/chat,["')) raw.count(text);
        if (text.startsWith('42/chat,["ready"')) resolve(raw);
      });
    });
  }

  /** Still connected. */
  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Counts anew. */
  reset(): void {
    this.frames.clear();
    this.duplicates = 0;
  }

  private count(text: string): void {
    const name = text.slice(10, text.indexOf('"', 10));
    this.frames.set(name, (this.frames.get(name) ?? 0) + 1);
    if (name !== 'roomJoined') return;
    // Whoever is told of the same people by the same change twice is told too often, whatever else differs.
    const key = text.replace(/,"timestamp":\d+/, '');
    if (this.joined.has(key)) this.duplicates += 1;
    else this.joined.add(key);
  }
}
