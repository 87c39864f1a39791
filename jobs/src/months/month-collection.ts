import { type ChatDatabase, commandTimeout, durable, type MonthYear, messageCollectionName } from '@parlance/storage';
import { Binary, MongoServerError } from 'mongodb';
import { JobFailed } from '../job-failed.js';

/** Fails on any entry of `months`, before a filter on other fields could take them all away. */
const refusal = [{ $group: { _id: { $toInt: '$monthYear' } } }];

/** Longest a command of a collection may take, milliseconds. A drop on a cluster asks all shards. */
const commandMs = 60_000;
const namespaceNotFound = 26;
const namespaceExists = 48;
const collectionUuidMismatch = 361;

/** What stands under the name of a month's collection. */
export type MonthPlaceholder =
  | { readonly kind: 'nothing' }
  /** What stays of a month that was dropped: it refuses inserts (166) and reads. */
  | { readonly kind: 'view' }
  | { readonly kind: 'collection'; readonly uuid: Binary };

/** Looks what it is. */
export async function findMonthCollection(database: ChatDatabase, month: MonthYear): Promise<MonthPlaceholder> {
  const name = messageCollectionName(month);
  const [found] = await database.db.listCollections({ name }, commandTimeout(commandMs)).toArray();
  if (!found) return { kind: 'nothing' };
  if (found.type === 'view') return { kind: 'view' };
  const uuid = 'info' in found ? found.info?.uuid : undefined;
  if (uuid instanceof Binary) return { kind: 'collection', uuid };
  throw new JobFailed(`${name} has no UUID`);
}

/**
 * Drops the collection of a month if it is still the one with this UUID. Answers what it found: another one (361) or a view
 * is never touched, and nothing needs no drop. Rejects when MongoDB does not answer.
 */
export async function dropMonthCollection(
  database: ChatDatabase,
  month: MonthYear,
  uuid: Binary,
): Promise<'dropped' | 'gone' | 'another'> {
  try {
    const { writeConcern } = durable();
    const drop = { drop: messageCollectionName(month), collectionUUID: uuid, writeConcern };
    await database.db.command(drop, commandTimeout(commandMs));
    return 'dropped';
  } catch (thrown) {
    if (codeOf(thrown) === namespaceNotFound) return 'gone';
    if (codeOf(thrown) === collectionUuidMismatch) return (await isGone(database, month)) ? 'gone' : 'another';
    throw thrown;
  }
}

/**
 * Puts a view where the month's collection was, so that an insert fails (166) and does not create a collection without
 * shards and indexes. Reading it fails too: an empty answer could pass for an empty month. Answers `false` when a collection
 * stands there. Repeating it changes nothing.
 */
export async function putViewOfMonth(database: ChatDatabase, month: MonthYear): Promise<boolean> {
  const view = { create: messageCollectionName(month), viewOn: database.months.collectionName, pipeline: refusal };
  try {
    await database.db.command({ ...view, writeConcern: durable().writeConcern }, commandTimeout(commandMs));
    return true;
  } catch (thrown) {
    if (codeOf(thrown) !== namespaceExists) throw thrown;
    return (await findMonthCollection(database, month)).kind === 'view';
  }
}

/** Removes the view of a month, if it is one. */
export async function dropViewOfMonth(database: ChatDatabase, month: MonthYear): Promise<void> {
  if ((await findMonthCollection(database, month)).kind !== 'view') return;
  const drop = { drop: messageCollectionName(month), writeConcern: durable().writeConcern };
  await database.db.command(drop, commandTimeout(commandMs));
}

async function isGone(database: ChatDatabase, month: MonthYear): Promise<boolean> {
  return (await findMonthCollection(database, month)).kind === 'nothing';
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof MongoServerError ? thrown.code : undefined;
}
