import { expect, test } from 'vitest';
import { layout, type Topology } from './layout';
import { seconds, words } from './times';

const diamond: Topology = {
  stations: ['A', 'B', 'C', 'D', 'X', 'Y'].map((name) => ({ name, kind: 'node' as const })),
  wires: [['X', 'A'], ['A', 'B'], ['A', 'C'], ['B', 'D'], ['C', 'D'], ['D', 'Y']].map((ends) => ({
    name: ends.join('-'),
    ends,
  })),
  virtual: [],
};

test('stations stand in columns by their distance from the sender', () => {
  const { places } = layout(diamond, 'X');
  const columns = ['X', 'A', 'B', 'D', 'Y'].map((name) => places[name]!.x);
  expect([...columns].sort((a, b) => a - b)).toEqual(columns);
  expect(places['B']!.x).toBe(places['C']!.x);
  expect(places['B']!.y).not.toBe(places['C']!.y);
});

test('all stations are inside the picture, however long their names', () => {
  const stations = ['10.1.0.5', 'A gateway with a long name', '10.2.0.5'].map((name) => ({ name, kind: 'node' as const }));
  const wires = [0, 1].map((at) => ({ name: `${at}`, ends: [stations[at]!.name, stations[at + 1]!.name] }));
  const { width, height, places } = layout({ stations, wires, virtual: [] }, '10.1.0.5');
  for (const { x, y } of Object.values(places)) {
    expect(x).toBeLessThan(width);
    expect(y).toBeLessThan(height);
  }
});

test('upright, the way goes down, and the picture is narrow', () => {
  const { width, height, places } = layout(diamond, 'X', true);
  const rows = ['X', 'A', 'B', 'D', 'Y'].map((name) => places[name]!.y);
  expect([...rows].sort((a, b) => a - b)).toEqual(rows);
  expect(places['B']!.x).not.toBe(places['C']!.x);
  expect(width).toBeLessThan(height);
});

test('no two stations stand at one place, connected or not', () => {
  const apart: Topology = { ...diamond, wires: diamond.wires.slice(0, 2) };
  const places = Object.values(layout(apart, 'X').places).map(({ x, y }) => `${x},${y}`);
  expect(new Set(places).size).toBe(6);
});

test('times of documents are read', () => {
  expect(['1.5s', '20ms', '100us', '5ns'].map(seconds)).toEqual([1.5, 0.02, 100 * 1e-6, 5 * 1e-9]);
});

test('events are told in words', () => {
  expect(words({ 'wire-down': 'a-b' })).toBe('wire down a-b');
  expect(words({ mtu: { wire: 'x', mtu: 900 } })).toBe('mtu x 900');
});
