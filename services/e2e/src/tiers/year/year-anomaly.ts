/** What can be wrong with a year, and what each means. */
export const yearAnomalies = {
  lost: 'an acknowledged message is not in a read that began later',
  duplicate: 'a message is there twice',
  gap: 'a page has a hole in it or at its edges',
  reordered: "one sender's messages, or the times of messages, are not in their order",
  phantom: 'a message was read that nobody sent',
  changed: 'a message is not what was sent, or not where it was',
  kept: 'what an erased user had said was read, or lies somewhere, after the erasure',
  failed: 'a call was refused for good that had to succeed',
  unreadable: 'a page or a send was not answered in its time, however often it was repeated',
  miscounted: 'what a month holds is not what was sent in it',
  job: 'a job did not do its work',
} as const;

/** A name of {@link yearAnomalies}. */
export type YearAnomalyName = keyof typeof yearAnomalies;

/** One thing that is wrong. */
export interface YearAnomaly {
  readonly name: YearAnomalyName;
  /** Where and what, for people. */
  readonly text: string;
}
