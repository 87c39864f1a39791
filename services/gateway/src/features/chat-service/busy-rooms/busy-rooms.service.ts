import { newTraceparent } from '@parlance/runtime';
import type { ChatServicePool } from '../calls/chat-service-pool.js';
import { type BusyRooms, mergeBusyRooms } from './merge-busy-rooms.js';

/** Milliseconds that a pod has to answer. */
const timeoutMs = 2_000;

/** Rooms that are listed. */
const listed = 50;

/** Of each pod so many, since a room that is below on each may be above on all together. */
const listedOfPod = 200;

/** In which rooms most is said, for those who run the installation: no metric names a room. */
export class BusyRoomsService {
  constructor(
    private readonly pool: Pick<ChatServicePool, 'callEach'>,
    private readonly now: () => number,
  ) {}

  /** What all pods of the chat service know that answer. */
  async list(): Promise<BusyRooms> {
    const context = { userId: '', traceId: newTraceparent(), deadlineAt: this.now() + timeoutMs };
    const answers = await this.pool.callEach('listBusyRooms', { limit: listedOfPod }, context);
    const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    return { ...mergeBusyRooms(answered, listed), silentPods: answers.length - answered.length };
  }
}
