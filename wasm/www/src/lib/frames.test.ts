import { expect, test } from 'vitest';
import type { Journey } from './core';
import { bytes, colour, depths, fieldAt } from './bytes';
import { fate, frames } from './frames';
import type { Layer } from '../schema/walkthrough';

const layer = (name: string, start: number, end: number): Layer => ({ name, start, end, clause: '', fields: [] });

const journey: Journey = {
  legs: [
    {
      leg: 'wire',
      wire: 'a-b',
      from: 'A',
      to: 'B',
      time: 1,
      packet: '45000014',
      layers: [layer('IPv4', 0, 4)],
      changes: [{ start: 1, end: 3, before: 'ffee' }],
    },
    {
      leg: 'node',
      station: 'B',
      time: 2,
      walkthrough: {
        arrangement: 'iiptran',
        steps: [{ stage: 'arrive', title: 'It arrives', clause: '', network: 'base', packet: '45000014', layers: [], notes: [], changes: [], removed: [] }],
        outcome: {
          verdict: 'drop',
          reason: 'bad-icv',
          code: 0x52,
          clause: 'RFC 4303 section 3.4.4',
          meaning: '',
          check: '',
          stage: 'open',
        },
      },
    },
  ],
};

test('a journey is a row of frames that ends with the verdict', () => {
  const all = frames(journey);
  expect(all.map(({ kind, place }) => [kind, place])).toEqual([
    ['wire', 'a-b'],
    ['step', 'B'],
    ['end', 'B'],
  ]);
  expect(all.map(({ stopped }) => stopped)).toEqual([false, false, true]);
  expect(fate(all)).toEqual({ text: 'dropped: bad-icv', good: false });
});

test('bytes know what stood there before', () => {
  const [first, second, third] = bytes(frames(journey)[0]!);
  expect(first).toMatchObject({ text: '45', mark: 'same', layer: 0 });
  expect(second).toMatchObject({ text: '00', mark: 'changed', before: 'ff' });
  expect(third).toMatchObject({ mark: 'changed', before: 'ee' });
});

test('a byte leads to the smallest field that covers it', () => {
  const field = (name: string, start: number, end: number) => ({ name, start, end, value: '' });
  const layers = [{ ...layer('IPv4', 0, 20), fields: [field('fragment', 6, 8), field('DF', 6, 7)] }];
  expect(fieldAt(layers, 6)?.field.name).toBe('DF');
  expect(fieldAt(layers, 7)?.field.name).toBe('fragment');
  expect(fieldAt(layers, 19)).toBeUndefined();
});

test('the outer header looks other than the inner one, and parts of ESP lie beside each other', () => {
  const sealed = ['IPv4', 'ESP', 'IV', 'Ciphertext', 'ICV'].map((name, at) => layer(name, at, at + 1));
  expect(sealed.map(({ name }, at) => colour(name, sealed, at))).toEqual(['outer', 'esp', 'esp', 'cipher', 'esp']);
  expect(depths(sealed)).toEqual([0, 1, 2, 2, 2]);
  const opened = ['IPv4', 'IPv4', 'UDP'].map((name, at) => layer(name, at, at + 1));
  expect(opened.map(({ name }, at) => colour(name, opened, at))).toEqual(['outer', 'inner', 'upper']);
});
