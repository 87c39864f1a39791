import { reach } from '../room/reach.ts';
import type { RoomMember } from '../room/room-member.ts';
import type { Gathering } from './gathering.ts';

/** Round by round all but the first are cut off, miss what the first says, come back together and catch up. */
export async function reconnect(gathering: Gathering, { ROUNDS, MISSED }: ReconnectSize): Promise<void> {
  const { stage, members } = gathering;
  await Promise.all(members.map((member) => gathering.enter(member)));
  const [speaker, ...others] = members.filter(({ isPresent }) => isPresent);
  if (speaker === undefined) return;
  const comeBack = async (member: RoomMember): Promise<void> => {
    const last = member.checker.highest;
    const returnedAtMs = stage.now();
    if (!(await gathering.enter(member))) return;
    await gathering.attempt('parlance_failed_requests', member, async () => {
      await member.catchUp(last);
      stage.time('parlance_catch_up_time', stage.now() - returnedAtMs);
    });
  };
  for (let round = 1; round <= ROUNDS; round++) {
    for (const member of others) member.drop();
    for (let number = 0; number < MISSED; number++) await gathering.speakInTurn(speaker);
    await Promise.all(others.map(comeBack));
    await gathering.speakInTurn(speaker);
    const head = Math.max(...speaker.acknowledged.values());
    await Promise.all(others.map((member) => reach(member, head, { ...stage, quietMs: stage.patienceMs })));
  }
}

/** How often, and how much they miss. */
export interface ReconnectSize {
  readonly ROUNDS: number;
  readonly MISSED: number;
}
