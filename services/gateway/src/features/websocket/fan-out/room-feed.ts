import type { HeardEvent } from '@parlance/proto';

const maxHeld = 200;
const maxAnnounced = 256;

/**
 * What one gateway knows of a room that has local sockets, and what each event means for them (R9: events are hints;
 * R13: only participants, two seconds late at most). Pure: it decides and remembers; pulling, reloading and writing to
 * sockets is done by its owners.
 *
 * Messages reach sockets in the order of their ids, each once, without gaps. An event that cannot be passed on yet,
 * because messages or a change of membership before it are missing, is held with everything behind it until
 * {@link need} is satisfied.
 */
export class RoomFeed<Member> {
  /** Id of the newest message that was passed on. */
  head: number;
  /** The membership that `members` reflects. */
  memberRev: number;
  /** Of the room's log, in which `head` and `rev` count; 0 until one was named. */
  epoch: number;
  /** The room's newest event number heard of; passed on in `heads`. */
  rev = 0;
  /** Whoever listens here, with the head each has been told: only messages above it are for them. */
  readonly members = new Map<Member, number>();
  private announcedUpTo: number;
  private readonly announced = new Set<string>();
  private wantedHead: number;
  private wantedMemberRev: number;
  /** Newest message that was acknowledged through this gateway; its event may be on its way. */
  private acknowledged = 0;
  private doubtful = false;
  /** Up to here it is not known who of the members may see what. */
  private unsureUpTo = 0;
  private held: HeardEvent[] = [];
  private holding = false;

  constructor(
    readonly roomId: string,
    start: FeedStart,
  ) {
    this.head = this.wantedHead = start.head;
    this.memberRev = this.wantedMemberRev = start.memberRev;
    this.announcedUpTo = start.announcedUpTo ?? start.memberRev;
    this.epoch = start.epoch ?? 0;
  }

  /**
   * Which log something is of that names this epoch: the one of this feed; one that has begun since, and the feed is to begin
   * anew; or one before. What names none is of this one.
   */
  meet(epoch = 0): 'same' | 'newer' | 'older' {
    if (epoch === 0 || epoch === this.epoch) return 'same';
    if (this.epoch > 0) return epoch > this.epoch ? 'newer' : 'older';
    this.epoch = epoch;
    return 'same';
  }

  /** Takes an event from outside: a verdict to act on now, or `hold` while something before it is missing. */
  offer(event: HeardEvent): Verdict {
    if (this.holding) return this.hold(event);
    return this.judge(event);
  }

  /** Takes the oldest held event, once nothing is needed any more; undefined ends the holding. */
  replay(): { readonly event: HeardEvent; readonly verdict: Verdict } | undefined {
    const event = this.held.shift();
    if (event === undefined) {
      this.holding = false;
      return undefined;
    }
    const verdict = this.judge(event, true);
    return { event, verdict };
  }

  /** From now on events are held until a replay has found nothing more to do. */
  startHolding(): void {
    this.holding = true;
  }

  /** What must be fetched before the next event can be passed on; members first, since they decide who may see it. */
  get need(): Need | undefined {
    if (this.doubtful || this.wantedMemberRev > this.memberRev) return { kind: 'members' };
    if (this.unsureUpTo > this.head) return { kind: 'skip', upTo: this.unsureUpTo };
    if (this.wantedHead > this.head) return { kind: 'messages', after: this.head, upTo: this.wantedHead };
    return undefined;
  }

  /** Notes a head and a membership learnt from elsewhere. Older values than the known ones change nothing. */
  learn(known: { readonly head: number; readonly memberRev: number; readonly rev?: number }): void {
    this.wantedHead = Math.max(this.wantedHead, known.head);
    this.wantedMemberRev = Math.max(this.wantedMemberRev, known.memberRev);
    this.rev = Math.max(this.rev, known.rev ?? 0);
  }

  /** Asks for the participants to be read again although no newer membership is known. */
  doubtMembers(): void {
    this.doubtful = true;
  }

  /**
   * Notes the membership just read, and the room's head then. When a newer one was heard of, it is still needed. After
   * several unseen changes a member may have left and come back, so older messages are not for everybody here.
   */
  membersRead(memberRev: number, head: number): void {
    this.doubtful = false;
    if (memberRev > this.memberRev + 1) this.unsureUpTo = head;
    this.memberRev = Math.max(memberRev, this.memberRev);
    this.learn({ head, memberRev });
  }

  /** True when a pulled message is the next one; it then counts as passed on. */
  takePulled(messageId: number): boolean {
    if (messageId !== this.head + 1) return false;
    this.head = messageId;
    return true;
  }

  /** Skips messages up to this id: the members are told by `heads`. */
  jump(upTo: number): void {
    this.head = Math.max(this.head, upTo);
  }

  /** Gives up what was heard of and is nowhere to be read. */
  forgetWanted(): void {
    this.wantedHead = this.head;
    this.wantedMemberRev = this.memberRev;
  }

  /**
   * The log is another one, as after a restored backup: the feed begins anew where it stands, its members are read again, and
   * what was held is of a log that is no more. The members are to be told by `heads`.
   */
  beginAnew({ head, memberRev, rev, epoch }: FeedStart & { readonly rev: number }): void {
    this.head = this.wantedHead = head;
    this.memberRev = this.wantedMemberRev = this.announcedUpTo = memberRev;
    this.rev = rev;
    this.epoch = epoch || this.epoch;
    this.unsureUpTo = this.acknowledged = 0;
    this.held = [];
    this.announced.clear();
    this.doubtMembers();
    for (const [member, known] of this.members) this.members.set(member, Math.min(known, head));
  }

  /** A message was acknowledged through this gateway, in the log of this epoch. */
  noteAcknowledged(messageId: number, epoch: number): void {
    if (epoch === this.epoch) this.acknowledged = Math.max(this.acknowledged, messageId);
  }

  /** Up to where a member may have been told of the room; what comes after it they will be. Undefined for a stranger. */
  seenBy(member: Member): number | undefined {
    const known = this.members.get(member);
    return known === undefined ? undefined : Math.max(known, this.head, this.wantedHead, this.acknowledged);
  }

  /** Adds a member who knows the room up to `head`. Adding again changes nothing. */
  add(member: Member, head: number): void {
    if (!this.members.has(member)) this.members.set(member, head);
  }

  private judge(event: HeardEvent, replayed = false): Verdict {
    switch (event.type) {
      case 'chat:message:new':
        return this.judgeMessage(event, replayed);
      case 'chat:room:joined':
      case 'chat:room:left':
        return this.judgeMembership(event, replayed);
      case 'chat:message:delivered':
      case 'chat:message:read':
      case 'chat:user:typing':
        return { kind: 'pass' };
      case 'chat:room:updated':
        this.learn(event);
        return { kind: 'pass' };
      case 'chat:room:heads':
        this.learn(event);
        return { kind: 'drop' };
      case 'chat:user:revoked':
        return { kind: 'drop' };
    }
  }

  private judgeMessage(event: HeardEvent, replayed: boolean): Verdict {
    if (event.head <= this.head) return { kind: 'drop' };
    this.learn({ head: event.head - 1, memberRev: event.memberRev, rev: event.rev });
    if (this.need) return this.hold(event, replayed);
    this.head = this.wantedHead = event.head;
    return { kind: 'message' };
  }

  private judgeMembership(event: HeardEvent, replayed: boolean): Verdict {
    const key = `${event.memberRev} ${event.type} ${event.rev} ${event.userId ?? ''}`;
    if (event.memberRev <= this.announcedUpTo || this.announced.has(key)) return { kind: 'drop' };
    this.learn({ head: event.head, memberRev: event.memberRev - 1, rev: event.rev });
    if (this.need) return this.hold(event, replayed);
    this.announced.add(key);
    if (this.announced.size > maxAnnounced) this.announced.delete(this.announced.values().next().value ?? '');
    const isNewest = event.memberRev >= this.memberRev;
    if (isNewest) this.memberRev = this.wantedMemberRev = event.memberRev;
    return { kind: 'membership', isNewest };
  }

  private hold(event: HeardEvent, replayed = false): Verdict {
    this.holding = true;
    if (replayed) this.held.unshift(event);
    else this.held.push(event);
    if (this.held.length > maxHeld) this.forgetHeld();
    return { kind: 'hold' };
  }

  /** What is held can all be read again; who joined or left meanwhile is then not announced, only applied. */
  private forgetHeld(): void {
    for (const event of this.held) this.learn(event);
    this.held = [];
  }
}

/** What to do with an event: pass on a message, apply and announce a change, nothing, or satisfy `need` first. */
export type Verdict =
  | { readonly kind: 'message' }
  /** `isNewest` is false when a later membership is in force already: then it is only announced. */
  | { readonly kind: 'membership'; readonly isNewest: boolean }
  /** To be passed on as it is, in no order with messages. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hold' };

/** What a feed must know before it can go on; `skip` says that the members are to be told by `heads`. */
export type Need =
  | { readonly kind: 'members' }
  | { readonly kind: 'skip'; readonly upTo: number }
  | { readonly kind: 'messages'; readonly after: number; readonly upTo: number };

/** Where a feed starts. */
export interface FeedStart {
  readonly head: number;
  readonly memberRev: number;
  /** Changes of membership up to this one are not announced any more. Default: `memberRev`. */
  readonly announcedUpTo?: number;
  readonly epoch?: number;
}
