// Every feature of the page, in a real browser.
import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, open, picture, serve } from './browser';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  server = await serve();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Runs a test on a fresh page, on which nothing may go wrong. */
async function on(work: (page: Page) => Promise<void>, options: Parameters<typeof open>[2] = {}, fragment = '') {
  const { page, faults } = await open(browser, server.address + fragment, options);
  try {
    await work(page);
    expect(faults).toEqual([]);
  } finally {
    await page.close();
  }
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const step = (page: Page, name: string) => page.locator('[data-step]').filter({ hasText: new RegExp(`^\\s*(✕\\s*)?${name}\\s*$`) });
const view = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name }).click();

/** All rules of WCAG A and AA that axe knows. */
async function accessible(page: Page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (options: unknown) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`).join(' | ')}`);
  });
  expect(found).toEqual([]);
}

describe('a packet through two gateways', () => {
  test('is there at once, and asks nobody', async () => {
    const asked: string[] = [];
    const page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(server.address);
    await page.getByText('The packet arrives by lan').waitFor();
    const started = await page.evaluate(() => performance.now());
    console.log(`first step after ${started.toFixed(0)} ms`);
    expect(asked.every((url) => url.startsWith(server.address))).toBe(true);
    await page.close();
  });

  test('is stepped through by keys, forth and back, and plays', async () => {
    await on(async (page) => {
      const place = page.getByText(/^step \d+ of \d+$/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => place.textContent()).toMatch(/^step 3 of/);
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => place.textContent()).toMatch(/^step 2 of/);
      await page.keyboard.press('End');
      await expect.poll(() => place.textContent()).toMatch(/^step (\d+) of \1$/);
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await expect.poll(() => place.textContent(), { timeout: 5000 }).toMatch(/^step 3 of/);
      await page.keyboard.press('Space');
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText('one step on').waitFor();
      await button(page, 'Close').click();
    });
  });

  test('bytes, fields and the document lead to each other', async () => {
    await on(async (page) => {
      await step(page, 'Encapsulate').first().click();
      await picture(page, 'encapsulate');
      const told = page.locator('.told');
      // The ninth byte of an IPv4 header is its TTL (RFC 791 section 3.1).
      await page.locator('.hex button').nth(8).hover();
      await expect.poll(() => told.textContent()).toContain('IPv4 TTL');
      await page.locator('.hex button').nth(8).click();
      await told.getByRole('button', { name: /decided by/ }).click();
      expect(await page.locator('details').getAttribute('open')).not.toBeNull();
      expect(await page.locator('.numbers .marked').count()).toBe(1);
      await page.getByRole('button', { name: /^source 192.0.2.1/ }).click();
      expect(await page.locator('.hex .spot').allTextContents()).toEqual(['c0', '00', '02', '01']);
    });
  });

  test('another library opens what was sealed', async () => {
    await on(async (page) => {
      await step(page, 'Seal').click();
      await picture(page, 'seal');
      const line = (await page.locator('.line code').textContent()) ?? '';
      const [key, nonce, sealed, associated] = [...line.matchAll(/h\("([0-9a-f]*)"\)/g)].map(([, hex]) => Buffer.from(hex ?? '', 'hex'));
      const open = createDecipheriv('aes-128-gcm', key!, nonce!);
      open.setAAD(associated!);
      open.setAuthTag(sealed!.subarray(-16));
      const clear = Buffer.concat([open.update(sealed!.subarray(0, -16)), open.final()]);
      expect(clear.subarray(0, 1).toString('hex')).toBe('45');
      expect(clear.at(-1)).toBe(4); // IPv4 inside (RFC 2003 section 3.1)
      expect(clear.includes('RFC 3884 in real life')).toBe(true);
      await step(page, 'Open').click();
      expect(await page.locator('.line code').textContent()).toBe(line);
    });
  });

  test.each([
    ['Flip a bit', 'bad-icv'],
    ['Replay', 'replayed'],
    ['Overtake', 'left-of-window'],
    ['Truncate', 'truncated'],
    ['Wrong key', 'bad-icv'],
    ['Cut the MTU', 'packet-too-big'],
    ['Mark CE', 'ecn-congestion-lost'],
    ['Expire the SA', 'sa-expired'],
    ['Spoof in clear', 'unprotected'],
  ])('%s ends with %s, and is made to pass again', async (name, reason) => {
    await on(async (page) => {
      await button(page, name).click();
      const stop = page.locator('article.stopped');
      await stop.getByText(reason, { exact: true }).waitFor();
      await stop.getByText('What to check').waitFor();
      if (name === 'Replay') await picture(page, 'replayed');
      await button(page, 'Make it pass').click();
      await page.getByText('on its way to the host').waitFor();
    });
  });

  test('the size ladder adds up, and the MTU decides', async () => {
    await on(async (page) => {
      const ladder = page.getByRole('region', { name: 'Size ladder' });
      const rungs = await ladder.locator('.key').allTextContents();
      const sum = rungs.reduce((total, bytes) => total + Number(bytes), 0);
      await ladder.getByText(`49 bytes in, ${sum} on the wire`).waitFor();
      await ladder.getByLabel(/MTU/).fill('90');
      await page.getByText('dropped: packet-too-big').waitFor();
      await ladder.getByLabel(/Bytes behind/).fill('4');
      await page.getByText('on its way to the host').waitFor();
    });
  });

  test('a wrong document, address or packet says where, and what was there stays', async () => {
    await on(async (page) => {
      const steps = await page.locator('[data-step]').count();
      await page.getByText('The gateways’ documents').click();
      const editor = page.getByLabel('Document of Gateway A');
      const text = await editor.inputValue();
      await editor.fill(text.replace('side = "protected"', 'side = "inside"'));
      await page.locator('details').getByText('Line 11, column 8').waitFor();
      expect(await page.locator('.numbers .bad').textContent()).toBe('11');
      await picture(page, 'fault');
      expect(await page.locator('[data-step]').count()).toBe(steps);
      await editor.fill(text.replace('10.2.0.0/16"\nlink', '10.3.0.0/16"\nlink'));
      await page.getByText('dropped: no-route').waitFor();
      await button(page, 'As at first').click();
      await page.getByLabel('or a packet').fill('45 0g');
      await page.getByLabel('or a packet').press('Enter');
      await page.getByText('at place 5 is not a hexadecimal digit').waitFor();
      expect(await page.locator('[data-step]').count()).toBe(steps);
    });
  });

  test('tunnel mode has the same bytes on the wire', async () => {
    await on(async (page) => {
      await step(page, 'Wire').click();
      const before = await page.locator('.hex').textContent();
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await step(page, 'Wire').click();
      expect(await page.locator('.hex').textContent()).toBe(before);
    });
  });

  test('a gateway that sends itself selects a source, of the wrong network in tunnel mode', async () => {
    await on(async (page) => {
      await page.getByLabel('Sent by').selectOption('own');
      await page.getByText('an address of the network vn').waitFor();
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await page.getByText('an address of the network base').waitFor();
    });
  });

  test('a node opens its tables', async () => {
    await on(async (page) => {
      await page.getByRole('button', { name: 'Tables of Gateway A' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Tables of Gateway A' }).getByText('10.2.0.0/16 by to-b').waitFor();
    });
  });
});

describe('a network', () => {
  test('moves packets to the other link, where virtual links are interfaces', async () => {
    await on(async (page) => {
      await view(page, 'Network');
      await page.getByText('by A – B – D – Y').nth(1).waitFor();
      await page.getByLabel('Time').fill('20');
      await page.getByText('by A – C – D – Y').waitFor();
      await page.getByText(/lost on the wire|dropped/).first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('End');
      await page.waitForTimeout(600);
      await picture(page, 'route-flip');
    });
  });

  test('a wire is cut by hand, and routing finds another way', async () => {
    await on(async (page) => {
      await view(page, 'Network');
      await page.getByLabel('Time').fill('6');
      await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).first().click();
      await page.getByLabel('Time').fill('14');
      await page.getByText('by A – C – D – Y').waitFor();
      await button(page, 'Undo yours').click();
      await page.getByText('by A – B – D – Y').first().waitFor();
    });
  });

  test('every scenario that comes with the core is drawn', async () => {
    await on(async (page) => {
      await view(page, 'Network');
      const scenarios = page.getByLabel('Scenario').first();
      const names = await scenarios.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
      expect(names.length).toBe(13);
      for (const name of names) {
        await scenarios.selectOption(name);
        expect(await page.locator('.station.node').count(), name).toBeGreaterThan(1);
        expect(await page.locator('[data-step]').count(), name).toBeGreaterThan(3);
      }
    });
  });
});

test('the replay window tells a replay, an old packet and a forgery apart', async () => {
  await on(async (page) => {
    await view(page, 'Replay window');
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.locator('.packets').getByText('replayed').waitFor();
    await button(page, 'Across 2³², with extended numbers').click();
    await page.getByRole('button', { name: `Deliver number ${2 ** 32 + 2}` }).click();
    await page.getByText('accepted').waitFor();
    await button(page, 'Forge a new number').click();
    await page.getByText(/Forged number/).waitFor();
    await picture(page, 'window');
  });
});

test('the tour has eight pages, each with something live', async () => {
  await on(async (page) => {
    await view(page, 'Tour');
    for (let number = 1; number <= 8; number += 1) {
      await page.getByText(`${number} of 8`).waitFor();
      expect(await page.locator('[data-step]').count(), String(number)).toBeGreaterThan(2);
      await picture(page, `tour-${number}`);
      if (number < 8) await button(page, 'Next').click();
    }
  });
});

describe('a link', () => {
  test('holds the whole state', async () => {
    await on(async (page) => {
      await button(page, 'Replay').click();
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await step(page, 'Seal').click();
      await expect.poll(() => page.url(), { timeout: 3000 }).toContain('#1.');
      await page.waitForTimeout(500);
      const url = page.url();
      const place = await page.getByText(/^step \d+ of/).textContent();
      const other = await browser.newPage();
      await other.goto(url);
      await expect.poll(() => other.getByText(/^step \d+ of/).textContent()).toBe(place);
      expect(await other.getByLabel('Arrangement').inputValue()).toBe('tunnel-mode');
      await other.close();
    });
  });

  test('that is broken says so, and the page works', async () => {
    await on(
      async (page) => {
        await page.getByText('it may have been cut off').waitFor();
        await page.getByText('The packet arrives by lan').waitFor();
      },
      {},
      '#1.nonsense',
    );
  });
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each([
    ['desktop', { width: 1360, height: 900 }],
    ['phone', { width: 390, height: 844 }],
  ] as const)('%s is accessible in every view', async (device, viewport) => {
    await on(
      async (page) => {
        await button(page, 'Wrong key').click();
        await page.waitForTimeout(600);
        await picture(page, `packet-${device}-${colorScheme}`);
        await accessible(page);
        await button(page, 'Make it pass').click();
        await page.keyboard.press('End');
        await accessible(page);
        for (const name of ['Network', 'Replay window', 'Tour']) {
          await view(page, name);
          await page.waitForTimeout(600);
          await picture(page, `${name.toLowerCase().replace(' ', '-')}-${device}-${colorScheme}`);
          await accessible(page);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, 'nothing sticks out').toBeLessThanOrEqual(0);
      },
      { viewport, colorScheme },
    );
  });
});
