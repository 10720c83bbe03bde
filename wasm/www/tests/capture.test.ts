// Captures on the page: what Linux sent, with its keys, and large ones.
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { picture, view, visits } from './browser';
import { header, INNER, KEYS, packets, pcap, sas, WIRE, type Sa } from './captures';

const { here, on: visit } = visits();

const on = (work: (page: Page) => Promise<void>, options: Parameters<typeof visit>[1] = {}) =>
  visit(async (page) => {
    await view(page, 'Capture');
    await work(page);
  }, options);
const drop = (page: Page, files: { name: string; buffer: Buffer }[]) =>
  page.getByLabel('Capture and keys').setInputFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));

test('a capture of Linux is opened with the table of Wireshark, and each packet can be walked', async () => {
  await on(async (page) => {
    await drop(page, [
      { name: 'esp_sa', buffer: Buffer.from(KEYS) },
      { name: 'wire.pcap', buffer: WIRE },
    ]);
    const count = packets(WIRE).length;
    await page.getByText(`${count} packets, ${count} opened, 0 dropped`).waitFor();
    await page.getByRole('button', { name: 'Walk packet 2', exact: true }).click();
    await page.getByText('Repeat it elsewhere').waitFor();
    await page.getByRole('button', { name: 'to the end' }).or(page.locator('button.badge')).first().click();
    await page.locator('[data-step]').filter({ hasText: 'Decapsulate' }).first().waitFor();
    const inner = packets(INNER)[1] ?? '';
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the trace as JSON' }).click();
    const trace = readFileSync(await (await download).path(), 'utf8');
    expect(trace).toContain(inner);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save pcapng with keys' }).click();
    const exported = readFileSync(await (await saved).path());
    expect(exported.readUInt32LE(0)).toBe(0x0a0d0d0a);
    for (const packet of packets(WIRE)) expect(exported.includes(Buffer.from(packet, 'hex'))).toBe(true);
    expect(exported.toString('latin1')).toContain('AES-GCM with 16 octet ICV');
    await picture(page, 'capture');
    // Whoever gets the file needs nothing else.
    const other = await here.browser.newPage();
    await other.goto(here.server.address);
    await other.getByRole('navigation').getByRole('button', { name: 'Capture' }).click();
    await drop(other, [{ name: 'walked.pcapng', buffer: exported }]);
    await other.getByText(`${count} packets, ${count} opened, 0 dropped`).waitFor();
    await other.getByText('These keys were in the comment of the capture.').waitFor();
    await other.close();
  });
});

test('a capture is dropped on the page with its keys', async () => {
  await on(async (page) => {
    const files = [['esp_sa', Buffer.from(KEYS)], ['wire.pcap', WIRE]] as const;
    await page.locator('.drop').evaluate(
      (place, files) => {
        const dataTransfer = new DataTransfer();
        for (const [name, text] of files) dataTransfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
        for (const type of ['dragover', 'drop']) place.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      },
      files.map(([name, content]) => [name, content.toString('base64')] as const),
    );
    const count = packets(WIRE).length;
    await page.getByText(`${count} packets, ${count} opened, 0 dropped`).waitFor();
  });
});

test('what is broken is told with its place, and what was there stays', async () => {
  await on(async (page) => {
    await drop(page, [
      { name: 'esp_sa', buffer: Buffer.from(KEYS) },
      { name: 'wire.pcap', buffer: WIRE },
    ]);
    const count = packets(WIRE).length;
    await page.getByText(`${count} packets,`).waitFor();
    await drop(page, [{ name: 'cat.gif', buffer: Buffer.from([0x47, 0x49, 0x46, 0x38, 0, 0]) }]);
    await page.getByRole('alert').filter({ hasText: 'cat.gif' }).waitFor();
    await page.getByText(`${count} packets,`).waitFor();
    await page.getByLabel(/in hexadecimal digits, one/).fill('45 00\n45 0x');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'line 2' }).waitFor();
    await drop(page, [{ name: 'cut.pcap', buffer: WIRE.subarray(0, WIRE.length - 3) }]);
    await page.getByRole('alert').filter({ hasText: 'cut off' }).waitFor();
    await page.getByRole('status').filter({ hasText: `${count - 1} packets,` }).waitFor();
  });
});

/** ESP packets of an SA with IPv4 and UDP inside, each with a number of its own, sealed by Node's AES-GCM (RFC 4106). */
function sealed({ source, destination, spi, encryption_key }: Sa, count: number): Buffer[] {
  const key = Buffer.from(encryption_key, 'hex');
  const inside = Buffer.alloc(1400, 0x5a);
  inside.set(header('10.1.0.5', '10.2.0.5', 17, inside.length));
  // Ports, length, and no checksum.
  inside.set([0xc0, 0, 0, 9, (inside.length - 20) >> 8, (inside.length - 20) & 255, 0, 0], 20);
  const trailer = Buffer.from([1, 2, 2, 4]);
  return Array.from({ length: count }, (_, index) => {
    const esp = Buffer.alloc(16);
    esp.writeUInt32BE(spi, 0);
    esp.writeUInt32BE(index + 1, 4);
    esp.writeUInt32BE(index + 1, 12);
    const cipher = createCipheriv('aes-128-gcm', key.subarray(0, 16), Buffer.concat([key.subarray(16), esp.subarray(8)]));
    cipher.setAAD(esp.subarray(0, 8));
    const body = Buffer.concat([cipher.update(Buffer.concat([inside, trailer])), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([header(source, destination, 50, 20 + 16 + body.length), esp, body]);
  });
}

test('a capture of 10 MB is read while the page goes on', async () => {
  const count = 6_900;
  const large = pcap(sealed(sas[0] as Sa, count));
  expect(large.length).toBeGreaterThan(10e6);
  await on(async (page) => {
    // To hand the file to the browser takes its time too, and is no business of the page.
    await drop(page, [{ name: 'large.pcap', buffer: large }]);
    await page.getByText(/packets, 0 opened/).waitFor();
    await page.getByRole('textbox', { name: /^Keys:/ }).fill(KEYS);
    await page.evaluate(() => {
      const state = window as unknown as { longest: number };
      state.longest = 0;
      let last = performance.now();
      setInterval(() => {
        state.longest = Math.max(state.longest, performance.now() - last);
        last = performance.now();
      }, 5);
    });
    const start = performance.now();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText(`${count} packets, ${count} opened, 0 dropped`).waitFor();
    const took = performance.now() - start;
    const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
    console.log(`10 MB: indexed after ${took.toFixed(0)} ms (2000 are the aim); the page waited ${longest.toFixed(0)} ms at most`);
    // Only what is seen of the list is there.
    expect(await page.getByRole('row').count()).toBeLessThan(40);
    expect(longest).toBeLessThan(took);
  });
});
