import { describe, expect, it } from 'vitest';
import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';

function capture(write: (logger: NestLogger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(new NestLogger(createLogger({ name: 'example', level: 'trace', destination })));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('NestLogger', () => {
  it('gives every Nest level its own, and what Nest tells of its start that of who debugs', () => {
    const lines = capture((logger) => {
      logger.log('a');
      logger.fatal('a');
      logger.error('a');
      logger.warn('a');
      logger.debug('a');
      logger.verbose('a');
    });
    expect(lines.map(({ level }) => level)).toEqual(['debug', 'fatal', 'error', 'warn', 'debug', 'trace']);
  });

  it('takes the last text for the context', () => {
    expect(capture((logger) => logger.log('started', 'NestFactory'))[0]).toMatchObject({
      msg: 'started',
      context: 'NestFactory',
    });
  });

  it('tells the stack of an error from its context', () => {
    const { stack } = new Error('broken');
    expect(capture((logger) => logger.error('broken', stack, 'Router'))[0]).toMatchObject({
      msg: 'broken',
      context: 'Router',
      stack,
    });
  });

  it('redacts an object that comes as the message', () => {
    expect(capture((logger) => logger.log({ token: 'hunter2', count: 1 }))[0]).toMatchObject({
      details: { token: '[redacted]', count: 1 },
    });
  });

  it('serializes an error that comes as the message', () => {
    expect(capture((logger) => logger.error(new TypeError('broken')))[0]).toMatchObject({
      msg: 'broken',
      err: { name: 'TypeError' },
    });
  });
});
