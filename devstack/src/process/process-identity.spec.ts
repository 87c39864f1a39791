import { expect, test } from 'vitest';
import { isAlive, ownIdentity, parseProcStat, parsePs, processIdentity } from './process-identity.js';

const STAT = '4711 (my (odd) name) S 1 4711 4711 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 11 0 987654 1 1 184';

test('the start time is field 22, whatever the command is called', () => {
  expect(parseProcStat(STAT)).toBe('987654');
});

test('a zombie is nobody, once its other threads have ended too', () => {
  const zombie = STAT.replace(') S', ') Z');
  expect(parseProcStat(zombie)).toBe('987654');
  expect(parseProcStat(zombie.replace(' 0 11 0 ', ' 0 1 0 '))).toBeUndefined();
  expect(parsePs('Z    Sun Nov 22 21:15:18 2026\n')).toBeUndefined();
});

test('ps tells the start time after the state', () => {
  expect(parsePs('Ss   Sun Nov 22 21:15:18 2026\n')).toBe('Sun Nov 22 21:15:18 2026');
  expect(parsePs('')).toBeUndefined();
});

test('this process is alive, and is not one that had its pid at another time', () => {
  const own = ownIdentity();
  expect(processIdentity(process.pid)).toEqual(own);
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, startTime: `${own.startTime}1` })).toBe(false);
});
