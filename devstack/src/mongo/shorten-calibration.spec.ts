import { expect, test } from 'vitest';
import { shortenCalibration } from './shorten-calibration.js';

/** As in mongod 6.0.5: the loop's first look at its limit, its body, its end, the counter read after it. */
const loop = '48 3d ff e0 f5 05 77 1e  48 8b 45 a8 48 83 c0 01  48 3d ff e0 f5 05 76 e8  0f 31 48 c1 e2 20';
const shortLoop = '48 3d ff e0 f5 05 77 1e  48 8b 45 a8 48 83 c0 01  48 3d 3f 42 0f 00 76 e8  0f 31 48 c1 e2 20';
const program = (...parts: readonly string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

test('the end of the loop gets a limit of a million, and no other byte changes', () => {
  expect(shortenCalibration(program('90', loop, 'c3'))).toEqual(program('90', shortLoop, 'c3'));
});

test('the program that was given stays as it is', () => {
  const given = program(loop);
  shortenCalibration(given);
  expect(given).toEqual(program(loop));
});

test('a comparison with the same number somewhere else is no loop', () => {
  expect(
    shortenCalibration(program('48 3d ff e0 f5 05 76 e8', 'c3', '48 3d ff e0 f5 05 0f 87', '0f 31')),
  ).toBeUndefined();
});

test('a program with two such places is not changed', () => {
  expect(shortenCalibration(program(loop, loop))).toBeUndefined();
});
