import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { append, fieldsOfLine, lineOf, lineOfField, readdress, remove, settingAt } from './document';

const gateway = readFileSync(new URL('../../../../core/gateways/a.toml', import.meta.url), 'utf8');
const figure = readFileSync(new URL('../../../../core/scenarios/figure-3.toml', import.meta.url), 'utf8');
const at = (text: string, start: string) => text.split('\n').findIndex((line) => line.startsWith(start)) + 1;

test('an entry is added behind all others, and what was written stays', () => {
  const event = { at: '6s', action: { 'wire-down': 'b-d' } };
  const longer = append(figure, 'events', event);
  expect(longer.startsWith(figure.trimEnd())).toBe(true);
  expect(longer.slice(figure.length)).toBe('\n[[events]]\nat = "6s"\naction = { wire-down = "b-d" }\n');
  expect(append('networks = [{ name = "a" }]', 'networks', { name: 'b' })).toBe('networks = [\n    { name = "b" },{ name = "a" }]');
  expect(JSON.parse(append('{"events": []}', 'events', event))).toEqual({ events: [event] });
});

test('an entry is taken out with the tables inside it, and no other', () => {
  const less = remove(figure, 'wires', (entry) => entry.includes('"b-d"'));
  expect(less).not.toContain('name = "b-d"');
  expect(less.split('[[wires]]')).toHaveLength(figure.split('[[wires]]').length - 1);
  const without = remove(gateway, 'virtual-links', () => true);
  expect(without).not.toContain('[virtual-links.protection]');
  expect(without).toContain('[[routes]]');
});

test('an address changes wherever it stands, and none that only begins alike', () => {
  const other = readdress(figure, '192.0.2.1/30', '192.0.2.21/30');
  expect(other).toContain('addresses = ["192.0.2.21/30"]');
  expect(other).toContain('local = "192.0.2.21"');
  expect(other).toContain('"192.0.2.10/30"');
  expect(other).not.toContain('"192.0.2.1"');
});

test('a setting is found in its table, and a line knows its setting', () => {
  const local = at(gateway, 'local');
  expect(settingAt(gateway, local)).toBe('virtual-links.local');
  expect(lineOf(gateway, 'local')).toBe(local);
  expect(lineOf(gateway, 'outer.ttl')).toBeUndefined();
  const inline = gateway.replace('base = "base"', 'base = "base"\nouter = { ttl = 9 }');
  expect(lineOf(inline, 'outer.ttl')).toBe(at(inline, 'outer'));
});

test('a field and the line that decided it lead to each other', () => {
  const spi = { name: 'SPI', value: '0x0000b001', start: 20, end: 24 };
  const source = { name: 'source', value: '192.0.2.1', setting: 'local', start: 12, end: 16 };
  const ttl = { name: 'TTL', value: '64', setting: 'outer.ttl', start: 8, end: 9 };
  const layers = [{ name: 'IPv4', start: 0, end: 28, clause: '', fields: [spi, source, ttl] }];
  const line = lineOfField(gateway, spi)!;
  expect(gateway.split('\n')[line - 1]).toMatch(/^outbound/);
  expect(fieldsOfLine(gateway, line, layers)).toEqual([spi]);
  expect(fieldsOfLine(gateway, lineOfField(gateway, source)!, layers)).toEqual([source]);
  expect(lineOfField(gateway, ttl)).toBeUndefined();
});

const json = JSON.stringify(
  {
    links: [{ name: 'wan', addresses: ['192.0.2.1/24'] }],
    'virtual-links': [{ name: 'to-b', local: '192.0.2.1', outer: { ttl: 9 }, protection: { outbound: { spi: '0x0000b001' } } }],
    routes: [{ prefix: '10.2.0.0/16', link: 'to-b' }],
  },
  null,
  1,
);

test('in JSON a field and the line that decided it lead to each other too', () => {
  const local = at(json, '   "local"');
  expect(settingAt(json, local)).toBe('virtual-links.local');
  expect(lineOf(json, 'local')).toBe(local);
  expect(lineOf(json, 'outer.ttl')).toBe(at(json, '    "ttl"'));
  expect(lineOf(json, '10.2.0.0/16 by to-b')).toBe(at(json, '   "prefix"'));
  expect(lineOf(json, 'window')).toBeUndefined();
  const spi = { name: 'SPI', value: '0x0000b001', start: 20, end: 24 };
  const source = { name: 'source', value: '192.0.2.1', setting: 'local', start: 12, end: 16 };
  const ttl = { name: 'TTL', value: '9', setting: 'outer.ttl', start: 8, end: 9 };
  const layers = [{ name: 'IPv4', start: 0, end: 28, clause: '', fields: [spi, source, ttl] }];
  for (const field of [spi, source, ttl]) expect(fieldsOfLine(json, lineOfField(json, field)!, layers), field.name).toEqual([field]);
});

test('JSON that is broken is left alone', () => {
  const broken = '{ "events": [';
  expect(append(broken, 'events', { at: '6s' })).toBe(broken);
  expect(remove(broken, 'events', () => true)).toBe(broken);
});
