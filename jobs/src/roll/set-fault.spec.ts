import { expect, it } from 'vitest';
import { type MemberSight, newestApplied, type PresentMember, primaryOf, setFault } from './set-fault.js';

const names = ['a:1', 'b:1', 'c:1'];
const member = (name: string, more: Partial<PresentMember> = {}): PresentMember => ({
  member: name,
  state: 'SECONDARY',
  appliedAt: 10n,
  others: new Map(names.map((each) => [each, 'SECONDARY'])),
  ...more,
});
const primary = member('a:1', { state: 'PRIMARY' });
const whole = [primary, member('b:1'), member('c:1', { appliedAt: 9n })];

it('a set is whole when all serve and the primary sees it so', () => {
  expect(setFault(whole)).toBeUndefined();
  expect(setFault([member('a:1', { state: 'PRIMARY' })])).toBeUndefined();
  expect(primaryOf(whole)).toBe('a:1');
});

it.each<[string, readonly MemberSight[], string]>([
  ['a member is away', [primary, member('b:1'), { member: 'c:1', away: 'refused' }], 'c:1 does not answer: refused'],
  ['a member copies data', [primary, member('b:1', { state: 'STARTUP2' })], 'b:1 is STARTUP2'],
  ['nobody is primary', [member('a:1'), member('b:1')], 'there is no primary'],
  ['two are primary', [primary, member('b:1', { state: 'PRIMARY' })], 'a:1 and b:1 are both primary'],
  [
    'the primary does not reach a member',
    [{ ...primary, others: new Map([['b:1', '(not reachable/healthy)']]) }, member('b:1')],
    'the primary sees a:1 as nobody of its set',
  ],
])('a set is not whole when %s', (_, members, fault) => {
  expect(setFault(members)).toBe(fault);
});

it('a set is not whole while a member has yet to apply what the furthest had', () => {
  expect(newestApplied(whole)).toBe(10n);
  expect(setFault(whole, newestApplied(whole))).toBe('c:1 has yet to apply what the others have');
  expect(setFault(whole, 9n)).toBeUndefined();
});
