import { ChatError, limits, type wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import type { BusyRooms } from './busy-rooms.js';

/** Tells those who run the installation in which rooms most is said; gateways put together what all pods tell. */
export class BusyRoomsService {
  /** @param pod Names this process among all. */
  constructor(
    private readonly busy: BusyRooms,
    private readonly pod: string,
  ) {}

  /**
   * The rooms with most messages of the last minute on this pod.
   * @throws INVALID_MESSAGE.
   */
  async listBusyRooms(
    _context: CallContext,
    { limit }: wire.ListBusyRoomsRequest,
  ): Promise<wire.ListBusyRoomsResponse> {
    if (limit < 1 || limit > limits.pageItems) {
      throw new ChatError('INVALID_MESSAGE', { message: `limit must be 1 to ${limits.pageItems}` });
    }
    const { rooms, ...rest } = this.busy.top(limit);
    return { pod: this.pod, rooms: [...rooms], ...rest };
  }
}
