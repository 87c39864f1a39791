import type { Board } from '../panel.js';
import { quantileBy, rateBy } from '../queries.js';

/** What chat services do: calls of gateways, and what they answer from. */
export const chatService: Board = {
  name: 'chat-service',
  title: 'Parlance: chat service',
  rows: {
    Calls: [
      {
        title: 'Calls by operation',
        doc: 'Answered, whatever the answer is.',
        unit: 'reqps',
        queries: { '{{operation}}': `${rateBy('operation', 'chat_grpc_calls_total{$chat}')} > 0` },
      },
      {
        title: 'Calls that were refused',
        doc: 'By their code, whoever is to blame: docs/errors.md.',
        unit: 'reqps',
        queries: { '{{code}}': rateBy('code', 'chat_grpc_calls_total{$chat,code!="OK"}') },
      },
      {
        title: 'Time of calls, 99 of 100',
        doc: 'From arrival to answer, by operation.',
        unit: 's',
        queries: { '{{operation}}': `${quantileBy(0.99, 'operation', 'chat_grpc_call_seconds', '$chat')} > 0` },
      },
      {
        title: 'Calls in flight',
        doc: 'Not answered yet.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_calls_in_flight{$chat})' },
      },
    ],
    Streams: [
      {
        title: 'Streams of gateways',
        doc: 'One from each gateway.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_streams{$chat})' },
      },
      {
        title: 'Results that wait',
        doc: 'Bytes that gateways have not taken yet. They grow where a gateway has too much to do.',
        unit: 'bytes',
        queries: { '{{pod}}': 'max by (pod) (chat_stream_waiting_bytes{$chat})' },
      },
      {
        title: 'Answers that were cut',
        doc: 'Pages and lists that ended early by their bytes; the client asks for the rest.',
        unit: 'reqps',
        queries: { '{{answer}}': rateBy('answer', 'chat_answers_cut_total{$chat}') },
      },
      {
        title: 'Checks that are down',
        doc: 'By check; /readyz has the reason.',
        unit: 'short',
        queries: { '{{check}}': 'sum by (check) (1 - chat_health_check_up{$chat})' },
      },
    ],
    'What reads are answered from': [
      {
        title: 'Reads of what was just read',
        doc: 'A crowd asks once. A miss asks the cache in Redis, or MongoDB.',
        unit: 'reqps',
        queries: { '{{of}}: {{result}}': rateBy('of, result', 'chat_memory_reads_total{$chat}') },
      },
      {
        title: 'Reads of the cache',
        doc: 'In Redis. A miss is answered by MongoDB.',
        unit: 'reqps',
        queries: { '{{result}}': rateBy('result', 'chat_cache_reads_total{$chat}') },
      },
      {
        title: 'Reads of the archive',
        doc: '`damaged` and `missing` need somebody to look: jobs scrub-archive.',
        unit: 'reqps',
        queries: { '{{result}}': rateBy('result', 'chat_archive_reads_total{$chat}') },
      },
      {
        title: 'Clock against MongoDB',
        doc: 'Beyond 2 s either way a chat service is not ready.',
        unit: 's',
        queries: { '{{pod}}': 'max by (pod) (abs(chat_storage_clock_skew_seconds{$chat}))' },
      },
    ],
  },
};
