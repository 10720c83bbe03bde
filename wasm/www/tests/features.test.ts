// What the picture, the documents and links do together, in a real browser.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessible, button, launch, open, picture, serve, step, view } from './browser';

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

async function on(work: (page: Page) => Promise<void>, options: Parameters<typeof open>[2] = {}) {
  const { page, faults } = await open(browser, server.address, options);
  try {
    await work(page);
    expect(faults).toEqual([]);
  } finally {
    await page.close();
  }
}
const scenario = (page: Page) => page.getByLabel('Document of the scenario');
const centre = async (page: Page, name: string) => {
  const box = await page.getByRole('button', { name: `Tables of ${name}` }).first().boundingBox();
  return [box!.x + box!.width / 2, box!.y + box!.height / 2] as const;
};

test('the router between the gateways is on the way, and sees the outer header alone', async () => {
  await on(async (page) => {
    expect(await page.locator('.leg .place').allTextContents()).toEqual(['Gateway A', 'wire', 'Router', 'wire', 'Gateway B']);
    await page.locator('.leg').nth(2).getByRole('button', { name: 'Hop' }).click();
    await page.getByText('Forwarding takes one hop off the TTL').waitFor();
    // TTL in byte 8, checksum in bytes 10 and 11 (RFC 791 section 3.1).
    const changed = await page.locator('.hex button').evaluateAll((all) => all.flatMap((byte, at) => (byte.classList.contains('changed') ? [at] : [])));
    expect(changed.every((at) => [8, 10, 11].includes(at))).toBe(true);
    expect(changed).toContain(8);
    await page.locator('.hex button').nth(8).hover();
    await page.getByText('before: 40').waitFor();
    await picture(page, '2-router');
  });
});

test('pointing at nodes and wires shows tables and states', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await page.getByRole('button', { name: 'Tables of A' }).first().hover();
    await page.locator('.hover').getByText('10.2.0.0/24 by link-3').waitFor();
    await picture(page, '3-tables-on-hover');
    await page.getByLabel('Time').fill('16');
    await page.getByRole('button', { name: 'Wire a-b, cut: mend it' }).first().focus();
    await page.locator('.hover').getByText('Wire a-b').waitFor();
    expect(await page.locator('.hover').first().textContent()).toContain('cut');
  });
});

test('what is done in the picture is written into the document, and taken back', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await page.getByText('The scenario’s document').click();
    const before = await scenario(page).inputValue();
    await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).first().click();
    expect(await scenario(page).inputValue()).toContain('action = { wire-down = "b-d" }');
    await page.getByRole('button', { name: 'Tables of B' }).first().scrollIntoViewIfNeeded();
    const [from, to] = [await centre(page, 'B'), await centre(page, 'C')];
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => scenario(page).inputValue()).toContain('name = "link-b-c"');
    await page.getByRole('button', { name: 'Tables of A' }).first().focus();
    await page.keyboard.press('Enter');
    const tables = page.getByRole('region', { name: 'Tables of A' });
    await tables.getByLabel('link-3').fill('10.0.3.1/29');
    await tables.getByLabel('link-3').press('Enter');
    await expect.poll(() => scenario(page).inputValue()).toContain('"10.0.3.1/29"');
    await picture(page, '9-picture-writes');
    for (let count = 0; count < 3; count += 1) await button(page, 'Undo').click();
    expect(await scenario(page).inputValue()).toBe(before);
    // And the other way: a wire in the document is a wire in the picture.
    await scenario(page).fill(before.replaceAll('"a-c"', '"a-to-c"'));
    await page.getByRole('button', { name: 'Wire a-to-c, up: cut it' }).first().waitFor();
  });
});

test('the editor offers what the schema allows', async () => {
  await on(async (page) => {
    await page.getByText('The documents of the nodes').click();
    const editor = page.getByLabel('Document of Gateway A');
    const text = await editor.inputValue();
    await editor.fill(text.replace('side = "protected"\n', 'side = ""\n'));
    const place = (await editor.inputValue()).indexOf('side = "') + 8;
    await editor.evaluate((area, at) => (area as HTMLTextAreaElement).setSelectionRange(at, at), place);
    await editor.press('Control+Space');
    await page.getByRole('option', { name: /^protected/ }).waitFor();
    await picture(page, '9-completion');
    expect(await page.getByRole('option').locator('code').allTextContents()).toEqual(['protected', 'unprotected']);
    await editor.press('Enter');
    expect(await editor.inputValue()).toBe(text);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await editor.press('Control+End');
    await editor.pressSequentially('\n[[fire');
    await page.getByRole('option', { name: /\[\[firewall\]\]|\[firewall\]/ }).first().waitFor();
  });
});

test.each([
  ['Flip a bit', 'bad-icv'],
  ['Replay', 'replayed'],
  ['Reorder', 'left-of-window'],
  ['Truncate', 'truncated'],
  ['Spoof in clear', 'unprotected'],
])('in a network, %s ends with %s at the node that opens, and is made to pass', async (name, reason) => {
  await on(async (page) => {
    await view(page, 'Network');
    await button(page, name).click();
    const stop = page.locator('article.stopped');
    await stop.getByText(reason, { exact: true }).waitFor();
    expect(await stop.locator('h3').first().textContent()).toBe('B');
    if (name === 'Flip a bit') await picture(page, '6-network');
    await button(page, 'Make it pass').click();
    await page.getByRole('status').getByText('It passes').waitFor();
  });
});

test('in a network, a smaller MTU and deleted SAs are events of its document', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await button(page, 'Expire the SA').click();
    await page.getByText(/dropped: (unknown-spi|no-outbound-sa)/).first().waitFor();
    await button(page, 'Undo').click();
    await button(page, 'Cut the MTU').click();
    await page.getByText(/dropped: packet-too-big|lost on the wire/).first().waitFor();
    await page.getByText('The scenario’s document').click();
    expect(await scenario(page).inputValue()).toMatch(/action = \{ mtu = \{ wire = "a-b", mtu = \d+ \} \}/);
  });
});

test('time runs by itself, and the strips show how long nothing arrives', async () => {
  await on(async (page) => {
    await view(page, 'Tour');
    await page.getByRole('button', { name: 'Page 4: The wire breaks' }).click();
    await page.getByText(/none from 15\.0 s to 18\.\d s/).waitFor();
    await page.getByText(/none from 15\.0 s to the end/).waitFor();
    await button(page, 'Just after it').click();
    await page.getByText('dropped: link-down').nth(1).waitFor();
    await button(page, '▶ Let time run').click();
    await page.getByText('by A – C – D – Y').waitFor({ timeout: 20_000 });
    await button(page, '❚❚ Stop time').click();
  });
});

test('a link holds all of a network, and of the replay window', async () => {
  await on(async (page) => {
    await view(page, 'Replay window');
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await view(page, 'Network');
    await page.getByLabel('Time').fill('12');
    await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).nth(1).click();
    await page.getByRole('button', { name: 'Tables of D' }).nth(1).focus();
    await page.keyboard.press('Enter');
    await button(page, 'Flip a bit').click();
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
    const link = await page.getByLabel('A link').inputValue();
    const other = await browser.newPage();
    await other.goto(link);
    await other.getByRole('region', { name: 'Tables of D' }).waitFor();
    expect(await other.getByLabel('Time').inputValue()).toBe('12');
    expect(await other.getByRole('button', { name: 'Flip a bit' }).getAttribute('aria-pressed')).toBe('true');
    expect(await other.getByRole('button', { name: 'tunnel-mode', exact: true }).getAttribute('aria-pressed')).toBe('true');
    expect(await other.getByRole('button', { name: 'Wire b-d, cut: mend it' }).count()).toBe(2);
    await view(other, 'Replay window');
    await other.locator('.packets').getByText('accepted').waitFor();
    await other.close();
  });
});

test('a link whose parts are of another kind is told, and what was there stays', async () => {
  await on(async (page) => {
    await button(page, 'Replay').click();
    await page.getByText('dropped: replayed').waitFor();
    const fragment = await page.evaluate(async () => {
      const stream = new Blob([JSON.stringify({ view: 'walk', walk: { documents: 7 } })]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
      return '#1.' + btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    });
    await page.evaluate((hash) => (location.hash = hash), fragment);
    await page.getByText('its part “walk.documents” is of another kind').waitFor();
    await page.getByText('dropped: replayed').waitFor();
  });
});

test('the small form fits into a frame of another page', async () => {
  await on(async (page) => {
    await step(page, 'Seal').click();
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
    const html = await page.getByLabel(/frame for another page/).inputValue();
    const around = await browser.newPage({ viewport: { width: 900, height: 900 } });
    await around.setContent(`<!doctype html><title>A lesson</title><p>A lesson</p>${html}`);
    const frame = around.frameLocator('iframe');
    await frame.getByText('to-b seals the packet').waitFor();
    expect(await frame.getByRole('navigation').count()).toBe(0);
    await frame.getByRole('button', { name: 'One step on' }).click();
    await frame.getByText(/^step 8 of/).waitFor();
    await picture(around, '10-frame');
    await around.close();
  });
});

test('on paper there is the step, and nothing that one could press', async () => {
  await on(async (page) => {
    await step(page, 'Seal').click();
    await page.emulateMedia({ media: 'print' });
    await picture(page, '10-print');
    for (const gone of ['Share', 'Flip a bit', '▶ Play']) expect(await button(page, gone).isVisible(), gone).toBe(false);
    expect(await page.getByText('to-b seals the packet').isVisible()).toBe(true);
    expect(await page.locator('.hex').isVisible()).toBe(true);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

test('the point is told at once, and leads to where it shows', async () => {
  await on(async (page) => {
    await page.getByRole('region', { name: 'The point of RFC 3884' }).waitFor();
    await picture(page, '1-first');
    await button(page, 'See a wire break, both ways').click();
    await page.getByText('4. The wire breaks').waitFor();
    await page.getByText('by A – C – D – Y').waitFor();
  });
});

test.each(['light', 'dark'] as const)('documents, comparison, tables and dialogs are accessible in %s', async (colorScheme) => {
  await on(
    async (page) => {
      await page.getByLabel('Compare with').selectOption('tunnel-mode');
      await page.getByText('The documents of the nodes').click();
      await page.getByRole('button', { name: 'Tables of Gateway A' }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Document of Gateway A').press('Control+Space');
      await page.getByRole('listbox').waitFor();
      await accessible(page);
      await button(page, 'Share').click();
      await page.getByRole('dialog').waitFor();
      await accessible(page);
      await page.keyboard.press('Escape');
      await view(page, 'Network');
      await button(page, 'Flip a bit').click();
      await button(page, 'Make it pass').click();
      await page.getByText('Compare the two step by step').click();
      await page.getByLabel('Time').fill('16');
      await accessible(page);
      await view(page, 'Replay window');
      await button(page, 'Across 2³², with extended numbers').click();
      await button(page, 'Seal 100, deliver the last').click();
      await accessible(page);
    },
    { colorScheme },
  );
});
