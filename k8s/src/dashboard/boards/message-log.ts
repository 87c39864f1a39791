import type { Board } from '../panel.js';
import { meanBy, quantiles, rateBy } from '../queries.js';

/** The log and its tiers: what is stored, for whom it waits, and where months stand. */
export const messageLog: Board = {
  name: 'message-log',
  title: 'Parlance: message log and tiers',
  rows: {
    'What is stored': [
      {
        title: 'Messages stored a second',
        doc: 'By chat service. Rooms are spread over them by their id; GET /top-rooms says which are busy.',
        unit: 'short',
        queries: { '{{pod}}': rateBy('pod', 'chat_log_messages_total{$chat}') },
      },
      {
        title: 'From a send to its majority commit',
        doc: 'What MongoDB takes, and waiting for the commit before.',
        unit: 's',
        queries: quantiles('chat_log_send_seconds', '$chat'),
      },
      {
        title: 'Messages an insert',
        doc: 'Under load many messages share a write.',
        unit: 'short',
        queries: { '{{pod}}': meanBy('pod', 'chat_log_insert_batch_messages', '$chat') },
      },
      {
        title: 'Retries, and sends that had been stored',
        doc: 'Pauses before a room tries again; sends of a client that had no answer to the first.',
        unit: 'short',
        queries: {
          'retries a second': rateBy('', 'chat_log_retries_total{$chat}'),
          'stored before, a second': rateBy('', 'chat_log_duplicate_sends_total{$chat}'),
        },
      },
    ],
    'For whom it waits': [
      {
        title: 'Messages that users come back to',
        doc: 'Past their delivered mark when they connect: half of the users have at most, 99 of 100 have at most.',
        unit: 'short',
        queries: quantiles('chat_offline_backlog_messages', '$chat'),
      },
      {
        title: 'Messages that wait for absent users',
        doc: 'By the pointers that a pod has put since its start and not removed.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_offline_queue_messages{$chat})' },
      },
      {
        title: 'Refused for their month',
        doc: 'Rooms that could not be created or go on, since the month is not open.',
        unit: 'reqps',
        queries: { '{{pod}}': rateBy('pod', 'chat_months_refusals_total{$chat}') },
      },
      {
        title: 'Months that are missing',
        doc: 'Among this and the next: above 0 sends will fail.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_months_missing{$chat})' },
      },
    ],
    Tiers: [
      {
        title: 'Months that are open',
        doc: '1 where it takes messages: 0 is this month, 1 the next.',
        unit: 'short',
        queries: { 'in {{offset}} months': 'max by (offset) (chat_months_open{$chat})' },
      },
      {
        title: 'Months that jobs are at',
        doc: 'By the step of the move or of archiving; `other` moves nothing.',
        unit: 'short',
        queries: { '{{phase}}': 'max by (phase) (chat_month_moves{$chat})' },
      },
      {
        title: 'Since the oldest of these was begun',
        doc: 'Above 20 hours nobody is at it any more.',
        unit: 's',
        queries: { 'oldest work': 'max(chat_month_work_age_seconds{$chat})' },
      },
      {
        title: 'Ranges where they should not be',
        doc: 'Outside their tier, or too large to move, at the last jobs verify.',
        unit: 'short',
        queries: {
          'outside their tier': 'max(chat_zone_drift_ranges{$chat})',
          'too large to move': 'max(chat_jumbo_ranges{$chat})',
        },
      },
    ],
  },
};
