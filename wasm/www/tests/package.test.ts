// The npm package outside a browser.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import * as wasm from '../../package/iiptran_wasm.js';

beforeAll(() => {
  const module = readFileSync(new URL('../../package/iiptran_wasm_bg.wasm', import.meta.url));
  wasm.initSync({ module });
});

test('drop reasons are those of the core', () => {
  const list = JSON.parse(readFileSync(new URL('../../../core/schema/drop-reasons.json', import.meta.url), 'utf8'));
  expect(wasm.dropReasons()).toEqual(list['drop-reasons']);
  expect(wasm.explain('bad-icv')).toMatchObject({ code: 0x52, clause: 'RFC 4303 section 3.4.4' });
  expect(wasm.explain('no-such-reason')).toBeUndefined();
});

test('a network runs in parts as it runs at once', () => {
  const request = JSON.stringify({ scenario: 'figure-3' });
  const [parts, whole] = [new wasm.Network(request), new wasm.Network(request)];
  const events = [];
  for (let second = 1n; second <= 8n; second += 1n) events.push(...parts.runUntil(second * 1_000_000_000n));
  expect(whole.runUntil(8_000_000_000n)).toEqual(events);
  expect(parts.report()).toEqual(whole.report());
  expect(parts.tables('A').networks.map(({ name }: { name: string }) => name)).toEqual(['base', 'vn']);
  expect(parts.keys().sas).toHaveLength(8);
});

test('a moment of a network is there soon enough to be dragged to', () => {
  const request = { run: { scenario: 'figure-3' }, at: 20e9, flow: 0 };
  const start = performance.now();
  const { journey } = wasm.look(JSON.stringify(request));
  console.log(`figure 3 at 20 s: ${(performance.now() - start).toFixed(0)} ms`);
  expect(journey.legs.length).toBeGreaterThan(5);
});

test('what is wrong is an error with its place', () => {
  const request = { run: { scenario: 'arrangement = "iiptran"\nduration = "soon"' }, at: 0 };
  try {
    wasm.look(JSON.stringify(request));
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ part: 'scenario', path: 'duration', line: 2, column: 12 });
  }
});
