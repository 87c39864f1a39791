import { expect, it } from 'vitest';
import { BlockLines } from './block-lines.js';

it('gives the bytes of the lines that came since the last block, with a line feed each', () => {
  const lines = new BlockLines(64);
  lines.add('one');
  lines.add('zwölf €');
  expect([lines.records, lines.bytes]).toEqual([2, 15]);
  expect(lines.take().toString()).toBe('one\nzwölf €\n');
  expect([lines.records, lines.bytes]).toEqual([0, 0]);
});

it('takes more than a block has as a rule', () => {
  const lines = new BlockLines(8);
  const long = ['short', '€'.repeat(1_000), 'x'.repeat(5_000)];
  for (const line of long) lines.add(line);
  expect(lines.take().toString()).toBe(`${long.join('\n')}\n`);
});

it('leaves a block as it is while the next one fills', () => {
  const lines = new BlockLines(64);
  lines.add('first');
  const first = lines.take();
  lines.add('second');
  expect(first.toString()).toBe('first\n');
  expect(lines.take().toString()).toBe('second\n');
});
