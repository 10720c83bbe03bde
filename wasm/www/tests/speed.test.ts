// How soon the page is there, and how soon a step is: what the page promises, measured inside the browser. The best of
// several runs counts, since other programs only ever add to them.
import { availableParallelism, loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, launch, serve, type Server } from './browser';

/** From the navigation to the first step on the screen, nothing being cached, milliseconds. */
const FIRST_STEP = 300;
/** From a key to the step in the document, laid out, milliseconds: the median of a whole journey. */
const ONE_STEP = 5;
const RUNS = 5;

let browser: Browser;
let server: Server;
beforeAll(async () => {
  server = (await command()) ?? (await serve());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

const told = (all: number[]) => all.map((time) => time.toFixed(1)).join(', ');

test(`the first step is seen within ${FIRST_STEP} ms of the navigation`, async () => {
  const times: number[] = [];
  const cores: number[] = [];
  // On a machine that is busy, the page gets more tries, and no more time.
  for (let run = 0; run < RUNS || (run < 4 * RUNS && Math.min(...times) > FIRST_STEP); run += 1) {
    // A context of its own has a cache of its own.
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
    await context.addInitScript(() => {
      const look = () => {
        const is_there = document.querySelector('[data-step]') && document.body.innerText.includes('The packet arrives by lan');
        // The frame after the one that has it: then it is painted.
        requestAnimationFrame(is_there ? () => performance.mark('first-step') : look);
      };
      requestAnimationFrame(look);
    });
    const page = await context.newPage();
    await page.goto(server.address);
    await page.waitForFunction(() => ['first-step', 'core'].every((name) => performance.getEntriesByName(name).length > 0));
    times.push(await page.evaluate(() => performance.getEntriesByName('first-step')[0]!.startTime));
    cores.push(await page.evaluate(() => performance.getEntriesByName('core')[0]!.startTime));
    await context.close();
  }
  console.log(`the core is there, and things can be changed: ${told(cores)} ms`);
  console.log(`first step: ${told(times)} ms; ${FIRST_STEP} are the budget of the best`);
  const [load = 0] = loadavg();
  if (load > availableParallelism()) {
    console.warn(`SKIPPED: the first step's time is not judged, the machine has a load of ${load.toFixed(1)}`);
    return;
  }
  expect(Math.min(...times)).toBeLessThanOrEqual(FIRST_STEP);
});

test(`one step takes ${ONE_STEP} ms`, async () => {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(server.address);
  await page.getByText('The packet arrives by lan').waitFor();
  const journeys = await page.evaluate(async (runs) => {
    const place = () => /step (\d+) of (\d+)/.exec(document.body.textContent ?? '')?.slice(1).map(Number) as [number, number];
    const frame = () => new Promise(requestAnimationFrame);
    const journeys: number[][] = [];
    for (let run = 0; run < runs; run += 1) {
      const times: number[] = [];
      // There, and back again in the next run.
      const key = run % 2 === 0 ? 'ArrowRight' : 'ArrowLeft';
      for (let step = place()[1] - 1; step > 0; step -= 1) {
        await frame();
        const before = place()[0];
        const start = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        // The document follows within the same task.
        await new Promise<void>(queueMicrotask);
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
        if (place()[0] === before) throw new Error(`step ${before} stays`);
      }
      journeys.push(times);
    }
    return journeys;
  }, RUNS);
  const median = (all: number[]) => [...all].sort((left, right) => left - right)[all.length >> 1] ?? NaN;
  const medians = journeys.map(median);
  const worst = journeys.map((times) => Math.max(...times));
  console.log(`one step of ${journeys[0]?.length}: medians ${told(medians)} ms, ${ONE_STEP} are the budget of the best; slowest steps ${told(worst)} ms`);
  expect(Math.min(...medians)).toBeLessThanOrEqual(ONE_STEP);
  await page.close();
});
