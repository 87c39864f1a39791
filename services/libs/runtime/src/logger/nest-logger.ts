import type { Logger } from 'pino';

/**
 * Writes what Nest logs to a pino logger. Has the shape of Nest's `LoggerService` without importing Nest:
 * the last string argument is the context, for `error` and `fatal` the one before it may be a stack. What Nest tells as `log`,
 * each route, module and event when it starts, is of use to who debugs and comes at that level.
 */
export class NestLogger {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const { context, stack } = splitRest(rest);
    const fields = { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
    if (typeof message === 'string') this.logger[level](fields, message);
    else if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else this.logger[level]({ ...fields, details: message });
  }
}

/** Nest appends the context last; an error's stack comes before it and is told by its line breaks. */
function splitRest(rest: unknown[]): { context?: string; stack?: string } {
  const texts = rest.filter((item) => typeof item === 'string');
  const stack = texts.find((text) => text.includes('\n    at '));
  const context = texts.findLast((text) => text !== stack);
  return { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
}
