import type { CrowdSocket } from './chat-socket.ts';
import type { CrowdRoom, LoadResult, LoadSpec } from './load.ts';
import { makeSchedule, type Schedule } from './schedule.ts';
import { Tally } from './tally.ts';

/** Sends by the schedule, whatever becomes of it, and waits until all is answered or nothing comes any more. */
export async function runLoad(
  sockets: readonly CrowdSocket[],
  rooms: readonly CrowdRoom[],
  spec: LoadSpec,
  marks: { readonly begin: () => void; readonly end: () => void },
): Promise<LoadResult> {
  const roomSizes = rooms.map(({ members }) => members.length);
  const seconds = spec.warmSeconds + spec.seconds;
  const schedule = makeSchedule({ ...spec, seconds, roomSizes });
  const tally = new Tally(schedule, rooms, Math.round(spec.ratePerSecond * spec.warmSeconds));
  sockets.forEach((socket, connection) => {
    socket.listener = {
      message: (room, sequence, id) => {
        tally.delivered(connection, room, sequence, id);
        if (spec.reads) socket.tell('messageRead', `{"roomId":"${rooms[room]?.id}","messageId":${id}}`);
      },
      ack: (id, json) => tally.answered(id, json),
      event: (name) => tally.event(name),
    };
  });
  await sendAll(schedule, tally, { ...marks, send: sender(sockets, rooms, schedule, spec) });
  await tally.settled();
  return tally.result(spec);
}

type Send = (index: number) => void;

function sender(
  sockets: readonly CrowdSocket[],
  rooms: readonly CrowdRoom[],
  schedule: Schedule,
  spec: LoadSpec,
): Send {
  const padding = 'x'.repeat(spec.characters);
  // Of this run alone: what was sent with the same id before is not sent again, by whoever keeps his promises.
  const run = Math.round(1_000 * (performance.timeOrigin + performance.now())).toString(36);
  return (index) => {
    const room = schedule.rooms[index] ?? 0;
    const { id = '', members = [] } = rooms[room] ?? {};
    const text = `m${room}.${schedule.sequences[index]} ${padding}`.slice(0, spec.characters);
    const socket = sockets[members[schedule.senders[index] ?? 0] ?? 0];
    socket?.send(index, 'sendMessage', `{"roomId":"${id}","content":"${text}","clientMessageId":"${run}-${index}"}`);
  };
}

async function sendAll(
  schedule: Schedule,
  tally: Tally,
  { send, begin, end }: { readonly send: Send; readonly begin: () => void; readonly end: () => void },
): Promise<void> {
  const startMs = performance.now() + 5;
  tally.startMs = startMs;
  let index = 0;
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const passedMs = performance.now() - startMs;
      while (index < schedule.count && schedule.dueMs(index) <= passedMs) {
        if (index === tally.firstCounted) {
          tally.mark('begin');
          begin();
        }
        tally.sending(index, performance.now());
        send(index);
        index += 1;
      }
      if (index < schedule.count) return void setTimeout(tick, 1);
      tally.mark('end');
      end();
      resolve();
    };
    tick();
  });
}
