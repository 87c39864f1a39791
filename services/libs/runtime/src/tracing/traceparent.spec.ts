import { describe, expect, it } from 'vitest';
import { newTraceparent, parseTraceparent } from './traceparent.js';

const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('parseTraceparent', () => {
  it('reads the example of the specification', () => {
    expect(parseTraceparent(valid)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    });
  });

  it('reads the sampled bit and no other', () => {
    expect(parseTraceparent(valid.replace(/01$/, '02'))?.sampled).toBe(false);
    expect(parseTraceparent(valid.replace(/01$/, '03'))?.sampled).toBe(true);
  });

  it.each([
    undefined,
    null,
    42,
    [valid],
    '',
    valid.toUpperCase(),
    `${valid} `,
    `${valid}-00`,
    valid.replace(/^00/, 'ff'),
    valid.replace(/^00/, '01'),
    valid.replaceAll('-', '_'),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    `00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01`,
  ])('refuses %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe('newTraceparent', () => {
  it('makes a different valid one each time, also when the pool of random bytes runs out', () => {
    const all = Array.from({ length: 1000 }, () => newTraceparent());
    expect(new Set(all).size).toBe(all.length);
    for (const text of all) expect(parseTraceparent(text)).toMatchObject({ sampled: false });
    expect(parseTraceparent(newTraceparent(true))?.sampled).toBe(true);
  });
});
