import { expect, test } from 'vitest';
import { halfOf, labels } from './shapes';

const node = (name: string, x: number, y: number) => ({ station: { name, kind: 'node' as const }, place: { x, y } });

test('a label covers no station: it goes to the side, or further out', () => {
  const router = node('Router', 100, 154);
  const edge = 100 + halfOf(router.station);
  // A bow that hardly leaves the station, as on a phone.
  const [beside] = labels([{ text: 'virtual link', top: { x: edge - 5, y: 154 } }], [router]);
  expect(beside!.anchor).toBe('start');
  expect(beside!.x).toBeGreaterThan(edge - 5);
  const outside = beside!.x >= edge || beside!.y - 12 >= 154 + 19 || beside!.y + 5 <= 154 - 19;
  expect(outside).toBe(true);
  const [above] = labels([{ text: 'link-1', top: { x: 200, y: 40 } }], [node('A', 100, 70), node('B', 300, 70)]);
  expect(above).toMatchObject({ x: 200, y: 34, anchor: 'middle' });
});

test('two labels at one place stand apart', () => {
  const top = { x: 200, y: 60 };
  const [one, other] = labels([{ text: 'link-1', top }, { text: 'link-2', top }], []);
  expect([other!.x, other!.y]).not.toEqual([one!.x, one!.y]);
});
