// @vitest-environment happy-dom
// The views with the core behind them: what makes a packet pass, and what a wrong input leaves as it was.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import * as wasm from '../../../package/iiptran_wasm.js';
import type { Mishap } from './core';
import { fate } from './frames';
import { NetworkView } from './network.svelte';
import { TOUR } from './tour';
import { WalkView } from './walk.svelte';
import { EDGE, WindowView } from './window.svelte';

beforeAll(() => {
  wasm.initSync({ module: readFileSync(`${import.meta.dirname}/../../../package/iiptran_wasm_bg.wasm`) });
});

test('the walk that the build asked for is the one that the core answers with', () => {
  const view = new WalkView();
  const { report } = view;
  expect(report.journey.legs.length).toBeGreaterThan(3);
  view.set({});
  expect(view.report).not.toBe(report);
  expect(view.report).toEqual(report);
});

const good = (view: WalkView) => fate(view.frames).good;

test.each<[Mishap, RegExp]>([
  [{ mishap: 'reorder', packets: 80 }, /window = 128/],
  [{ mishap: 'mark-ce' }, /ECT\(0\)/],
  [{ mishap: 'mtu', mtu: 100 }, /bytes into the packet/],
  [{ mishap: 'replay' }, /second time/],
  [{ mishap: 'wrong-key' }, /same key/],
])('%o is answered by a change that lets the packet pass', (mishap, told) => {
  const view = new WalkView();
  view.toggle(mishap);
  expect(good(view)).toBe(false);
  expect(view.fix()).toBe(true);
  expect(good(view)).toBe(true);
  expect(view.fixed?.text).toMatch(told);
  view.open(view.fixed!.before);
  expect(good(view)).toBe(false);
});

test('what is wrong in a document is put right in that document', () => {
  const view = new WalkView();
  const broken = (place: number, from: string, to: string) => {
    view.open({});
    const documents = view.state.documents.map((station, number) => ({ ...station, document: number === place ? station.document.replace(from, to) : station.document }));
    view.set({ documents });
    expect(good(view)).toBe(false);
    expect(view.fix()).toBe(true);
    expect(good(view)).toBe(true);
    return view.state.documents[place]!.document;
  };
  expect(broken(0, 'prefix = "10.2.0.0/16"', 'prefix = "10.3.0.0/16"')).toMatch(/prefix = "10\.2\.0\.5\/32"\nlink = "to-b"/);
  expect(broken(2, 'inbound = { spi = "0x0000b001", key = "b0', 'inbound = { spi = "0x0000b001", key = "c0')).toContain('inbound = { spi = "0x0000b001", key = "b0');
  expect(broken(2, 'inbound = { spi = "0x0000b001"', 'inbound = { spi = "0x0000b002"')).toContain('inbound = { spi = "0x0000b001"');
});

test('a wrong document leaves the walk that was there', () => {
  const view = new WalkView();
  const frames = view.frames.length;
  view.set({ documents: view.state.documents.map(({ name }) => ({ name, document: 'side = "inside"' })) });
  expect(view.fault).toMatchObject({ part: 'stations[0].document' });
  expect(view.frames).toHaveLength(frames);
});

test('a network is cut, drawn in, readdressed and taken back in its document', () => {
  const view = new NetworkView();
  view.set({ at: 6 });
  view.cut('b-d');
  expect(view.text).toContain('[[events]]\nat = "6000ms"\naction = { wire-down = "b-d" }');
  view.set({ at: 14 });
  expect(view.run?.frames.some(({ place }) => place === 'C')).toBe(true);
  view.undo();
  expect(view.changed).toBe(false);
  const frames = view.run?.frames.length;
  view.rewrite(() => 'nonsense');
  expect(view.fault?.part).toBe('scenario');
  expect(view.run?.frames).toHaveLength(frames!);
});

test('the packet of a network that is stopped passes after a change', () => {
  const view = new NetworkView();
  view.set({ mishap: { mishap: 'flip', bit: 400 } });
  expect(fate(view.run!.frames)).toMatchObject({ text: 'dropped: bad-icv' });
  expect(view.fix()).toBe(true);
  expect(fate(view.run!.frames).good).toBe(true);
  // With tunnel mode behind the cut, no time helps.
  view.open({ at: 20, active: 1 });
  expect(fate(view.run!.frames).good).toBe(false);
  expect(view.fix()).toBe(true);
  expect(view.fixed?.text).toMatch(/mended/);
});

test('a history has the gap of the cut', () => {
  const parts = new NetworkView().history('tunnel-mode');
  const silent = parts.filter(({ sent, delivered }) => sent > 0 && delivered === 0);
  expect(silent.at(-1)?.until).toBe(30e9);
  expect(silent.every(({ until }) => until < 6e9 || until > 15e9)).toBe(true);
});

test('too old, repeated and forged packets are told apart, and a link does it all again', () => {
  const walk = new WalkView();
  const view = new WindowView(() => walk.ends());
  view.do('d3');
  view.do('d3');
  expect(view.fates[3]).toEqual(['accepted', 'repeated']);
  view.do('f9');
  expect(view.last?.kind).toBe('forged');
  for (let count = 0; count < 80; count += 1) view.do('s');
  view.do('d85');
  view.do('d0');
  expect(view.last?.kind).toBe('too old');
  const other = new WindowView(() => walk.ends());
  other.open($state.snapshot(view.state));
  expect(other.fates).toEqual(view.fates);
  view.open({ start: EDGE });
  view.do('d7');
  expect(view.fates[7]).toEqual(['accepted']);
  expect(view.sealed[7]?.sequence).toBeGreaterThan(2 ** 32);
});

test('each page of the tour has a journey, and the steps that it names', () => {
  expect(TOUR).toHaveLength(8);
  const [network, walk] = [new NetworkView(), new WalkView()];
  for (const page of TOUR) {
    for (const change of [page, ...(page.tries ?? [])]) {
      if (page.network) network.open({ ...page.network, ...change.network });
      if (page.walk) walk.open({ ...page.walk, ...change.walk });
      const frames = page.walk ? walk.frames : network.run!.frames;
      expect(frames.length, page.title).toBeGreaterThan(2);
      const { stage } = change;
      if (stage && stage !== 'end') expect(frames.some((frame) => frame.stage === stage), `${page.title}: ${stage}`).toBe(true);
    }
  }
}, 60_000);
