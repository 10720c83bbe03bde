// What the picture writes into a document when one draws in it.
import type { ScenarioConfig } from './core';
import { remove, type Value } from './document';
import { isJson, parse } from './json';

const SPARE = 200; // Addresses of links that are drawn begin at 10.200.0.0.

/** An address of a node, and where it stands. */
export interface Owned {
  link: string;
  address: string;
}

/** The addresses of a node or host of a scenario, the ones on virtual links too. */
export function addressesOf(config: ScenarioConfig, name: string): Owned[] {
  const node = config.nodes?.find((node) => node.name === name);
  const host = config.hosts?.find((host) => host.name === name);
  const virtual = (config['virtual-links'] ?? []).flatMap((link) =>
    link.ends
      .filter((end) => end.node === name)
      .flatMap((end) => (end.addresses ?? []).map((address) => ({ link: link.name, address }))),
  );
  const physical = (node?.links ?? []).flatMap((link) => (link.addresses ?? []).map((address) => ({ link: link.name, address })));
  return [...physical, ...(host?.addresses ?? []).map((address) => ({ link: 'host', address })), ...virtual];
}

/** The links of a gateway's document, physical ones first. */
export function linksIn(document: string): string[] {
  if (isJson(document)) return listed(document).map(({ name }) => name);
  const names = document.matchAll(/^\[\[(?:virtual-)?links\]\][^[]*?name\s*=\s*"([^"]+)"/gm);
  return [...names].map(([, name]) => name ?? '');
}

interface Listed {
  name: string;
  addresses?: string[];
}
const listed = (document: string): Listed[] => {
  const whole = parse<{ links?: Listed[]; 'virtual-links'?: Listed[] }>(document);
  return [...(whole?.links ?? []), ...(whole?.['virtual-links'] ?? [])];
};

/** The addresses of a gateway's document. */
export function addressesIn(document: string): Owned[] {
  if (isJson(document)) return listed(document).flatMap(({ name, addresses = [] }) => addresses.map((address) => ({ link: name, address })));
  const blocks = document.matchAll(/^\[\[(?:virtual-)?links\]\]\n(?:(?!\[).*\n?)*/gm);
  return [...blocks].flatMap(([block]) => {
    const link = /^name\s*=\s*"([^"]*)"/m.exec(block)?.[1] ?? '';
    const list = /^addresses\s*=\s*\[([^\]]*)\]/m.exec(block)?.[1] ?? '';
    return [...list.matchAll(/"([^"]+)"/g)].map(([, address]) => ({ link, address: address ?? '' }));
  });
}

/** The entry of a new virtual link between two nodes: over the wire that they share, if there is one, and
 *  with the settings of the first virtual link. None if one of them has no address in the base network. */
export function connect(config: ScenarioConfig, from: string, to: string): Record<string, Value> | undefined {
  const known = config['virtual-links']?.[0];
  const base = known?.base ?? config.networks?.[0]?.name;
  const shared = config.wires?.find(({ ends }) => [from, to].every((name) => ends.some((end) => end.startsWith(`${name}.`))));
  const local = (name: string) => {
    const links = config.nodes?.find((node) => node.name === name)?.links ?? [];
    const inBase = links.filter(({ network, side }) => (network ?? base) === base && side !== 'protected');
    const end = shared?.ends.find((end) => end.startsWith(`${name}.`))?.split('.')[1];
    const link = inBase.find(({ name }) => name === end) ?? inBase[0];
    return link?.addresses?.[0]?.split('/')[0];
  };
  const [one, other] = [local(from), local(to)];
  if (from === to || one === undefined || other === undefined) return undefined;
  const number = config['virtual-links']?.length ?? 0;
  const names = new Set((config['virtual-links'] ?? []).map(({ name }) => name));
  let name = `link-${from}-${to}`.toLowerCase().replace(/[^\w-]/g, '-');
  while (names.has(name)) name += '-2';
  const end = (node: string, local: string, last: number) => ({
    node,
    local,
    addresses: [`10.${SPARE}.${number}.${last}/30`],
  });
  return {
    name,
    network: known?.network ?? config.networks?.at(-1)?.name ?? '',
    transform: known?.transform ?? 'aes-128-gcm-16',
    ...(known?.traffic ? { traffic: known.traffic as unknown as Value } : {}),
    ends: [end(from, one, 1), end(to, other, 2)],
  };
}

/** The document without a virtual link. */
export const disconnect = (text: string, name: string) => remove(text, 'virtual-links', (entry) => entry.includes(`name = "${name}"`));
