import { ParlanceError } from '@parlance/client';
import type { ChatRoom, ClientRequests } from '@parlance/proto';
import type { operations } from '@parlance/proto/operations';
import type { Observation, RoomChanged, RoomField } from '../history/observation.js';

/** Asks a gateway for a change of a room; throws a ParlanceError. */
export type AskForChange = <Name extends RoomRequestName>(
  name: Name,
  payload: ClientRequests[Name]['payload'],
) => Promise<ClientRequests[Name]['data'] | undefined>;

/** Client events that change rooms. */
export type RoomRequestName = {
  [Name in keyof ClientRequests]: (typeof operations)[Name]['event']['limit'] extends 'changes' ? Name : never;
}[keyof ClientRequests];

/** What became of a change. */
export type ChangeOutcome = 'done' | 'rejected' | 'unknown';

/** What a room may be changed to; its name stands for all its metadata. */
export type Settings = Partial<Record<'name' | 'joinRule' | 'historyVisibility', string>>;

/** The changes that one user asks for, each in one attempt; whatever was not refused is recorded, field by field. */
export class RecordedChanges {
  constructor(
    private readonly userId: string,
    private readonly ask: AskForChange,
    private readonly record: (observation: Observation) => void,
  ) {}

  /** Creates a group of this user and others; undefined when that was not acknowledged. */
  async create(others: readonly string[], settings: Settings): Promise<string | undefined> {
    const startedAt = performance.now();
    const { name = '', joinRule = 'invite', historyVisibility = 'shared' } = settings;
    const payload = { roomType: 'group', participants: [...others], metadata: { name }, joinRule, historyVisibility };
    let room: ChatRoom | undefined;
    const outcome = await outcomeOf(async () => {
      room = (await this.ask('createRoom', payload as ClientRequests['createRoom']['payload'])) as ChatRoom;
      this.size(room);
    });
    if (room === undefined || outcome !== 'done') return undefined;
    const { roomId } = room;
    const at = performance.now();
    const note = (field: RoomField, value: string): void =>
      this.record({ kind: 'changed', roomId, field, value, startedAt, at, outcome: 'done' });
    for (const [field, value] of entriesOf({ name, joinRule, historyVisibility })) note(field, value);
    for (const userId of [this.userId, ...others]) note(`place of ${userId}`, 'in');
    for (const userId of others) note(`role of ${userId}`, 'participant');
    return roomId;
  }

  /** Changes settings; what is not named stays. */
  update(roomId: string, { name, ...rules }: Settings): Promise<ChangeOutcome> {
    const payload = { roomId, ...rules, ...(name === undefined ? {} : { metadata: { name } }) };
    const writes = entriesOf({ ...rules, ...(name === undefined ? {} : { name }) });
    return this.change(roomId, writes, () =>
      this.ask('updateRoom', payload as ClientRequests['updateRoom']['payload']),
    );
  }

  setRole(roomId: string, userId: string, role: 'admin' | 'participant'): Promise<ChangeOutcome> {
    return this.change(roomId, [[`role of ${userId}`, role]], () => this.ask('setRole', { roomId, userId, role }));
  }

  join(roomId: string): Promise<ChangeOutcome> {
    return this.letIn(roomId, [this.userId], () => this.ask('joinRoom', { roomId }));
  }

  add(roomId: string, userIds: readonly string[]): Promise<ChangeOutcome> {
    return this.letIn(roomId, userIds, () => this.ask('addParticipants', { roomId, userIds: [...userIds] }));
  }

  leave(roomId: string): Promise<ChangeOutcome> {
    return this.letOut(roomId, this.userId, () => this.ask('leaveRoom', { roomId }));
  }

  remove(roomId: string, userId: string): Promise<ChangeOutcome> {
    return this.letOut(roomId, userId, () => this.ask('removeParticipant', { roomId, userId }));
  }

  private async letIn(
    roomId: string,
    userIds: readonly string[],
    request: () => Promise<Answer>,
  ): Promise<ChangeOutcome> {
    const joined = (): void => {
      for (const userId of userIds) this.record({ kind: 'joined', at: performance.now(), roomId, userId });
    };
    joined();
    const places = userIds.map((userId): Write => [`place of ${userId}`, 'in']);
    // Who is in already keeps the role.
    const roles = userIds.map((userId): Write => [`role of ${userId}`, 'participant', 'may']);
    const outcome = await this.change(roomId, [...places, ...roles], request);
    if (outcome !== 'rejected') joined();
    return outcome;
  }

  private async letOut(roomId: string, userId: string, request: () => Promise<Answer>): Promise<ChangeOutcome> {
    const outcome = await this.change(roomId, [[`place of ${userId}`, 'out']], request);
    if (outcome === 'done') this.record({ kind: 'left', at: performance.now(), roomId, userId });
    return outcome;
  }

  /** Notes how many are in the room, if the answer says so. */
  private size(answer: Answer): void {
    if (answer?.roomId === undefined || answer.participantCount === undefined) return;
    const { roomId, participantCount } = answer;
    this.record({ kind: 'sized', at: performance.now(), roomId, participants: participantCount });
  }

  private async change(
    roomId: string,
    writes: readonly Write[],
    request: () => Promise<Answer>,
  ): Promise<ChangeOutcome> {
    const startedAt = performance.now();
    const outcome = await outcomeOf(async () => this.size(await request()));
    if (outcome === 'rejected') return outcome;
    const at = performance.now();
    for (const [field, value, certainty] of writes) {
      const known = outcome === 'unknown' ? 'unknown' : (certainty ?? 'done');
      this.record({ kind: 'changed', roomId, field, value, startedAt, at, outcome: known });
    }
    return outcome;
  }
}

type Answer = Partial<Pick<ChatRoom, 'roomId' | 'participantCount'>> | undefined;

type Write = readonly [field: RoomField, value: string, certainty?: RoomChanged['outcome']];

function entriesOf(settings: Settings): [keyof Settings, string][] {
  return Object.entries(settings) as [keyof Settings, string][];
}

async function outcomeOf(request: () => Promise<unknown>): Promise<ChangeOutcome> {
  try {
    await request();
    return 'done';
  } catch (thrown) {
    return ParlanceError.from(thrown, 'INTERNAL').outcome;
  }
}
