import { expect, test } from 'vitest';
import { diff, unlike } from './diff';
import type { Frame } from './frames';

const frame = (place: string, stage: string, packet = '45', title = stage) =>
  ({ kind: 'step', place, stage, packet, title }) as Frame;

test('steps of both are paired, those of one stand alone', () => {
  const left = [frame('A', 'route'), frame('A', 'encapsulate'), frame('A', 'policy')];
  const right = [frame('A', 'policy', '46'), frame('A', 'seal')];
  expect(diff(left, right)).toEqual([
    { kind: 'left', left: 0, what: [] },
    { kind: 'left', left: 1, what: [] },
    { kind: 'other', left: 2, right: 0, what: ['1 byte'] },
    { kind: 'right', right: 1, what: [] },
  ]);
});

test('a walk is the same as itself', () => {
  const walk = ['arrive', 'route', 'seal'].map((stage) => frame('A', stage));
  expect(diff(walk, walk).every(({ kind }) => kind === 'same')).toBe(true);
});

test('bytes behind the end of the shorter packet count', () => {
  expect(unlike('aabb', 'aacc')).toBe(1);
  expect(unlike('aa', 'aabbcc')).toBe(2);
});
