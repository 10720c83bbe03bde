// What is said of a part of the picture when one points at it.
import type { LookReport, ScenarioConfig, Tables } from './core';

export interface Hint {
  title: string;
  /** What state it is in, in a word. */
  state?: string;
  lists: { name: string; entries: string[] }[];
}

const MOST = 8;
function list(name: string, entries: string[]) {
  const more = entries.length - MOST;
  return { name, entries: more > 0 ? [...entries.slice(0, MOST), `and ${more} more`] : entries };
}

/** The forwarding tables and SAs of nodes. */
export function ofNodes(nodes: Tables[]): Record<string, Hint> {
  return Object.fromEntries(
    nodes.map(({ name, tables }) => [
      name,
      {
        title: name,
        state: tables.down.length > 0 ? `down: ${tables.down.join(', ')}` : tables.arrangement,
        lists: [
          ...tables.networks.map(({ name, routes }) => list(`Routes in ${name}`, routes)),
          ...tables.networks.map(({ name, policies }) => list(`Policies in ${name}`, policies)),
        ].filter(({ entries }) => entries.length > 0),
      },
    ]),
  );
}

/** Wires and virtual links of a scenario. */
export function ofLinks(config: ScenarioConfig, report: LookReport | undefined): Record<string, Hint> {
  const hints: Record<string, Hint> = {};
  for (const wire of config.wires ?? []) {
    const name = wire.name ?? wire.ends.join('-');
    const facts = [['delay', wire.delay], ['MTU', wire.mtu], ['loss', wire.loss]].filter(([, value]) => value);
    hints[`wire ${name}`] = {
      title: `Wire ${name}`,
      state: report?.cut.includes(name) ? 'cut' : 'up',
      lists: [
        { name: 'Ends', entries: wire.ends.map((end) => `${end} ${address(config, end)}`.trim()) },
        ...(facts.length > 0 ? [{ name: 'It has', entries: facts.map(([name, value]) => `${name} ${value}`) }] : []),
      ],
    };
  }
  for (const link of config['virtual-links'] ?? []) {
    const down = isDown(report?.nodes ?? [], link.name);
    hints[`virtual ${link.name}`] = {
      title: `Virtual link ${link.name}`,
      state: down ? 'down' : 'up',
      lists: [{ name: `Ends, in the network ${link.network}`, entries: link.ends.map(({ node, local, addresses }) => `${node} at ${local}${addresses?.[0] ? `, inside ${addresses[0]}` : ''}`) }],
    };
  }
  return hints;
}

export const isDown = (nodes: Tables[], link: string) => nodes.some(({ tables }) => tables.down.includes(link));

function address(config: ScenarioConfig, end: string): string {
  const [name, link] = end.split('.');
  const node = config.nodes?.find((node) => node.name === name);
  const host = config.hosts?.find((host) => host.name === name);
  return (node?.links?.find((other) => other.name === link)?.addresses ?? host?.addresses ?? [])[0] ?? '';
}
