import { reach } from '../room/reach.ts';
import { RoomHistory } from '../room/room-history.ts';
import type { RoomMember } from '../room/room-member.ts';
import type { SmokeCounter } from './smoke-counters.ts';
import { type SmokePlan, smokePatience } from './smoke-plan.ts';

/**
 * One member's part in the smoke scenario, from the opening to the verdict. The member has entered. Nothing is thrown:
 * what goes wrong is counted and said.
 */
export async function takePart(member: RoomMember, part: Part): Promise<void> {
  if (part.opens) await tell(member, part, `${part.name}-opens`, 'We are here');
  const { openers, messages, plan } = part;
  const patience = { ...part, quietMs: smokePatience.quietMs };
  await reach(member, openers, patience);
  await part.sleep(part.delayMs);
  const sends: Promise<boolean>[] = [];
  for (let number = 1; number <= plan.messagesPerSocket; number++) {
    sends.push(tell(member, part, `${part.name}-${number}`, `${part.name} says ${number}`));
    if (member.isPresent) await part.sleep(plan.intervalMs);
  }
  part.count('parlance_acknowledged_sends', (await Promise.all(sends)).filter(Boolean).length);
  await reach(member, openers + messages, patience);
  await judge(member, part);
  member.leave();
}

/** Sends; false when it failed, which is counted. */
async function tell(member: RoomMember, part: Part, clientMessageId: string, content: string): Promise<boolean> {
  try {
    await member.send(clientMessageId, content);
    return true;
  } catch (error) {
    part.count('parlance_failed_sends', 1);
    part.say(`${clientMessageId}: ${String(error)}`);
    return false;
  }
}

async function judge(member: RoomMember, part: Part): Promise<void> {
  let faults: readonly string[] = [];
  const last = part.openers + part.messages;
  let head = last;
  try {
    const history = new RoomHistory(await member.history());
    await part.sleep(smokePatience.lingerMs);
    faults = [...history.faults(), ...history.faultsFor(member)];
    head = history.head;
  } catch (error) {
    faults = [`the history could not be read: ${String(error)}`];
  }
  const { gaps, duplicates, reordered } = member.checker.verdict(head);
  part.count('parlance_gaps', gaps.length);
  part.count('parlance_duplicates', duplicates);
  part.count('parlance_reordered', reordered);
  part.count('parlance_history_faults', faults.length);
  const isComplete = gaps.length === 0 && faults.length === 0 && head === last;
  part.count('parlance_complete_sockets', isComplete ? 1 : 0);
  if (gaps.length > 0) part.say(`${part.name} never got ${listed(gaps)}`);
  if (duplicates > 0) part.say(`${part.name} got ${duplicates} messages again`);
  if (reordered > 0) part.say(`${part.name} got ${reordered} messages late`);
  if (faults.length > 0) part.say(`${part.name}: ${listed(faults)}`);
}

/** The first few, and how many more there are. */
function listed(things: readonly unknown[]): string {
  const more = things.length > 5 ? ` and ${things.length - 5} more` : '';
  return `${things.slice(0, 5).join(', ')}${more}`;
}

/** What a member's part is made of. */
export interface Part {
  /** Unique in the run; begins the names of the member's messages. */
  readonly name: string;
  readonly plan: SmokePlan;
  /** What its room holds in the end; see `smokeRoom`. */
  readonly openers: number;
  readonly messages: number;
  /** One member of each VU in each room opens, when all of the VU have entered. */
  readonly opens: boolean;
  /** Offset of the first send, so that not all send at once. */
  readonly delayMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly count: (counter: SmokeCounter, number: number) => void;
  /** One line for a person about something wrong. */
  readonly say: (line: string) => void;
}
