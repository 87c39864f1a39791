import type { PlannedRoom } from '../plan/room-plan.ts';
import { Gathering } from './gathering.ts';
import { judge } from './judge.ts';
import type { Stage } from './stage.ts';

/** What the people of one room do in a scenario, until they are judged. */
export type Part<Size> = (gathering: Gathering, size: Size) => Promise<void>;

/**
 * The share of one VU: its rooms with their people, all at once. Nothing is thrown: a room that does not come to its end stays
 * counted as unfinished.
 */
export async function runRooms<Size>(
  stage: Stage,
  rooms: readonly PlannedRoom[],
  size: Size,
  part: Part<Size>,
): Promise<void> {
  stage.count('parlance_unfinished_rooms', rooms.length);
  const gatherings = rooms.flatMap((room) => orSay(stage, () => new Gathering(stage, room)) ?? []);
  const runs = gatherings.map(async (gathering) => {
    try {
      await part(gathering, size);
      await judge(gathering);
      stage.count('parlance_unfinished_rooms', -1);
    } catch (error) {
      stage.say(`${gathering.roomId}: ${String(error)}`);
    }
    for (const member of gathering.members) member.leave();
  });
  await Promise.all(runs);
}

function orSay<Value>({ say }: Stage, make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    say(String(error));
    return undefined;
  }
}
