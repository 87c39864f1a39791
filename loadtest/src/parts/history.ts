import { dueTimes } from '../plan/due-times.ts';
import { type AskedPage, pageFaults } from '../room/page-faults.ts';
import { reach } from '../room/reach.ts';
import type { RoomMember } from '../room/room-member.ts';
import type { Gathering } from './gathering.ts';

/** All fill the room together, then read it page by page: all of it forwards, all of it backwards, and so on. */
export async function history(gathering: Gathering, size: HistorySize): Promise<void> {
  const { stage, planned, members } = gathering;
  await Promise.all(members.map((member) => gathering.enter(member)));
  const present = members.filter(({ isPresent }) => isPresent);
  const fill = async (member: RoomMember, index: number): Promise<void> => {
    for (let number = index; number < size.MESSAGES; number += present.length) await gathering.speakInTurn(member);
  };
  await Promise.all(present.map(fill));
  const patience = { ...stage, quietMs: stage.patienceMs };
  await Promise.all(present.map((member) => reach(member, size.MESSAGES, patience)));
  const head = Math.max(...present.map(({ checker }) => checker.highest));
  const startMs = stage.now();
  const read = async (member: RoomMember, index: number): Promise<void> => {
    const turns = { ratePerSecond: size.RATE, seconds: size.DURATION, of: size.SOCKETS };
    const pages = dueTimes({ ...turns, index: planned.firstPerson + index }).map(async (dueMs, number) => {
      await gathering.until(startMs + dueMs);
      await readPage(gathering, member, { ...pageOf(number, head, size.PAGE), head }, startMs + dueMs);
    });
    await Promise.all(pages);
  };
  await Promise.all(present.map(read));
}

/** How much is written and read. */
export interface HistorySize {
  readonly SOCKETS: number;
  readonly MESSAGES: number;
  readonly PAGE: number;
  /** Pages a second of the whole run. */
  readonly RATE: number;
  /** Seconds. */
  readonly DURATION: number;
}

/** The page with that number of somebody who goes forwards and backwards in turn. */
function pageOf(number: number, head: number, limit: number) {
  const pages = Math.max(1, Math.ceil(head / limit));
  const before = (number % pages) * limit;
  return Math.floor(number / pages) % 2 === 0 ? { limit, afterId: before } : { limit, beforeId: head + 1 - before };
}

async function readPage(gathering: Gathering, member: RoomMember, asked: AskedPage, dueAtMs: number): Promise<void> {
  const { stage } = gathering;
  const page = await gathering.attempt('parlance_failed_requests', member, () => member.page(asked));
  if (page === undefined) return;
  stage.time('parlance_page_latency', stage.now() - dueAtMs);
  const ids = page.messages.map(({ messageId }) => messageId);
  const { gaps, duplicates, reordered, others } = pageFaults(asked, ids, page.hasMore);
  stage.count('parlance_gaps', gaps.length);
  stage.count('parlance_duplicates', duplicates);
  stage.count('parlance_reordered', reordered);
  stage.count('parlance_history_faults', others.length);
  if (gaps.length + duplicates + reordered > 0)
    stage.say(
      `${gathering.nameOf(member)}, ${JSON.stringify(asked)}: lacks ${gaps.join()}, again ${duplicates}, late ${reordered}`,
    );
  for (const fault of others) stage.say(`${gathering.nameOf(member)}: ${fault}`);
}
