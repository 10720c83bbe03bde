// The node.
import { inspect } from 'node:util';
import { addon } from './addon';
import { options, outOfRange, text, truth, uint32, whole, wrongType } from './check';
import { type Document, reading } from './document';
import { calling } from './errors';
import type { NodeEvent } from './event';
import { givenBack, type InboundSa, keyOf, nativeOf, type SaId } from './inbound';
import type * as Native from './native';
import type { Packet } from './packet';
import type { DropReason } from './reasons';
import type { NodeConfig } from './schema/config';
import type { CountersReport } from './schema/network-report';
import { type BurstItem, burst, type CallOptions, isEnd, type Misused, type NowOptions, one, target } from './slip';
import { type Verdict, verdict } from './verdict';
import { Walkthrough } from './walkthrough';

/** What became of a packet, and the way that it took. */
export interface Walked {
  readonly verdict: Verdict;
  readonly walkthrough: Walkthrough;
}

/** The tables in Rust. Of this package alone. */
let nativeTables: (tables: Tables) => Native.Tables;

/** What a node reads, outbound SAs included, for as many nodes as there are cores. */
export class Tables {
  readonly #native: Native.Tables;

  /** @internal */
  constructor(native: unknown) {
    if (!(native instanceof addon.Tables)) throw wrongType('tables', 'those of a node', native);
    this.#native = native;
  }

  [inspect.custom](): string {
    return '<iiptran.Tables>';
  }

  static {
    nativeTables = (tables) => {
      if (typeof tables !== 'object' || tables === null || !(#native in tables)) throw wrongType('tables', 'Tables', tables);
      return tables.#native;
    };
  }
}

/**
 * One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
 *
 * A link or network is given by its name or its number, and a packet as for `OutboundSa.seal`. One that is
 * dropped is as it was.
 */
export class Node {
  readonly #native: Native.Node;

  /** @throws {@link ConfigError} */
  constructor(document: Document<NodeConfig>) {
    const made: unknown = document;
    this.#native = made instanceof addon.Node ? made : reading(document, (text) => new addon.Node(text));
  }

  /** A node for another core, with the same tables and outbound SAs, and no inbound SA. */
  static withTables(tables: Tables): Node {
    const native = nativeTables(tables);
    return new Node(calling(() => addon.Node.withTables(native)) as unknown as string);
  }

  /**
   * Numbers the node among those of several workers with the same tables, or among none. It seals with the
   * outbound SAs of its number, and where there is none, with those for any worker. A new node has no number.
   */
  setWorker(worker: number | undefined): void {
    const number = worker === undefined ? undefined : whole('worker', worker, 0xffff);
    calling(() => this.#native.setWorker(number));
  }

  /** A node for another worker, with the same tables and the inbound SAs that are for its number. */
  forWorker(worker: number): Node {
    const number = whole('worker', worker, 0xffff);
    return new Node(calling(() => this.#native.forWorker(number)) as unknown as string);
  }

  /** The tables, to share them with other nodes. */
  tables(): Tables {
    return new Tables(calling(() => this.#native.tables()));
  }

  /**
   * Replaces the tables by those of another document. Outbound SAs that both have go on with their sequence
   * numbers; inbound SAs stay, and new ones are taken in.
   *
   * @throws {@link ConfigError}; nothing has changed then.
   */
  install(document: Document<NodeConfig>): void {
    reading(document, (text) => this.#native.install(text));
  }

  /** Replaces the tables by those of another node. */
  installTables(tables: Tables): void {
    const native = nativeTables(tables);
    calling(() => this.#native.installTables(native));
  }

  /**
   * Sends a packet of this node, in a network.
   *
   * @throws {@link Misuse}
   */
  send(network: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict {
    return this.#one(addon.Way.Send, this.#network(network), packet, callOptions);
  }

  /**
   * Sends a packet of this node out of a link, without asking for a route.
   *
   * @throws {@link Misuse}
   */
  sendVia(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict {
    return this.#one(addon.Way.SendVia, this.#link(link), packet, callOptions);
  }

  /**
   * Takes a packet that came in by a physical link.
   *
   * @throws {@link Misuse}
   */
  receive(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict {
    return this.#one(addon.Way.Receive, this.#link(link), packet, callOptions);
  }

  /** Sends many packets of one network; each has a verdict of its own. */
  sendBurst(network: string | number, packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Verdict | Misused)[] {
    return this.#many(addon.Way.Send, this.#network(network), packets, burstOptions);
  }

  /** Takes many packets of one link; each has a verdict of its own. */
  receiveBurst(link: string | number, packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Verdict | Misused)[] {
    return this.#many(addon.Way.Receive, this.#link(link), packets, burstOptions);
  }

  /** Sends a packet and tells its way. */
  walkSend(network: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked {
    return this.#walk(addon.Way.Send, this.#network(network), packet, callOptions);
  }

  /** Sends a packet out of a link and tells its way. */
  walkSendVia(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked {
    return this.#walk(addon.Way.SendVia, this.#link(link), packet, callOptions);
  }

  /** Takes a packet and tells its way. */
  walkReceive(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked {
    return this.#walk(addon.Way.Receive, this.#link(link), packet, callOptions);
  }

  /** Takes an inbound SA in, whose packets arrive in the node's first network; as `Sad.insert`. */
  insertInboundSa(sa: InboundSa): void {
    const native = nativeOf(sa);
    calling(() => this.#native.insertInboundSa(native));
  }

  /**
   * Gives an inbound SA back, window and all, to hand it to another core.
   *
   * @throws {@link Misuse}
   */
  removeInboundSa(network: string | number, key: SaId | number): InboundSa {
    const [number, native] = [this.#network(network), keyOf(key)];
    return givenBack(calling(() => this.#native.removeInboundSa(number, native)));
  }

  /** Takes a link up or down. */
  setLinkUp(link: string | number, up: boolean): void {
    const [number, isUp] = [this.#link(link), truth('up', up)];
    calling(() => this.#native.setLinkUp(number, isUp));
  }

  /** The number of the link of this name. */
  link(name: string): number {
    const given = text('name', name);
    return calling(() => this.#native.link(given));
  }

  /** The name of a link. */
  linkName(link: string | number): string {
    const number = this.#link(link);
    return calling(() => this.#native.linkName(number));
  }

  /** The number of the network of this name. */
  network(name: string): number {
    const given = text('name', name);
    return calling(() => this.#native.network(given));
  }

  /** What went where. */
  counters(): CountersReport {
    return JSON.parse(calling(() => this.#native.counters())) as CountersReport;
  }

  /** How many packets met their end for a reason. */
  drops(reason: DropReason): bigint {
    const code = uint32('reason', reason);
    const drops = calling(() => this.#native.drops(code));
    if (drops == null) throw outOfRange('reason', 'a DropReason', reason);
    return drops;
  }

  /** The oldest event that was not yet told. */
  pollEvent(): NodeEvent | undefined {
    const event = calling(() => this.#native.pollEvent());
    return event == null ? undefined : (JSON.parse(event) as NodeEvent);
  }

  toString(): string {
    const names = this.counters().links.map(({ name }) => name);
    return `<iiptran.Node with links ${names.join(', ')}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #link(link: string | number): number {
    return typeof link === 'string' ? this.link(link) : uint32('link', link);
  }

  #network(network: string | number): number {
    return typeof network === 'string' ? this.network(network) : uint32('network', network);
  }

  #one(way: Native.Way, number: number, packet: Packet | Uint8Array, callOptions: CallOptions | undefined): Verdict {
    return this.#told(packet, callOptions, (packets, slip) => this.#native.process(way, number, packets, slip))[0];
  }

  #walk(way: Native.Way, number: number, packet: Packet | Uint8Array, callOptions: CallOptions | undefined): Walked {
    const [found, { walkthrough }] = this.#told(packet, callOptions, (packets, slip) =>
      this.#native.walk(way, number, packets, slip),
    );
    return { verdict: found, walkthrough: new Walkthrough(JSON.parse(walkthrough as string)) };
  }

  #told(
    packet: Packet | Uint8Array,
    callOptions: CallOptions | undefined,
    call: (packets: Uint8Array[], slip: BigUint64Array) => Native.Told,
  ): [Verdict, Native.Told] {
    const { now, offset, length } = options(callOptions);
    const place = { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) };
    const [answer, told] = one(target(packet, place), now, (packets, slip) => calling(() => call(packets, slip)));
    return [isEnd(answer) ? answer : verdict(answer, told.hops), told];
  }

  #many(
    way: Native.Way,
    number: number,
    packets: Iterable<BurstItem>,
    burstOptions: NowOptions | undefined,
  ): (Verdict | Misused)[] {
    return burst(
      packets,
      burstOptions,
      (all, slip) => calling(() => this.#native.process(way, number, all, slip)),
      (answer, { hops }) => verdict(answer, hops),
    );
  }
}
