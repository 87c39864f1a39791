/** What can be wrong with a history, by name, and what the name means. */
export const anomalies = {
  lost: 'an acknowledged message is not in the log, or not under the id it was acknowledged with',
  duplicate: 'one send is in the log twice, or a client was shown a message twice',
  equalIds: 'two records of a room have the same id',
  reordered: 'ids contradict the order of sending, or a client was shown an older message after a newer one',
  gap: 'ids of the log are not 1, 2, 3, ..., or a client was shown a message before one that precedes it',
  phantom: 'a message that nobody sent, or whose sender was told that it was not stored, is in the log or was shown',
  unseen: 'a client that is connected has not been shown all of the log at the end',
  ackChanged: 'two acks of one send name different messages',
  receiptWentBack: 'a delivered or read mark fell',
  outsideMembership: 'a client was shown what was sent when its user was no participant',
  disagreement: 'what was shown live differs from what the log holds',
  notOneOwner: 'a group that has participants has no owner, or two',
  overLimit: 'a room has more participants than the limit',
  lostChange: 'an acknowledged change of a room does not hold, though nobody changed the same thing after it',
  eventGap: "revs of a room's events are not 1, 2, 3, ..., or the room does not stand at the newest one",
  eventsDisagree: "a room's events end with something else than the room is",
} as const satisfies Record<string, string>;

/** A name of {@link anomalies}. */
export type AnomalyName = keyof typeof anomalies;

/** One thing that must not happen, with what is needed to look into it. */
export interface Anomaly {
  readonly name: AnomalyName;
  readonly roomId: string;
  /** The message, client and numbers that show it, in words. */
  readonly detail: string;
}
