/**
 * Times from a send to each arrival of the message, joined by the id that the server gave it: the ack names it to the sender, the
 * event to everybody. Both moments are read from the clock of one process, so it makes no difference how the server's runs, and
 * messages carry no time of their own. An arrival may come before the ack.
 */
export class LatencyById {
  private readonly sentAt = new Map<string, number>();
  private readonly early = new Map<string, number[]>();

  /**
   * @param isOurs whether that user sends from here; arrivals from others have no time here.
   * @param onLatency hears of each arrival once, in milliseconds.
   */
  constructor(
    private readonly isOurs: (userId: string) => boolean,
    private readonly onLatency: (latencyMs: number) => void,
  ) {}

  /** The ack has named the id. `sentAtMs`: when the send was due. */
  acknowledged({ roomId, messageId }: ServerStamp, sentAtMs: number): void {
    const key = `${roomId} ${messageId}`;
    this.sentAt.set(key, sentAtMs);
    for (const atMs of this.early.get(key) ?? []) this.onLatency(atMs - sentAtMs);
    this.early.delete(key);
  }

  /** The message has come to somebody. */
  arrived({ roomId, messageId, senderId }: ServerStamp & { readonly senderId: string }, atMs: number): void {
    if (!this.isOurs(senderId)) return;
    const key = `${roomId} ${messageId}`;
    const sentAtMs = this.sentAt.get(key);
    if (sentAtMs !== undefined) return this.onLatency(atMs - sentAtMs);
    const early = this.early.get(key);
    if (early === undefined) this.early.set(key, [atMs]);
    else early.push(atMs);
  }
}

/** What names a message: ids count from 1 in each room. */
interface ServerStamp {
  readonly roomId: string;
  readonly messageId: number;
}
