// What a picture is drawn from: a scenario's document, or nodes in a line.
import type { ScenarioConfig } from './core';
import type { Topology } from './layout';

export function ofScenario(scenario: ScenarioConfig): Topology {
  const station = (end: string) => end.split('.')[0] ?? end;
  return {
    stations: [
      ...(scenario.nodes ?? []).map(({ name }) => ({ name, kind: 'node' as const })),
      ...(scenario.hosts ?? []).map(({ name }) => ({ name, kind: 'host' as const })),
    ],
    wires: (scenario.wires ?? []).map((wire) => ({
      name: wire.name ?? wire.ends.join('-'),
      ends: wire.ends.map(station),
    })),
    virtual: (scenario['virtual-links'] ?? []).map((link) => ({
      name: link.name,
      ends: [link.ends[0].node, link.ends[1].node],
      network: link.network ?? '',
    })),
  };
}

/** Nodes in a line, a host at each end. A packet that comes from a host comes by the wire `from`; what the first node
 *  sends itself does not. */
export function ofLine(names: string[], from: string, to: string, own = false): Topology {
  const wires = names.slice(1).map((name, place) => ({
    name: `${names[place]} to ${name}`,
    ends: [names[place] ?? '', name],
  }));
  const [first, last] = [names[0] ?? '', names.at(-1) ?? ''];
  return {
    stations: [
      { name: from, kind: 'host' },
      ...names.map((name) => ({ name, kind: 'node' as const })),
      { name: to, kind: 'host' },
    ],
    wires: [{ name: own ? 'lan' : 'from', ends: [from, first] }, ...wires, { name: 'to', ends: [last, to] }],
    virtual: names.length > 1 ? [{ name: 'virtual link', ends: [first, last], network: 'vn' }] : [],
  };
}
