import type { AnomalyName } from '../history/anomaly.js';
import type { SabotageName } from '../sabotage/sabotages.js';
import type { ScenarioName } from './scenarios.js';

/** A bug that is planted, the run that has to catch it, and what the checker may call it. */
export interface Plant {
  readonly scenario: ScenarioName;
  /** Part of the scenario, with and without the bug. */
  readonly weather?: readonly SabotageName[];
  readonly caughtAs: readonly AnomalyName[];
}

/** Every planted bug by the name of its sabotage. */
export const plants = {
  'publish-before-commit': {
    scenario: 'killed-under-load',
    caughtAs: ['lost', 'phantom', 'disagreement', 'gap', 'reordered'],
  },
  'trust-incr': { scenario: 'race-and-flush', caughtAs: ['gap', 'lost', 'ackChanged', 'disagreement', 'phantom'] },
  'no-pull': { scenario: 'events-dropped', caughtAs: ['gap'] },
  'no-sweep': { scenario: 'last-event-dropped', caughtAs: ['unseen'] },
  'no-seal': {
    scenario: 'month-end-race',
    caughtAs: ['equalIds', 'lost', 'disagreement', 'duplicate', 'gap', 'reordered'],
  },
  'seal-unconfirmed': {
    scenario: 'month-end-race',
    caughtAs: ['equalIds', 'lost', 'disagreement', 'duplicate', 'gap', 'reordered'],
  },
  'no-client-id-index': { scenario: 'retry-elsewhere', caughtAs: ['ackChanged', 'duplicate'] },
  'dedup-from-local-read': {
    scenario: 'primary-alone',
    weather: ['short-commands'],
    caughtAs: ['lost', 'phantom', 'disagreement', 'gap'],
  },
  'empty-is-dead': { scenario: 'majority-late', weather: ['short-commands'], caughtAs: ['phantom'] },
  'unordered-batch': { scenario: 'race-and-flush', caughtAs: ['reordered', 'gap'] },
  'resume-unbuffered': { scenario: 'connect-under-load', caughtAs: ['gap'] },
  'previous-before-seal': { scenario: 'month-end-retries', caughtAs: ['duplicate', 'ackChanged'] },
  'change-undecided-anew': { scenario: 'heirs-at-two-pods', caughtAs: ['notOneOwner', 'lostChange', 'eventGap'] },
  'limit-before-the-change': { scenario: 'full-at-two-pods', caughtAs: ['overLimit'] },
  'fields-as-remembered': { scenario: 'admins-at-two-pods', caughtAs: ['lostChange'] },
  'no-heir': { scenario: 'heirs-at-two-pods', caughtAs: ['notOneOwner'] },
  'receipt-overwritten': { scenario: 'marks-on-two-devices', caughtAs: ['receiptWentBack'] },
} as const satisfies Partial<Record<SabotageName, Plant>>;

/** A name of {@link plants}. */
export type PlantName = keyof typeof plants;
