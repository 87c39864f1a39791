import { readFile } from 'node:fs/promises';
import type { OutboxStore } from '@parlance/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastingOutboxContract, outboxStoreContract } from '../../typescript/test/fixtures/outbox-store.contract.js';
import { needChromium } from './fixtures/need-chromium.js';
import { launchChromium } from './fixtures/window.js';

const chromium = needChromium('the outbox in IndexedDB is not tested');
const origin = 'http://outbox.example';

describe('indexedDbOutbox in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let names = 0;

  beforeAll(async () => {
    if (chromium === undefined) return;
    browser = await launchChromium(chromium);
    context = await browser.newContext();
    const script = await readFile(
      new URL('../../typescript/dist/outbox/stores/indexed-db-outbox.js', import.meta.url),
      'utf8',
    );
    await context.route(`${origin}/**`, (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({ contentType: 'text/html', body: html }),
    );
    page = await newPage();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const newPage = async (): Promise<Page> => {
    const fresh = await context.newPage();
    await fresh.goto(`${origin}/`);
    return fresh;
  };
  const newName = (): string => `outbox-${++names}`;

  outboxStoreContract(() => storeIn(page, newName()));
  lastingOutboxContract(async () => {
    const name = newName();
    return { store: await storeIn(page, name), again: async () => storeIn(await newPage(), name) };
  });

  it('rejects what cannot be kept, keeps nothing of it, and goes on', async () => {
    const name = newName();
    const store = await storeIn(page, name);
    await store.put(message('a'));
    const outcome = await page.evaluate(
      async ([database, each]) => {
        const outbox = (globalThis as unknown as OutboxPage).indexedDbOutbox({ name: database });
        // A function cannot be stored: the transaction is broken off, as for want of room.
        const put = outbox.put({ ...each, metadata: { never: () => undefined } });
        return put.then(
          () => 'kept',
          (error: Error) => error.name,
        );
      },
      [name, message('b')] as const,
    );
    expect(outcome).toBe('AbortError');
    await store.put(message('c'));
    expect((await store.all()).map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'c']);
  });

  it('opens the database anew when an attempt to open it is never answered', async () => {
    const fresh = await newPage();
    await fresh.clock.install();
    const put = fresh.evaluate(
      ([database, each]) => {
        const open = indexedDB.open.bind(indexedDB);
        let opened = 0;
        IDBFactory.prototype.open = (name, version) =>
          ++opened === 1 ? (new EventTarget() as IDBOpenDBRequest) : open(name, version);
        const outbox = (globalThis as unknown as OutboxPage).indexedDbOutbox({ name: database });
        const first = outbox.put(each).then(
          () => 'kept',
          (error: Error) => error.message,
        );
        return first.then(async (outcome) => {
          await outbox.put(each);
          return [outcome, (await outbox.all()).length, opened];
        });
      },
      [newName(), message('a')] as const,
    );
    await fresh.clock.runFor(11_000);
    expect(await put).toEqual(['the database does not open', 1, 2]);
  });

  it('lets somebody delete the data of the page, and begins anew', async () => {
    const name = newName();
    const store = await storeIn(page, name);
    await store.put(message('a'));
    const outcome = await page.evaluate(
      (database) =>
        new Promise<string>((resolve) => {
          const request = indexedDB.deleteDatabase(database);
          for (const end of ['success', 'error', 'blocked'] as const) {
            request.addEventListener(end, () => resolve(end));
          }
        }),
      name,
    );
    expect(outcome).toBe('success');
    await store.put(message('b'));
    expect((await store.all()).map(({ clientMessageId }) => clientMessageId)).toEqual(['b']);
  });
});

const html = `<script type="module">
  import { indexedDbOutbox } from './outbox.js';
  globalThis.indexedDbOutbox = indexedDbOutbox;
</script>`;

/** What the page above has. */
type OutboxPage = Pick<typeof import('@parlance/client'), 'indexedDbOutbox'>;

/** A store in the page, as one of this side. */
async function storeIn(page: Page, name: string): Promise<OutboxStore> {
  const store = await page.evaluateHandle(
    (database) => (globalThis as unknown as OutboxPage).indexedDbOutbox({ name: database }),
    name,
  );
  return {
    all: () => store.evaluate((outbox) => outbox.all()),
    put: (send) => store.evaluate((outbox, each) => outbox.put(each), send),
    remove: (clientMessageId) => store.evaluate((outbox, each) => outbox.remove(each), clientMessageId),
  };
}

function message(clientMessageId: string): Parameters<OutboxStore['put']>[0] {
  return { clientMessageId, userId: 'me', roomId: 'r', content: 'x', messageType: 'text', createdAt: 1 };
}
