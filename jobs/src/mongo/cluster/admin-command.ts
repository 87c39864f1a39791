import { type ChatDatabase, commandTimeout } from '@parlance/storage';
import type { Document } from 'mongodb';

/** Longest wait for the answer of a command that changes the cluster, milliseconds. */
const adminMs = 120_000;

/**
 * A command to the `admin` database: to the router of a cluster. Ends by itself; what it has done then is not known, so it is
 * one that may be repeated.
 * @throws what the driver throws.
 */
export async function adminCommand({ db }: ChatDatabase, command: Document, waitMs = adminMs): Promise<Document> {
  return await db.client.db('admin').command(command, { readPreference: 'primary', ...commandTimeout(waitMs) });
}

/** The code of an error of the server, or undefined. */
export function codeOf(thrown: unknown): number | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
