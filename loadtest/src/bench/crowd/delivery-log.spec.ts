import { describe, expect, test } from 'vitest';
import { type DeliveryFaults, DeliveryLog } from './delivery-log.ts';
import { makeSchedule, type Schedule } from './schedule.ts';

const clean: DeliveryFaults = { missing: 0, twice: 0, disordered: 0, gaps: 0, overtaken: 0, renamed: 0 };
const roomSizes = [3, 4];
const schedule = makeSchedule({ ratePerSecond: 100, seconds: 1, roomSizes, seed: 1 });
const firstIds = [5, 100];

describe('the check of a run', () => {
  test('accepts every message to every member, in order, once', () => {
    expect(verdict(everything())).toEqual(clean);
  });

  test('does not mind what came before the ack, or that a run begins at any id', () => {
    const acksLast = everything().toSorted((a, b) => Number(a.member === ack) - Number(b.member === ack));
    expect(verdict(acksLast)).toEqual(clean);
  });

  test('sees a delivery that never came', () => {
    expect(verdict(everything().filter((one) => !is(one, 0, 1, 7)))).toEqual({ ...clean, missing: 1 });
  });

  test('sees a message that was acknowledged and told nobody', () => {
    const told = everything().filter((one) => one.member === ack || one.room !== 1 || one.sequence !== 3);
    expect(verdict(told)).toEqual({ ...clean, missing: 4 });
  });

  test('misses nothing of a send that was never answered and reached nobody, but the gap it leaves', () => {
    expect(verdict(everything().filter(({ room, sequence }) => room !== 0 || sequence !== 9))).toEqual({
      ...clean,
      gaps: 1,
    });
  });

  test('sees a delivery that came twice', () => {
    const all = everything();
    const again = all.findIndex((one) => is(one, 1, 2, 4));
    expect(verdict(all.toSpliced(again + 1, 0, all[again] as Told))).toEqual({ ...clean, twice: 1 });
  });

  test('sees a delivery out of order', () => {
    const all = everything();
    const [first, second] = [4, 5].map((sequence) => all.findIndex((one) => is(one, 0, 2, sequence)));
    const swapped = all
      .with(first as number, all[second as number] as Told)
      .with(second as number, all[first as number] as Told);
    expect(verdict(swapped)).toEqual({ ...clean, disordered: 1 });
  });

  test('sees a message that has another id for one member', () => {
    const told = everything().map((one) => (is(one, 0, 0, 2) ? { ...one, id: one.id + 1 } : one));
    expect(verdict(told).renamed).toBe(1);
  });

  test('sees a send that was overtaken by a later one of the same person', () => {
    const { senders, rooms } = schedule;
    const mine = Array.from(rooms.keys()).filter((index) => rooms[index] === 0 && senders[index] === 0);
    const [one = 0, two = 0] = mine.slice(0, 2).map((index) => schedule.sequences[index] ?? 0);
    const told = everything().map((told) => {
      if (told.room !== 0) return told;
      const sequence = told.sequence === one ? two : told.sequence === two ? one : told.sequence;
      return { ...told, id: 5 + sequence };
    });
    expect(verdict(told).overtaken).toBeGreaterThan(0);
  });

  test('ignores messages that are none of the run', () => {
    const log = new DeliveryLog(schedule, roomSizes);
    expect(log.delivered(7, 0, 0, 1)).toBe(false);
    expect(log.delivered(0, 0, 100_000, 1)).toBe(false);
  });
});

/** The member who stands for the ack. */
const ack = -1;

interface Told {
  readonly room: number;
  readonly sequence: number;
  readonly id: number;
  readonly member: number;
}

function everything(): Told[] {
  return Array.from(schedule.rooms).flatMap((room, index) => {
    const sequence = schedule.sequences[index] ?? 0;
    const members = [ack, ...Array.from({ length: roomSizes[room] ?? 0 }, (_, member) => member)];
    return members.map((member) => ({ room, sequence, id: (firstIds[room] ?? 0) + sequence, member }));
  });
}

function is(told: Told, room: number, member: number, sequence: number): boolean {
  return told.room === room && told.member === member && told.sequence === sequence;
}

function verdict(told: readonly Told[]): DeliveryFaults {
  const log = new DeliveryLog(schedule, roomSizes);
  for (const { room, sequence, id, member } of told) {
    if (member === ack) log.acked(indexOf(schedule, room, sequence), id);
    else log.delivered(room, member, sequence, id);
  }
  return log.verdict();
}

function indexOf({ rooms, sequences }: Schedule, room: number, sequence: number): number {
  return rooms.findIndex((other, index) => other === room && sequences[index] === sequence);
}
