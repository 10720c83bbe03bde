// The built page in a real browser: served as static files, and by the command that has it inside.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { chromium, type Browser, type Page, type Request } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};
export const DIST = new URL('../dist', import.meta.url).pathname;
export const COMMAND = new URL('../../../target/debug/iiptran', import.meta.url).pathname;
export const PICTURES = new URL('../../../target/page', import.meta.url).pathname;

export interface Server {
  address: string;
  close: () => void;
}

/** Serves a folder, the page's by default; `close` ends it. Scripts may be changed on the way. */
export async function serve({ folder = DIST, change = (script: string) => script } = {}): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(extname(file) === '.js' ? change(readFileSync(file, 'utf8')) : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { address: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/** The page that the command `iiptran` has inside; undefined where the command is not built. */
export async function command(): Promise<Server | undefined> {
  if (!isThere(COMMAND, 'cargo build')) return undefined;
  const child = spawn(COMMAND, ['serve', '--no-open', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const address = await new Promise<string>((resolve, reject) => {
    let wrong = '';
    child.stderr.on('data', (text) => (wrong += text));
    child.stdout.once('data', (text) => resolve(String(text).trim()));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`iiptran serve ended with ${code}: ${wrong}`)));
  });
  return { address, close: () => child.kill() };
}

/** Whether what a test needs is there; says so if not. */
export function isThere(file: string, how: string): boolean {
  if (!existsSync(file)) console.warn(`SKIPPED: ${file} is not there; ${how}`);
  return existsSync(file);
}

export function launch(): Promise<Browser> {
  mkdirSync(PICTURES, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page whose faults are remembered. */
export async function open(browser: Browser, address: string, options: Parameters<Browser['newPage']>[0] = {}, onrequest: (request: Request) => void = () => {}) {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 }, ...options });
  page.on('request', onrequest);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(address);
  await ready(page);
  return { page, faults };
}

/** A browser and a server for the tests of a file, and `on`, which runs one on a fresh page, on which nothing may go wrong. */
export function visits() {
  const here = {} as { browser: Browser; server: Server };
  beforeAll(async () => {
    here.server = await serve();
    here.browser = await launch();
  });
  afterAll(async () => {
    await here.browser?.close();
    here.server?.close();
  });
  async function on(work: (page: Page) => Promise<void>, options: Parameters<typeof open>[2] = {}, fragment = '') {
    const { page, faults } = await open(here.browser, here.server.address + fragment, options);
    try {
      await work(page);
      expect(faults).toEqual([]);
    } finally {
      await page.close();
    }
  }
  return { here, on };
}

/** Waits for the core: before, one can only look. */
export const ready = (page: Page) => page.locator('main:not([inert])').waitFor();

/** A picture of the whole page: a header that stays at the top is where it is at first. */
export async function picture(page: Page, name: string) {
  await page.evaluate(() => scrollTo(0, 0));
  return page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const step = (page: Page, name: string) => page.locator('[data-step]').filter({ hasText: new RegExp(`^\\s*(✕\\s*)?${name}\\s*$`) });
export const view = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name }).click();

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All rules of WCAG A and AA that axe knows. */
export async function accessible(page: Page) {
  // What a header that stays covers is covered wherever one scrolls to.
  await page.evaluate(() => scrollTo(0, 0));
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
