import { expect, test } from 'vitest';
import { LatencyById } from './latency-by-id.ts';

const message = { roomId: 'r', messageId: 7, senderId: 'ann' };

test('an arrival is timed from the send that was acknowledged with its id, whichever comes first', () => {
  const { latencies, heard } = listen();
  latencies.arrived(message, 130);
  expect(heard).toEqual([]);
  latencies.acknowledged(message, 100);
  latencies.arrived(message, 145);
  expect(heard).toEqual([30, 45]);
});

test('the same id in another room is another message', () => {
  const { latencies, heard } = listen();
  latencies.acknowledged(message, 100);
  latencies.arrived({ ...message, roomId: 's' }, 130);
  expect(heard).toEqual([]);
});

test('what somebody else sends from elsewhere has no time here', () => {
  const { latencies, heard } = listen();
  latencies.acknowledged(message, 100);
  latencies.arrived({ ...message, senderId: 'bob' }, 130);
  expect(heard).toEqual([]);
});

function listen() {
  const heard: number[] = [];
  return {
    heard,
    latencies: new LatencyById(
      (userId) => userId === 'ann',
      (ms) => void heard.push(ms),
    ),
  };
}
