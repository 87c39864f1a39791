import { type ChatDatabase, type MonthYear, majority } from '@parlance/storage';

/** The zone that a month's range is in, or undefined. */
export async function readMonthZone(database: ChatDatabase, month: MonthYear): Promise<string | undefined> {
  const tag = await database.db.client
    .db('config')
    .collection<{ ns: string; tag: string }>('tags')
    .findOne({ ns: database.messages(month).namespace, 'min.monthYear': month }, majority());
  return tag?.tag;
}
