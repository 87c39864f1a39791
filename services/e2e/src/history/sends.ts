import type { Anomaly } from './anomaly.js';
import type { Acked, Refused, SeenMessage, SendKey, Sent } from './observation.js';

/** One send and all that its sender was told about it. */
export interface Send {
  readonly sent: Sent;
  /** Place among the sends of all clients. */
  readonly order: number;
  ack?: Acked;
  refusal?: Refused;
}

/** Every send of a history. */
export class Sends {
  private readonly byKey = new Map<string, Send>();

  /** Notes the first attempt of a send; a second one is a fault of whoever writes the history. */
  sent(sent: Sent): void {
    const key = keyOf(sent);
    if (this.byKey.has(key)) throw new Error(`${key} was told as sent twice`);
    this.byKey.set(key, { sent, order: this.byKey.size });
  }

  /** Notes an ack; answers what is wrong with it. */
  acked(ack: Acked): Anomaly[] {
    const send = this.get(ack);
    const before = send.ack;
    send.ack ??= ack;
    if (before === undefined || (before.messageId === ack.messageId && before.timestamp === ack.timestamp)) return [];
    const detail = `${describe(send)} was acknowledged as ${before.messageId}, then as ${ack.messageId}`;
    return [{ name: 'ackChanged', roomId: ack.roomId, detail }];
  }

  /** Notes the end of a send without an ack. */
  refused(refusal: Refused): void {
    this.get(refusal).refusal = refusal;
  }

  /** The send behind a message, or undefined. */
  find(key: SendKey): Send | undefined {
    return this.byKey.get(keyOf(key));
  }

  /** Counts for a report. */
  count(): { readonly sends: number; readonly acked: number; readonly rejected: number; readonly unknown: number } {
    const all = [...this.byKey.values()];
    const refused = all.filter(({ ack }) => ack === undefined);
    const rejected = refused.filter(({ refusal }) => refusal?.outcome === 'rejected').length;
    return { sends: all.length, acked: all.length - refused.length, rejected, unknown: refused.length - rejected };
  }

  /** Compares all sends with the logs of all rooms. */
  compare(logs: ReadonlyMap<string, readonly SeenMessage[]>): Anomaly[] {
    const stored = new Map<string, SeenMessage[]>();
    for (const message of [...logs.values()].flat()) {
      const key = keyOf(message);
      stored.set(key, [...(stored.get(key) ?? []), message]);
    }
    const found: Anomaly[] = [];
    const tell = (name: Anomaly['name'], roomId: string, detail: string): void =>
      void found.push({ name, roomId, detail });
    for (const [key, send] of this.byKey) {
      const copies = stored.get(key) ?? [];
      const { ack, refusal, sent } = send;
      if (ack && !copies.some(({ messageId }) => messageId === ack.messageId)) {
        tell('lost', sent.roomId, `${describe(send)} was acknowledged as ${ack.messageId}`);
      }
      if (copies.length > 1) {
        const ids = copies.map(({ messageId }) => messageId).join(' and ');
        tell('duplicate', sent.roomId, `${describe(send)} is in the log as ${ids}`);
      }
      if (!ack && refusal?.outcome === 'rejected' && copies.length > 0) {
        tell('phantom', sent.roomId, `${describe(send)} was rejected (${refusal.code}) and is in the log`);
      }
    }
    for (const [key, copies] of stored) {
      const [first] = copies;
      if (first && !this.byKey.has(key)) tell('phantom', first.roomId, `nobody sent ${first.messageId}`);
    }
    for (const [roomId, log] of logs) found.push(...this.order(roomId, log));
    return found;
  }

  /**
   * Two orders that ids must keep: what was acknowledged before another message was sent, by whomever, comes before it;
   * and messages of one client come in the order in which it sent them (R11: sends keep their order).
   */
  private order(roomId: string, log: readonly SeenMessage[]): Anomaly[] {
    const found: Anomaly[] = [];
    let earliest: Send | undefined;
    const nextOf = new Map<string, Send>();
    for (const message of log.toReversed()) {
      const send = this.find(message);
      if (!send) continue;
      const later = nextOf.get(send.sent.clientId);
      if (later && later.order < send.order) {
        found.push({
          name: 'reordered',
          roomId,
          detail: `${describe(send)} was sent after ${describe(later)} and stands before it`,
        });
      } else if (earliest?.ack && earliest.ack.at < send.sent.at) {
        const detail = `${describe(send)} was sent after ${describe(earliest)} had been acknowledged and stands before it`;
        found.push({ name: 'reordered', roomId, detail });
      }
      nextOf.set(send.sent.clientId, send);
      if (send.ack && send.ack.at < (earliest?.ack?.at ?? Number.POSITIVE_INFINITY)) earliest = send;
    }
    return found;
  }

  private get(key: SendKey): Send {
    const send = this.find(key);
    if (!send) throw new Error(`${keyOf(key)} was told of and never sent`);
    return send;
  }
}

function keyOf({ roomId, senderId, clientMessageId }: SendKey): string {
  return `${roomId}\n${senderId}\n${clientMessageId}`;
}

function describe({ sent, ack }: Send): string {
  return `"${sent.clientMessageId}" of ${sent.clientId}${ack ? ` (${ack.messageId})` : ''}`;
}
