// Links that hold a capture: what one sees, another sees.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessible, button, picture, step, view, visits } from './browser';
import { header, KEYS, packets, pcap, WIRE } from './captures';

const COUNT = packets(WIRE).length;
const LIMIT = 65_536; // characters, as Firefox shows them

const { here, on: visit } = visits();

const on = (work: (page: Page) => Promise<void>, fragment = '', options: Parameters<typeof visit>[1] = {}) => visit(work, options, fragment);
const drop = (page: Page, ...files: [name: string, content: Buffer | string][]) =>
  page.getByLabel('Capture and keys').setInputFiles(files.map(([name, content]) => ({ name, buffer: Buffer.from(content), mimeType: 'application/octet-stream' })));
const opened = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();
async function share(page: Page): Promise<string> {
  await button(page, 'Share').click();
  await page.getByRole('dialog').waitFor();
  const link = await page.getByLabel('A link').inputValue();
  await button(page, 'Close').click();
  return link;
}
/** A capture of Linux with its keys, its second packet where it is decapsulated. */
async function walked(page: Page) {
  await view(page, 'Capture');
  await drop(page, ['esp_sa', KEYS], ['wire.pcap', WIRE]);
  await opened(page, `${COUNT} packets, ${COUNT} opened`);
  await button(page, 'Walk packet 2').click();
  await step(page, 'Decapsulate').click();
  await page.getByLabel('Language').selectOption('c');
}
async function exported(page: Page): Promise<Buffer> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save pcapng with keys' }).click();
  return readFileSync(await (await saved).path());
}

test('a link holds a capture that was dropped, its keys, the packet and the step', async () => {
  await on(async (page) => {
    await walked(page);
    const link = await share(page);
    expect(link.length).toBeLessThan(LIMIT);
    const place = await page.getByText(/^step \d+ of/).textContent();
    const bytes = await page.locator('.hex').textContent();
    await on(async (other) => {
      await opened(other, `${COUNT} packets, ${COUNT} opened`);
      await expect.poll(() => other.getByText(/^step \d+ of/).textContent()).toBe(place);
      expect(await other.locator('.hex').textContent()).toBe(bytes);
      expect(await other.locator('[aria-selected="true"]').getAttribute('aria-rowindex')).toBe('2');
      expect(await other.getByRole('textbox', { name: /^Keys:/ }).inputValue()).toBe(KEYS);
      expect(await other.getByLabel('Language').inputValue()).toBe('c');
      const file = await exported(other);
      for (const packet of packets(WIRE)) expect(file.includes(Buffer.from(packet, 'hex'))).toBe(true);
      // Elsewhere and back, it is still there.
      await view(other, 'Network');
      await view(other, 'Capture');
      await opened(other, `${COUNT} packets, ${COUNT} opened`);
    }, new URL(link).hash);
  });
});

test('a link holds packets that were pasted', async () => {
  await on(async (page) => {
    await view(page, 'Capture');
    await page.getByLabel(/in hexadecimal digits, one/).fill(packets(WIRE).join('\n'));
    await page.getByRole('textbox', { name: /^Keys:/ }).fill(KEYS);
    await button(page, 'Open').click();
    await opened(page, `${COUNT} packets, ${COUNT} opened`);
    await button(page, 'Walk packet 1').click();
    await page.getByText('Repeat it elsewhere').waitFor();
    const link = await share(page);
    await on(async (other) => {
      await opened(other, `${COUNT} packets, ${COUNT} opened`);
      await other.getByText('Repeat it elsewhere').waitFor();
      expect(await other.getByLabel(/in hexadecimal digits, one/).inputValue()).toBe(packets(WIRE).join('\n'));
    }, new URL(link).hash);
  });
});

test('a link that is nearly as long as it may be is opened', async () => {
  const packet = () => Buffer.concat([header('192.0.2.1', '198.51.100.1', 50, 1420), randomBytes(1400)]);
  const all = Array.from({ length: 31 }, packet);
  await on(async (page) => {
    await view(page, 'Capture');
    await drop(page, ['long.pcap', pcap(all)]);
    await opened(page, '31 packets');
    const link = await share(page);
    expect(new URL(link).hash.length).toBeGreaterThan(0.9 * LIMIT);
    await on(async (other) => {
      await opened(other, '31 packets');
      const file = await exported(other);
      for (const packet of all) expect(file.includes(packet)).toBe(true);
      // The address keeps all of it.
      await expect.poll(() => new URL(other.url()).hash.length).toBeGreaterThan(0.9 * LIMIT);
    }, new URL(link).hash);
  });
});

test('a capture that is too large for a link is offered as a file, and the rest still fits', async () => {
  const packet = () => Buffer.concat([header('192.0.2.1', '198.51.100.1', 50, 1420), randomBytes(1400)]);
  const large = pcap(Array.from({ length: 50 }, packet));
  await on(async (page) => {
    await view(page, 'Capture');
    await drop(page, ['large.pcap', large]);
    await opened(page, '50 packets');
    await button(page, 'Share').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The capture is too large for a link.').waitFor();
    expect(await dialog.getByLabel('A link').count()).toBe(0);
    await accessible(page);
    await picture(page, '10-too-large');
    const saved = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save pcapng with keys' }).click();
    expect(readFileSync(await (await saved).path()).length).toBeGreaterThan(70_000);
    await button(page, 'Close').click();
    await expect.poll(() => page.url().length).toBeLessThan(LIMIT);
    // Of a walk beside it, the link holds all.
    await view(page, 'Packet');
    await button(page, 'Replay').click();
    const link = await share(page);
    expect(link.length).toBeLessThan(LIMIT);
    await on(async (other) => {
      await other.getByText('dropped: replayed').waitFor();
      await view(other, 'Capture');
      await other.getByText('Drop a pcap').waitFor();
    }, new URL(link).hash);
  });
});

test('packets that were pasted are too many for a link as well', async () => {
  await on(async (page) => {
    await view(page, 'Capture');
    const packet = () => Buffer.concat([header('192.0.2.1', '198.51.100.1', 50, 1420), randomBytes(1400)]).toString('hex');
    await page.getByLabel(/in hexadecimal digits, one/).fill(Array.from({ length: 50 }, packet).join('\n'));
    await button(page, 'Open').click();
    await opened(page, '50 packets');
    await button(page, 'Share').click();
    await page.getByRole('dialog').getByText('The capture is too large for a link.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save pcapng with keys' }).waitFor();
    await button(page, 'Close').click();
    await expect.poll(() => new URL(page.url()).hash.length).toBeGreaterThan(2);
    expect(page.url().length).toBeLessThan(LIMIT);
  });
});

test('a link whose capture is broken says where, and what was there stays', async () => {
  await on(async (page) => {
    await walked(page);
    const hash = new URL(await share(page)).hash;
    const place = await page.getByText(/^step \d+ of/).textContent();
    const alert = page.getByRole('alert');
    const goes = async (fragment: string, told: string | RegExp) => {
      await page.evaluate((next) => (location.hash = next), fragment);
      await alert.filter({ hasText: told }).waitFor();
      await opened(page, `${COUNT} packets, ${COUNT} opened`);
      expect(await page.getByText(/^step \d+ of/).textContent()).toBe(place);
    };
    await goes(hash.slice(0, -9), 'cut off, in its part “capture”');
    await goes(hash.slice(0, hash.indexOf('.', 3)), 'cut off, in its part “capture”');
    await goes('#1.nonsense', /cut off\.(?!.*capture)/);
    // Well packed, but no capture, no keys, no such packet.
    const made = (change: object, file: string) =>
      page.evaluate(
        async ([state, text]) => {
          const pack = async (bytes: Blob, format: CompressionFormat) => {
            const all = new Uint8Array(await new Response(bytes.stream().pipeThrough(new CompressionStream(format))).arrayBuffer());
            return btoa(Array.from(all, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
          };
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const capture = { name: 'a.pcap', size: bytes.length, hex: '', keys: '', opened: true, chosen: 0, language: 'c', ...state };
          return `#1.${await pack(new Blob([JSON.stringify({ view: 'walk', capture })]), 'deflate-raw')}.${await pack(new Blob([bytes]), 'deflate')}`;
        },
        [change, Buffer.from(file, 'latin1').toString('base64')] as const,
      );
    const good = WIRE.toString('latin1');
    await goes(await made({}, 'GIF89a'), /capture of the link can’t be opened: .*a\.pcap/);
    await goes(await made({ keys: '"IPv4","*"' }, good), /capture of the link can’t be opened: .*keys/);
    await goes(await made({ keys: KEYS, chosen: 99 }, good), 'there is no packet 99');
  });
});

test('a capture fits into a frame of another page: the packet alone', async () => {
  await on(async (page) => {
    await walked(page);
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
    const html = await page.getByLabel(/frame for another page/).inputValue();
    const around = await here.browser.newPage({ viewport: { width: 900, height: 900 } });
    await around.setContent(`<!doctype html><title>A lesson</title><p>A lesson</p>${html}`);
    const frame = around.frameLocator('iframe');
    await frame.locator('[data-step][aria-current]').filter({ hasText: 'Decapsulate' }).waitFor();
    expect(await frame.getByLabel('Capture and keys').count()).toBe(0);
    await picture(around, '10-frame-capture');
    await around.close();
  });
});
