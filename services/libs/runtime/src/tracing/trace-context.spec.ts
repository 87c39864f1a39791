import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { currentTrace, runWithTrace } from './trace-context.js';

describe('runWithTrace', () => {
  it('holds for everything that is awaited inside, and for nothing else', async () => {
    const [one, two] = await Promise.all(
      ['a', 'b'].map((id) =>
        runWithTrace(id, async () => {
          await turn();
          return currentTrace()?.traceId;
        }),
      ),
    );
    expect([one, two, currentTrace()]).toEqual(['a', 'b', undefined]);
  });
});
