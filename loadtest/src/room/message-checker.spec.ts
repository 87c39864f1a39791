import { describe, expect, test } from 'vitest';
import { MessageChecker } from './message-checker.ts';

const clean = { gaps: [], duplicates: 0, reordered: 0 };

describe('MessageChecker', () => {
  test('finds nothing wrong with consecutive messages from the head of ready on', () => {
    expect(watch(4, [5, 6, 7]).verdict(7)).toEqual({ delivered: 3, ...clean });
  });

  test('finds nothing wrong with a room that stayed empty', () => {
    expect(watch(0, []).verdict(0)).toEqual({ delivered: 0, ...clean });
  });

  test('names the ids that never came, in the middle, at the start and at the end', () => {
    expect(watch(0, [2, 3, 5]).verdict(7)).toEqual({ delivered: 3, ...clean, gaps: [1, 4, 6, 7] });
  });

  test('counts a message that comes twice, also when it is not the newest', () => {
    expect(watch(0, [1, 2, 2, 1]).verdict(2)).toEqual({ delivered: 2, ...clean, duplicates: 2 });
  });

  test('counts a message that ready had counted already as a duplicate', () => {
    expect(watch(3, [3, 4]).verdict(4)).toEqual({ delivered: 1, ...clean, duplicates: 1 });
  });

  test('counts a late message as reordered and not as a gap', () => {
    expect(watch(0, [1, 3, 2, 4]).verdict(4)).toEqual({ delivered: 4, ...clean, reordered: 1 });
  });

  test('takes messages announced by heads for no gap, and their later arrival for a wrong order', () => {
    const checker = watch(0, [1]);
    checker.announce(4);
    checker.deliver(5);
    expect(checker.verdict(5)).toEqual({ delivered: 2, ...clean });
    checker.deliver(4);
    expect(checker.verdict(5)).toEqual({ delivered: 3, ...clean, reordered: 1 });
  });

  test('does not let heads excuse what was missing before it', () => {
    const checker = watch(0, [1, 3]);
    checker.announce(5);
    expect(checker.verdict(5)).toEqual({ delivered: 2, ...clean, gaps: [2] });
  });

  test('knows the newest id, delivered or announced', () => {
    const checker = watch(2, [3, 4]);
    expect(checker.highest).toBe(4);
    checker.announce(3);
    expect(checker.highest).toBe(4);
    checker.announce(9);
    expect(checker.highest).toBe(9);
  });

  test('takes what is pulled after a return for delivered, in its order and once', () => {
    const checker = watch(0, [1, 2]);
    checker.returnTo(5);
    expect(checker.highest).toBe(5);
    checker.deliver(6);
    expect([3, 4, 5, 6].map((id) => checker.pull(id))).toEqual([true, true, true, false]);
    expect(checker.verdict(6)).toEqual({ delivered: 6, ...clean });
  });

  test('names what no answer after a return had, and counts what had come before and what came late', () => {
    const checker = watch(0, [1, 2]);
    checker.returnTo(6);
    for (const id of [2, 4, 3, 6]) checker.pull(id);
    expect(checker.verdict(6)).toEqual({ delivered: 5, gaps: [5], duplicates: 1, reordered: 1 });
  });

  test('counts as a duplicate what comes live though the second ready had counted it', () => {
    const checker = watch(0, [1]);
    checker.returnTo(3);
    checker.deliver(3);
    expect(checker.verdict(1)).toEqual({ delivered: 1, ...clean, duplicates: 1 });
  });
});

function watch(base: number, ids: readonly number[]): MessageChecker {
  const checker = new MessageChecker(base);
  for (const id of ids) checker.deliver(id);
  return checker;
}
