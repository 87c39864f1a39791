import { ParlanceClient, ParlanceError } from '@parlance/client';
import type { Observation, SeenMessage } from '../history/observation.js';
import { signToken } from './sign-token.js';

/** A user with the product's own SDK, who tells what happens. */
export class SdkRecorder {
  readonly #client: ParlanceClient;
  #sent = 0;
  #open = 0;

  constructor(
    readonly clientId: string,
    readonly userId: string,
    url: string,
    private readonly record: (observation: Observation) => void,
  ) {
    this.#client = new ParlanceClient({
      url,
      // Longer than any clock in the fleet is ahead.
      getToken: () => signToken(userId, { expiresIn: 60 * 86_400 }),
      reconnect: { firstMs: 200, capMs: 2_000 },
      requestTimeoutMs: 6_000,
    });
    this.#client.on('message', (message) => {
      record({ kind: 'shown', at: performance.now(), clientId, userId, message: seen(message) });
    });
    const known = new Map<string, unknown>();
    this.#client.on('room', ({ room, marks }) => {
      if (known.get(room.roomId) === marks) return;
      known.set(room.roomId, marks);
      for (const [user, { delivered, read }] of marks) {
        const mark = { kind: 'marked', at: performance.now(), clientId, roomId: room.roomId, userId: user } as const;
        record({ ...mark, receipt: 'delivered', upTo: delivered });
        record({ ...mark, receipt: 'read', upTo: read });
      }
    });
  }

  /** Resolves when it is connected for the first time. */
  connect(): Promise<void> {
    return this.#client.connect();
  }

  /** Rooms it knows of. */
  get rooms(): readonly string[] {
    return [...this.#client.rooms.keys()];
  }

  /** Messages on their way. */
  get open(): number {
    return this.#open;
  }

  /** Creates a room. */
  async createRoom(participants: readonly string[]): Promise<string> {
    return (await this.#client.createRoom({ roomType: 'group', participants: [...participants] })).roomId;
  }

  /** Sends a message; what becomes of it is recorded. */
  send(roomId: string): void {
    const content = `${this.clientId} ${++this.#sent}`;
    const at = performance.now();
    const pending = this.#client.send(roomId, content);
    const key = { roomId, senderId: this.userId, clientMessageId: pending.clientMessageId };
    this.record({ kind: 'sent', at, clientId: this.clientId, content, ...key });
    this.#open += 1;
    pending.done.then(
      ({ messageId, timestamp }) => {
        this.#open -= 1;
        this.record({ kind: 'acked', at: performance.now(), messageId, timestamp, ...key });
      },
      (thrown: unknown) => {
        this.#open -= 1;
        const { outcome, code } = ParlanceError.from(thrown, 'INTERNAL');
        this.record({ kind: 'refused', at: performance.now(), outcome, code, ...key });
      },
    );
  }

  /** Marks what is shown as read. */
  read(roomId: string): void {
    this.#client.markRead(roomId);
  }

  close(): void {
    this.#client.close();
  }
}

function seen(message: {
  readonly roomId: string;
  readonly messageId: number;
  readonly senderId: string;
  readonly clientMessageId?: string;
  readonly content: string;
  readonly timestamp: number;
}): SeenMessage {
  const { roomId, messageId, senderId, clientMessageId = '', content, timestamp } = message;
  return { roomId, messageId, senderId, clientMessageId, content, timestamp };
}
