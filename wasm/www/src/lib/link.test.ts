import { expect, test } from 'vitest';
import { read, write, type Saved } from './link';

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
