import type { PlannedRoom } from '../plan/room-plan.ts';
import { LatencyById } from '../room/latency-by-id.ts';
import { RefusedError } from '../room/refused-error.ts';
import { RoomMember } from '../room/room-member.ts';
import type { Stage } from './stage.ts';

/** Characters of a message. */
const textLength = 140;

/** One room of a run with all its people. What they do does not throw: what goes wrong is counted and said. */
export class Gathering {
  readonly members: readonly RoomMember[];
  readonly roomId: string;
  private readonly names: readonly string[];
  private readonly spoken: number[];

  /** Makes the people and their room. Throws what the gateway says when it does not. */
  constructor(
    readonly stage: Stage,
    readonly planned: PlannedRoom,
  ) {
    const { people, firstPerson, number } = planned;
    this.names = Array.from({ length: people }, (_, index) => `${stage.name}-${firstPerson + index}`);
    this.spoken = this.names.map(() => 0);
    const tokens = this.names.map((name) => stage.tokenOf(name));
    this.roomId = stage.createRoom(tokens[0] ?? '', `Load ${stage.name} ${number + 1}`, this.names.slice(1));
    const ours = new Set(this.names);
    const latencies = new LatencyById(
      (userId) => ours.has(userId),
      (latencyMs) => stage.time('parlance_delivery_latency', latencyMs),
    );
    this.members = tokens.map(
      (token) =>
        new RoomMember({
          ...stage,
          token,
          roomId: this.roomId,
          latencies,
          onAck: (latencyMs) => stage.time('parlance_ack_latency', latencyMs),
        }),
    );
  }

  /** How many they are. */
  get size(): number {
    return this.members.length;
  }

  /** How a person is called, for lines about something wrong. */
  nameOf(member: RoomMember): string {
    return this.names[this.members.indexOf(member)] ?? '';
  }

  /** Connects a person; false when that failed. `dueAtMs`: from when on its time counts. */
  async enter(member: RoomMember, dueAtMs = this.stage.now()): Promise<boolean> {
    const entered = await this.attempt('parlance_failed_connections', member, async () => {
      await member.enter();
      return true;
    });
    if (entered !== true) return false;
    this.stage.time('parlance_connect_time', this.stage.now() - dueAtMs);
    return true;
  }

  /** A person says the next thing; false when it was not acknowledged. `dueAtMs`: from when on its times count. */
  async speak(member: RoomMember, dueAtMs = this.stage.now()): Promise<boolean> {
    const [name, text] = this.next(member);
    return (
      (await this.attempt('parlance_failed_sends', member, async () => {
        await member.send(name, text, dueAtMs);
        return true;
      })) === true
    );
  }

  /** As `speak`, but waits as long as the gateway says when there is too much of it, and then asks again. */
  async speakInTurn(member: RoomMember): Promise<boolean> {
    const [name, text] = this.next(member);
    const send = async (): Promise<true> => {
      try {
        await member.send(name, text);
        return true;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.refusal.code !== 'RATE_LIMITED') throw error;
        await this.stage.sleep(error.refusal.retryAfterMs ?? 1_000);
        return await send();
      }
    };
    return (await this.attempt('parlance_failed_sends', member, send)) === true;
  }

  /** Does something of a person; what is thrown is counted and said, and the result is undefined. */
  async attempt<Value>(
    counter: 'parlance_failed_connections' | 'parlance_failed_sends' | 'parlance_failed_requests',
    member: RoomMember,
    deed: () => Promise<Value>,
  ): Promise<Value | undefined> {
    try {
      return await deed();
    } catch (error) {
      this.stage.count(counter, 1);
      this.stage.say(`${this.nameOf(member)}: ${String(error)}`);
      return undefined;
    }
  }

  /** Resolves at that time. */
  async until(atMs: number): Promise<void> {
    const waitMs = atMs - this.stage.now();
    if (waitMs > 0) await this.stage.sleep(waitMs);
  }

  private next(member: RoomMember): [string, string] {
    const index = this.members.indexOf(member);
    const number = (this.spoken[index] ?? 0) + 1;
    this.spoken[index] = number;
    const name = `${this.names[index]}-${number}`;
    return [name, `${name} says something `.padEnd(textLength, '.')];
  }
}
