import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { complete, position, type Schema } from './completion';

const schema = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../core/schema/${name}.json`, import.meta.url), 'utf8')) as Schema;
const node = schema('node');
const scenario = schema('scenario');
/** What is offered at the mark `|`. */
function offered(schema: Schema, text: string): string[] {
  const cursor = text.indexOf('|');
  return complete(schema, text.replace('|', ''), cursor).suggestions.map(({ label }) => label);
}

test('the place in a document is known through tables, lists and strings', () => {
  expect(position('a = "x = {"\n[[links]]\nname = "lan"\nsi')).toMatchObject({ path: ['links'], kind: 'key', taken: ['name'] });
  expect(position('[[links]]\nside = "')).toMatchObject({ path: ['links', 'side'], kind: 'value' });
  expect(position('[virtual-links.protection]\noutbound = { spi = "1", ')).toMatchObject({ path: ['virtual-links', 'protection', 'outbound'], kind: 'key', taken: ['spi'] });
  expect(position('[[nodes]]\nlinks = [\n  { name = "x", ')).toMatchObject({ path: ['nodes', 'links'], kind: 'key' });
  expect(position('[[nodes]]\n[[ho')).toMatchObject({ kind: 'header' });
});

test('keys are those of the table, without those that are there', () => {
  const keys = offered(node, '[[links]]\nname = "lan"\n|');
  expect(keys).toEqual(expect.arrayContaining(['side', 'addresses', 'mtu', 'network']));
  expect(keys).not.toContain('name');
  expect(offered(node, '[[virtual-links]]\nouter = { t|')).toContain('ttl');
  expect(offered(scenario, '[[events]]\naction = { wire|')).toEqual(expect.arrayContaining(['wire-down', 'wire-up']));
});

test('values are the words that the schema knows, and names of the document', () => {
  expect(offered(node, 'arrangement = "|"')).toEqual(expect.arrayContaining(['iiptran', 'tunnel-mode', 'integrated']));
  expect(offered(node, '[[links]]\nside = |')).toEqual(expect.arrayContaining(['protected', 'unprotected']));
  expect(offered(node, 'networks = [{ name = "base" }]\n[[links]]\nnetwork = "|')).toContain('base');
  expect(offered(scenario, '[[wires]]\nname = "a-b"\n[[events]]\naction = { wire-down = "|')).toContain('a-b');
  expect(offered(node, 'insecure-test-keys = |')).toContain('true');
});

test('what is written replaces the word at the cursor', () => {
  const text = '[[links]]\nsi';
  const { from, suggestions } = complete(node, text, text.length);
  expect(text.slice(0, from) + suggestions[0]!.insert).toBe('[[links]]\nside = ');
  expect(complete(node, 'arrangement = ii', 16).suggestions[0]!.insert).toBe('"iiptran"');
  expect(complete(node, '[[vir', 5).suggestions[0]!.insert).toBe('[[virtual-links]]\n');
});

test('in JSON the place is known through objects and lists, and what is offered is JSON', () => {
  const keys = offered(node, '{ "links": [{ "name": "lan", "|" }] }');
  expect(keys).toEqual(expect.arrayContaining(['side', 'addresses', 'mtu', 'network']));
  expect(keys).not.toContain('name');
  expect(offered(node, '{ "links": [{ "name": "a" }, | ] }')).toEqual([]);
  expect(offered(node, '{ "virtual-links": [{ "protection": { "outbound": { "k|" } } }] }')).toContain('key');
  expect(offered(node, '{ "arrangement": "|" }')).toEqual(expect.arrayContaining(['iiptran', 'tunnel-mode', 'integrated']));
  expect(offered(node, '{ "insecure-test-keys": | }')).toContain('true');
  expect(offered(node, '{ "links" | }')).toEqual([]);
  expect(offered(node, '{ "networks": [{ "name": "base" }, { "name": "vn" }], "links": [{ "network": "|" }] }')).toEqual(['base', 'vn']);
  expect(offered(scenario, '{ "wires": [{ "name": "a-b" }], "events": [{ "action": { "wire-down": "|" } }] }')).toEqual(['a-b']);
  expect(offered(scenario, '{ "description": "# no { comment: \\" [", "events": [{ "action": { | } }] }')).toEqual(expect.arrayContaining(['wire-down', 'wire-up']));
});

test.each([
  ['{ "links": [{ si|', '{ "links": [{ "side": '],
  ['{ "links": [{ "si|', '{ "links": [{ "side": '],
  ['{ "links": [{ "si|": "protected" }] }', '{ "links": [{ "side": "protected" }] }'],
  ['{ "arrangement": ii| }', '{ "arrangement": "iiptran" }'],
  ['{ "arrangement": "ii|', '{ "arrangement": "iiptran"'],
  ['{ "arrangement": "ii|" }', '{ "arrangement": "iiptran" }'],
])('what is taken into %s makes %s', (marked, expected) => {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, suggestions } = complete(node, text, cursor);
  expect(text.slice(0, from) + suggestions[0]!.insert + text.slice(cursor)).toBe(expected);
});
