// Networks on a virtual clock.
import { inspect } from 'node:util';
import { addon } from './addon';
import { options, text, truth, type Uint64, uint64 } from './check';
import { type Document, reading } from './document';
import { calling } from './errors';
import type * as Native from './native';
import type { PacketEnd } from './native';
import type { Packet } from './packet';
import type { ScenarioConfig } from './schema/config';
import type { KeysConfig } from './schema/keys';
import type { NetworkReport } from './schema/network-report';
import type { NodeReport } from './schema/node-report';
import { view } from './slip';
import type { TraceEvent } from './trace';

/** What a network notes until it is taken. */
export interface Watched {
  /** The ends of packets; see `takeEnds`. */
  ends: boolean;
  /** Events; see `takeTrace`. */
  trace: boolean;
  /** What wires carry; see `takeCapture`. */
  captures: boolean;
}

/** The names of the scenarios that the library brings. */
export function scenarios(): string[] {
  return calling(() => addon.scenarios());
}

/**
 * A network of nodes and hosts on a virtual clock: RFC 3884, run.
 *
 * There is no chance but the seed's: the same calls give the same bytes in every language. Moments are
 * nanoseconds since the scenario began. All that happens is noted until it is taken; see `watch`.
 */
export class Network {
  readonly #native: Native.Network;

  /**
   * The network of a scenario, or of one that the library brings, by its name; at the moment before it begins.
   *
   * @throws {@link ConfigError}
   */
  constructor(document: Document<ScenarioConfig>) {
    this.#native = reading(document, (text) => new addon.Network(text));
  }

  /** Begins anew, with another seed if one is given. What was noted is gone; what is watched stays. */
  reset(seed?: Uint64): void {
    const given = seed === undefined ? undefined : uint64('seed', seed);
    calling(() => this.#native.reset(given));
  }

  /** What is noted from now on. Whatever is not taken takes memory. */
  watch(watched: Watched): void {
    const { ends, trace, captures } = options(watched);
    const flags = [truth('ends', ends), truth('trace', trace), truth('captures', captures)] as const;
    calling(() => this.#native.watch(...flags));
  }

  /** How much time has passed. */
  get now(): bigint {
    return calling(() => this.#native.now);
  }

  /** How long the scenario takes. The network can go on after that; flows end. */
  get duration(): bigint {
    return calling(() => this.#native.duration);
  }

  /** Where all chance comes from. */
  get seed(): bigint {
    return calling(() => this.#native.seed);
  }

  /** How many packets are under way. */
  get underWay(): number {
    return calling(() => this.#native.underWay);
  }

  /** Does the next thing that is due, and tells when that was; undefined if nothing will ever be due again. */
  step(): bigint | undefined {
    return calling(() => this.#native.step()) ?? undefined;
  }

  /** Does everything that is due up to a moment, that moment included. */
  runUntil(until: Uint64): void {
    const moment = uint64('until', until);
    calling(() => this.#native.runUntil(moment));
  }

  /**
   * Sends a packet from a node or host now, whole and with its source address, and tells its number in the
   * run. A node sends it in one of its networks, by default in its first; of a host the network means nothing.
   *
   * @throws {@link Misuse}
   */
  send(station: string, packet: Packet | Uint8Array, sendOptions?: { network?: string }): bigint {
    const { network } = options(sendOptions);
    const [from, bytes] = [text('station', station), view(packet)];
    const inside = network === undefined ? undefined : text('network', network);
    return calling(() => this.#native.send(from, inside, bytes));
  }

  /**
   * Cuts or mends a wire now. The links at its ends go with it if it has carrier.
   *
   * @throws {@link Misuse}
   */
  setWireUp(wire: string, up: boolean): void {
    const [name, isUp] = [text('wire', wire), truth('up', up)];
    calling(() => this.#native.setWireUp(name, isUp));
  }

  /**
   * Takes a link of a node, physical or virtual, down or up now.
   *
   * @throws {@link Misuse}
   */
  setLinkUp(node: string, link: string, up: boolean): void {
    const [station, name, isUp] = [text('node', node), text('link', link), truth('up', up)];
    calling(() => this.#native.setLinkUp(station, name, isUp));
  }

  /**
   * The packets that met their end since they were last taken, in the order of time. Messages of routing
   * protocols that arrived are not among them.
   */
  takeEnds(): PacketEnd[] {
    return calling(() => this.#native.takeEnds());
  }

  /** What happened since it was last taken: what `iiptran sim --events` writes. */
  takeTrace(): TraceEvent[] {
    return JSON.parse(calling(() => this.#native.takeTrace())) as TraceEvent[];
  }

  /**
   * What a wire has carried since that was last taken, or all of them, as a pcap file: raw IP packets at the
   * moments at which they were sent. `keys` opens them.
   *
   * @throws {@link Misuse}
   */
  takeCapture(wire?: string): Uint8Array {
    const name = wire === undefined ? undefined : text('wire', wire);
    return calling(() => this.#native.takeCapture(name));
  }

  /** What the run came to until now: flows, nodes with their counters, wires, routing. */
  report(): NetworkReport {
    return JSON.parse(calling(() => this.#native.report())) as NetworkReport;
  }

  /** The keys of all SAs that there were until now: the document that opens captures. */
  keys(): KeysConfig {
    return JSON.parse(calling(() => this.#native.keys())) as KeysConfig;
  }

  /**
   * The tables of a node as they are now: links, routes, policies, SAs.
   *
   * @throws {@link Misuse}
   */
  tables(node: string): NodeReport {
    const name = text('node', node);
    return JSON.parse(calling(() => this.#native.tables(name))) as NodeReport;
  }

  /**
   * The link by which a node sends packets to an address in a network now; undefined if no route leads there.
   *
   * @throws {@link Misuse}
   */
  way(node: string, network: string, destination: string): string | undefined {
    const names = [text('node', node), text('network', network), text('destination', destination)] as const;
    return calling(() => this.#native.way(...names)) ?? undefined;
  }

  /** The names of the nodes, in the order of the scenario. */
  nodes(): string[] {
    return calling(() => this.#native.nodes());
  }

  /** The names of the wires, in the order of the scenario. */
  wires(): string[] {
    return calling(() => this.#native.wires());
  }

  toString(): string {
    return `<iiptran.Network of ${this.nodes().join(', ')} at ${this.now} ns, seed=${this.seed}, ${this.underWay} under way>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
