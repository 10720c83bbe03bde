// The core panics: the page says so, with a report, and goes on with what was there before.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { button, launch, serve, view, type Server } from './browser';

// What asks for 10.9.9.9, or for the walk of the second packet of a capture, asks the core instead for a capture of
// 0x90000000 bytes, which it can't hold: a panic of its own, "capacity overflow". A core made anew is left alone.
const TRIP = `{
  const make = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...all) => {
    const { instance, module } = await make.apply(WebAssembly, all);
    const real = instance.exports;
    const panic = () => real.capture_new(real.__wbindgen_malloc(1, 1), 1, 8, 0x90000000, real.__wbindgen_malloc(1, 1), 0);
    const said = (at, length) => new TextDecoder().decode(new Uint8Array(real.memory.buffer, at, length));
    const exports = {
      ...real,
      walk: (at, length) => (said(at, length).includes('10.9.9.9') ? panic() : real.walk(at, length)),
      capture_walk: (capture, place) => (place === 1 ? panic() : real.capture_walk(capture, place)),
    };
    return { instance: { exports }, module };
  };
}
`;

let browser: Browser;
let server: Server;
beforeAll(async () => {
  server = await serve({ change: (script) => (script.includes('instantiateStreaming') ? TRIP + script : script) });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('a panic in a walk is told, and the walk from before stays', async () => {
  const page = await browser.newPage();
  await page.goto(server.address);
  await view(page, 'Replay window');
  await page.getByRole('button', { name: /^Deliver number 3 / }).click();
  await page.locator('.packets').getByText('accepted').waitFor();
  await view(page, 'Packet');
  const steps = await page.locator('[data-step]').count();
  await page.getByLabel('To', { exact: true }).fill('10.9.9.9');
  await page.getByLabel('To', { exact: true }).press('Enter');
  const apology = page.getByRole('alert').filter({ hasText: 'Sorry' });
  await apology.getByText('capacity overflow').waitFor();
  await apology.getByRole('button', { name: /Copy/ }).waitFor();
  await button(page, 'Go on').click();
  expect(await page.locator('[data-step]').count()).toBe(steps);
  const to = page.getByLabel('To', { exact: true });
  await expect.poll(() => to.inputValue()).toBe('10.2.0.5');
  // It is another core: this one has an answer.
  await to.fill('10.9.9.9');
  await to.press('Enter');
  await page.getByText('dropped: no-route').waitFor();
  expect(await apology.count()).toBe(0);
  await to.fill('10.2.0.5');
  await to.press('Enter');
  await button(page, 'Flip a bit').click();
  await page.locator('article.stopped').getByText('bad-icv', { exact: true }).waitFor();
  // The packets of the replay window are there again, and the window knows which it has seen.
  await view(page, 'Replay window');
  await page.getByRole('button', { name: /^Deliver number 3 / }).click();
  await page.locator('.packets').getByText('repeated').waitFor();
  await page.close();
});

test('a panic in a capture is told for the whole page, and the capture stays open', async () => {
  const page = await browser.newPage();
  await page.goto(server.address);
  await view(page, 'Capture');
  const wire = readFileSync(new URL('../../../tests/data/captures/iiptran-4in4-aes128gcm16.wire.pcap', import.meta.url));
  await page.getByLabel('Capture and keys').setInputFiles([{ name: 'wire.pcap', buffer: wire, mimeType: 'application/octet-stream' }]);
  await page.getByText(/packets, 0 opened/).waitFor();
  await page.getByRole('button', { name: 'Walk packet 2', exact: true }).click();
  const apology = page.getByRole('alert').filter({ hasText: 'Sorry' });
  await apology.getByText('capacity overflow').waitFor();
  await button(page, 'Go on').click();
  await page.getByText(/packets, 0 opened/).waitFor();
  await page.getByRole('button', { name: 'Walk packet 1', exact: true }).click();
  await page.getByRole('alert').or(page.getByText('Repeat it elsewhere')).first().waitFor();
  expect(await page.getByText('no capture is open').count()).toBe(0);
  await page.close();
});
