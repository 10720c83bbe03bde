import { expect, test } from 'vitest';
import { LIMIT, pack, read, write, type Saved } from './link';

test('a link gives back what was put into it', async () => {
  const document = 'ä ß → '.repeat(200);
  const state: Saved = { view: 'walk', step: 7, walk: { from: '10.1.0.5', documents: [{ name: 'A', document }] } };
  const fragment = await write(state);
  expect(fragment).toMatch(/^#1\.[\w-]+$/);
  expect(fragment.length).toBeLessThan(400);
  expect(await read(fragment)).toEqual(state);
});

test('no link is no state, and a broken one says so', async () => {
  expect(await read('')).toBeUndefined();
  const fragment = await write({ view: 'tour', page: 3 });
  for (const broken of ['#2.abc', '#1.%%%', fragment.slice(0, -6), '#1.AAAA']) {
    await expect(read(broken)).rejects.toThrow(/cut off/);
  }
});

test.each([
  [{ view: 'walk', walk: { documents: 'none' } }, /walk\.documents/],
  [{ view: 'walk', walk: { documents: [{ name: 1 }] } }, /walk\.documents\[0\]\.name/],
  [{ view: 'network', network: { at: 'soon' } }, /network\.at/],
  [{ view: 'walk', surprise: 1 }, /surprise/],
  [{ view: 'elsewhere' }, /no view “elsewhere”/],
  [[], /whole/],
])('what is well packed but of another kind is told with its place: %j', async (state, told) => {
  await expect(read(await write(state as unknown as Saved))).rejects.toThrow(told);
});

const noise = (length: number) => Uint8Array.from({ length }, (_, at) => (Math.imul(at + 1, 2654435761) ^ (at * at)) >>> 11);

test('a file goes along, with a checksum, and what is lost of it is told', async () => {
  const file = noise(20_000);
  const state: Saved = { view: 'capture', capture: { name: 'a.pcap', size: file.length, opened: true, chosen: 3 } };
  const packed = (await pack(file))!;
  const fragment = await write(state, packed);
  expect(await read(fragment)).toEqual({ ...state, file });
  const place = /cut off, in its part “capture”/;
  const other = fragment.at(-200) === 'A' ? 'B' : 'A';
  for (const broken of [
    fragment.slice(0, -20),
    fragment.slice(0, fragment.indexOf('.', 3)),
    fragment.slice(0, -200) + other + fragment.slice(-199),
    await write({ ...state, capture: { ...state.capture, size: 19_999 } }, packed),
    await write({ ...state, capture: { ...state.capture, size: 0 } }, packed),
  ]) {
    await expect(read(broken)).rejects.toThrow(place);
  }
  await expect(read(`${fragment}.more`)).rejects.toThrow(/cut off/);
});

test('a file is packed as long as a link may be, and no longer', async () => {
  const { randomBytes } = await import('node:crypto');
  expect((await pack(randomBytes(48_000)))!.length).toBeLessThan(LIMIT);
  expect(await pack(randomBytes(50_000))).toBeUndefined();
  // What can be compressed may be larger.
  expect((await pack(new Uint8Array(1_000_000)))!.length).toBeLessThan(2_000);
});
