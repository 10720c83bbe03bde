import { expect, test } from 'vitest';
import { read, write, type Saved } from './link';

test('a link gives back what was put into it', async () => {
  const state: Saved = { view: 'walk', step: 7, walk: { from: '10.1.0.5', document: 'ä ß → '.repeat(200) } };
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
