import { BSON, type Document, Long } from 'mongodb';
import { expect, test } from 'vitest';
import { ShallowDocument } from '../wire/shallow-document.js';
import { refuseCommand } from './refuse-command.js';

const refuse = (command: Document): void =>
  refuseCommand(new ShallowDocument(Buffer.from(BSON.serialize({ ...command, $db: 'test' }))));

test.each([
  ['a write with a transaction number', { insert: 'notes', lsid: { id: 1 }, txnNumber: Long.ONE }, 20],
  ['any command of a transaction', { find: 'notes', autocommit: false }, 263],
  ['the start of a transaction', { find: 'notes', startTransaction: true }, 263],
  ['a change stream', { aggregate: 'notes', pipeline: [{ $changeStream: {} }], cursor: {} }, 40_573],
  [
    'a change stream behind another stage',
    { aggregate: 'notes', pipeline: [{ $facet: { a: [{ $changeStreamSplitLargeEvent: {} }] } }] },
    40_573,
  ],
  ['the explanation of an update', { explain: { update: 'notes', updates: [] } }, 115],
  ['the explanation of a delete', { explain: { delete: 'notes', deletes: [] } }, 115],
  ['the explanation of a findAndModify', { explain: { findAndModify: 'notes' } }, 115],
  ['the explanation of an explanation', { explain: { explain: { find: 'notes' } } }, 115],
  ['the explanation of nothing', { explain: 'notes' }, 115],
  [
    'the explanation of a change stream',
    { explain: { aggregate: 'notes', pipeline: [{ $changeStream: {} }] } },
    40_573,
  ],
  ['the explanation within a transaction', { explain: { find: 'notes', autocommit: false } }, 263],
])('%s never reaches a shard server', (_what, command, code) => {
  expect(() => refuse(command)).toThrow(expect.objectContaining({ name: 'CommandError', code }));
});

test.each([
  ['a session without a transaction number', { insert: 'notes', lsid: { id: 1 } }],
  ['a text about change streams', { aggregate: 'notes', pipeline: [{ $match: { text: '$changeStream' } }] }],
  ['the explanation of a find', { explain: { find: 'notes' } }],
  ['the explanation of an aggregation', { explain: { aggregate: 'notes', pipeline: [] } }],
])('%s passes', (_what, command) => {
  expect(() => refuse(command)).not.toThrow();
});
