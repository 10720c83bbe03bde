// The page as its users get it: from the command that has it inside, and from any server of static files.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { command, DIST, launch, open, serve, step, view, type Server } from './browser';

let browser: Browser;
let servers: Record<string, Server | undefined>;
beforeAll(async () => {
  servers = { 'the command': await command(), 'a static folder': await serve() };
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) server?.close();
});

const from = (name: string, context: TestContext) => servers[name] ?? context.skip('it is not there');

test.for(['the command', 'a static folder'])('the page from %s walks a packet, and asks nobody else', async (name, context) => {
  const { address } = from(name, context);
  const asked: string[] = [];
  const { page, faults } = await open(browser, address, {}, (request) => asked.push(request.url()));
  await page.getByText('The packet arrives by lan').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText(/^step 2 of/).waitFor();
  await step(page, 'Seal').click();
  await page.getByText('to-b seals the packet').first().waitFor();
  for (const [name, seen] of [
    ['Network', 'by A – B – D – Y'],
    ['Replay window', 'Forge a new number'],
    ['Capture', 'Drop a pcap or pcapng file here'],
    ['Tour', '1 of 8'],
  ] as const) {
    await view(page, name);
    await page.getByText(seen).first().waitFor();
  }
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((url) => !url.startsWith(address))).toEqual([]);
  expect(faults).toEqual([]);
  await page.close();
});

test('the command has the page that was built last, each file as what it is', async (context) => {
  const { address } = from('the command', context);
  const html = readFileSync(`${DIST}/index.html`, 'utf8');
  // If not, the command was built before the page: build it again.
  expect(await (await fetch(address)).text()).toBe(html);
  const files = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file ?? '');
  const kinds: Record<string, string> = { js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const answer = await fetch(address + file);
    expect(answer.headers.get('content-type'), file).toBe(kinds[file.split('.').at(-1) ?? '']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(`${DIST}/${file}`)), file).toBe(true);
  }
});
