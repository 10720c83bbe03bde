// Each view in each state that looks different, in light and dark, on a desktop and on a phone: a picture to look at,
// the rules of WCAG A and AA, and nothing that sticks out or covers something else.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessible, button, open, picture, step, view, visits } from './browser';
import { KEYS, WIRE } from './captures';

const { here } = visits();

/** Unfolds what can be set, where a narrow window has it folded. */
async function unfold(page: Page) {
  const folded = page.locator('details:not([open]) > summary').getByText('what may break');
  if (await folded.count()) await folded.click();
}

/** What one comes to, in this order. */
const STATES: [name: string, go: (page: Page) => Promise<unknown>][] = [
  ['1-start', (page) => page.getByText('The packet arrives by lan').waitFor()],
  ['2-on-the-wire', (page) => step(page, 'Wire').first().click()],
  ['4-encapsulated', async (page) => {
    await step(page, 'Encapsulate').first().click();
    await page.locator('.hex button').nth(12).click();
  }],
  ['4-sealed', (page) => step(page, 'Seal').click()],
  ['5-dropped', async (page) => {
    await unfold(page);
    await button(page, 'Reorder').click();
    await page.locator('article.stopped').getByText('left-of-window', { exact: true }).waitFor();
  }],
  ['5-passes', async (page) => {
    await button(page, 'Make it pass').click();
    await page.getByRole('status').getByText('It passes').waitFor();
  }],
  ['6-flipped', async (page) => {
    await button(page, 'Flip a bit').click();
    await page.locator('article.stopped').getByText('bad-icv', { exact: true }).waitFor();
    await button(page, 'Reorder').click();
  }],
  ['7-too-big', async (page) => {
    await button(page, 'Flip a bit').click();
    await page.getByLabel(/MTU/).fill('90');
    await page.getByText('dropped: packet-too-big').waitFor();
  }],
  ['9-compared', async (page) => {
    await button(page, 'Cut the MTU').click();
    await page.getByLabel('Compare with').selectOption('tunnel-mode');
    await page.getByText('✓ the same bytes on the wire').waitFor();
  }],
  ['9-editor', async (page) => {
    await page.getByRole('button', { name: 'Tables of Gateway A' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The documents of the nodes').click();
    const editor = page.getByLabel('Document of Gateway A');
    await editor.fill((await editor.inputValue()).replace('side = "protected"', 'side = "inside"'));
    await button(page, 'Line 11, column 8').click();
    await editor.press('ArrowRight');
    await editor.press('Control+Space');
    await page.getByRole('listbox').waitFor();
  }],
  ['10-share', async (page) => {
    await page.keyboard.press('Escape');
    await button(page, 'As at first').click();
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
  }],
  ['2-help', async (page) => {
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await button(page, 'Keys and help').click();
    await page.getByRole('dialog').waitFor();
  }],
  ['3-network', async (page) => {
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await view(page, 'Network');
    await page.getByText('by A – B – D – Y').nth(1).waitFor();
  }],
  ['3-flip', async (page) => {
    await page.getByLabel('Time').fill('20');
    await page.getByText('by A – C – D – Y').waitFor();
    await button(page, 'Compare the two step by step').click();
    await page.getByRole('button', { name: 'Tables of A' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Tables of A' }).waitFor();
  }],
  ['3-hover', (page) => page.getByRole('button', { name: /^Wire a-c/ }).first().focus()],
  ['6-network', async (page) => {
    await unfold(page);
    await button(page, 'Flip a bit').click();
    await page.locator('article.stopped').getByText('bad-icv', { exact: true }).waitFor();
  }],
  ['7-window', async (page) => {
    await view(page, 'Replay window');
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.locator('.packets').getByText('repeated').waitFor();
  }],
  ['7-roll-over', async (page) => {
    await button(page, 'Across 2³², with extended numbers').click();
    await page.getByRole('button', { name: `Deliver number ${2 ** 32 + 2}` }).click();
    await page.locator('.packets').getByText('accepted').waitFor();
    await button(page, 'Forge a new number').click();
    await page.getByText(/Forged number/).waitFor();
  }],
  ['8-capture', async (page) => {
    await view(page, 'Capture');
    const files = [['esp_sa', Buffer.from(KEYS)], ['wire.pcap', WIRE]] as const;
    await page.getByLabel('Capture and keys').setInputFiles(files.map(([name, buffer]) => ({ name, buffer, mimeType: 'application/octet-stream' })));
    await button(page, 'Walk packet 1').click();
    await page.getByText('Repeat it elsewhere').waitFor();
  }],
  ...Array.from({ length: 8 }, (_, number): (typeof STATES)[number] => [
    `12-tour-${number + 1}`,
    async (page) => {
      if (number === 0) await view(page, 'Tour');
      else await button(page, 'Next').click();
      await page.getByText(`${number + 1} of 8`).waitFor();
      await page.locator('[data-step]').nth(2).waitFor();
    },
  ]),
];

/** What is wider than the window, or cut off where nothing scrolls. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const cut = [...document.querySelectorAll<HTMLElement>('button, h1, h2, h3, p, dd, dt, label, summary, .badge')].filter(
      (element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1 && !element.matches('.hidden'),
    );
    return [...(wide > 0 ? [`the page is ${wide} wider than the window`] : []), ...cut.map(({ outerHTML }) => outerHTML.slice(0, 160))];
  });

/** Labels of the picture that lie on a station or on another label. */
const covered = (page: Page) =>
  page.evaluate(() => {
    const meet = (one: DOMRect, other: DOMRect) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
    return [...document.querySelectorAll('svg:has(.station)')].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      const labels = [...svg.querySelectorAll('text.small')];
      const stations = [...svg.querySelectorAll('.station rect')];
      return labels.flatMap((label, place) => {
        const here = label.getBoundingClientRect();
        const others = [...stations, ...labels.slice(place + 1)].filter((other) => meet(here, other.getBoundingClientRect()));
        const outside = here.left < box.left || here.right > box.right || here.top < box.top || here.bottom > box.bottom;
        return [...others.map((other) => `${label.textContent} on ${other.parentElement?.textContent}`), ...(outside ? [`${label.textContent} outside`] : [])];
      });
    });
  });

const DEVICES = [
  ['desktop', { width: 1360, height: 900 }],
  ['phone', { width: 390, height: 844 }],
] as const;

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(DEVICES)('all views on a %s', { timeout: 400_000 }, async (device, viewport) => {
    const { page, faults } = await open(here.browser, here.server.address, { viewport, colorScheme, reducedMotion: 'reduce' });
    for (const [name, go] of STATES) {
      await go(page);
      await picture(page, `${name}-${device}-${colorScheme}`);
      await accessible(page);
      expect.soft(await sticksOut(page), name).toEqual([]);
      expect.soft(await covered(page), name).toEqual([]);
    }
    expect(faults).toEqual([]);
    await page.close();
  });
});

test.each(DEVICES)('of no scenario a label is covered in the picture on a %s', async (_, viewport) => {
  const { page } = await open(here.browser, here.server.address, { viewport, reducedMotion: 'reduce' });
  await view(page, 'Network');
  await unfold(page);
  const scenarios = page.getByLabel('Scenario').first();
  const names = await scenarios.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  for (const name of names) {
    await scenarios.selectOption(name);
    expect.soft(await covered(page), name).toEqual([]);
  }
  await page.close();
});
