import { addMonths, type MonthYear } from '@parlance/storage';
import { expect, it } from 'vitest';
import { seededRandom } from '../../seeded-random.js';
import { planRooms } from '../people/room-plan.js';
import { planErasures } from './year-erasures.js';

it('erases people of the largest room once something is in the archive, one in three months', () => {
  const rooms = planRooms({ rooms: 40, messages: 2_000, months: 14 }, seededRandom(1));
  const months = Array.from({ length: 14 }, (_, index) => addMonths('2025-01' as MonthYear, index));
  const erasures = planErasures(rooms, months, seededRandom(2));
  expect([...erasures.keys()]).toEqual(['2025-05', '2025-08', '2025-11', '2026-02']);
  const users = [...erasures.values()];
  expect(new Set(users).size).toBe(4);
  const [giant] = rooms.filter(({ name }) => name.startsWith('giant'));
  expect(users.every((user) => giant?.users.includes(user) && user !== giant.users[0])).toBe(true);
  expect(planErasures(rooms, months.slice(0, 4), seededRandom(2)).size).toBe(0);
});
