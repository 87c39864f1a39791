import {
  type Document,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
  type TopologyDescription,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { outcomesOfError, outcomesOfReply } from './insert-outcome.js';

const duplicate = (index: number): Document => ({ index, code: 11_000, errmsg: 'E11000' });
const kinds = (outcomes: readonly { readonly kind: string }[]): string[] => outcomes.map(({ kind }) => kind);

describe('outcomesOfReply', () => {
  it.each([true, false])('knows that all are committed when there is no error (ordered: %s)', (ordered) => {
    expect(outcomesOfReply({ n: 2 }, 2, ordered)).toEqual([{ kind: 'committed' }, { kind: 'committed' }]);
  });

  it('says why it is not certain of a document, or certain of its refusal', () => {
    const writeErrors = [{ index: 0, code: 121 }, { index: 1, code: 6 }, duplicate(2)];
    const writeConcernError = { code: 64 };
    expect(outcomesOfReply({ n: 1, writeErrors, writeConcernError }, 4, false)).toEqual([
      { kind: 'refused', cause: writeErrors[0] },
      { kind: 'unknown', cause: writeErrors[1] },
      { kind: 'taken' },
      { kind: 'unknown', cause: writeConcernError },
    ]);
  });

  it('gives each document of an unordered batch its own outcome', () => {
    const writeErrors = [duplicate(1), { index: 2, code: 166, errmsg: 'is a view' }, { index: 3, code: 89 }];
    expect(kinds(outcomesOfReply({ n: 2, writeErrors }, 5, false))).toEqual([
      'committed',
      'taken',
      'refused',
      'unknown',
      'committed',
    ]);
  });

  it('attempts nothing behind the first error of an ordered batch', () => {
    expect(kinds(outcomesOfReply({ n: 1, writeErrors: [duplicate(1)] }, 4, true))).toEqual([
      'committed',
      'taken',
      'notAttempted',
      'notAttempted',
    ]);
  });

  it('doubts everything from an unclear error of an ordered batch on: a router does not say where the shard stopped', () => {
    expect(kinds(outcomesOfReply({ n: 1, writeErrors: [{ index: 1, code: 6 }] }, 3, true))).toEqual([
      'committed',
      'unknown',
      'unknown',
    ]);
  });
});

describe('outcomesOfError', () => {
  it('keeps the errors of single documents apart from a majority that is missing for the others', () => {
    const reply = { n: 1, writeErrors: [duplicate(0)], writeConcernError: { code: 64, errmsg: 'wtimeout' }, ok: 1 };
    const thrown = new MongoWriteConcernError(reply);
    expect(kinds(outcomesOfError(thrown, 2, false))).toEqual(['taken', 'unknown']);
  });

  it.each([
    ['a command that the server does not know', 59, 'refused'],
    ['a document that is too large', 10_334, 'refused'],
    ['a view in place of the collection', 166, 'refused'],
    ['no right to write', 13, 'refused'],
    ['a primary that stepped down, perhaps after the first documents', 10_107, 'unknown'],
    ['an interruption', 11_602, 'unknown'],
    ['a time-out', 50, 'unknown'],
  ])('says of %s (%i) that it was %s', (_, code, kind) => {
    const thrown = new MongoServerError({ ok: 0, code, errmsg: 'no' });
    expect(kinds(outcomesOfError(thrown, 2, false))).toEqual([kind, kind]);
  });

  it('doubts a lost connection', () => {
    expect(kinds(outcomesOfError(new MongoNetworkError('closed'), 1, true))).toEqual(['unknown']);
  });

  it('knows that nothing was sent where no server was found', () => {
    const thrown = new MongoServerSelectionError('none', {} as TopologyDescription);
    expect(outcomesOfError(thrown, 1, false)).toEqual([{ kind: 'notAttempted', cause: thrown }]);
  });

  it("believes a server's code and nobody else's", () => {
    expect(kinds(outcomesOfError(Object.assign(new Error('no'), { code: 13 }), 1, false))).toEqual(['unknown']);
  });
});
