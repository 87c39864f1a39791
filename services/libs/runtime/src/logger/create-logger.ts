import { type DestinationStream, destination as fileDestination, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentTrace } from '../tracing/trace-context.js';
import { CENSOR, redact, sensitiveNames } from './redact.js';
import { serializeError } from './serialize-error.js';

/**
 * Makes the logger of a process: JSON lines on stdout, ISO 8601 time, `level` as a word, `name` on every line, and
 * `traceId`/`spanId` of the running request where there is one. Fields named like credentials or message text are
 * written as `[redacted]` (see `redact`); texts and deeper levels are the caller's duty.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { name, level = 'info', destination = fileDestination({ fd: 1, sync: true }) } = options;
  const settings = {
    name,
    level,
    base: {},
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
    // The formatter above does not see what a child logger is bound to.
    redact: { paths: [...sensitiveNames], censor: CENSOR },
    mixin: () => currentTrace() ?? {},
    serializers: { err: serializeError, error: serializeError },
  };
  return pino(settings, destination);
}

/** How a process logs. */
export interface LoggerOptions {
  /** The process, for example `gateway`. */
  readonly name: string;
  /** Least severe level written. Default `info`. */
  readonly level?: LogLevel;
  /** Where lines go. Default: stdout, each line before the call returns; later, the last lines before an exit would be lost or out of order. */
  readonly destination?: DestinationStream;
}

/** Levels in falling severity; `silent` writes nothing. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
