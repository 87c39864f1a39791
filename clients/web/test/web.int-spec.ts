import { demoToken } from '@parlance/devstack';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needChromium } from './fixtures/need-chromium.js';
import { becomeOldest, becomeTooOld } from './fixtures/oldest-browser.js';
import { sayLines } from './fixtures/say-lines.js';
import { SendLine } from './fixtures/send-line.js';
import { startWebStack, type WebStack } from './fixtures/web-stack.js';
import { launchChromium, Window } from './fixtures/window.js';
import { addWindowMatchers } from './fixtures/window-matchers.js';

const chromium = needChromium('the tests of the web client do not run');
addWindowMatchers();

describe('the web client in a browser', { timeout: 180_000 }, () => {
  let stack: WebStack;
  let browser: Browser;
  let alice: Window;
  let bob: Window;

  beforeAll(async () => {
    if (chromium === undefined) return;
    [stack, browser] = await Promise.all([startWebStack(), launchChromium(chromium)]);
    [alice, bob] = await Promise.all([Window.open(browser, stack.url), Window.open(browser, stack.url)]);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  it('signs two people in by one click each', async () => {
    await alice.page.getByRole('button', { name: 'Continue as Alice' }).click();
    await bob.page.getByRole('button', { name: 'Continue as Bob' }).click();
    await expect(alice).toShow(alice.page.getByRole('heading', { name: 'Alice' }));
    await expect(bob).toShow(bob.page.getByText('No conversations yet.'));
  });

  it('starts a conversation of two, which both see at once', async () => {
    await alice.page.getByRole('button', { name: 'New conversation' }).click();
    await alice.page.getByLabel('With').fill('bob');
    await alice.page.getByRole('button', { name: 'Start chat' }).click();
    await expect(alice).toShow(alice.page.getByText('Nothing was said yet.'));
    await expect(bob).toShow(bob.row('Alice'));
  });

  it('counts what is unread, and shows one tick, then two, then two in colour', async () => {
    await alice.say('Hi Bob! Did the new build make it to staging?');
    await alice.say('I would love to try it before lunch.');
    await expect(bob).toShow(bob.row('Alice').locator('.badge', { hasText: '2' }));
    await expect(bob).toShow(bob.row('Alice').getByText('I would love to try it before lunch.'));
    const last = alice.bubble('I would love to try it before lunch.');
    await expect(alice).toShow(last.locator('[data-ticks="delivered"]'));

    await bob.row('Alice').click();
    await expect(bob).toShow(bob.page.getByText('New messages'));
    await expect(alice).toShow(last.locator('[data-ticks="read"]'));
    await expect(bob).toHide(bob.row('Alice').locator('.badge'));
    expect(await bob.page.title()).toBe('Parlance');
  });

  it('shows who is typing, in the conversation and in the list', async () => {
    await bob.page.getByRole('textbox', { name: 'Message' }).pressSequentially('It d');
    await expect(alice).toShow(alice.page.locator('.typing-row', { hasText: 'Bob is typing…' }));
    await expect(alice).toShow(alice.row('Bob').getByText('typing…'));
    await bob.say('It did, ten minutes ago. Have a look: https://staging.example.com/builds/214');
    await expect(alice).toHide(alice.page.locator('.typing-row-on'));
    await expect(alice).toShow(alice.page.getByRole('link', { name: 'https://staging.example.com/builds/214' }));
  });

  it('tells on a click who has read a message, and when', async () => {
    await alice.bubble('I would love to try it before lunch.').getByTitle('Who has read this?').click();
    const receipt = alice.page.getByRole('dialog').locator('[data-receipt="bob"]');
    await expect(alice).toShow(receipt.getByText(/^Read .*\d\d:\d\d/));
    await alice.page.keyboard.press('Escape');
    await expect(alice).toHide(alice.page.getByRole('dialog'));
    await expect(alice).toShow(alice.page.getByRole('textbox', { name: 'Message' }));
  });

  it('takes markup for the text it is', async () => {
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    await bob.say(markup);
    await expect(alice).toShow(markup);
    expect(await alice.page.locator('.bubble img, .bubble b').count()).toBe(0);
  });

  it('shows a link with 16,000 closing brackets, and what comes after it', async () => {
    await bob.say(`https://example.com/a${')'.repeat(16_000)}`);
    await bob.say('and so on');
    await expect(alice).toShow('and so on');
    await expect(alice).toShow(alice.page.getByRole('link', { name: 'https://example.com/a', exact: true }));
  });

  it('sends nothing when Enter ends what an input method composes', async () => {
    const field = alice.page.getByRole('textbox', { name: 'Message' });
    await field.fill('にほ');
    // Safari: the composition is over by then, and only the key code tells.
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: false });
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true });
    expect(await field.inputValue()).toBe('にほ');
    await field.fill('にほんご');
    await field.press('Enter');
    await expect(bob).toShow('にほんご');
    expect(await bob.bubble('にほ').count()).toBe(0);
  });

  it('works in the oldest browser that it is for', async () => {
    const carl = await Window.open(browser, stack.url, { before: becomeOldest });
    await carl.page.getByLabel('Or any user id').fill('carl');
    await carl.page.keyboard.press('Enter');
    await expect(carl).toShow(carl.page.getByText('No conversations yet.'));
    await carl.page.getByRole('button', { name: 'New conversation' }).click();
    await carl.page.getByLabel('With').fill('bob');
    await carl.page.getByRole('button', { name: 'Start chat' }).click();
    await carl.say('Have a look: https://example.com/old');
    await expect(carl).toShow(carl.page.getByRole('link', { name: 'https://example.com/old' }));
    await expect(bob).toShow(bob.row('Carl').locator('.badge', { hasText: '1' }));
    expect(carl.complaints).toEqual([]);
    await carl.close();
  });

  it('shows everything else when one message cannot be shown', async () => {
    const carl = await Window.open(browser, `${stack.url}#user=carl`);
    await carl.row('Bob').click();
    await expect(carl).toShow(carl.page.getByRole('link', { name: 'https://example.com/old' }));
    await carl.page.evaluate(() => {
      const real = Date.prototype.toISOString;
      const throwOnce = (): string => {
        Reflect.set(Date.prototype, 'toISOString', real);
        throw new Error('on purpose');
      };
      Reflect.set(Date.prototype, 'toISOString', throwOnce);
    });
    await carl.say('Still here');
    await expect(carl).toShow(carl.page.getByText('This message cannot be shown.'));
    await expect(carl).toShow('Still here');
    expect(carl.complaints).toEqual(['on purpose']);
    await carl.close();
  });

  it('says so in a browser that is too old', async () => {
    const dora = await Window.open(browser, stack.url, { before: becomeTooOld });
    await expect(dora).toShow(dora.page.getByRole('alert').getByText(/too old for Parlance.*Firefox 115/));
    await dora.close();
  });

  it('begins a new line with Shift+Enter and grows with the text', async () => {
    const field = alice.page.getByRole('textbox', { name: 'Message' });
    const before = (await field.boundingBox())?.height ?? 0;
    await field.pressSequentially('Thanks!');
    await field.press('Shift+Enter');
    await field.pressSequentially('Looks great.');
    expect((await field.boundingBox())?.height).toBeGreaterThan(before + 15);
    await field.press('Enter');
    await expect(bob).toShow(bob.page.getByText(/^Thanks!\nLooks great\.$/));
    expect((await field.boundingBox())?.height).toBe(before);
  });

  it('keeps who is signed in, the open room and its history over a reload', async () => {
    await alice.page.reload();
    await expect(alice).toShow(alice.page.getByRole('heading', { name: 'Alice' }));
    await expect(alice).toShow('Hi Bob! Did the new build make it to staging?');
    await expect(alice).toShow(
      alice.bubble('Hi Bob! Did the new build make it to staging?').locator('[data-ticks="read"]'),
    );
  });

  it('pages back over 120 messages and keeps the place of the reader', async () => {
    await sayLines(stack, { from: 'carol', to: 'alice', count: 120 });
    await expect(alice).toShow(alice.row('Carol').getByText('Line 120'));
    await alice.page.reload(); // What came while the page was open is there already.
    await alice.row('Carol').click();
    await expect(alice).toShow('Line 120');
    expect(await alice.bubble('Line 1').count()).toBe(0);
    for (let screens = 0; (await alice.bubble('Line 1').count()) === 0; screens++) {
      expect(screens).toBeLessThan(60);
      const kept = await alice.log.evaluate((log) => {
        log.scrollTop = Math.min(log.scrollTop, 40);
        const row = [...log.querySelectorAll('[data-id]')].find((one) => one.getBoundingClientRect().top > 200);
        return { id: row?.getAttribute('data-id'), top: row?.getBoundingClientRect().top ?? 0, first: firstId(log) };
        function firstId(from: Element): string | null | undefined {
          return from.querySelector('[data-id]')?.getAttribute('data-id');
        }
      });
      await alice.page.waitForFunction(
        (first) => document.querySelector('.log [data-id]')?.getAttribute('data-id') !== first,
        kept.first,
      );
      const top = await alice.log.evaluate(
        (log, id) => log.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect().top,
        kept.id,
      );
      expect(Math.abs((top ?? 0) - kept.top)).toBeLessThan(2);
    }
    await expect(alice).toShow(alice.page.getByText('This is where your conversation with Carol begins.'));
  });

  it('leaves the reader alone when something new comes, and jumps to it on a click', async () => {
    const place = async (): Promise<number> => (await alice.bubble('Line 3').boundingBox())?.y ?? 0;
    const before = await place();
    await sayLines(stack, { from: 'carol', to: 'alice', count: 3, startAt: 121 });
    const jump = alice.page.getByRole('button', { name: 'Jump to the newest message' });
    await expect(alice).toShow(jump.locator('.badge'));
    await expect(alice).toShow('Line 123');
    expect(Math.abs((await place()) - before)).toBeLessThan(2);
    await jump.click();
    await expect(alice).toHide(jump);
    await expect(alice).toHide(alice.row('Carol').locator('.badge'));
  });

  it('makes a group, renames it, and changes its members', async () => {
    await alice.page.getByRole('button', { name: 'New conversation' }).click();
    await alice.page.getByText('Group', { exact: true }).click();
    await alice.page.getByLabel('Group name').fill('Lunch');
    await alice.page.getByLabel('People').fill('bob, carol');
    await alice.page.getByRole('button', { name: 'Create group' }).click();
    await expect(bob).toShow(bob.row('Lunch'));

    await alice.page.getByRole('button', { name: 'Members', exact: true }).click();
    await alice.page.getByRole('button', { name: 'Rename group' }).click();
    await alice.page.getByRole('textbox', { name: 'Group name' }).fill('Release crew');
    await alice.page.getByRole('button', { name: 'Save the name' }).click();
    await expect(alice).toShow(alice.row('Release crew'));
    await expect(bob).toShow(bob.row('Release crew'));

    await alice.page.getByLabel('Add people').fill('dan');
    await alice.page.getByRole('button', { name: 'Add', exact: true }).click();
    const dan = alice.page.locator('[data-member="dan"]');
    await expect(alice).toShow(dan);
    await alice.page.getByLabel('Role of Bob').selectOption('Admin');
    await alice.page.getByRole('button', { name: 'Remove Dan' }).click();
    await expect(alice).toHide(dan);

    await bob.row('Release crew').click();
    await bob.page.getByRole('button', { name: 'Members', exact: true }).click();
    await expect(bob).toShow(bob.page.getByRole('button', { name: 'Rename group' }));
    await expect(bob).toShow(bob.page.getByRole('button', { name: 'Remove Carol' }));
  });

  it('shows everybody the role of everybody, and a new one as soon as it is given', async () => {
    const roleOf = (window: typeof bob, member: string) => window.page.locator(`[data-member="${member}"] .role`);
    await expect(bob).toShow(roleOf(bob, 'alice').getByText('Owner'));
    await expect(bob).toShow(roleOf(bob, 'bob').getByText('Admin'));
    await expect(bob).toShow(roleOf(bob, 'carol').getByText('Member'));
    expect(await alice.page.getByLabel('Role of Bob').inputValue()).toBe('admin');
    await alice.page.getByLabel('Role of Carol').selectOption('Admin');
    await expect(bob).toShow(roleOf(bob, 'carol').getByText('Admin'));
    await expect(bob).toHide(bob.page.getByRole('button', { name: 'Remove Carol' }));
    await alice.page.getByLabel('Role of Carol').selectOption('Member');
    await expect(bob).toShow(bob.page.getByRole('button', { name: 'Remove Carol' }));
  });

  it('lets somebody leave a group, who then has it no more', async () => {
    await sayLines(stack, { from: 'carol', to: 'bob', count: 1 });
    await bob.page.getByRole('button', { name: 'Leave group' }).click();
    await bob.page.getByRole('button', { name: 'Click again to leave' }).click();
    await expect(bob).toHide(bob.row('Release crew'));
    await expect(bob).toShow(bob.page.getByText('Pick a conversation, or start one.'));
    await expect(alice).toHide(alice.page.locator('[data-member="bob"]'));
    await alice.page.getByLabel('Add people').fill('bob');
    await alice.page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(bob).toShow(bob.row('Release crew'));
    await alice.page.keyboard.press('Escape');
    await expect(alice).toHide(alice.page.locator('.member-panel'));
  });

  it('shows what the server refuses in its own words', async () => {
    await alice.page.getByRole('button', { name: 'New conversation' }).click();
    await alice.page.getByLabel('With').fill('not a valid id!');
    await alice.page.getByRole('button', { name: 'Start chat' }).click();
    const problem = alice.page.getByRole('dialog').getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).not.toBe('');
    await alice.page.keyboard.press('Escape');
    await expect(alice).toHide(alice.page.getByRole('dialog'));
  });

  it('says why a message was refused, tries it again, and lets go of it', async () => {
    await alice.row('Bob').click();
    await alice.page.getByRole('textbox', { name: 'Message' }).fill('x'.repeat(20_000));
    await alice.page.getByRole('button', { name: 'Send' }).click();
    const failure = alice.page.locator('.failure');
    await expect(alice).toShow(failure.getByText('16384 bytes', { exact: false }));
    await failure.getByRole('button', { name: 'Retry' }).click();
    await expect(alice).toShow(failure);
    await failure.getByRole('button', { name: 'Discard' }).click();
    await expect(alice).toHide(alice.page.locator('.message-pending'));
  });

  it('can be used by keyboard: search, arrows, Enter, Esc', async () => {
    await alice.page.keyboard.press('Control+k');
    await alice.page.keyboard.type('bo');
    await expect(alice).toShow(alice.row('Bob'));
    expect(await alice.row('Carol').count()).toBe(0);
    await alice.page.keyboard.press('Escape');
    await expect(alice).toShow(alice.row('Carol'));
    await alice.page.keyboard.press('ArrowDown');
    await alice.page.keyboard.press('ArrowDown');
    const focused = await alice.page.evaluate(() => document.activeElement?.getAttribute('data-room'));
    await alice.page.keyboard.press('Enter');
    const opened = alice.page.locator('.room-row-selected');
    await opened.waitFor();
    expect(await opened.getAttribute('data-room')).toBe(focused);
    await alice.page.keyboard.press('Escape');
    await expect(alice).toShow(alice.page.getByText('Pick a conversation, or start one.'));
  });

  it('says that it is offline, queues what is written, and sends it when the gateway is back', async () => {
    await alice.row('Bob').click();
    await stack.gateways[0].process.kill('SIGKILL');
    await expect(alice).toShow(alice.page.locator('.connection-bar', { hasText: 'Offline' }));
    await expect(alice).toShow(alice.page.locator('.connection-bar', { hasText: /Retrying in \d+ s…/ }));
    await expect(alice).toShow(alice.page.getByText('You are offline.', { exact: false }));
    await alice.say('Written in a tunnel');
    await expect(alice).toShow(alice.bubble('Written in a tunnel').getByRole('img', { name: 'Waiting to be sent' }));
    await stack.gateways[0].process.start();
    await expect(alice).toShow(alice.bubble('Written in a tunnel').locator('[data-ticks]'));
    await expect(alice).toHide(alice.page.locator('.connection-bar'));
    await expect(bob).toShow(bob.row('Alice').getByText('Written in a tunnel'));
  });

  it('keeps what was sent and not acknowledged over a reload, and brings it in order, each once', async () => {
    const line = await SendLine.inFrontOf(alice, stack.gateways[0].url);
    await alice.page.reload();
    await expect(alice).toShow('Written in a tunnel');
    line.hold();
    const said = ['One of three', 'Two of three', 'Three of three'];
    for (const text of said) await alice.say(text);
    await line.held;
    await expect.poll(() => alice.keptMessages()).toBe(3);
    await alice.page.reload();
    for (const text of said)
      await expect(alice).toShow(alice.bubble(text).getByRole('img', { name: /^(Sending|Waiting)/ }));
    expect(await alice.lastTexts(3)).toEqual(said);
    await expect(bob).toHide('One of three');
    line.release();
    for (const window of [alice, bob]) {
      if (window === bob) await bob.row('Alice').click();
      await expect(window).toShow('Three of three');
      await expect(window).toHide(window.page.locator('.message-pending'));
      expect(await window.lastTexts(4)).toEqual(['Written in a tunnel', ...said]);
    }
    expect(line.sent).toEqual(said);
  });

  it('brings what was written without a gateway after a reload without one', async () => {
    await stack.gateways[0].process.kill('SIGKILL');
    await expect(alice).toShow(alice.page.locator('.connection-bar', { hasText: 'Offline' }));
    const said = ['First in the dark', 'Second in the dark'];
    for (const text of said) await alice.say(text);
    await expect.poll(() => alice.keptMessages()).toBe(2);
    await alice.page.reload();
    await expect(alice).toShow(alice.page.locator('.connection-bar', { hasText: 'Offline' }));
    await stack.gateways[0].process.start();
    for (const window of [alice, bob]) {
      await expect(window).toShow('Second in the dark');
      await expect(window).toHide(window.page.locator('.message-pending'));
      await expect.poll(() => window.lastTexts(3)).toEqual(['Three of three', ...said]);
    }
  });

  it('shows one pane at a time on a phone, with the way back', async () => {
    const phone = await Window.open(browser, `${stack.url}/#user=alice`, { isPhone: true });
    await expect(phone).toShow(phone.row('Bob'));
    expect(new URL(phone.page.url()).hash).toBe('');
    await phone.row('Bob').tap();
    await expect(phone).toShow('Second in the dark');
    expect(await phone.row('Bob').isVisible()).toBe(false);
    await phone.page.getByRole('button', { name: 'Back to the list' }).tap();
    await phone.row('Bob').waitFor({ state: 'visible' });
    await phone.row('Bob').tap();
    await expect(phone).toShow('Second in the dark');
    await phone.page.goBack();
    await phone.row('Bob').waitFor({ state: 'visible' });
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  it('shows months and jobs to whoever signs in with a token of the scope admin, and says what goes wrong', async () => {
    const { page } = bob;
    const months = page.getByRole('button', { name: 'Months and jobs' });
    expect(await months.count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Sign in with a token').click();
    const use = async (token: string): Promise<void> => {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Use it' }).click();
    };
    await use('not a token');
    await expect(bob).toShow(page.getByText('This is no token'));
    await use(await demoToken({ user: 'root', scope: 'admin', ttl: '1h' }));
    await months.click();
    const current = page.locator(`[data-month="${new Date().toISOString().slice(0, 7)}"]`);
    await expect(bob).toShow(current.getByText('a month is sealed a day after its end'));
    await expect(bob).toShow(page.locator('[data-job="verify"]').getByText('never ran'));
    const route = '**/api/v1/admin/months';
    await page.route(route, (each) =>
      each.fulfill({ status: 503, json: { error: { message: 'The store is away.' } } }),
    );
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(bob).toShow(page.getByRole('alert').getByText(/The store is away|does not answer/));
    await expect(bob).toShow(current);
    await page.unroute(route);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(bob).toHide(page.getByRole('alert'));
    await page.getByRole('button', { name: 'Back to the chat' }).click();
    await expect(bob).toShow(page.getByText('No conversations yet.'));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Continue as Bob' }).click();
    await expect(bob).toShow(page.getByRole('heading', { name: 'Bob' }));
  });

  it('remembers a theme that was chosen against that of the device', async () => {
    const look = (): Promise<string> => bob.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await look();
    await bob.page.getByRole('button', { name: /^Theme: as the device/ }).click();
    await bob.page.getByRole('button', { name: /^Theme: light/ }).click();
    expect(await look()).not.toBe(light);
    await bob.page.reload();
    await expect(bob).toShow(bob.page.getByRole('heading', { name: 'Bob' }));
    expect(await look()).not.toBe(light);
  });

  it('breaks no rule of its own security policy and throws nothing', () => {
    expect([...alice.complaints, ...bob.complaints]).toEqual([]);
  });
});
