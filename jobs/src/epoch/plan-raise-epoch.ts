import type { Plan, PlannedStep } from '../plan.js';

/** The step of `raise-epoch`. */
export type RaiseEpochStep = PlannedStep & { readonly kind: 'raise' };

/** What `raise-epoch` does to the rooms it was asked for; `roomId` is the one that was named, if one was. Pure. */
export function planRaiseEpoch(rooms: number, roomId?: string): Plan<RaiseEpochStep> {
  if (rooms === 0) {
    return roomId === undefined
      ? { verdict: 'nothing', reason: 'there are no rooms' }
      : { verdict: 'refused', reason: `there is no room ${roomId}` };
  }
  const what = roomId === undefined ? `the logs of all ${rooms} rooms` : `the log of the room ${roomId}`;
  return {
    verdict: 'run',
    steps: [
      {
        kind: 'raise',
        what: `begin a new epoch of ${what}`,
        reason:
          'it was put back to an earlier time, as whoever runs this says: gateways, caches and clients load it anew',
      },
    ],
  };
}
