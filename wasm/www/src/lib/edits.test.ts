import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ScenarioConfig } from './core';
import { addressesIn, addressesOf, connect, disconnect, linksIn } from './edits';

const config = {
  arrangement: 'iiptran',
  duration: '9s',
  networks: [{ name: 'base' }, { name: 'vn' }],
  nodes: [
    { name: 'A', links: [{ name: 'x', network: 'vn', side: 'protected', addresses: ['10.1.0.1/24'] }, { name: 'b', addresses: ['192.0.2.1/30'] }, { name: 'c', addresses: ['192.0.2.5/30'] }] },
    { name: 'C', links: [{ name: 'a', addresses: ['192.0.2.6/30'] }] },
    { name: 'Z', links: [] },
  ],
  wires: [{ ends: ['A.c', 'C.a'] }],
  'virtual-links': [{ name: 'link-1', network: 'vn', transform: 'aes-256-gcm-16', ends: [{ node: 'A', local: '192.0.2.1', addresses: ['10.0.3.1/30'] }, { node: 'C', local: '192.0.2.6' }] }],
} as unknown as ScenarioConfig;

test('a new virtual link goes over the wire that the two share', () => {
  expect(connect(config, 'A', 'C')).toMatchObject({
    name: 'link-a-c',
    network: 'vn',
    transform: 'aes-256-gcm-16',
    ends: [{ node: 'A', local: '192.0.2.5' }, { node: 'C', local: '192.0.2.6' }],
  });
  expect(connect(config, 'A', 'Z')).toBeUndefined();
  expect(connect(config, 'A', 'A')).toBeUndefined();
});

test('addresses of a node are those of its links, virtual ones too', () => {
  expect(addressesOf(config, 'A').map(({ address }) => address)).toEqual(['10.1.0.1/24', '192.0.2.1/30', '192.0.2.5/30', '10.0.3.1/30']);
  const gateway = readFileSync(new URL('../../../../core/gateways/a.toml', import.meta.url), 'utf8');
  expect(addressesIn(gateway)).toEqual([
    { link: 'lan', address: '10.1.0.1/16' },
    { link: 'wan', address: '192.0.2.1/24' },
    { link: 'to-b', address: '10.255.0.1/30' },
  ]);
});

test('a virtual link is taken out by its name', () => {
  const figure = readFileSync(new URL('../../../../core/scenarios/figure-3.toml', import.meta.url), 'utf8');
  const less = disconnect(figure, 'link-4');
  expect(less).not.toContain('"link-4"');
  expect(less).toContain('"link-5"');
});

test('of a document in JSON links and addresses are known as of one in TOML', () => {
  const toml = '[[links]]\nname = "lan"\naddresses = ["10.1.0.1/16"]\n[[virtual-links]]\nname = "to-b"\naddresses = ["10.255.0.1/30"]\n';
  const json = '{ "links": [{ "name": "lan", "addresses": ["10.1.0.1/16"] }], "virtual-links": [{ "name": "to-b", "addresses": ["10.255.0.1/30"] }] }';
  expect(linksIn(json)).toEqual(linksIn(toml));
  expect(linksIn(json)).toEqual(['lan', 'to-b']);
  expect(addressesIn(json)).toEqual(addressesIn(toml));
  expect(disconnect(json, 'to-b')).not.toContain('to-b');
});
