import { describe, expect, it } from 'vitest';
import { runWithTrace } from '../tracing/trace-context.js';
import { createLogger } from './create-logger.js';

function capture(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ name: 'example', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time, name and message', () => {
    const [line] = capture((logger) => logger.info({ count: 1 }, 'hello'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      name: 'example',
      count: 1,
      msg: 'hello',
    });
  });

  it('leaves out what is below its level, info by default', () => {
    expect(capture((logger) => logger.debug('hello'))).toEqual([]);
  });

  it('puts the trace id of the running request on every line', () => {
    const [inside, outside] = capture((logger) => {
      runWithTrace('trace-1', () => logger.info('inside'));
      logger.info('outside');
    });
    expect(inside).toMatchObject({ traceId: 'trace-1' });
    expect(outside).not.toHaveProperty('traceId');
  });

  it('redacts what is logged and what a child is bound to', () => {
    const [line] = capture((logger) =>
      logger.child({ token: 'hunter2' }).info({ headers: { authorization: 'hunter2' } }, 'hello'),
    );
    expect(line).toMatchObject({ token: '[redacted]', headers: { authorization: '[redacted]' } });
  });

  it('keeps of an error what helps and drops what a driver hung on it', () => {
    const error = Object.assign(new TypeError('broken'), { code: 'EX', command: { args: ['hunter2'] } });
    const [line] = capture((logger) => logger.error({ err: error }, 'failed'));
    expect(line?.['err']).toEqual({
      name: 'TypeError',
      message: 'broken',
      code: 'EX',
      stack: expect.stringContaining('create-logger.spec'),
    });
  });
});
