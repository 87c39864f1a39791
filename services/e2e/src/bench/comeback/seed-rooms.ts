import type { Progress } from '@parlance/devstack';
import { ChatClient } from '../../clients/chat-client.js';
import type { Deployment } from '../../deployment/start-deployment.js';
import type { ComebackSize } from './comeback-size.js';

/** Makes the rooms, so that every client is in as many, with one message in each by a user who is in all of them. */
export async function seedRooms(
  deployment: Deployment,
  { clients, rooms, people }: ComebackSize,
  progress: Progress,
): Promise<void> {
  const writer = await ChatClient.connect(deployment.gateways[0]?.url ?? '', 'writer');
  const seats = Array.from({ length: clients * rooms }, (_, index) => `user-${index % clients}`);
  const count = Math.ceil(seats.length / people);
  let made = 0;
  const make = async (): Promise<void> => {
    for (let participants = seats.splice(0, people); participants.length > 0; participants = seats.splice(0, people)) {
      const room = await writer.request('createRoom', { roomType: 'group', participants: [...new Set(participants)] });
      if (!room.success) throw new Error(`no room could be made: ${room.error.message}`);
      const { roomId } = room.data;
      const sent = await writer.request('sendMessage', { roomId, content: 'hello', clientMessageId: 'hello' });
      if (!sent.success) throw new Error(`nothing could be sent: ${sent.error.message}`);
      progress.step(`making rooms: ${++made} of ${count}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, make));
  writer.close();
}
