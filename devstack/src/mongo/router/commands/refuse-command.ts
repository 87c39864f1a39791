import { CommandError } from '../wire/command-error.js';
import type { ShallowDocument } from '../wire/shallow-document.js';

const EXPLAINABLE: ReadonlySet<string> = new Set(['find', 'aggregate', 'count', 'distinct']);

/**
 * Throws for what must never reach a shard server's own routing commands: a mongod 6.0 ends itself on a transaction number,
 * on `$changeStream` and on the explanation of a write, and does not route inside a transaction. Pure: looks at the command
 * alone.
 */
export function refuseCommand(command: ShallowDocument): void {
  const name = command.firstName;
  if (command.has('txnNumber')) {
    throw new CommandError(20, 'IllegalOperation', 'Transaction numbers are not supported by this router');
  }
  if (command.has('autocommit') || command.has('startTransaction')) {
    throw new CommandError(263, 'OperationNotSupportedInTransaction', 'This router does not support transactions');
  }
  if (name === 'aggregate' && startsChangeStream(command)) {
    throw new CommandError(40573, 'Location40573', 'The $changeStream stage is not supported by this router');
  }
  if (name !== 'explain') return;
  const explained = command.document('explain');
  if (explained === undefined || !EXPLAINABLE.has(explained.firstName)) {
    throw new CommandError(
      115,
      'CommandNotSupported',
      `This router explains find, aggregate, count and distinct only, not ${explained?.firstName ?? 'this'}`,
    );
  }
  refuseCommand(explained);
}

/** Anywhere in the pipeline: nested ones are refused by the server too, but only after it was asked. */
function startsChangeStream(command: ShallowDocument): boolean {
  const bytes = command.rawElement('pipeline');
  if (bytes === undefined || !bytes.includes('$changeStream')) return false;
  return hasStage(command.get('pipeline'));
}

function hasStage(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasStage);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, below]) => key.startsWith('$changeStream') || hasStage(below));
}
