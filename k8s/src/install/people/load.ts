import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatMessage } from '@parlance/proto';
import { type Figures, noFigures } from './figures.js';
import { connectPerson, type IngressPlace, type Person } from './person.js';

/** People who talk all the time: each sends a message a second and sends it again, under the same id, until it is acknowledged. */
export class Load {
  private readonly acked = new Map<string, Sent[]>();
  private readonly stop = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private ackAt = performance.now();
  private heardAt = performance.now();
  private figures: Figures = noFigures;

  private constructor(
    private readonly people: readonly Person[],
    private readonly rooms: readonly string[],
  ) {}

  /** Connects people, four to a room, and lets them begin. */
  static async start(place: IngressPlace, people: number): Promise<Load> {
    const run = randomUUID().slice(0, 8);
    const connected = await Promise.all(
      Array.from({ length: people }, (_, index) => connectPerson(`p${index}-${run}`, place)),
    );
    const rooms: string[] = [];
    for (let index = 0; index < people; index += 4) {
      const [owner, ...others] = connected.slice(index, index + 4) as [Person, ...Person[]];
      const participants = others.map(({ user }) => user);
      const room = (await owner.ask('createRoom', { roomType: 'group', participants, metadata: { name: 'Load' } })) as {
        readonly roomId: string;
      };
      rooms.push(room.roomId);
    }
    const load = new Load(connected, rooms);
    load.loops.push(load.watchClock());
    for (const [index, person] of connected.entries())
      load.watch(person, rooms[Math.floor(index / 4)] as string, index);
    return load;
  }

  /** What was seen while something was done to the installation. */
  async during(deed: () => Promise<unknown>): Promise<Figures> {
    this.figures = noFigures;
    this.ackAt = performance.now();
    this.heardAt = this.ackAt;
    await deed();
    await this.talksAgain();
    return this.figures;
  }

  /** Waits until as many messages as there are people were acknowledged since now. Rejects when that takes over two minutes. */
  private async talksAgain(): Promise<void> {
    const [wanted, endsAt] = [this.figures.acks + this.people.length, performance.now() + 120_000];
    while (this.figures.acks < wanted) {
      if (performance.now() > endsAt)
        throw new Error('nobody is heard any more: for two minutes hardly a message was acknowledged');
      await delay(100);
    }
  }

  /** Lets everybody finish, reads every room, and answers what was lost, doubled or out of the order of its sender. */
  async end(): Promise<Verdict> {
    this.stop.abort();
    await Promise.all(this.loops);
    let [sent, lost, doubled, disordered] = [0, 0, 0, 0];
    for (const [index, roomId] of this.rooms.entries()) {
      const kept = await history(this.people[index * 4] as Person, roomId);
      const acked = this.acked.get(roomId) ?? [];
      const places = new Map<string, number[]>();
      for (const [place, { content }] of kept.entries()) places.set(content, [...(places.get(content) ?? []), place]);
      sent += acked.length;
      lost += acked.filter(({ content }) => !places.has(content)).length;
      doubled += [...places.values()].filter((each) => each.length > 1).length;
      const bySender = new Map<string, number>();
      for (const { senderId, content } of kept) {
        const number = Number(content.split(' ')[1]);
        if (number <= (bySender.get(senderId) ?? -1)) disordered += 1;
        bySender.set(senderId, number);
      }
    }
    for (const { leave } of this.people) leave();
    return { sent, lost, doubled, disordered };
  }

  private watch(person: Person, roomId: string, index: number): void {
    let offlineSince: number | undefined;
    person.socket.on('disconnect', () => (offlineSince ??= performance.now()));
    person.socket.on('connect', () => {
      if (offlineSince !== undefined) this.note({ longestOfflineMs: performance.now() - offlineSince });
      offlineSince = undefined;
    });
    person.socket.on('newMessage', ({ senderId }) => {
      if (senderId !== person.user) this.noteHeard();
    });
    person.socket.on('connect_error', () => {
      this.note({ refusedHandshakes: this.figures.refusedHandshakes + 1 });
      // Its client does not try again by itself after a refusal.
      if (!person.socket.active) setTimeout(() => person.socket.connect(), 200);
    });
    this.loops.push(this.talk(person, roomId, index));
  }

  private async talk(person: Person, roomId: string, index: number): Promise<void> {
    const { signal } = this.stop;
    await delay(index * 50);
    for (let number = 0; !signal.aborted; number++) {
      const content = `${person.user} ${number}`;
      const clientMessageId = randomUUID();
      for (;;) {
        const answer = await send(person, { roomId, content, clientMessageId });
        if (answer === 'acknowledged') break;
        if (answer !== 'unanswered') this.note({ refusedSends: [...this.figures.refusedSends, answer.refused] });
        await delay(200);
      }
      const now = performance.now();
      this.note({ longestGapMs: now - this.ackAt, acks: this.figures.acks + 1 });
      this.ackAt = now;
      this.acked.set(roomId, [...(this.acked.get(roomId) ?? []), { content }]);
      await delay(1_000);
    }
  }

  private async watchClock(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const dueAt = performance.now() + 100;
      await delay(100);
      this.note({ longestStallMs: performance.now() - dueAt });
    }
  }

  private noteHeard(): void {
    const now = performance.now();
    this.note({ longestSilenceMs: now - this.heardAt });
    this.heardAt = now;
  }

  private note(seen: Partial<Figures>): void {
    const { longestGapMs, longestSilenceMs, longestOfflineMs, longestStallMs } = this.figures;
    this.figures = {
      ...this.figures,
      ...seen,
      longestGapMs: Math.max(longestGapMs, seen.longestGapMs ?? 0),
      longestSilenceMs: Math.max(longestSilenceMs, seen.longestSilenceMs ?? 0),
      longestOfflineMs: Math.max(longestOfflineMs, seen.longestOfflineMs ?? 0),
      longestStallMs: Math.max(longestStallMs, seen.longestStallMs ?? 0),
    };
  }
}

/** What the logs have of what was acknowledged. */
export interface Verdict {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
}

interface Sent {
  readonly content: string;
}

async function send(
  { socket }: Person,
  message: object,
): Promise<'acknowledged' | 'unanswered' | { readonly refused: string }> {
  try {
    const answer = (await socket.timeout(5_000).emitWithAck('sendMessage', message as never)) as {
      readonly success: boolean;
      readonly error?: { readonly code: string };
    };
    return answer.success ? 'acknowledged' : { refused: answer.error?.code ?? 'without a code' };
  } catch {
    // The connection was lost under it: it goes out again under the same id.
    return 'unanswered';
  }
}

async function history(person: Person, roomId: string): Promise<readonly ChatMessage[]> {
  const all: ChatMessage[] = [];
  for (;;) {
    const afterId = all.at(-1)?.messageId ?? 0;
    const page = (await person.ask('getHistory', { roomId, afterId, limit: 100 })) as readonly ChatMessage[];
    if (page.length === 0) return all;
    all.push(...page);
  }
}
