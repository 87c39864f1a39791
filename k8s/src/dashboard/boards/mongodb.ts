import type { Board } from '../panel.js';
import { quantileBy, quantiles, rateBy } from '../queries.js';

/** MongoDB as chat services have it: no exporter is needed. */
export const mongodb: Board = {
  name: 'mongodb',
  title: 'Parlance: MongoDB',
  rows: {
    Commands: [
      {
        title: 'Commands by kind',
        doc: 'An insert or update may be of many messages.',
        unit: 'reqps',
        queries: { '{{command}}': rateBy('command', 'chat_mongo_commands_total{$chat}') },
      },
      {
        title: 'Commands that did not go well',
        doc: '`duplicate` is expected. `unavailable`: an election, no majority, a time-out. `failed`: look at the log.',
        unit: 'reqps',
        queries: { '{{result}}': rateBy('result', 'chat_mongo_commands_total{$chat,result!="ok"}') },
      },
      {
        title: 'Time of commands, 99 of 100',
        doc: 'From asking for a connection to the answer.',
        unit: 's',
        queries: { '{{command}}': quantileBy(0.99, 'command', 'chat_mongo_command_seconds', '$chat') },
      },
      {
        title: 'Reads that were ended by the server',
        doc: 'Cursors that are gone, ranges that have moved away. They are tried again.',
        unit: 'reqps',
        queries: { '{{pod}}': rateBy('pod', 'chat_mongo_killed_reads_total{$chat}') },
      },
    ],
    Connections: [
      {
        title: 'Connections by state',
        doc: 'Of all chat services together.',
        unit: 'short',
        queries: { '{{state}}': 'sum by (state) (chat_mongo_connections{$chat})' },
      },
      {
        title: 'Commands that wait for a connection',
        doc: 'Above 0 for long: there are too few, or MongoDB is slow.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_mongo_waiting_commands{$chat})' },
      },
      {
        title: 'How long they waited',
        doc: 'Those that got one.',
        unit: 's',
        queries: quantiles('chat_mongo_checkout_seconds', '$chat'),
      },
      {
        title: 'Chat services without MongoDB',
        doc: '`mongodb`: it does not answer. `mongodb-majority`: a write is not acknowledged by most members.',
        unit: 'short',
        queries: { '{{check}}': 'sum by (check) (1 - chat_health_check_up{$chat,check=~"mongodb|mongodb-majority"})' },
      },
    ],
  },
};
