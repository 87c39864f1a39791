import type { ChatMessage } from '@parlance/proto';
import { describe, expect, test } from 'vitest';
import { RoomHistory, type Witness } from './room-history.ts';

const history = [message(1), message(2), message(3)];

describe('RoomHistory', () => {
  test('has no faults when history, deliveries and acks agree', () => {
    const acknowledged = new Map([['c-2', 2]]);
    expect(faultsFor({ delivered: [message(2), message(3)], acknowledged })).toEqual([]);
  });

  test('names a hole, a wrong order and a missing start', () => {
    expect(faultsOf([message(1), message(3)])).toEqual(['position 2 of the history has the id 3']);
    expect(faultsOf([message(2), message(1)])).toHaveLength(2);
    expect(faultsOf([message(2)])).toEqual(['position 1 of the history has the id 2']);
  });

  test('names a message that is stored twice', () => {
    expect(faultsOf([message(1), { ...message(2), clientMessageId: 'c-1' }])).toEqual([
      'the history has a clientMessageId twice',
    ]);
  });

  test('names a delivered message that the history lacks or has otherwise', () => {
    const delivered = [message(4), { ...message(2), content: 'other' }];
    expect(faultsFor({ delivered, acknowledged: new Map() })).toEqual([
      '#4 was delivered and is not in the history',
      '#2 was delivered with another content than the history has',
    ]);
  });

  test('names an acknowledged send that the history lacks or has at another place', () => {
    const acknowledged = new Map([
      ['c-9', 9],
      ['c-2', 3],
    ]);
    expect(faultsFor({ delivered: [], acknowledged })).toEqual([
      'c-9 was acknowledged as #9 and is not there',
      'c-2 was acknowledged as #3 and is not there',
    ]);
  });
});

function faultsFor(witness: Witness): string[] {
  return new RoomHistory(history).faultsFor(witness);
}

function faultsOf(messages: readonly ChatMessage[]): string[] {
  return new RoomHistory(messages).faults();
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
