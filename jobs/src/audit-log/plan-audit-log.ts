import type { Plan, PlannedStep } from '../plan.js';
import type { LogFault } from './log-faults.js';
import type { LogsFound } from './look-at-logs.js';

/** A step of the audit of logs: one kind of fault. */
export interface AuditLogStep extends PlannedStep {
  readonly kind: LogFault['kind'];
  readonly rooms: readonly string[];
  readonly faults: number;
}

/** Rooms that a step names. */
const named = 10;

const texts = {
  hole: {
    what: 'close holes with void records, and with the seal where a segment ends',
    reason: 'no record stands in slots of the log',
  },
  end: {
    what: 'take away noted ends, so that readers ask the months again',
    reason: 'the head that a room notes is not the one before the seal',
  },
  mark: { what: 'lower marks to the head', reason: 'a participant has read what is not there' },
  chain: {
    what: 'look at the chain by hand: no repair decides it',
    reason: 'records and chain of a room say different things',
  },
} as const satisfies Record<LogFault['kind'], { what: string; reason: string }>;

/** All kinds, in the order of their steps. */
export const faultKinds = Object.keys(texts) as (keyof typeof texts)[];

/** What has to be done to the logs, by kind of fault. Pure. */
export function planAuditLog({ rooms, slots, faulty, counted }: LogsFound): Plan<AuditLogStep> {
  const steps = faultKinds.flatMap((kind): AuditLogStep[] => {
    const concerned = faulty.filter(({ faults }) => faults.some((fault) => fault.kind === kind));
    if (concerned.length === 0) return [];
    const faults = concerned.flatMap((log) =>
      log.faults.filter((fault) => fault.kind === kind).map((fault) => textOf(log.roomId, fault)),
    );
    const more = faults.length > named ? ` and ${faults.length - named} more` : '';
    const { what, reason } = texts[kind];
    return [
      {
        kind,
        rooms: concerned.map(({ roomId }) => roomId),
        faults: faults.length,
        what: `${what} in ${concerned.length === 1 ? '1 room' : `${concerned.length} rooms`}`,
        reason: `${reason}: ${faults.slice(0, named).join('; ')}${more}`,
      },
    ];
  });
  if (steps.length > 0) return { verdict: 'run', steps };
  const how = counted.length > 0 ? `; counted one by one: ${counted.join(', ')}` : '';
  return { verdict: 'nothing', reason: `${slots} slots of ${rooms} rooms are all there${how}` };
}

function textOf(roomId: string, fault: LogFault): string {
  switch (fault.kind) {
    case 'hole': {
      const slots = fault.fromId === fault.toId ? `slot ${fault.fromId}` : `slots ${fault.fromId} to ${fault.toId}`;
      return `${roomId} in ${fault.monthYear}: ${slots}${fault.isSealed ? ', the last its seal' : ''}`;
    }
    case 'end': {
      const truth = fault.head === undefined ? 'no seal stands in the month' : `the seal stands behind ${fault.head}`;
      return `${roomId} in ${fault.monthYear}: the noted end is ${fault.notedHead} and ${truth}`;
    }
    case 'mark':
      return `${roomId}: ${fault.mark} of ${fault.userId} is ${fault.value} and the head ${fault.head}`;
    case 'chain':
      return `${roomId} in ${fault.monthYear}: ${fault.text}`;
  }
}
