import { describe, expect, it, vi } from 'vitest';
import { PublishingState } from './publishing-state.js';

describe('PublishingState', () => {
  it('fails with the first write that was not taken, and works again ten seconds after the last', () => {
    let now = 0;
    const state = new PublishingState(() => now);
    const changed = vi.fn();
    state.onChange(changed);
    state.note({ failed: 0 });
    expect(state.isFailing).toBe(false);
    state.note({ failed: 1, firstError: new Error('OOM') });
    state.note({ failed: 0 });
    expect(() => state.requireWorking()).toThrow('Redis did not take all that was written: OOM');
    now = 9_000;
    state.note({ failed: 2, firstError: new Error('READONLY') });
    now = 18_999;
    state.look();
    expect(() => state.requireWorking()).toThrow('READONLY');
    expect(changed).toHaveBeenCalledTimes(1);
    now = 19_000;
    state.look();
    expect(() => state.requireWorking()).not.toThrow();
    expect(changed).toHaveBeenCalledTimes(2);
  });
});
