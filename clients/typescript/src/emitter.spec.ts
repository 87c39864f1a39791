import { describe, expect, it } from 'vitest';
import { Emitter } from './emitter.js';
import type { ParlanceError } from './parlance-error.js';

describe('Emitter', () => {
  it('calls every listener until it is taken off', () => {
    const emitter = new Emitter<{ tick: number; error: ParlanceError }>();
    const heard: number[] = [];
    const off = emitter.on('tick', (tick) => heard.push(tick));
    emitter.on('tick', (tick) => heard.push(-tick));
    emitter.emit('tick', 1);
    off();
    emitter.emit('tick', 2);
    expect(heard).toEqual([1, -1, -2]);
  });

  it('tells as an error what a listener throws, and goes on', () => {
    const emitter = new Emitter<{ tick: number; error: ParlanceError }>();
    const heard: unknown[] = [];
    emitter.on('error', ({ code, cause }) => heard.push(code, cause));
    const fault = new Error('mine');
    emitter.on('tick', () => {
      throw fault;
    });
    emitter.on('tick', (tick) => heard.push(tick));
    emitter.emit('tick', 7);
    expect(heard).toEqual(['LISTENER_FAILED', fault, 7]);
  });
});
