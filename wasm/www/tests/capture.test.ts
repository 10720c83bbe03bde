// Captures on the page: what Linux sent, with its keys, and large ones.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snippet } from '../src/lib/snippets';
import { launch, open, picture, serve } from './browser';

const ROOT = new URL('../../../', import.meta.url).pathname;
const DATA = `${ROOT}tests/data/captures/`;
const CASE = 'iiptran-4in4-aes128gcm16';
const WIRE = readFileSync(`${DATA}${CASE}.wire.pcap`);
const INNER = readFileSync(`${DATA}${CASE}.inner.pcap`);

interface Sa {
  source: string;
  destination: string;
  spi: number;
  encryption_key: string;
}
const manifest = JSON.parse(readFileSync(`${DATA}manifest.json`, 'utf8')) as { cases: { name: string; sas: Sa[] }[] };
const sas = manifest.cases.find(({ name }) => name === CASE)?.sas ?? [];
/** The keys as Wireshark's table has them. */
const KEYS = sas
  .map(({ source, destination, spi, encryption_key }) =>
    ['IPv4', source, destination, `0x${spi.toString(16).padStart(8, '0')}`, 'AES-GCM with 16 octet ICV [RFC4106]', `0x${encryption_key}`, 'NULL', '']
      .map((field) => `"${field}"`)
      .join(','),
  )
  .join('\n');

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
    await page.getByRole('navigation').getByRole('button', { name: 'Capture' }).click();
    await work(page);
    expect(faults).toEqual([]);
  } finally {
    await page.close();
  }
}
const drop = (page: Page, files: { name: string; buffer: Buffer }[]) =>
  page.getByLabel('Capture and keys').setInputFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));

/** The IP packets of a pcap file that holds nothing else. */
function packets(file: Buffer): string[] {
  const all: string[] = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    all.push(file.subarray(at + 16, at + 16 + length).toString('hex'));
    at += 16 + length;
  }
  return all;
}

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
  });
});

test.each([
  ['dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 }, isMobile: true }],
] as const)('it is there in %s', async (name, options) => {
  await on(async (page) => {
    await drop(page, [
      { name: 'esp_sa', buffer: Buffer.from(KEYS) },
      { name: 'wire.pcap', buffer: WIRE },
    ]);
    await page.getByRole('button', { name: 'Walk packet 1', exact: true }).click();
    await page.getByText('Repeat it elsewhere').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await picture(page, `capture-${name}`);
  }, options);
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

test('a capture of 10 MB is read while the page goes on', async () => {
  const records = WIRE.subarray(24);
  const large = Buffer.concat([WIRE.subarray(0, 24), ...Array.from({ length: Math.ceil(10e6 / records.length) }, () => records)]);
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
    await page.getByText(/packets, [1-9]\d* opened/).waitFor();
    const took = performance.now() - start;
    const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
    console.log(`10 MB: indexed after ${took.toFixed(0)} ms (2000 are the aim); the page waited ${longest.toFixed(0)} ms at most`);
    // Only what is seen of the list is there.
    expect(await page.getByRole('row').count()).toBeLessThan(40);
    expect(longest).toBeLessThan(took);
  });
});

test('a program in C repeats a walk', () => {
  const library = `${ROOT}target/debug/libiiptran_c.a`;
  if (!existsSync(library)) {
    console.warn('SKIPPED: the C library is not built; cargo build -p iiptran-c');
    return;
  }
  const [sa] = sas;
  const wire = packets(WIRE).find((packet) => packet.includes((sa?.spi ?? 0).toString(16).padStart(8, '0'))) ?? '';
  const document = JSON.stringify(
    {
      arrangement: 'iiptran',
      'insecure-test-keys': true,
      links: [{ name: 'wire', side: 'unprotected', addresses: [`${sa?.destination}/32`] }, { name: 'inside', side: 'protected' }],
      'virtual-links': [{ name: 'tunnel', local: sa?.destination, remote: sa?.source }],
      routes: [{ prefix: '0.0.0.0/0', link: 'inside' }],
      policies: [{ name: 'protected', action: 'protect' }],
      sas: [{ direction: 'inbound', spi: sa?.spi, transform: 'aes-128-gcm-16', key: sa?.encryption_key, source: sa?.source, destination: sa?.destination }],
    },
    null,
    2,
  );
  const folder = mkdtempSync(join(tmpdir(), 'walk-'));
  writeFileSync(join(folder, 'walk.c'), snippet('c', { document, link: 'wire', time: 0, packets: [wire] }));
  execFileSync('cc', ['-Wall', '-Werror', `-I${ROOT}bindings-c/include`, join(folder, 'walk.c'), library, '-lpthread', '-ldl', '-lm', '-o', join(folder, 'walk')]);
  const left = execFileSync(join(folder, 'walk'), { encoding: 'utf8' }).trim();
  const inner = packets(INNER)[packets(WIRE).indexOf(wire)] ?? '';
  // The receiver forwards it: hop count and checksum are other than before.
  expect(left.slice(24)).toBe(inner.slice(24));
  expect(left.length).toBe(inner.length);
});
