import { reach } from '../room/reach.ts';
import { RoomHistory } from '../room/room-history.ts';
import type { Gathering } from './gathering.ts';

/** How long people who have everything stay, to hear what comes twice. */
const lingerMs = 1_000;

/**
 * The end of every scenario: one of the room reads its whole history; everybody has to reach its head, once and in order, and
 * to have seen what it says.
 *
 * @throws Error when nobody is connected any more.
 */
export async function judge(gathering: Gathering): Promise<void> {
  const { stage, members } = gathering;
  const reader = members.find(({ isPresent }) => isPresent);
  if (reader === undefined) throw new Error('nobody is connected any more');
  const messages = await gathering.attempt('parlance_failed_requests', reader, () => reader.history());
  if (messages === undefined) return;
  const history = new RoomHistory(messages);
  tell(gathering, 'parlance_history_faults', gathering.roomId, history.faults());
  const patience = { ...stage, quietMs: stage.patienceMs };
  await Promise.all(members.map((member) => reach(member, history.head, patience)));
  await stage.sleep(lingerMs);
  for (const member of members) {
    if (!member.hasEntered) continue;
    const name = gathering.nameOf(member);
    const { gaps, duplicates, reordered } = member.checker.verdict(history.head);
    const faults = history.faultsFor(member);
    tell(gathering, 'parlance_gaps', `${name} never got`, gaps);
    tell(gathering, 'parlance_history_faults', name, faults);
    stage.count('parlance_duplicates', duplicates);
    stage.count('parlance_reordered', reordered);
    if (duplicates > 0) stage.say(`${name} got ${duplicates} messages again`);
    if (reordered > 0) stage.say(`${name} got ${reordered} messages late`);
    if (gaps.length + faults.length === 0) stage.count('parlance_complete_sockets', 1);
  }
}

/** Counts things that are wrong, and says the first few. */
function tell(
  { stage }: Gathering,
  counter: 'parlance_gaps' | 'parlance_history_faults',
  who: string,
  things: readonly unknown[],
): void {
  if (things.length === 0) return;
  stage.count(counter, things.length);
  const more = things.length > 5 ? ` and ${things.length - 5} more` : '';
  stage.say(`${who}: ${things.slice(0, 5).join(', ')}${more}`);
}
