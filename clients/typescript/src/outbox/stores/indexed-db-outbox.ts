import type { OutboxStore, StoredSend } from './outbox-store.js';

/** Longer than the outbox waits for its store, so that this is never the first that is told of it. */
const openingMs = 10_000;
const storeName = 'sends';
const indexName = 'clientMessageId';

/**
 * An outbox in the browser's IndexedDB: it outlives the page and the browser. All pages of an origin may share one. Then two
 * may send the same message, which the server stores once, and what one of them has forgotten the other still sends. Where
 * there is no IndexedDB, everything it is asked for rejects.
 */
export function indexedDbOutbox({ name = 'parlance-outbox' }: IndexedDbOutboxOptions = {}): OutboxStore {
  let opening: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opening = undefined;
  };
  /** Transactions run in the order in which they are made, which is that of the calls: all of them wait for one promise. */
  const run = async <Result>(
    mode: IDBTransactionMode,
    work: (sends: IDBObjectStore) => () => Result,
  ): Promise<Result> => {
    opening ??= openDatabase(name, forget);
    const database = await opening;
    return finish(database.transaction(storeName, mode, { durability: 'strict' }), work);
  };
  return {
    all: () =>
      run('readonly', (sends) => {
        const request: IDBRequest<StoredSend[]> = sends.getAll();
        return () => request.result;
      }),
    put: (send) =>
      run('readwrite', (sends) => {
        const place = sends.index(indexName).getKey(send.clientMessageId);
        place.addEventListener('success', () => void sends.put(send, place.result));
        return () => undefined;
      }),
    remove: (clientMessageId) =>
      run('readwrite', (sends) => {
        const place = sends.index(indexName).getKey(clientMessageId);
        place.addEventListener('success', () => {
          if (place.result !== undefined) sends.delete(place.result);
        });
        return () => undefined;
      }),
  };
}

/** See {@link indexedDbOutbox}. */
export interface IndexedDbOutboxOptions {
  /** Of the database. Default `parlance-outbox`. */
  readonly name?: string;
}

/**
 * `gone` is called when the database cannot be used any more; it can be opened again then. So it is when it does not open for
 * {@link openingMs}: what comes of that attempt later is let go of.
 */
function openDatabase(name: string, gone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      gone();
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    if (typeof indexedDB === 'undefined') return fail(new Error('there is no IndexedDB here'));
    const request = indexedDB.open(name, 1);
    let isGivenUp = false;
    const timer = setTimeout(() => {
      isGivenUp = true;
      fail(new Error('the database does not open'));
    }, openingMs);
    request.addEventListener('upgradeneeded', () => {
      // Keys are numbers that rise: the order in which messages were first put.
      request.result
        .createObjectStore(storeName, { autoIncrement: true })
        .createIndex(indexName, indexName, { unique: true });
    });
    request.addEventListener('error', () => {
      clearTimeout(timer);
      if (!isGivenUp) fail(request.error);
    });
    request.addEventListener('success', () => {
      clearTimeout(timer);
      const database = request.result;
      if (isGivenUp) return database.close();
      database.addEventListener('close', gone);
      database.addEventListener('versionchange', () => {
        database.close();
        gone();
      });
      resolve(database);
    });
  });
}

/** Resolves when the transaction is on the disk; rejects when nothing of it is. */
function finish<Result>(transaction: IDBTransaction, work: (sends: IDBObjectStore) => () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    const result = work(transaction.objectStore(storeName));
    transaction.addEventListener('complete', () => resolve(result()));
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new Error('the transaction was broken off')),
    );
  });
}
