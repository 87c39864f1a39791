import type { Document } from 'mongodb';
import { CommandError } from '../wire/command-error.js';

const SHARED = ['hint', 'collation', 'readConcern', 'maxTimeMS', 'comment'];

/** The aggregation that answers `count`, which the shard servers do not route. The answer is its one document's `n`. */
export function countPipeline(command: Document): readonly Document[] {
  const { query = {}, skip, limit } = command;
  return [
    { $match: query },
    ...(skip === undefined || Number(skip) === 0 ? [] : [{ $skip: skip }]),
    ...(limit === undefined || Number(limit) === 0 ? [] : [{ $limit: Math.abs(Number(limit)) }]),
    { $count: 'n' },
  ];
}

/** The aggregation that answers `distinct`: one document a value, in its `_id`. */
export function distinctPipeline(command: Document): readonly Document[] {
  const { key, query = {} } = command;
  if (typeof key !== 'string') throw new CommandError(14, 'TypeMismatch', 'distinct takes a key');
  const path = `$${key}`;
  return [
    { $match: { $and: [query, { [key]: { $exists: true } }] } },
    { $project: { _id: 0, value: { $cond: [{ $isArray: path }, path, [path]] } } },
    { $unwind: '$value' },
    { $group: { _id: '$value' } },
  ];
}

/** A read under the name a shard server routes it by, for `explain`. */
export function routedForm(command: Document): Document {
  const [name = ''] = Object.keys(command);
  const { [name]: collection, ...rest } = command;
  switch (name) {
    case 'find':
      return { clusterFind: collection as unknown, ...rest };
    case 'aggregate':
      return { clusterAggregate: collection as unknown, cursor: {}, ...rest };
    case 'count':
      return aggregation(collection, countPipeline(command), command);
    default:
      return aggregation(collection, distinctPipeline(command), command);
  }
}

function aggregation(collection: unknown, pipeline: readonly Document[], command: Document): Document {
  return { clusterAggregate: collection, pipeline, cursor: {}, ...sharedOptions(command) };
}

/** The options of a read that an aggregation has as well. */
export function sharedOptions(command: Document): Document {
  return Object.fromEntries(SHARED.flatMap((name) => (command[name] === undefined ? [] : [[name, command[name]]])));
}
