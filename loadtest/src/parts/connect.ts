import type { RoomMember } from '../room/room-member.ts';
import type { Gathering } from './gathering.ts';

/** How many of a room greet the others. */
const greeters = 5;

/** People come in one after the other at the rate of the run, and list their rooms; then the first few of each room greet. */
export async function connect(gathering: Gathering, { RATE }: { readonly RATE: number }): Promise<void> {
  const { stage, planned, members } = gathering;
  const startMs = stage.now();
  const arrive = async (member: RoomMember, index: number): Promise<void> => {
    const dueAtMs = startMs + ((planned.firstPerson + index) * 1_000) / RATE;
    await gathering.until(dueAtMs);
    if (!(await gathering.enter(member, dueAtMs))) return;
    await gathering.attempt('parlance_failed_requests', member, async () => {
      const rooms = await member.rooms();
      if (rooms.join() !== gathering.roomId) throw new Error(`listRooms has ${rooms.join(' and ') || 'nothing'}`);
    });
  };
  await Promise.all(members.map(arrive));
  for (const member of members.slice(0, greeters)) if (member.isPresent) await gathering.speak(member);
}
