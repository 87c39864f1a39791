import { ParlanceClient, ParlanceError } from '@parlance/client';
import type { ClientRequests } from '@parlance/proto';
import type { Observation, SeenMessage } from '../history/observation.js';
import { type AskForChange, RecordedChanges, type RoomRequestName } from './recorded-changes.js';
import { signToken } from './sign-token.js';

/** A user with the product's own SDK, who tells what happens. */
export class SdkRecorder {
  /** The changes of rooms that this user asks for. */
  readonly changes: RecordedChanges;
  private readonly held = new Set<string>();
  private readonly client: ParlanceClient;
  private sent = 0;
  private _open = 0;

  constructor(
    readonly clientId: string,
    readonly userId: string,
    url: string,
    private readonly record: (observation: Observation) => void,
  ) {
    this.client = new ParlanceClient({
      url,
      // Longer than any clock in the fleet is ahead.
      getToken: () => signToken(userId, { expiresIn: 60 * 86_400 }),
      reconnect: { firstMs: 200, capMs: 2_000 },
      requestTimeoutMs: 6_000,
    });
    this.client.on('message', (message) => {
      record({ kind: 'shown', at: performance.now(), clientId, userId, message: seen(message) });
    });
    this.changes = new RecordedChanges(userId, askOf(this.client), record);
    this.client.on('rooms', () => this.noteStays());
    const known = new Map<string, unknown>();
    this.client.on('room', ({ room, marks }) => {
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
    return this.client.connect();
  }

  /** Rooms it knows of. */
  get rooms(): readonly string[] {
    return [...this.client.rooms.keys()];
  }

  /** Whether it is connected. */
  get state(): ParlanceClient['state'] {
    return this.client.state;
  }

  /** Messages on their way. */
  get open(): number {
    return this._open;
  }

  /** It shows a room, and the newest message that it had when it came to know of it. */
  holds(roomId: string): boolean {
    return this.held.has(roomId);
  }

  /** Creates a room. */
  async createRoom(participants: readonly string[]): Promise<string> {
    return (await this.client.createRoom({ roomType: 'group', participants: [...participants] })).roomId;
  }

  /** Sends a message; what becomes of it is recorded. */
  send(roomId: string): void {
    const content = `${this.clientId} ${++this.sent}`;
    const at = performance.now();
    const pending = this.client.send(roomId, content);
    const key = { roomId, senderId: this.userId, clientMessageId: pending.clientMessageId };
    this.record({ kind: 'sent', at, clientId: this.clientId, content, ...key });
    this._open += 1;
    pending.done.then(
      ({ messageId, timestamp }) => {
        this._open -= 1;
        this.record({ kind: 'acked', at: performance.now(), messageId, timestamp, ...key });
      },
      (thrown: unknown) => {
        this._open -= 1;
        const { outcome, code } = ParlanceError.from(thrown, 'INTERNAL');
        this.record({ kind: 'refused', at: performance.now(), outcome, code, ...key });
      },
    );
  }

  /** Marks what is shown as read. */
  read(roomId: string): void {
    this.client.markRead(roomId);
  }

  close(): void {
    this.client.close();
  }

  /** Of a room that is new to it, it is known what was shown as soon as something is. */
  private noteStays(): void {
    const stay = { at: performance.now(), clientId: this.clientId } as const;
    for (const [roomId, { room, messages }] of this.client.rooms) {
      const upTo = messages.at(-1)?.messageId ?? 0;
      if (this.held.has(roomId) || (upTo === 0 && room.head > 0)) continue;
      this.held.add(roomId);
      this.record({ kind: 'opened', roomId, upTo, ...stay });
    }
    for (const roomId of this.held) {
      if (this.client.rooms.has(roomId)) continue;
      this.held.delete(roomId);
      this.record({ kind: 'closed', roomId, upTo: 0, ...stay });
    }
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

function askOf(client: ParlanceClient): AskForChange {
  const requests: {
    readonly [Name in RoomRequestName]: (payload: ClientRequests[Name]['payload']) => Promise<unknown>;
  } = {
    createRoom: (payload) => client.createRoom(payload),
    joinRoom: ({ roomId }) => client.joinRoom(roomId),
    leaveRoom: ({ roomId }) => client.leaveRoom(roomId),
    addParticipants: ({ roomId, userIds }) => client.addParticipants(roomId, userIds),
    removeParticipant: ({ roomId, userId }) => client.removeParticipant(roomId, userId),
    setRole: ({ roomId, userId, role }) => client.setRole(roomId, userId, role),
    updateRoom: (payload) => client.updateRoom(payload),
  };
  return (name, payload) => requests[name](payload) as never;
}
