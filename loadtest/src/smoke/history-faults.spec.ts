import type { ChatMessage } from '@parlance/proto';
import { describe, expect, test } from 'vitest';
import { historyFaults } from './history-faults.ts';

const history = [message(1), message(2), message(3)];

describe('historyFaults', () => {
  test('are none when history, deliveries and acks agree', () => {
    const acknowledged = new Map([['c-2', 2]]);
    expect(historyFaults(history, { delivered: [message(2), message(3)], acknowledged })).toEqual([]);
  });

  test('name a hole, a wrong order and a missing start', () => {
    expect(faultsOf([message(1), message(3)])).toEqual(['position 2 of the history has the id 3']);
    expect(faultsOf([message(2), message(1)])).toHaveLength(2);
    expect(faultsOf([message(2)])).toEqual(['position 1 of the history has the id 2']);
  });

  test('name a message that is stored twice', () => {
    expect(faultsOf([message(1), { ...message(2), clientMessageId: 'c-1' }])).toEqual([
      'the history has a clientMessageId twice',
    ]);
  });

  test('name a delivered message that the history lacks or has otherwise', () => {
    const delivered = [message(4), { ...message(2), content: 'other' }];
    expect(historyFaults(history, { delivered, acknowledged: new Map() })).toEqual([
      '#4 was delivered and is not in the history',
      '#2 was delivered with another content than the history has',
    ]);
  });

  test('name an acknowledged send that the history lacks or has at another place', () => {
    const acknowledged = new Map([
      ['c-9', 9],
      ['c-2', 3],
    ]);
    expect(historyFaults(history, { delivered: [], acknowledged })).toEqual([
      'c-9 was acknowledged as #9 and is not there',
      'c-2 was acknowledged as #3 and is not there',
    ]);
  });
});

function faultsOf(messages: readonly ChatMessage[]): string[] {
  return historyFaults(messages, { delivered: [], acknowledged: new Map() });
}

function message(messageId: number): ChatMessage {
  return {
    messageId,
    roomId: 'r',
    senderId: 'ann',
    content: `text ${messageId}`,
    timestamp: 1_795_348_800_000 + messageId,
    monthYear: '2026-11',
    status: 'sent',
    deliveredTo: [],
    readBy: [],
    messageType: 'text',
    clientMessageId: `c-${messageId}`,
  };
}
