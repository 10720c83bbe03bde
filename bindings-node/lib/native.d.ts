// Made by npm run build.
/** The forwarding table of one network. */
export declare class Fib {
  constructor(document: string)
  lookup(packet: Uint8Array): NextHop
  lookupAddress(destination: string, flowHash: bigint): NextHop
  get length(): number
}

/** The receiving side of an SA. It has one owner, and is gone from here once a SAD or a node has it. */
export declare class InboundSa {
  constructor(document: string)
  open(packets: Array<Uint8Array>, slip: BigUint64Array): void
  get key(): SaKey
  get name(): string
  get spi(): number
  get mode(): string
  get transform(): string
  get extendedSequence(): boolean
  get sequence(): bigint
  get packets(): bigint
  get bytes(): bigint
  takeSoftExpiry(now: bigint): boolean
}

/** A network of nodes and hosts on a virtual clock (RFC 3884, run). */
export declare class Network {
  constructor(document: string)
  reset(seed?: bigint | undefined | null): void
  watch(ends: boolean, trace: boolean, captures: boolean): void
  get now(): bigint
  get duration(): bigint
  get seed(): bigint
  get underWay(): number
  step(): bigint | null
  runUntil(until: bigint): void
  send(from: string, network: string | undefined, packet: Uint8Array): bigint
  setWireUp(wire: string, up: boolean): void
  setLinkUp(node: string, link: string, up: boolean): void
  takeEnds(): Array<PacketEnd>
  takeTrace(): string
  takeCapture(wire?: string | undefined | null): Uint8Array
  report(): string
  keys(): string
  tables(node: string): string
  way(node: string, network: string, destination: string): string | null
  nodes(): Array<string>
  wires(): Array<string>
}

/** One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole). */
export declare class Node {
  constructor(document: string)
  static withTables(tables: Tables): Node
  setWorker(worker?: number | undefined | null): void
  forWorker(worker: number): Node
  tables(): Tables
  install(document: string): void
  installTables(tables: Tables): void
  /** Processes packets of the network or link with a number. */
  process(way: Way, number: number, packets: Array<Uint8Array>, slip: BigUint64Array): Told
  /** Processes a packet, and tells its way. */
  walk(way: Way, number: number, packets: Array<Uint8Array>, slip: BigUint64Array): Told
  insertInboundSa(sa: InboundSa): void
  removeInboundSa(network: number, key: SaKey): InboundSa
  setLinkUp(link: number, up: boolean): void
  link(name: string): number
  linkName(link: number): string
  network(name: string): number
  counters(): string
  /** Nothing if no drop reason has this code. */
  drops(reason: number): bigint | null
  pollEvent(): string | null
}

/** The sending side of an SA. */
export declare class OutboundSa {
  constructor(document: string)
  /** Seals the packet with options; its sequence number is the one of the slip if there is one. */
  seal(packets: Array<Uint8Array>, slip: BigUint64Array, hasSequence: boolean, iv: Uint8Array | undefined, outer: Uint8Array | undefined, padding: number, flowPadding: number, dummy: boolean): void
  sealBurst(packets: Array<Uint8Array>, slip: BigUint64Array): void
  get name(): string
  get spi(): number
  get mode(): string
  get transform(): string
  get extendedSequence(): boolean
  get sequence(): bigint
  get packets(): bigint
  get bytes(): bigint
  takeSoftExpiry(now: bigint): boolean
  overhead(payload: number): number
}

/** The inbound part of the security association database (RFC 4301 section 4.4.2). */
export declare class Sad {
  constructor()
  insert(sa: InboundSa): void
  remove(key: SaKey): InboundSa
  lookup(spi: number, destination: string, source: string): SaKey | null
  open(packets: Array<Uint8Array>, slip: BigUint64Array): SaKey | null
  isVacant(spi: number): boolean
  get length(): number
}

/** The Security Policy Database (RFC 4301 section 4.4.1). */
export declare class Spd {
  constructor(document: string)
  lookup(inbound: boolean, packet: Uint8Array): PolicyMatch
}

/** What a node reads, outbound SAs included. */
export declare class Tables {}

/** Chooses for the whole program, from the next key on; false if there is none of this name. */
export declare function chooseKernel(name: string): boolean

/** What a drop reason means. */
export interface Explanation {
  /** Stable number. */
  code: number
  /** Stable name, in kebab case. */
  name: string
  /** The kind of reason. */
  group: string
  /** The clause that asks for the drop. */
  clause: string
  /** What happened. */
  meaning: string
  /** What to look at first. */
  check: string
}

/** What every drop reason means, in the order of the codes. */
export declare function explanations(): Array<Explanation>

/**
 * Follows the environment, once for all threads that import the package; throws if it names no kernel that can
 * run here.
 */
export declare function followEnvironment(): void

/** Free bytes before a packet, by default. */
export declare const HEADROOM: number

/** The one that keys are set up for from now on. */
export declare function kernel(): string

/** The names that can be chosen on this CPU, the fastest first. */
export declare function kernels(): Array<string>

/** What every misuse means; a slip has their numbers in this list. */
export declare function misuses(): Array<MisuseText>

/** What is wrong with a call. */
export interface MisuseText {
  /** Stable name, in kebab case. */
  name: string
  /** What is wrong, in one sentence. */
  text: string
}

/** Where a route leads. */
export interface NextHop {
  /** The link's place in the document, from 0. */
  link: number
  /** The neighbour on that link: the router, or the destination itself. */
  address: string
}

/** A packet that reached upper layers, was dropped, or got lost. */
export interface PacketEnd {
  /** When, nanoseconds since the scenario began. */
  time: bigint
  /** Its number in the run; copies that a wire made have the same. */
  number: bigint
  /** The flow of the scenario that sent it. */
  flow?: string
  /** What became of it; a wire loses packets. */
  verdict: 'deliver' | 'drop' | 'lose'
  /** The node or host, or the wire that lost it. */
  place: string
  /** Why: the name of a drop reason, or how the wire lost it. */
  reason?: string
  /** The packet as it was then. */
  packet: Uint8Array
}

/** Panics in the middle of changing the SAD, for the tests alone: the package does not export it. */
export declare function panic(sad: Sad): void

/** The policy that decides about a packet. */
export interface PolicyMatch {
  /** Its place in the order, from 0. */
  index: number
  /** Its name. */
  name: string
  /** `discard`, `bypass` or `protect`. */
  action: 'discard' | 'bypass' | 'protect'
}

/** The key under which packets find an inbound SA (RFC 4301 section 4.1). */
export interface SaKey {
  /** Security parameters index. */
  spi: number
  /** The destination, if it takes part in the lookup. */
  destination?: string
  /** The source, if it takes part in the lookup. */
  source?: string
}

/** The names of the scenarios that the library brings. */
export declare function scenarios(): Array<string>

/** Nothing if the packet shows no SPI. */
export declare function spiOf(packet: Uint8Array, udpPort: number): number | null

/** Free bytes behind a packet, by default. */
export declare const TAILROOM: number

/** The next hops that the records of a slip number, and a walkthrough as JSON. */
export interface Told {
  /** Addresses, each once. */
  hops: Array<string>
  /** The walkthrough, of a call that tells it. */
  walkthrough?: string
}

/** The version of the library. */
export declare function version(): string

/** Which way packets go. */
export declare enum Way {
  /** From this node, in a network. */
  Send = 0,
  /** From this node, out of a link. */
  SendVia = 1,
  /** To this node, by a link. */
  Receive = 2,
}
