import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoToken } from '@parlance/devstack';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needChromium } from './fixtures/need-chromium.js';
import { paintMonths } from './fixtures/paint-months.js';
import { paintScene, type Scene } from './fixtures/paint-scene.js';
import { startWebStack, type WebStack } from './fixtures/web-stack.js';
import { launchChromium, Window, type WindowLook } from './fixtures/window.js';
import { addWindowMatchers } from './fixtures/window-matchers.js';

/** The pictures of the documentation are renewed with `WRITE_SCREENSHOTS=1`; without it they are taken and thrown away. */
const isKept = process.env['WRITE_SCREENSHOTS'] === '1';
const kept = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const chromium = needChromium('no pictures of the web client are taken');
addWindowMatchers();

describe('the web client to look at', { timeout: 180_000 }, () => {
  let stack: WebStack;
  let browser: Browser;
  let scene: Scene;
  let folder: string;

  beforeAll(async () => {
    if (chromium === undefined) return;
    folder = isKept ? kept : await mkdtemp(join(tmpdir(), 'parlance-look-'));
    [stack, browser] = await Promise.all([startWebStack(), launchChromium(chromium)]);
    scene = await paintScene(stack);
  });

  afterAll(async () => {
    scene?.[Symbol.dispose]();
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
    if (!isKept && folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** Opens Maya's window, has the picture arranged, and takes it. Tells what is wrong with it. */
  async function picture(name: string, look: WindowLook, arrange: (window: Window) => Promise<void>): Promise<Faults> {
    const window = await Window.open(browser, 'about:blank', look);
    // Everything was said just now: the picture is taken a little later.
    await window.page.clock.setSystemTime(Date.now() + 12 * 60_000);
    await window.page.goto(`${stack.url}/#user=maya`);
    await expect(window).toShow(window.row('Release crew'));
    await arrange(window);
    const overflowPixels = await window.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    await window.page.screenshot({ path: join(folder, `${name}.png`) });
    await window.close();
    return { overflowPixels, complaints: window.complaints };
  }

  const openGroup = async (window: Window): Promise<void> => {
    await window.row('Release crew').click();
    await expect(window).toShow('Go for it.');
    await window.bubble('Go for it.').locator('[data-ticks="read"]').waitFor();
    await expect(window).toHide(window.row('Release crew').locator('.badge'));
  };
  const openInes = async (window: Window): Promise<void> => {
    await window.row('Ines').click();
    await expect(window).toShow('You are the best. Lunch is on me.');
  };
  const typing = async (window: Window, userId: string, title: string): Promise<void> => {
    const peer = scene.as(userId);
    const room = [...peer.rooms.values()].find(({ room }) =>
      title === 'Maya' ? room.roomType === '1v1' : room.metadata.name === title,
    );
    const roomId = room?.room.roomId ?? '';
    // Typing is told once and kept nowhere: a window that has not loaded the room yet misses it.
    const isShown = async (): Promise<boolean> => {
      peer.setTyping(roomId, false);
      peer.setTyping(roomId, true);
      return window.page.locator('.typing').first().isVisible();
    };
    await expect.poll(isShown, { timeout: 20_000, interval: 250 }).toBe(true);
  };

  it('is a conversation beside the list on a desktop', async () => {
    const faults = await picture('conversation-desktop-light', {}, async (window) => {
      await openInes(window);
      await typing(window, 'ines', 'Maya');
    });
    expect(faults).toEqual(none);
  });

  it('is dark where the device is', async () => {
    const faults = await picture('conversation-desktop-dark', { colorScheme: 'dark' }, async (window) => {
      await openGroup(window);
      await typing(window, 'tom', 'Release crew');
    });
    expect(faults).toEqual(none);
  });

  it('shows the members beside a conversation', async () => {
    const faults = await picture('members-desktop-light', {}, async (window) => {
      await openGroup(window);
      await window.page.getByRole('button', { name: 'Members', exact: true }).click();
      await expect(window).toShow(window.page.locator('[data-member="tom"]'));
    });
    expect(faults).toEqual(none);
  });

  it('is a list on a phone', async () => {
    const faults = await picture('rooms-phone-light', { isPhone: true }, async (window) =>
      typing(window, 'tom', 'Maya'),
    );
    expect(faults).toEqual(none);
  });

  it('is a conversation on a phone', async () => {
    const faults = await picture('conversation-phone-light', { isPhone: true }, openInes);
    expect(faults).toEqual(none);
  });

  const openMonths = async (window: Window): Promise<void> => {
    await paintMonths(window.page, Date.now());
    await window.page.goto(`${stack.url}/#token=${await demoToken({ user: 'maya', scope: 'admin', ttl: '1h' })}`);
    await expect(window).toShow(window.row('Release crew'));
    await window.page.getByRole('button', { name: 'Months and jobs' }).click();
    await expect(window).toShow(window.page.locator('[data-job="fold-events"]'));
  };

  it('shows operators the months', async () => {
    const faults = await picture('months-desktop-light', {}, async (window) => {
      await window.page.setViewportSize({ width: 1_280, height: 1_340 });
      await openMonths(window);
    });
    expect(faults).toEqual(none);
  });

  it('shows operators the months in the dark on a phone', async () => {
    const look = { isPhone: true, colorScheme: 'dark' } as const;
    expect(await picture('months-phone-dark', look, openMonths)).toEqual(none);
  });

  it('is a dark conversation on a dark phone', async () => {
    const faults = await picture('conversation-phone-dark', { isPhone: true, colorScheme: 'dark' }, openGroup);
    expect(faults).toEqual(none);
  });
});

/** What can be wrong with a picture. */
interface Faults {
  /** How far something sticks out at the side. */
  readonly overflowPixels: number;
  readonly complaints: readonly string[];
}

const none: Faults = { overflowPixels: 0, complaints: [] };
