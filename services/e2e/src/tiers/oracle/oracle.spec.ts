import { expect, it } from 'vitest';
import { hashOfMessages, Oracle, type ReadMessage } from './oracle.js';

/** A room in which Ann and Bob have said three things that were acknowledged as 1 to 3. */
function room() {
  const oracle = new Oracle();
  oracle.addRoom('r', 'room-1');
  const messages = ['ann:0', 'bob:0', 'ann:1'].map(
    (clientMessageId, index): ReadMessage => ({
      clientMessageId,
      senderId: clientMessageId.split(':')[0] ?? '',
      content: `text ${index}`,
      metadataJson: '',
      messageId: index + 1,
      timestamp: 1_000 + index,
      monthYear: '2026-01',
    }),
  );
  for (const message of messages) {
    oracle.begin('r', message);
    oracle.acknowledge('r', message.clientMessageId, message);
  }
  const read = (changed: (messages: ReadMessage[]) => readonly ReadMessage[], least = 3) => {
    oracle.compare('r', changed(messages.map((message) => ({ ...message }))), { least, erased: oracle.erased }, 'read');
    return oracle.anomalies.splice(0).map(({ name }) => name);
  };
  const one = (at: number, change: Partial<ReadMessage>) =>
    read((all) => all.map((each, index) => (index === at ? { ...each, ...change } : each)));
  return { oracle, messages, read, one };
}

it('finds nothing wrong with what was acknowledged, and nothing with a message that is not acknowledged yet', () => {
  const { oracle, messages, read } = room();
  expect(read((all) => all)).toEqual([]);
  const next = { ...(messages[0] as ReadMessage), clientMessageId: 'bob:1', senderId: 'bob', messageId: 4 };
  oracle.begin('r', next);
  expect(read((all) => [...all, { ...next, timestamp: 2_000 }])).toEqual([]);
  oracle.acknowledge('r', 'bob:1', next);
  expect(oracle.leastOf('r')).toBe(4);
  expect(oracle.anomalies).toEqual([]);
});

it('names what is wrong with a read', () => {
  const { read, one } = room();
  expect(read((all) => all.slice(0, 2))).toEqual(['lost']);
  expect(read((all) => all.slice(0, 2), 2)).toEqual([]);
  expect(read((all) => all.filter(({ messageId }) => messageId !== 2))).toEqual(['gap']);
  expect(read((all) => all.slice(1))).toEqual(['gap']);
  expect(read((all) => all.flatMap((each) => (each.messageId === 2 ? [each, each] : [each])))).toContain('duplicate');
  expect(one(1, { content: 'other' })).toEqual(['changed']);
  expect(one(1, { senderId: 'eve' })).toContain('changed');
  expect(one(1, { metadataJson: '{}' })).toEqual(['changed']);
  expect(one(1, { monthYear: '2026-02' })).toEqual(['changed']);
  expect(one(1, { clientMessageId: 'bob:7' })).toEqual(['phantom']);
  expect(one(2, { timestamp: 1 })).toEqual(['reordered']);
  expect(one(2, { clientMessageId: 'ann:0' })).toContain('reordered');
});

it('wants nothing of an erased user once the erasure is done, and either before', () => {
  const { oracle, messages, read, one } = room();
  const gone = { clientMessageId: '', content: '', metadataJson: '', erased: true };
  expect(one(1, gone)).toEqual(['changed']);
  const before = oracle.hashOf('r');
  oracle.beginErasure('bob');
  expect([one(1, gone), one(1, {})]).toEqual([[], []]);
  expect(oracle.hashOf('r')).toBe(before);
  oracle.endErasure('bob');
  expect(one(1, gone)).toEqual([]);
  expect(read((all) => all)).toEqual(['kept']);
  expect(one(1, { ...gone, content: 'text 1' })).toEqual(['kept']);
  expect(one(1, { ...gone, senderId: 'ann' })).toContain('changed');
  expect(one(1, { ...gone, monthYear: '2026-02' })).toEqual(['changed']);
  expect(one(0, gone)).toContain('changed');
  const all = messages.map((message) => (message.senderId === 'bob' ? { ...message, ...gone } : message));
  expect(hashOfMessages(all)).toBe(oracle.hashOf('r'));
});

it('notices a second acknowledgement with another id, and two messages with one', () => {
  const { oracle, messages } = room();
  oracle.acknowledge('r', 'ann:0', { messageId: 9, monthYear: '2026-01' });
  expect(oracle.anomalies.splice(0).map(({ name }) => name)).toEqual(['changed']);
  const other = { ...(messages[0] as ReadMessage), clientMessageId: 'ann:2' };
  oracle.begin('r', other);
  oracle.acknowledge('r', 'ann:2', { messageId: 3, monthYear: '2026-01' });
  expect(oracle.anomalies.map(({ name }) => name)).toEqual(['changed']);
});

it('counts by month, and hashes what a room has to hold as a reader would', () => {
  const { oracle, messages } = room();
  expect([...oracle.countByMonth()]).toEqual([['2026-01', 3]]);
  expect(oracle.messages).toBe(3);
  expect(oracle.hashOf('r')).toBe(hashOfMessages(messages));
  expect(oracle.hashOf('r')).not.toBe(hashOfMessages(messages.slice(1)));
});
