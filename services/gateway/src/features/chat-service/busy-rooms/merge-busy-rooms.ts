import type { wire } from '@parlance/proto';

/**
 * Puts together what pods know of their busiest rooms. What is said of a room is never too high, and too low by at most the sum of
 * the pods' errors. Answers of one pod count once.
 */
export function mergeBusyRooms(answers: readonly wire.ListBusyRoomsResponse[], limit: number): MergedRooms {
  const ofPods = [...new Map(answers.map((answer) => [answer.pod, answer])).values()];
  const messages = new Map<string, number>();
  const perSecond = new Map<string, number>();
  for (const { rooms, seconds } of ofPods) {
    for (const { roomId, messages: count } of rooms) {
      messages.set(roomId, (messages.get(roomId) ?? 0) + count);
      perSecond.set(roomId, (perSecond.get(roomId) ?? 0) + count / seconds);
    }
  }
  const all = [...messages].toSorted(([, one], [, other]) => other - one);
  return {
    pods: ofPods.length,
    messages: ofPods.reduce((sum, answer) => sum + answer.messages, 0),
    error: ofPods.reduce((sum, answer) => sum + answer.error, 0) + (all[limit]?.[1] ?? 0),
    rooms: all.slice(0, limit).map(([roomId, count]) => ({
      roomId,
      messages: count,
      perSecond: Math.round((perSecond.get(roomId) ?? 0) * 100) / 100,
    })),
  };
}

/** The busiest rooms of the last minute, by all pods of the chat service that answered. */
export interface BusyRooms extends MergedRooms {
  /** Pods that did not answer. */
  readonly silentPods: number;
}

interface MergedRooms {
  /** Pods that answered. */
  readonly pods: number;
  /** Stored in all rooms. */
  readonly messages: number;
  /** Messages that a room may have more than is said, or at most where it is not listed. */
  readonly error: number;
  /** Those with most messages first. */
  readonly rooms: readonly { readonly roomId: string; readonly messages: number; readonly perSecond: number }[];
}
