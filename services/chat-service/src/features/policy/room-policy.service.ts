import { setTimeout as delay } from 'node:timers/promises';
import { ChatError, type RoomId, type UserId, type wire } from '@parlance/proto';
import type { RoomPolicyDocument } from '@parlance/storage';
import { withUnknownOutcome } from '../../errors/mongo-errors.js';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId, invalid } from '../../requests/check-ids.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';

const underWay =
  'The hold is set, but messages of this room were being erased and that has not ended yet; retry to hear that it has.';

/** Fewer would take messages away while a retry of them may come (R5: eight days). */
const leastRetentionDays = 9;
const mostRetentionDays = 36_500;
const holdNameCharacters = 200;

/** How often it is asked whether a hold can be answered, milliseconds. */
const askEveryMs = 200;

/**
 * Sets what holds for a room beside its settings. That the caller administers the installation is for whoever calls to see:
 * it has the service credential.
 */
export class RoomPolicyService {
  constructor(
    private readonly rooms: Pick<MongoRoomStore, 'readPolicy' | 'writePolicy' | 'canBeHeld'>,
    private readonly now: () => number,
  ) {}

  /**
   * Replaces a room's policy. A hold that has the name of the one before keeps who set it and since when. It holds from its
   * answer on: a job that has begun to empty messages of the room stops first, or the time is over in which it may. Errors:
   * INVALID_MESSAGE, ROOM_NOT_FOUND; STORE_UNAVAILABLE, also when that lasts longer than the call, and the hold stands then.
   */
  async setRoomPolicy(
    { userId, deadlineAt }: CallContext,
    { roomId: room, policy }: wire.SetRoomPolicyRequest,
  ): Promise<wire.SetRoomPolicyResponse> {
    const roomId = checkRoomId(room);
    const wanted = checkPolicy(policy);
    const before = await this.rooms.readPolicy(roomId);
    if (before === undefined) throw new ChatError('ROOM_NOT_FOUND');
    const next = policyOf(wanted, before, { by: userId, since: new Date(this.now()) });
    await this.rooms.writePolicy(roomId, next);
    if (next.legalHold) await this.untilItHolds(roomId, deadlineAt);
    return { policy: toWirePolicy(next) };
  }

  private async untilItHolds(roomId: RoomId, deadlineAt: number): Promise<void> {
    while (!(await withUnknownOutcome(() => this.rooms.canBeHeld(roomId)))) {
      if (this.now() + 2 * askEveryMs > deadlineAt)
        throw new ChatError('STORE_UNAVAILABLE', { message: underWay, outcome: 'unknown' });
      await delay(askEveryMs);
    }
  }
}

interface CheckedPolicy {
  readonly retentionDays: number;
  readonly keepForever: boolean;
  readonly holdName: string | undefined;
}

function checkPolicy(policy: wire.SetRoomPolicyRequest['policy']): CheckedPolicy {
  const { retentionDays = 0, keepForever = false, legalHold } = policy ?? {};
  if (keepForever && retentionDays !== 0) throw invalid('keepForever and retentionDays exclude each other');
  if (retentionDays !== 0 && !(retentionDays >= leastRetentionDays && retentionDays <= mostRetentionDays))
    throw invalid(`retentionDays must be 0 or ${leastRetentionDays} to ${mostRetentionDays}`);
  const holdName = legalHold?.name;
  if (holdName !== undefined && !(holdName.trim() !== '' && holdName.length <= holdNameCharacters))
    throw invalid(`a hold needs a name of 1 to ${holdNameCharacters} characters`);
  return { retentionDays, keepForever, holdName };
}

function policyOf(
  { retentionDays, keepForever, holdName }: CheckedPolicy,
  before: RoomPolicyDocument,
  now: { readonly by: UserId; readonly since: Date },
): RoomPolicyDocument {
  const kept = before.legalHold?.name === holdName ? before.legalHold : undefined;
  return {
    ...(retentionDays > 0 && { retentionDays }),
    ...(keepForever && { keepForever }),
    ...(holdName !== undefined && { legalHold: kept ?? { name: holdName, ...now } }),
  };
}

function toWirePolicy({ retentionDays = 0, keepForever = false, legalHold }: RoomPolicyDocument) {
  return {
    retentionDays,
    keepForever,
    legalHold: legalHold && { name: legalHold.name, by: legalHold.by, since: legalHold.since.getTime() },
  };
}
