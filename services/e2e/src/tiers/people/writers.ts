import { shuffled } from '../../seeded-random.js';
import type { Oracle } from '../oracle/oracle.js';
import { as, type Pod } from './pod.js';
import type { Tally } from './tally.js';
import { textOf } from './text-of.js';
import { untilAnswered } from './until-answered.js';

/** Somebody's messages of one month in one room, sent one after the other. */
export interface Lane {
  readonly roomId: string;
  readonly user: string;
  readonly messages: number;
}

/** What writers need. */
export interface WriterContext {
  readonly pods: readonly [Pod, ...Pod[]];
  readonly oracle: Oracle;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Called after each acknowledgement. */
  readonly sent: () => void;
}

/** Lanes that send at a time: so many that the messages of a room go together in one insert, as under load. */
const lanesAtATime = 400;

/** Every 20th message carries metadata. */
const metadataEvery = 20;

/** Sends messages through the pods, until each is acknowledged, and tells the oracle. */
export class Writers {
  /** Messages of each user in each room so far. */
  private readonly numbers = new Map<string, number>();
  private sent = 0;

  constructor(private readonly context: WriterContext) {}

  /** Sends all lanes, long ones first so that none is left alone at the end. */
  async send(lanes: readonly Lane[], random: () => number): Promise<void> {
    const waiting = shuffled(lanes, random).toSorted((left, right) => left.messages - right.messages);
    const worker = async (): Promise<void> => {
      for (let lane = waiting.pop(); lane; lane = waiting.pop()) await this.lane(lane);
    };
    await Promise.all(Array.from({ length: lanesAtATime }, worker));
  }

  private async lane({ roomId, user, messages }: Lane): Promise<void> {
    const { signal } = this.context;
    for (let index = 0; index < messages && !signal.aborted; index++) await this.one(roomId, user);
  }

  private async one(roomId: string, user: string): Promise<void> {
    const { pods, oracle, tally, sent: told } = this.context;
    const key = `${roomId} ${user}`;
    const number = this.numbers.get(key) ?? 0;
    this.numbers.set(key, number + 1);
    this.sent += 1;
    const content = textOf(this.sent);
    const metadataJson = this.sent % metadataEvery === 0 ? JSON.stringify({ number: this.sent }) : '';
    const clientMessageId = `${user}:${number}`;
    oracle.begin(roomId, { clientMessageId, senderId: user, content, metadataJson });
    tally.sends += 1;
    let attempt = 0;
    const outcome = await untilAnswered(() => {
      // A retry may go to another pod, as behind a gateway that has lost the first.
      const pod = pods[(this.sent + attempt++) % pods.length] ?? pods[0];
      const request = { roomId, content, clientMessageId, messageType: 'text', metadataJson };
      return pod.operations.sendMessage(as(user), request);
    });
    if (outcome.kind !== 'answered') {
      oracle.report(outcome.kind, `${oracle.rooms.get(roomId)?.name ?? ''}: ${clientMessageId}: ${outcome.text}`);
      return;
    }
    tally.repeated(outcome);
    tally.acknowledged += 1;
    const { message } = outcome.answer;
    if (message) oracle.acknowledge(roomId, clientMessageId, message);
    told();
  }
}
