import { ResumingClient } from '../../clients/resuming-client.js';
import { SdkRecorder } from '../../clients/sdk-recorder.js';
import { signToken } from '../../clients/sign-token.js';
import type { FinalRoom } from '../../history/final-room.js';
import type { EndState } from '../../history/history-checker.js';
import type { Observation } from '../../history/observation.js';
import type { Changer } from './change-kinds.js';

const plainDevices = 4;

/** How many there are, and where. */
export interface CrowdOptions {
  readonly clients: number;
  readonly rooms: number;
  /** Where all of them connect. */
  readonly url: string;
  readonly record: (observation: Observation) => void;
}

/**
 * Everybody who takes part in a run, and which rooms each has to be shown to the end: users of the SDK, and for some of them
 * a second device that speaks plain Socket.IO and only looks on.
 */
export class Crowd {
  readonly people: SdkRecorder[] = [];
  /** The rooms that a user sends to. */
  private readonly homes = new Map<SdkRecorder, string[]>();
  private readonly devices: ResumingClient[] = [];
  private readonly roomsOf = new Map<string, string[]>();
  private readonly visiting: { readonly visitor: Changer; readonly roomId: string }[] = [];

  constructor(private readonly options: CrowdOptions) {}

  /** Connects everybody and makes the rooms; each user is in two or more, and each room has the same number. */
  async enter(until: (what: string, condition: () => boolean) => Promise<void>): Promise<void> {
    const { clients, rooms, url, record } = this.options;
    for (let index = 0; index < clients; index++) {
      const user = `user-${index}`;
      this.people.push(new SdkRecorder(user, user, url, record));
    }
    await Promise.all(this.people.map((client) => client.connect()));
    const membersOf = Array.from({ length: rooms }, (_, room) =>
      this.people.filter((_, index) => index % rooms === room || (index * 7 + 3) % rooms === room),
    );
    await Promise.all(
      membersOf.map(async (members) => {
        const [first] = members;
        if (first === undefined) throw new Error('there are more rooms than clients');
        const roomId = await first.createRoom(members.map(({ userId }) => userId));
        for (const member of members) {
          this.homes.set(member, [...this.homesOf(member), roomId]);
          this.expect(member.clientId, roomId);
        }
      }),
    );
    await until('everybody to know their rooms', () =>
      this.people.every((client) => client.rooms.length === this.homesOf(client).length),
    );
    await Promise.all(this.people.slice(0, plainDevices).map((person) => this.addDevice(person)));
  }

  /** The rooms that a user sends to. */
  homesOf(person: SdkRecorder): readonly string[] {
    return this.homes.get(person) ?? [];
  }

  /** A client has to be shown all of a room, from the first message to the last. */
  expect(clientId: string, roomId: string): void {
    this.roomsOf.set(clientId, [...(this.roomsOf.get(clientId) ?? []), roomId]);
  }

  /** A user comes into a room and goes; whoever is in it at the end has to be shown the last message. */
  visits(visitor: Changer, roomId: string): void {
    this.visiting.push({ visitor, roomId });
  }

  /** Who has to be shown which rooms; `rooms` say which of the visitors are there. */
  expected(rooms: readonly FinalRoom[] = []): EndState['clients'] {
    const byId = new Map(rooms.map((room) => [room.roomId, room]));
    const staying = this.visiting.filter(({ visitor, roomId }) => byId.get(roomId)?.participants.has(visitor.userId));
    return [
      ...[...this.roomsOf].map(([clientId, ids]) => ({ clientId, rooms: ids })),
      ...staying.map(({ visitor, roomId }) => ({ clientId: visitor.clientId, rooms: [roomId] })),
    ];
  }

  close(): void {
    for (const client of [...this.people, ...this.devices]) client.close();
  }

  private async addDevice(person: SdkRecorder): Promise<void> {
    const { url, record } = this.options;
    const clientId = `${person.clientId} (plain)`;
    const rooms = new Set(this.homesOf(person));
    const device = new ResumingClient(person.userId, [url], {
      token: signToken(person.userId, { expiresIn: 60 * 86_400 }),
      onShown: (message) => {
        // Rooms that it comes to know later begin for it at the head that it is told.
        if (!rooms.has(message.roomId)) return;
        record({ kind: 'shown', at: performance.now(), clientId, userId: person.userId, message });
      },
    });
    this.devices.push(device);
    await device.start();
    for (const roomId of rooms) this.expect(clientId, roomId);
  }
}
