// Made by npm run build.
import { inspect } from 'node:util';

/** What went wrong. */
export declare abstract class IiptranError extends Error {
	/** Stable word for what went wrong. */
	abstract readonly code: string;
	/** What to look at first. */
	abstract readonly hint: string;
}
/** A document is wrong. */
export declare class ConfigError extends IiptranError {
	readonly name = "ConfigError";
	readonly code = "CONFIG";
	/** The field, such as `virtual-links[0].local`; `.` for the whole document. */
	readonly path: string;
	/** What is wrong with it. */
	readonly cause: string;
	/** Where in the text, from 1, if the document was text and the fault is in the text itself. */
	readonly line: number | undefined;
	/** Where in that line, from 1. */
	readonly column: number | undefined;
	constructor(message: string, path: string, cause: string, line?: number, column?: number);
	get hint(): string;
}
/** A packet met its end. Normal, counted, explained; verdicts and results of bursts have it as {@link Dropped}. */
export declare class Drop extends IiptranError {
	readonly name = "Drop";
	/** The reason's stable name, in kebab case, such as `bad-icv`. */
	readonly code: string;
	/** Why. */
	readonly reason: DropReason;
	/** Where the packet was in its buffer; undefined for a lookup. */
	readonly offset: number | undefined;
	/** What the reason means, which clause asks for the drop, and what to check. */
	readonly explanation: Explanation;
	constructor(reason: DropReason, offset?: number);
	get hint(): string;
}
/** The forwarding table of one network, of a document with names of `links`, and `routes`. */
export declare class Fib {
	#private;
	/** @throws {@link ConfigError} */
	constructor(document: Document<FibConfig>);
	/**
	 * Where an IP packet goes.
	 *
	 * @throws {@link Drop}
	 */
	lookup(packet: Packet | Uint8Array): NextHop;
	/**
	 * Where a destination lies; flows with different hashes may take different equal paths.
	 *
	 * @throws {@link Drop}
	 */
	lookupAddress(destination: string, lookupOptions?: {
		flowHash?: Uint64;
	}): NextHop;
	/** How many routes there are. */
	get length(): number;
	toString(): string;
	[inspect.custom](): string;
}
/** The receiving side of an SA. It can't be copied: a second window would let a packet in twice. */
export declare class InboundSa {
	#private;
	/** @throws {@link ConfigError} */
	constructor(document: Document<SaConfig>);
	/**
	 * Opens an ESP packet in place, all checks included (RFC 4303 section 3.4).
	 *
	 * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
	 */
	open(packet: Packet | Uint8Array, callOptions?: CallOptions): Opened;
	/** Opens many packets; each has a result of its own. */
	openBurst(packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Opened | Dropped | Misused)[];
	/** The key under which packets find the SA. */
	get id(): SaId;
	/** Name for people. */
	get name(): string;
	/** Security parameters index. */
	get spi(): number;
	/** `transport` or `tunnel`. */
	get mode(): "transport" | "tunnel";
	/** The algorithms as a document names them. */
	get transform(): string;
	/** Whether sequence numbers have 64 bits. */
	get extendedSequence(): boolean;
	/** The highest sequence number that was received; 0 without anti-replay. */
	get sequence(): bigint;
	/** Packets that passed the integrity check. */
	get packets(): bigint;
	/** Their bytes given to the cipher. */
	get bytes(): bigint;
	/** Whether the soft lifetime is over, told once. */
	takeSoftExpiry(now?: Uint64): boolean;
	toString(): string;
	[inspect.custom](): string;
}
/** A call is wrong. */
export declare class Misuse extends IiptranError {
	readonly name = "Misuse";
	/** Stable name of the mistake, in kebab case, such as `outside-buffer`. */
	readonly code: string;
	/** Where the packet was in its buffer, if it is about one. */
	readonly offset: number | undefined;
	constructor(code: string, message: string, offset?: number);
	get hint(): string;
}
/**
 * A network of nodes and hosts on a virtual clock: RFC 3884, run.
 *
 * There is no chance but the seed's: the same calls give the same bytes in every language. Moments are
 * nanoseconds since the scenario began. All that happens is noted until it is taken; see `watch`.
 */
export declare class Network {
	#private;
	/**
	 * The network of a scenario, or of one that the library brings, by its name; at the moment before it begins.
	 *
	 * @throws {@link ConfigError}
	 */
	constructor(document: Document<ScenarioConfig>);
	/** Begins anew, with another seed if one is given. What was noted is gone; what is watched stays. */
	reset(seed?: Uint64): void;
	/** What is noted from now on. Whatever is not taken takes memory. */
	watch(watched: Watched): void;
	/** How much time has passed. */
	get now(): bigint;
	/** How long the scenario takes. The network can go on after that; flows end. */
	get duration(): bigint;
	/** Where all chance comes from. */
	get seed(): bigint;
	/** How many packets are under way. */
	get underWay(): number;
	/** Does the next thing that is due, and tells when that was; undefined if nothing will ever be due again. */
	step(): bigint | undefined;
	/** Does everything that is due up to a moment, that moment included. */
	runUntil(until: Uint64): void;
	/**
	 * Sends a packet from a node or host now, whole and with its source address, and tells its number in the
	 * run. A node sends it in one of its networks, by default in its first; of a host the network means nothing.
	 *
	 * @throws {@link Misuse}
	 */
	send(station: string, packet: Packet | Uint8Array, sendOptions?: {
		network?: string;
	}): bigint;
	/**
	 * Cuts or mends a wire now. The links at its ends go with it if it has carrier.
	 *
	 * @throws {@link Misuse}
	 */
	setWireUp(wire: string, up: boolean): void;
	/**
	 * Takes a link of a node, physical or virtual, down or up now.
	 *
	 * @throws {@link Misuse}
	 */
	setLinkUp(node: string, link: string, up: boolean): void;
	/**
	 * The packets that met their end since they were last taken, in the order of time. Messages of routing
	 * protocols that arrived are not among them.
	 */
	takeEnds(): PacketEnd[];
	/** What happened since it was last taken: what `iiptran sim --events` writes. */
	takeTrace(): TraceEvent[];
	/**
	 * What a wire has carried since that was last taken, or all of them, as a pcap file: raw IP packets at the
	 * moments at which they were sent. `keys` opens them.
	 *
	 * @throws {@link Misuse}
	 */
	takeCapture(wire?: string): Uint8Array;
	/** What the run came to until now: flows, nodes with their counters, wires, routing. */
	report(): NetworkReport;
	/** The keys of all SAs that there were until now: the document that opens captures. */
	keys(): KeysConfig;
	/**
	 * The tables of a node as they are now: links, routes, policies, SAs.
	 *
	 * @throws {@link Misuse}
	 */
	tables(node: string): NodeReport;
	/**
	 * The link by which a node sends packets to an address in a network now; undefined if no route leads there.
	 *
	 * @throws {@link Misuse}
	 */
	way(node: string, network: string, destination: string): string | undefined;
	/** The names of the nodes, in the order of the scenario. */
	nodes(): string[];
	/** The names of the wires, in the order of the scenario. */
	wires(): string[];
	toString(): string;
	[inspect.custom](): string;
}
/**
 * One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
 *
 * A link or network is given by its name or its number, and a packet as for `OutboundSa.seal`. One that is
 * dropped is as it was.
 */
export declare class Node {
	#private;
	/** @throws {@link ConfigError} */
	constructor(document: Document<NodeConfig>);
	/** A node for another core, with the same tables and outbound SAs, and no inbound SA. */
	static withTables(tables: Tables): Node;
	/**
	 * Numbers the node among those of several workers with the same tables, or among none. It seals with the
	 * outbound SAs of its number, and where there is none, with those for any worker. A new node has no number.
	 */
	setWorker(worker: number | undefined): void;
	/** A node for another worker, with the same tables and the inbound SAs that are for its number. */
	forWorker(worker: number): Node;
	/** The tables, to share them with other nodes. */
	tables(): Tables;
	/**
	 * Replaces the tables by those of another document. Outbound SAs that both have go on with their sequence
	 * numbers; inbound SAs stay, and new ones are taken in.
	 *
	 * @throws {@link ConfigError}; nothing has changed then.
	 */
	install(document: Document<NodeConfig>): void;
	/** Replaces the tables by those of another node. */
	installTables(tables: Tables): void;
	/**
	 * Sends a packet of this node, in a network.
	 *
	 * @throws {@link Misuse}
	 */
	send(network: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict;
	/**
	 * Sends a packet of this node out of a link, without asking for a route.
	 *
	 * @throws {@link Misuse}
	 */
	sendVia(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict;
	/**
	 * Takes a packet that came in by a physical link.
	 *
	 * @throws {@link Misuse}
	 */
	receive(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Verdict;
	/** Sends many packets of one network; each has a verdict of its own. */
	sendBurst(network: string | number, packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Verdict | Misused)[];
	/** Takes many packets of one link; each has a verdict of its own. */
	receiveBurst(link: string | number, packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Verdict | Misused)[];
	/** Sends a packet and tells its way. */
	walkSend(network: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked;
	/** Sends a packet out of a link and tells its way. */
	walkSendVia(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked;
	/** Takes a packet and tells its way. */
	walkReceive(link: string | number, packet: Packet | Uint8Array, callOptions?: CallOptions): Walked;
	/** Takes an inbound SA in, whose packets arrive in the node's first network; as `Sad.insert`. */
	insertInboundSa(sa: InboundSa): void;
	/**
	 * Gives an inbound SA back, window and all, to hand it to another core.
	 *
	 * @throws {@link Misuse}
	 */
	removeInboundSa(network: string | number, key: SaId | number): InboundSa;
	/** Takes a link up or down. */
	setLinkUp(link: string | number, up: boolean): void;
	/** The number of the link of this name. */
	link(name: string): number;
	/** The name of a link. */
	linkName(link: string | number): string;
	/** The number of the network of this name. */
	network(name: string): number;
	/** What went where. */
	counters(): CountersReport;
	/** How many packets met their end for a reason. */
	drops(reason: DropReason): bigint;
	/** The oldest event that was not yet told. */
	pollEvent(): NodeEvent | undefined;
	toString(): string;
	[inspect.custom](): string;
}
/**
 * The sending side of an SA.
 *
 * The document is that of an entry of `sas` in a node's document.
 */
export declare class OutboundSa {
	#private;
	/** @throws {@link ConfigError} */
	constructor(document: Document<SaConfig>);
	/**
	 * Seals an IP packet in place (RFC 4303 section 3.3).
	 *
	 * The packet is a `Packet`, or `length` bytes from `offset` on in a buffer, whose other bytes are the room
	 * around it.
	 *
	 * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
	 */
	seal(packet: Packet | Uint8Array, sealOptions?: SealOptions): Sealed;
	/** Seals many packets; each has a result of its own. */
	sealBurst(packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Sealed | Dropped | Misused)[];
	/** Name for people. */
	get name(): string;
	/** Security parameters index. */
	get spi(): number;
	/** `transport` or `tunnel`. */
	get mode(): "transport" | "tunnel";
	/** The algorithms as a document names them. */
	get transform(): string;
	/** Whether sequence numbers have 64 bits. */
	get extendedSequence(): boolean;
	/** The last sequence number that was given out. */
	get sequence(): bigint;
	/** Packets sealed so far. */
	get packets(): bigint;
	/** Bytes given to the cipher so far. */
	get bytes(): bigint;
	/** Whether the soft lifetime is over, told once. */
	takeSoftExpiry(now?: Uint64): boolean;
	/** How many bytes ESP adds to a payload of so many, with minimal padding. */
	overhead(payload: number): number;
	toString(): string;
	[inspect.custom](): string;
}
/** A packet in a buffer of its own, with room around it for what sealing puts there. */
export declare class Packet {
	#private;
	/** Copies the packet. */
	constructor(data: Uint8Array, room?: Room);
	/** A packet from hexadecimal digits. */
	static fromHex(digits: string, room?: Room): Packet;
	/** Its length, bytes. */
	get length(): number;
	/** Free bytes before the packet. */
	get headroom(): number;
	/** Free bytes behind the packet. */
	get tailroom(): number;
	/** Its bytes, copied. */
	bytes(): Uint8Array;
	/** Its bytes as hexadecimal digits. */
	toHex(): string;
	/** Another packet with the same bytes and the same room. */
	copy(): Packet;
	/** Whether it has these bytes. */
	equals(other: Packet | Uint8Array): boolean;
	toString(): string;
	[inspect.custom](): string;
}
/** The library found a fault in itself. Please report it. */
export declare class Panic extends IiptranError {
	readonly name = "Panic";
	readonly code = "PANIC";
	get hint(): string;
}
/** The inbound part of the security association database (RFC 4301 section 4.4.2). */
export declare class Sad {
	#private;
	/** A database without SAs. */
	constructor();
	/**
	 * Takes an SA in; the object that was given is empty from then on.
	 *
	 * @throws {@link Misuse} if another SA has the same key; the SA stays where it was then.
	 */
	insert(sa: InboundSa): void;
	/**
	 * Gives an SA back, window and all. The key of a unicast SA is its SPI.
	 *
	 * @throws {@link Misuse}
	 */
	remove(key: SaId | number): InboundSa;
	/** The key of the SA for a packet: the longest match (RFC 4301 section 4.1). */
	lookup(spi: number, destination: string, source: string): SaId | undefined;
	/**
	 * Finds the SA of an ESP packet and opens the packet in place; as `InboundSa.open`.
	 *
	 * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
	 */
	open(packet: Packet | Uint8Array, callOptions?: CallOptions): Opened & {
		readonly id: SaId;
	};
	/** Whether a new unicast SA may have this SPI. */
	isVacant(spi: number): boolean;
	/** How many SAs there are. */
	get length(): number;
	toString(): string;
	[inspect.custom](): string;
}
/** The Security Policy Database (RFC 4301 section 4.4.1), of a document with `policies`. */
export declare class Spd {
	#private;
	/** @throws {@link ConfigError} */
	constructor(document: Document<SpdConfig>);
	/**
	 * The first policy that matches an IP packet.
	 *
	 * @throws {@link Drop}
	 */
	lookup(direction: "outbound" | "inbound", packet: Packet | Uint8Array): PolicyMatch;
	toString(): string;
	[inspect.custom](): string;
}
/** What a node reads, outbound SAs included, for as many nodes as there are cores. */
export declare class Tables {
	#private;
	/** @internal */
	constructor(native: unknown);
	[inspect.custom](): string;
}
/**
 * The way of one packet through one node: what was looked up and why, and which bytes changed.
 *
 * As text it is told in brief; `document` has everything that is to be said.
 */
export declare class Walkthrough {
	readonly document: WalkthroughDocument;
	constructor(document: WalkthroughDocument);
	/** The word of the node's arrangement. */
	get arrangement(): string;
	/** The steps, in their order. */
	get steps(): WalkStep[];
	/** What happened at each step, in one sentence. */
	get titles(): string[];
	/** What became of the packet. */
	get outcome(): Outcome | undefined;
	/** How many steps there are. */
	get length(): number;
	toString(): string;
	[inspect.custom](): string;
}
/** Why a packet met its end: stable codes. See {@link explain}. */
export declare const DropReason: {
	/** The packet ends before its headers say that it does. */
	readonly Truncated: 16;
	/** The IP version is neither 4 nor 6, or the packet inside a tunnel is not of the version that the protocol number (4 or 41) promises. */
	readonly BadVersion: 17;
	/** A header's length field is smaller than the header itself. */
	readonly BadHeaderLength: 18;
	/** The checksum of the IPv4 header is wrong. */
	readonly BadChecksum: 19;
	/** The total or payload length contradicts the number of bytes that are there. */
	readonly BadTotalLength: 20;
	/** An IPv6 extension header is out of place, longer than the packet, or one of too many. */
	readonly BadExtensionHeader: 21;
	/** No route of this network leads to the destination. */
	readonly NoRoute: 32;
	/** The TTL or hop limit does not permit one more hop. */
	readonly TtlExpired: 33;
	/** The node has no address of the right family that may be the source. */
	readonly NoSourceAddress: 34;
	/** The link that the route names is down. */
	readonly LinkDown: 35;
	/** The source or destination can't be on the wire here: loopback, multicast as a source, unspecified, IPv4-mapped. */
	readonly Martian: 36;
	/** The route back to the source does not use the link that the packet came by. */
	readonly ReversePath: 37;
	/** The longest matching route says: discard silently. */
	readonly Blackhole: 38;
	/** The longest matching route says that the destination is unreachable. */
	readonly Unreachable: 39;
	/** The longest matching route says that the destination is administratively forbidden. */
	readonly Prohibited: 40;
	/** An application has bound a source address that is none of this node's in the network in which it sends: answers would not come back through that network. */
	readonly ForeignSource: 41;
	/** The first policy whose selectors match says DISCARD. */
	readonly PolicyDiscard: 48;
	/** No policy matches, and what no policy names is discarded. */
	readonly NoPolicy: 49;
	/** The packet came in clear, and the policy for such packets says PROTECT. */
	readonly Unprotected: 50;
	/** The packet was decrypted and authenticated, but it is not one that this SA may carry. */
	readonly SelectorMismatch: 51;
	/** The fragments of one datagram did not all come by the same SAs and tunnels: one came in clear, or by another SA. */
	readonly TrailViolation: 52;
	/** A transport-mode SA was chosen for a packet whose source is not this node. Transport mode is for the two ends of a packet. */
	readonly TransportInTransit: 53;
	/** The policy takes a selector value from the packet (PFP), and the packet does not show it: a fragment, or an encrypted or cut transport header. */
	readonly SelectorUnavailable: 54;
	/** The packet came out of a tunnel interface, and the SA that opened it is not bound to that interface: it may carry other packets than those between the tunnel's two ends. */
	readonly WrongSa: 55;
	/** The right SA opened the packet, and gave it less than the tunnel interface demands: no confidentiality, or no anti-replay service. */
	readonly WeakProtection: 56;
	/** The right SA opened the packet, and its inner source is none that may come out of this tunnel interface. */
	readonly SourceNotAllowed: 57;
	/** The first firewall rule that matches the packet and the way that it came says to discard it. */
	readonly FirewallDiscard: 58;
	/** The link that the packet arrived by has firewall rules, and none accepts it. What no rule accepts is discarded. */
	readonly NoFirewallRule: 59;
	/** No inbound SA has the SPI of this packet. */
	readonly UnknownSpi: 64;
	/** The SA's hard lifetime in time is over. */
	readonly SaExpired: 65;
	/** The SA has used its last sequence number. Numbers never repeat, so nothing more can be sent. */
	readonly SequenceExhausted: 66;
	/** Policy says PROTECT and there is no usable SA. The packet is dropped: it never leaves in clear. */
	readonly NoOutboundSa: 67;
	/** The SA has carried all the bytes or packets that its hard lifetime permits. */
	readonly LifetimeExceeded: 68;
	/** A packet with this sequence number was received before, or the number is 0. */
	readonly Replayed: 80;
	/** The sequence number is older than the anti-replay window. With extended sequence numbers this shows only as a failed integrity check; the packet was then checked again with the previous high half, and passed. */
	readonly LeftOfWindow: 81;
	/** The integrity check value is wrong: the packet was damaged or forged, or the two ends differ in key, algorithm, ICV length or extended sequence numbers. */
	readonly BadIcv: 82;
	/** After decryption the pad length exceeds the payload, or the padding is not 1, 2, 3, and so on. */
	readonly BadPadding: 83;
	/** A fragment was offered to ESP: inbound packets are reassembled first, and transport mode does not apply to fragments. */
	readonly FragmentOffered: 84;
	/** A dummy packet (next header 59), sent to hide how much traffic there is. It is discarded by design. */
	readonly Dummy: 85;
	/** A NAT keepalive: one byte 0xff on the port of UDP-encapsulated ESP. It is discarded by design. */
	readonly NatKeepalive: 86;
	/** A tunnel-mode SA carried something that is not an IP packet. */
	readonly NotTunnelled: 96;
	/** An IP packet inside IP arrived, and no tunnel interface has its outer source and destination as its two ends. */
	readonly UnknownTunnel: 97;
	/** The packet went into more tunnels than are permitted; mostly the route to a tunnel's far end leads into the tunnel itself. */
	readonly TunnelLoop: 98;
	/** The outer header says congestion experienced, and the inner header belongs to a transport that does not know ECN: dropping is the only signal left. */
	readonly EcnCongestionLost: 99;
	/** The inner header forbids fragmentation and the tunnel is told to clear the outer DF bit. RFC 2003 forbids that combination. */
	readonly DfConflict: 100;
	/** A packet to be forwarded into the tunnel has this node, or the tunnel's far end, as its source: it has been here before. */
	readonly RecursiveEncapsulation: 101;
	/** The packet carries a tunnel encapsulation limit of 0 and may not be put into another tunnel. */
	readonly EncapsulationLimit: 102;
	/** The packet, with all the headers that were put in front of it, is larger than the link's MTU and may not be fragmented. */
	readonly PacketTooBig: 112;
	/** The buffer has too little room before the packet for the headers that encapsulation adds. */
	readonly NoHeadroom: 113;
	/** The buffer has too little room after the packet for padding, trailer and ICV. */
	readonly NoTailroom: 114;
	/** All places for reassembly are taken, or the datagram is larger than one of them. */
	readonly ReassemblyFull: 115;
	/** The fragments of a datagram did not all come in time. */
	readonly ReassemblyTimeout: 116;
	/** Fragments of one datagram overlap. The whole datagram is discarded. */
	readonly FragmentOverlap: 117;
};
/** The version of the library. */
export declare const version: string;
/**
 * Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on. Without it
 * the fastest runs that the CPU has, or what the environment variable `IIPTRAN_ACCEL` names.
 */
export declare function chooseKernel(name: Kernel): void;
/** What a drop reason means, which clause asks for it, and what to check. */
export declare function explain(reason: DropReason): Explanation;
/** The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on. */
export declare function kernel(): Kernel;
/** The names of the scenarios that the library brings. */
export declare function scenarios(): string[];
/**
 * The SPI that an ESP packet shows, behind IP or behind UDP, to hand it to the worker that has its inbound SA.
 * `undefined` if the packet is something else, broken, or a fragment.
 */
export declare function spiOf(packet: Packet | Uint8Array, spiOptions?: SpiOptions): number | undefined;
/** A packet needs an SA that is not there (RFC 4301 section 4.4.1). */
export interface Acquire {
	readonly event: "acquire";
	readonly network: string;
	/** The policy that the SA is for. */
	readonly policy: string;
	/** The packet. */
	readonly flow: Flow;
	/** The worker that it is to be for, where others have SAs of their own. */
	readonly worker?: number;
}
/** A node asks for an SA: packets are dropped until there is one. */
export interface AcquireRequest {
	readonly event: "acquire";
	readonly node: string;
	readonly network: string;
	readonly policy: string;
}
/**
 * What is to be known of an address of the node.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "AddressAttributesConfig".
 */
export interface AddressAttributesConfig {
	/**
	 * The address.
	 */
	address: string;
	/**
	 * The router that advertised its prefix.
	 */
	advertisedBy?: string | null;
	/**
	 * It is a mobile node's care-of address.
	 */
	careOf?: boolean;
	/**
	 * It should not be used for new flows.
	 */
	deprecated?: boolean;
	/**
	 * It is a mobile node's home address.
	 */
	home?: boolean;
	/**
	 * It is a temporary address.
	 */
	temporary?: boolean;
}
/**
 * A neighbour that a node's routing hears.
 */
export interface AdjacencyReport {
	/**
	 * The link, physical or virtual.
	 */
	link: string;
	/**
	 * The neighbour's address on it.
	 */
	neighbour: string;
	/**
	 * The network.
	 */
	network: string;
	/**
	 * The node.
	 */
	node: string;
	/**
	 * Since when.
	 */
	since: number;
}
/**
 * What became of packets that an event sent.
 */
export interface AttackReport {
	/**
	 * Packets that nodes dropped.
	 */
	drops: FlowDropReport[];
	/**
	 * The event's place in the scenario.
	 */
	event: string;
	/**
	 * Packets that wires lost.
	 */
	losses: LossReport[];
	/**
	 * Packets that reached a host, or a node's upper layers.
	 */
	reached: number;
	/**
	 * Packets sent.
	 */
	sent: number;
}
/** When a call happens, and where its packet is. */
export interface CallOptions extends NowOptions, PlaceOptions {
}
/**
 * An entry of a table that came into question.
 */
export interface Candidate {
	/**
	 * The entry.
	 */
	entry: string;
	/**
	 * Whether it is the one that decides.
	 */
	matches: boolean;
	/**
	 * Why, or why not.
	 */
	why: string;
}
/**
 * Bytes that a step made or changed.
 */
export interface Change {
	/**
	 * What was there before; `None` where there was nothing.
	 */
	before?: Hex | null;
	/**
	 * The first byte behind.
	 */
	end: number;
	/**
	 * The first byte in the packet.
	 */
	start: number;
}
/**
 * How routing followed an event.
 */
export interface ConvergenceReport {
	/**
	 * How many routes of all nodes changed until the next event.
	 */
	changes: number;
	/**
	 * The event; `start` for the beginning.
	 */
	event: string;
	/**
	 * When it happened.
	 */
	time: number;
	/**
	 * How long after the event the last of them changed; none if none did.
	 */
	took?: number | null;
}
/**
 * Packets and bytes.
 */
export interface CountReport {
	/**
	 * Bytes.
	 */
	bytes: number;
	/**
	 * Packets.
	 */
	packets: number;
}
/**
 * What a node has counted.
 */
export interface CountersReport {
	/**
	 * Packets for this node's own upper layers.
	 */
	delivered: CountReport;
	/**
	 * Drop reasons that occurred, in the order of their codes.
	 */
	drops: DropReport[];
	/**
	 * Packets whose ECN fields were a combination that no honest path produces.
	 */
	"ecn-anomalies": number;
	/**
	 * Fragments kept for reassembly.
	 */
	held: number;
	/**
	 * Links, in the order of the document.
	 */
	links: LinkReport[];
}
/** A node decided about a packet. */
export interface Decided {
	readonly event: "verdict";
	readonly node: string;
	/** The link by which the packet came; null if the node made it. */
	readonly arrival: string | null;
	/** The packet's number in the run. */
	readonly packet: number;
	readonly verdict: "transmit" | "deliver" | "hold" | "drop";
	/** The neighbour that it goes to. */
	readonly "next-hop"?: string;
	/** The name of the drop reason. */
	readonly reason?: string;
	/** The link that the verdict names. */
	readonly link: string | null;
	/** The packet in words, as the node left it. */
	readonly summary: string;
}
/** Hand the packet to the node's own upper layers. */
export interface Deliver extends Placed {
	readonly kind: "deliver";
	/** The number of the physical or virtual link that it came through. */
	readonly link: number;
}
/**
 * What packets must show that come out of a virtual link. What is left out is as the link's protection
 * has it: with protection, an SA that is bound to the link and gives what the protection gives;
 * without, nothing.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DemandConfig".
 */
export interface DemandConfig {
	/**
	 * Whether none may have been received twice.
	 */
	antiReplay?: boolean | null;
	/**
	 * Whether that SA must carry nothing but IP packets between the link's two ends.
	 */
	bound?: boolean | null;
	/**
	 * Whether nobody else may have been able to read them.
	 */
	confidentiality?: boolean | null;
	/**
	 * The virtual link.
	 */
	link: string;
	/**
	 * Whether an SA must have opened them.
	 */
	protected?: boolean | null;
	/**
	 * The sources that inner packets may have; by default any.
	 */
	sources?: AddressRangeText[];
}
/**
 * How often a drop reason occurred.
 */
export interface DropReport {
	/**
	 * Its code.
	 */
	code: number;
	/**
	 * Packets.
	 */
	packets: number;
	/**
	 * The reason's name.
	 */
	reason: string;
}
/** A packet met its end. It is as it was. */
export interface Dropped {
	readonly kind: "drop";
	/** Why; `explain` has more. */
	readonly reason: DropReason;
	/** The reason's stable name, in kebab case, such as `bad-icv`. */
	readonly name: string;
	/** Where the packet is in its buffer. */
	readonly offset: number;
}
/**
 * What the algorithms of an SA were given, and where. Keys and salts are not in it.
 */
export interface EspReport {
	/**
	 * What is authenticated besides the packet's own bytes: the associated data of an AEAD, or the
	 * high half of the sequence number.
	 */
	associated: Hex;
	/**
	 * Payload, padding and trailer, as `[start, end]` in the packet.
	 *
	 * @minItems 2
	 * @maxItems 2
	 */
	body: [
		number,
		number
	];
	/**
	 * Whether sequence numbers have 64 bits, of which the low half is on the wire.
	 */
	extended: boolean;
	/**
	 * Integrity check value, as `[start, end]` in the packet.
	 *
	 * @minItems 2
	 * @maxItems 2
	 */
	icv: [
		number,
		number
	];
	/**
	 * The IV.
	 */
	iv: Hex;
	/**
	 * Transport or tunnel.
	 */
	mode: string;
	/**
	 * What the payload is.
	 */
	"next-header": string;
	/**
	 * Pad length, bytes.
	 */
	"pad-length": number;
	/**
	 * Name of the SA.
	 */
	sa: string;
	/**
	 * The whole sequence number.
	 */
	sequence: number;
	/**
	 * Security parameters index.
	 */
	spi: string;
	/**
	 * The algorithms.
	 */
	transform: string;
}
/**
 * Something that happens at a moment.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "EventConfig".
 */
export interface EventConfig {
	/**
	 * What.
	 */
	action: ActionConfig;
	/**
	 * When.
	 */
	at: DurationText;
}
/** What a drop reason means. */
export interface Explanation {
	/** Stable number. */
	readonly code: DropReason;
	/** Stable name, in kebab case. */
	readonly name: string;
	/** The kind of reason. */
	readonly group: string;
	/** The clause that asks for the drop. */
	readonly clause: string;
	/** What happened. */
	readonly meaning: string;
	/** What to look at first. */
	readonly check: string;
}
/** The routes of a node's document alone, and the names of its links. */
export interface FibConfig {
	links: string[];
	routes: RouteConfig[];
}
/**
 * A field of a header.
 */
export interface Field {
	/**
	 * The clause that rules it, where it is another than the header's.
	 */
	clause?: string | null;
	/**
	 * The first byte behind it.
	 */
	end: number;
	/**
	 * Name.
	 */
	name: string;
	/**
	 * The setting of the virtual link that decided the value, such as `outer.ttl`.
	 */
	setting?: string | null;
	/**
	 * Its first byte in the packet.
	 */
	start: number;
	/**
	 * What it says.
	 */
	value: string;
}
/**
 * A rule: which packets, and what becomes of them.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FirewallRuleConfig".
 */
export interface FirewallRuleConfig {
	/**
	 * What becomes of the packets.
	 */
	action: FirewallActionName;
	/**
	 * Their DSCPs; by default all.
	 */
	dscps?: number[];
	/**
	 * Which parts of a datagram.
	 */
	fragments?: FragmentsName;
	/**
	 * The links by which they arrived; by default any.
	 */
	links?: string[];
	/**
	 * Name, unique in the node.
	 */
	name: string;
	/**
	 * Their fields, in any of these sets; the local address is the destination. By default anything.
	 */
	selectors?: SelectorsConfig[];
	/**
	 * The way that they came.
	 */
	trail?: TrailConfig | null;
}
/** The fields of a packet. */
export interface Flow {
	readonly source: string;
	readonly destination: string;
	/** Next layer protocol. */
	readonly protocol: number;
	/** Where the packet shows ports. */
	readonly "source-port"?: number;
	readonly "destination-port"?: number;
}
/**
 * Numbered UDP packets from one node or host to another.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FlowConfig".
 */
export interface FlowConfig {
	/**
	 * How many packets are sent; by default as many as there is time for.
	 */
	count?: number | bigint | null;
	/**
	 * Destination address; by default the receiver's first of the source's IP version.
	 */
	destination?: string | null;
	/**
	 * Time from packet to packet.
	 */
	every?: DurationText;
	/**
	 * The node or host that sends.
	 */
	from: string;
	/**
	 * Name; by default `FROM to TO`.
	 */
	name?: string | null;
	/**
	 * If a node sends: in which of its networks; by default the first.
	 */
	network?: string | null;
	/**
	 * Bytes behind the UDP header, 24 or more.
	 */
	size?: number;
	/**
	 * Source address; by default what a node selects by its routes, and a host's first.
	 */
	source?: string | null;
	/**
	 * When it begins.
	 */
	start?: DurationText;
	/**
	 * When it ends; by default with the scenario.
	 */
	stop?: DurationText | null;
	/**
	 * The node or host that is to receive; packets that reach another one are misdelivered.
	 */
	to: string;
	/**
	 * TTL or hop limit.
	 */
	ttl?: number;
}
/**
 * How many packets nodes dropped for a reason.
 */
export interface FlowDropReport {
	/**
	 * The node that dropped the last one.
	 */
	"last-node": string;
	/**
	 * Packets.
	 */
	packets: number;
	/**
	 * The reason.
	 */
	reason: string;
}
/**
 * What became of a flow.
 */
export interface FlowReport {
	/**
	 * Different packets that arrived where the flow goes.
	 */
	delivered: number;
	/**
	 * Destination address.
	 */
	destination: string;
	/**
	 * Packets that nodes dropped.
	 */
	drops: FlowDropReport[];
	/**
	 * Packets that arrived there again.
	 */
	duplicates: number;
	/**
	 * The longest time under way.
	 */
	"latency-max"?: number | null;
	/**
	 * The mean time under way.
	 */
	"latency-mean"?: number | null;
	/**
	 * The shortest time under way.
	 */
	"latency-min"?: number | null;
	/**
	 * The longest time between two arrivals.
	 */
	"longest-gap": number;
	/**
	 * When it ended.
	 */
	"longest-gap-end": number;
	/**
	 * Packets that wires lost.
	 */
	losses: LossReport[];
	/**
	 * Packets that arrived somewhere else.
	 */
	misdelivered: number;
	/**
	 * Packets that were sent and did not arrive there, or not yet.
	 */
	missing: number;
	/**
	 * Name.
	 */
	name: string;
	/**
	 * Packets that arrived behind one that was sent later.
	 */
	reordered: number;
	/**
	 * Packets sent.
	 */
	sent: number;
	/**
	 * Source address.
	 */
	source: string;
	/**
	 * TTL or hop limit of the last packet as it arrived.
	 */
	ttl?: number | null;
}
/** The packet is a fragment; the node keeps it until the datagram is whole. */
export interface Hold {
	readonly kind: "hold";
}
/**
 * A host: it sends and receives, without IPsec and without a choice of ways.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "HostConfig".
 */
export interface HostConfig {
	/**
	 * Its addresses, with the length of the prefix around each.
	 */
	addresses: InterfaceText[];
	/**
	 * The router for all other destinations; needed where a wire has more than two ends.
	 */
	gateway?: string | null;
	/**
	 * Name, unique among nodes and hosts.
	 */
	name: string;
}
/**
 * An SA for packets that come.
 */
export interface InboundSaReport {
	/**
	 * Name, SPI, mode and algorithms.
	 */
	sa: string;
	/**
	 * Its anti-replay window, if it has one.
	 */
	window?: WindowReport | null;
}
/** The soft lifetime of an inbound SA is over. */
export interface InboundSoftExpiry {
	readonly event: "inbound-soft-expiry";
	readonly network: string;
	readonly spi: number;
	/** The destination, if it takes part in the lookup of the SA. */
	readonly destination?: string;
	/** The source, if it takes part in the lookup of the SA. */
	readonly source?: string;
}
/**
 * Spoofed packets.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InjectConfig".
 */
export interface InjectConfig {
	/**
	 * How many.
	 */
	count?: number;
	/**
	 * Time from packet to packet.
	 */
	every?: DurationText;
	/**
	 * The link by which they arrive: `NODE.LINK`.
	 */
	link: string;
	/**
	 * The packet.
	 */
	packet: PacketConfig;
}
/**
 * What a tunnel's exit takes from the outer header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerConfig".
 */
export interface InnerConfig {
	/**
	 * DSCP.
	 */
	dscp?: InnerDscpName;
	/**
	 * ECN.
	 */
	ecn?: EcnEgressName;
}
/**
 * The packet inside another.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerPacketConfig".
 */
export interface InnerPacketConfig {
	/**
	 * Destination address.
	 */
	destination: string;
	/**
	 * Source address.
	 */
	source: string;
}
/** The SAs of a virtual link changed. */
export interface KeyChange {
	readonly event: "keys";
	readonly "virtual-link": string;
	readonly change: "rekeyed" | "retired" | "deleted";
	/** How many times the SAs have been replaced. */
	readonly generation: number;
}
/**
 * A list of SAs: what is needed to open or seal the packets of a capture.
 */
export interface KeysConfig {
	/**
	 * The SAs.
	 */
	sas: SaConfig$1[];
}
/**
 * A line of the policy table.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LabelConfig".
 */
export interface LabelConfig {
	/**
	 * What they go together with.
	 */
	label: number;
	/**
	 * How much destinations are liked; the highest the most.
	 */
	precedence?: number;
	/**
	 * The addresses; IPv4 ones inside `::ffff:0:0/96`.
	 */
	prefix: PrefixText;
}
/**
 * A header, or another part of a packet.
 */
export interface Layer {
	/**
	 * The clause that defines it.
	 */
	clause: string;
	/**
	 * The first byte behind it.
	 */
	end: number;
	/**
	 * Its fields.
	 */
	fields: Field[];
	/**
	 * What it is, such as `IPv4`.
	 */
	name: string;
	/**
	 * Its first byte in the packet.
	 */
	start: number;
}
/**
 * When to replace an SA, and when it ends.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LifetimeConfig".
 */
export interface LifetimeConfig {
	/**
	 * When it carries nothing more.
	 */
	hard?: LimitsOfLifetime;
	/**
	 * When to start replacing it.
	 */
	soft?: LimitsOfLifetime;
}
/**
 * Bounds on work and memory.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LimitsConfig".
 */
export interface LimitsConfig {
	/**
	 * How many tunnels a packet may go into or come out of.
	 */
	nesting?: number | null;
	/**
	 * How many datagrams may be in reassembly; 0 for none.
	 */
	reassemblyDatagrams?: number | null;
	/**
	 * How long a datagram waits for its fragments, seconds.
	 */
	reassemblySeconds?: number | bigint | null;
	/**
	 * The longest datagram that is reassembled, bytes.
	 */
	reassemblySize?: number | null;
}
/**
 * Limits; whichever is reached first counts.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LimitsOfLifetime".
 */
export interface LimitsOfLifetime {
	/**
	 * Bytes given to the cipher.
	 */
	bytes?: number | bigint | null;
	/**
	 * Packets.
	 */
	packets?: number | bigint | null;
	/**
	 * Seconds since the node's time began.
	 */
	seconds?: number | bigint | null;
}
/** A link of a node went up or down. */
export interface LinkChange {
	readonly event: "link";
	readonly node: string;
	readonly link: string;
	readonly up: boolean;
}
/**
 * A physical link.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LinkConfig".
 */
export interface LinkConfig {
	/**
	 * This node's addresses on it, with the length of the prefix around each.
	 */
	addresses?: InterfaceText[];
	/**
	 * The largest packet that it takes, bytes.
	 */
	mtu?: number;
	/**
	 * Name, unique in the node.
	 */
	name: string;
	/**
	 * Its network; by default the node's first.
	 */
	network?: string | null;
	/**
	 * On which side of the IPsec boundary it is; by default on the far one.
	 */
	side?: SideName;
}
/**
 * One end of a virtual link.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LinkEndConfig".
 */
export interface LinkEndConfig {
	/**
	 * Where the virtual link is an interface: the node's addresses on it.
	 */
	addresses?: InterfaceText[];
	/**
	 * Its address in the network that carries the link.
	 */
	local: string;
	/**
	 * The node.
	 */
	node: string;
}
/**
 * What one link carried.
 */
export interface LinkReport {
	/**
	 * Name.
	 */
	name: string;
	/**
	 * Whatever came in.
	 */
	received: CountReport;
	/**
	 * Whatever went out.
	 */
	sent: CountReport;
}
/**
 * A table that was asked.
 */
export interface Lookup {
	/**
	 * The entries that came into question, in the order in which they were tried.
	 */
	candidates: Candidate[];
	/**
	 * The entry that decides.
	 */
	found?: string | null;
	/**
	 * What it was asked for.
	 */
	key: string;
	/**
	 * How many more entries there are that did not come into question.
	 */
	others: number;
	/**
	 * Which table.
	 */
	table: string;
}
/**
 * How many packets wires lost for a reason.
 */
export interface LossReport {
	/**
	 * Packets.
	 */
	packets: number;
	/**
	 * The reason.
	 */
	reason: string;
}
/** A packet of a burst was not in its buffer, or the call is wrong for it otherwise. It is as it was. */
export interface Misused {
	readonly kind: "misuse";
	/** Stable name of the mistake, in kebab case. */
	readonly name: string;
	/** What is wrong, in one sentence. */
	readonly text: string;
	/** Where the packet was said to be. */
	readonly offset: number;
}
/** A wire takes packets of another size now. */
export interface MtuChange {
	readonly event: "mtu";
	readonly wire: string;
	/** The largest packet, bytes. */
	readonly mtu: number;
}
/**
 * A new MTU.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "MtuConfig".
 */
export interface MtuConfig {
	/**
	 * The largest packet, bytes.
	 */
	mtu: number;
	/**
	 * The wire.
	 */
	wire: string;
}
/** A routing adjacency came up or ended. */
export interface NeighbourChange {
	readonly event: "neighbour";
	readonly node: string;
	readonly network: string;
	/** The link, physical or virtual. */
	readonly link: string;
	/** The neighbour's address on it. */
	readonly neighbour: string;
	readonly up: boolean;
}
/**
 * A network that the node is in.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "NetworkConfig".
 */
export interface NetworkConfig {
	/**
	 * The network that carries the tunnel-mode packets of this one; by default the node's first.
	 */
	base?: string | null;
	/**
	 * Name, unique in the node.
	 */
	name: string;
	/**
	 * What is said about source addresses of packets that the node sends in it.
	 */
	sourceAddresses?: SourceAddressesConfig | null;
}
/**
 * What a run came to until now. All times are nanoseconds since it began.
 */
export interface NetworkReport {
	/**
	 * Routing adjacencies that are up.
	 */
	adjacencies: AdjacencyReport[];
	/**
	 * The arrangement of all nodes.
	 */
	arrangement: string;
	/**
	 * Packets that events sent.
	 */
	attacks: AttackReport[];
	/**
	 * How routing followed each event.
	 */
	convergence: ConvergenceReport[];
	/**
	 * Flows, in the order of the scenario.
	 */
	flows: FlowReport[];
	/**
	 * Nodes.
	 */
	nodes: StationReport[];
	/**
	 * What routers sent, where a protocol runs.
	 */
	routing: RoutingReport[];
	/**
	 * The seed.
	 */
	seed: number;
	/**
	 * How much time has passed.
	 */
	time: number;
	/**
	 * The scenario's title.
	 */
	title: string;
	/**
	 * What the scenario says in vain, in this arrangement.
	 */
	warnings: string[];
	/**
	 * Wires.
	 */
	wires: WireReport[];
}
/** Where a route leads. */
export interface NextHop {
	/** The link's place in the document, from 0. */
	link: number;
	/** The neighbour on that link: the router, or the destination itself. */
	address: string;
}
/**
 * The description of a node.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "NodeConfig".
 */
export interface NodeConfig {
	/**
	 * How the node combines routing, encapsulation and IPsec.
	 */
	arrangement: ArrangementName;
	/**
	 * Whether IPsec is a shim below an IP layer that it can't change ("bump in the stack", RFC 4301
	 * section 3.3). Arrangements that need more than that are refused.
	 */
	bumpInTheStack?: boolean;
	/**
	 * What packets must show that come out of virtual links. A link with protection demands the SA that
	 * is bound to it without being told (RFC 3884 section 4.2.3).
	 */
	demands?: DemandConfig[];
	/**
	 * Which packets may be delivered or forwarded once IPsec and tunnels have let them through, the
	 * first rule to be tried first. A link that no rule is for lets everything pass; one that a rule
	 * is for lets nothing pass but what a rule accepts.
	 */
	firewall?: FirewallRuleConfig[];
	/**
	 * A number of this node's own that takes part in the choice among equal ways.
	 */
	flowSeed?: number | bigint | null;
	/**
	 * Whether counter-mode algorithms may have keys from this document. A restart would use the same
	 * IVs again, which gives plaintexts away (RFC 8221 section 3): for tests only.
	 */
	insecureTestKeys?: boolean;
	/**
	 * Bounds on work and memory.
	 */
	limits?: LimitsConfig | null;
	/**
	 * Physical links.
	 */
	links?: LinkConfig[];
	/**
	 * The networks that the node is in; by default one, named `base`. What names no network is in the
	 * first.
	 */
	networks?: NetworkConfig[];
	/**
	 * What becomes of inbound SAs whose policy is gone when another document is installed.
	 */
	orphanedSas?: OrphansName | null;
	/**
	 * Policies, searched in this order behind those of the virtual links. What none names is
	 * discarded.
	 */
	policies?: PolicyConfig[];
	/**
	 * Routes, besides those to the prefixes of the links.
	 */
	routes?: RouteConfig[];
	/**
	 * SAs, besides those of the virtual links.
	 */
	sas?: SaConfig[];
	/**
	 * For demonstration: SA interfaces may have several SAs, of both modes, by `sas` that name the
	 * virtual link as their policy. RFC 3884 section 4.1 rules that out: packets come back to the
	 * interface, and routing takes one tunnel for another.
	 */
	sharedSaInterfaces?: boolean;
	/**
	 * IPv6 headers that are skipped on the way to the next layer.
	 */
	skippedHeaders?: ProtocolText[] | null;
	/**
	 * The port on which UDP-encapsulated ESP is received, or `off`.
	 */
	udpEncapsulationPort?: UdpPortConfig | null;
	/**
	 * Virtual links.
	 */
	virtualLinks?: VirtualLinkConfig[];
}
/**
 * A node's tables at a moment. Keys are not in it.
 */
export interface NodeReport {
	/**
	 * The word of the node's arrangement.
	 */
	arrangement: string;
	/**
	 * Links that are down.
	 */
	down: string[];
	/**
	 * Its networks.
	 */
	networks: TablesReport[];
}
/** When a call happens. */
export interface NowOptions {
	/** Nanoseconds since a moment that the caller chose; 0 by default. */
	now?: Uint64;
}
/** What opening found, and where the packet is now. */
export interface Opened extends Placed {
	readonly kind: "opened";
	/** The whole sequence number. */
	readonly sequence: bigint;
	/** Pad length, bytes. */
	readonly padLength: number;
	/** The payload's protocol: 4 or 41 for an IP packet. */
	readonly nextHeader: number;
}
/**
 * An SA for packets that leave.
 */
export interface OutboundSaReport {
	/**
	 * Name, SPI, mode and algorithms.
	 */
	sa: string;
	/**
	 * The sequence number of its last packet.
	 */
	sequence: number;
}
/** The soft lifetime of an outbound SA is over. */
export interface OutboundSoftExpiry {
	readonly event: "outbound-soft-expiry";
	readonly network: string;
	/** The policy that it is for. */
	readonly policy: string;
	readonly spi: number;
}
/**
 * How a tunnel's entry fills the outer header: a preset, and what differs from it.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OuterConfig".
 */
export interface OuterConfig {
	/**
	 * DF of an outer IPv4 header.
	 */
	df?: DfName | null;
	/**
	 * DSCP: `copy`, a number, or a table from inner to outer DSCPs.
	 */
	dscp?: DscpConfig | null;
	/**
	 * ECN.
	 */
	ecn?: EcnIngressName | null;
	/**
	 * Tunnel encapsulation limit of an outer IPv6 header; -1 for none.
	 */
	encapsulationLimit?: number | null;
	/**
	 * Flow label of an outer IPv6 header: `zero`, `copy`, `hash`, or a number.
	 */
	flowLabel?: FlowLabelConfig | null;
	/**
	 * Identification of an outer IPv4 header.
	 */
	identification?: IdentificationName | null;
	/**
	 * The row of choices to start from; by default the one that the RFCs give.
	 */
	preset?: OuterPreset | null;
	/**
	 * Whether an inner DF and a cleared outer DF drop the packet (RFC 3884 appendix A).
	 */
	strictDf?: boolean | null;
	/**
	 * TTL or hop limit: a number, or `inherit`.
	 */
	ttl?: TtlConfig | null;
}
/**
 * A packet made to order.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PacketConfig".
 */
export interface PacketConfig {
	/**
	 * Destination address.
	 */
	destination: string;
	/**
	 * A UDP packet inside, as if it came out of a tunnel in clear.
	 */
	inner?: InnerPacketConfig | null;
	/**
	 * Without an inner packet: the protocol; by default `udp`.
	 */
	protocol?: ProtocolText | null;
	/**
	 * For the protocol `esp`: the sequence number.
	 */
	sequence?: number;
	/**
	 * Bytes behind the header; at random, but for UDP's header and ESP's first fields.
	 */
	size?: number;
	/**
	 * Source address.
	 */
	source: string;
	/**
	 * For the protocol `esp`: the SPI.
	 */
	spi?: SpiText | null;
	/**
	 * TTL or hop limit.
	 */
	ttl?: number;
}
/** A packet that reached upper layers, was dropped, or got lost. */
export interface PacketEnd {
	/** When, nanoseconds since the scenario began. */
	time: bigint;
	/** Its number in the run; copies that a wire made have the same. */
	number: bigint;
	/** The flow of the scenario that sent it. */
	flow?: string;
	/** What became of it; a wire loses packets. */
	verdict: "deliver" | "drop" | "lose";
	/** The node or host, or the wire that lost it. */
	place: string;
	/** Why: the name of a drop reason, or how the wire lost it. */
	reason?: string;
	/** The packet as it was then. */
	packet: Uint8Array;
}
/**
 * One of several equal ways.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PathConfig".
 */
export interface PathConfig {
	/**
	 * The link.
	 */
	link: string;
	/**
	 * The router on that link.
	 */
	via?: string | null;
}
/** Where a packet is in a buffer, whose other bytes are the room around it; all of it by default. */
export interface PlaceOptions {
	/** The packet's first byte in the buffer. */
	offset?: number;
	/** Its length, bytes. */
	length?: number;
}
/** Where a packet is now. */
export interface Placed {
	/** Where the packet is in its buffer now. */
	readonly offset: number;
	/** The packet's length now. */
	readonly length: number;
}
/**
 * An entry of the SPD. The order of the document is the order of the search.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PolicyConfig".
 */
export interface PolicyConfig {
	/**
	 * What becomes of the packets.
	 */
	action: ActionName;
	/**
	 * Bypass and discard: for which direction; by default both. Protect is for both.
	 */
	applies?: AppliesName | null;
	/**
	 * Protect: whether new SAs have sequence numbers of 64 bits; by default they do.
	 */
	extendedSequence?: boolean | null;
	/**
	 * Which of several packets inside one another the inner selectors look at.
	 */
	innerLayer?: InnerLayerName;
	/**
	 * Which packets by what is inside them, IP in IP: any of these sets must match too. By default
	 * anything.
	 */
	innerSelectors?: SelectorsConfig[];
	/**
	 * Protect: transport or tunnel mode; by default transport.
	 */
	mode?: ModeName | null;
	/**
	 * Name, unique in its network.
	 */
	name: string;
	/**
	 * The network whose boundary it guards; by default the node's first.
	 */
	network?: string | null;
	/**
	 * Protect: which selectors of a new SA are the packet's own values.
	 */
	populate?: PopulateName[];
	/**
	 * Which packets: those that match any of these sets; by default all.
	 */
	selectors?: SelectorsConfig[];
	/**
	 * Protect: the algorithms that SAs may have, the best first; by default any.
	 */
	transforms?: TransformText[];
	/**
	 * Protect in tunnel mode: this end.
	 */
	tunnelLocal?: string | null;
	/**
	 * Protect in tunnel mode: the far end.
	 */
	tunnelRemote?: string | null;
}
/** The policy that decides about a packet. */
export interface PolicyMatch {
	/** Its place in the order, from 0. */
	index: number;
	/** Its name. */
	name: string;
	/** `discard`, `bypass` or `protect`. */
	action: "discard" | "bypass" | "protect";
}
/**
 * How a virtual link is protected: an SA each way, alike but for SPI and keys.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ProtectionConfig".
 */
export interface ProtectionConfig {
	/**
	 * Whether sequence numbers have 64 bits.
	 */
	extendedSequence?: boolean;
	/**
	 * The SA for what this node receives.
	 */
	inbound?: SaKeysConfig | null;
	/**
	 * Lifetimes.
	 */
	lifetime?: LifetimeConfig | null;
	/**
	 * The SA for what this node sends; without it, packets are dropped until there is one.
	 */
	outbound?: SaKeysConfig | null;
	/**
	 * Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
	 */
	transform: TransformText;
	/**
	 * ESP inside UDP.
	 */
	udpEncapsulation?: UdpEncapsulationConfig | null;
	/**
	 * Size of the anti-replay window, or `off`.
	 */
	window?: WindowConfig | null;
	/**
	 * SAs of single workers, beside those above, which are for any worker (RFC 9611).
	 */
	workers?: WorkerSasConfig[];
}
/** A packet of a flow reached a node or host. */
export interface Received {
	readonly event: "received";
	/** The node or host. */
	readonly station: string;
	readonly flow: string;
	/** The packet's number in its flow, from 0. */
	readonly sequence: number;
	/** How long it was under way, nanoseconds. */
	readonly latency: number;
	/** Whether this is where the flow goes. */
	readonly expected: boolean;
}
/**
 * New SAs for a virtual link.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RekeyConfig".
 */
export interface RekeyConfig {
	/**
	 * How long the old inbound SAs stay, for packets that are under way.
	 */
	overlap?: DurationText;
	/**
	 * The virtual link.
	 */
	virtualLink: string;
}
/**
 * A packet that came once comes again.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ReplayConfig".
 */
export interface ReplayConfig {
	/**
	 * How often.
	 */
	count?: number;
	/**
	 * Time from packet to packet.
	 */
	every?: DurationText;
	/**
	 * The link by which it came and comes again: `NODE.LINK`.
	 */
	link: string;
}
/**
 * When and how far to look for a sender that is 2^32 packets or more ahead.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ResynchronisationConfig".
 */
export interface ResynchronisationConfig {
	/**
	 * How many integrity checks in a row must have failed.
	 */
	failures: number;
	/**
	 * How many runs of 2^32 sequence numbers to try.
	 */
	runs: number;
}
/** How much room is around a packet, in bytes; 512 each by default. */
export interface Room {
	headroom?: number;
	tailroom?: number;
}
/** Routing changed a route. */
export interface RouteChange {
	readonly event: "route";
	readonly node: string;
	readonly network: string;
	/** The destinations. */
	readonly prefix: string;
	/** The link that leads there now; null if nothing does. */
	readonly link: string | null;
	/** The router on it. */
	readonly via: string | null;
	/** How far it is: networks on the way, this one included. */
	readonly metric: number;
}
/**
 * A change of a node's static routes. A virtual link that is no interface in the arrangement can't be
 * routed into: such a route is left out, and an event says so.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RouteChangeConfig".
 */
export interface RouteChangeConfig {
	/**
	 * Routes that are added, or take the place of others of the same prefix.
	 */
	add?: RouteConfig[];
	/**
	 * Its network; by default the first.
	 */
	network?: string | null;
	/**
	 * The node.
	 */
	node: string;
	/**
	 * Routes that are withdrawn.
	 */
	remove?: PrefixText[];
}
/**
 * A route.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RouteConfig".
 */
export interface RouteConfig {
	/**
	 * No way at all.
	 */
	action?: RouteAction | null;
	/**
	 * The link that leads there.
	 */
	link?: string | null;
	/**
	 * The network whose route it is; by default the node's first.
	 */
	network?: string | null;
	/**
	 * Several equal ways instead of one.
	 */
	paths?: PathConfig[];
	/**
	 * Among routes to one prefix the lowest wins.
	 */
	preference?: number;
	/**
	 * The destinations.
	 */
	prefix: PrefixText;
	/**
	 * Source address of packets that this node sends by this route.
	 */
	source?: string | null;
	/**
	 * The router on that link; none if the destination is on the link, or the link is a tunnel.
	 */
	via?: string | null;
}
/**
 * What a router sent.
 */
export interface RoutingReport {
	/**
	 * Their bytes, without IP and UDP headers.
	 */
	bytes: number;
	/**
	 * Messages.
	 */
	messages: number;
	/**
	 * The network.
	 */
	network: string;
	/**
	 * The node.
	 */
	node: string;
	/**
	 * Routes in them.
	 */
	routes: number;
	/**
	 * Selector sets of SAs in them.
	 */
	selectors: number;
}
/**
 * An SA in one direction.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SaConfig".
 */
export interface SaConfig {
	/**
	 * Inbound: whether the padding must be 1, 2, 3 and so on; by default it must.
	 */
	checkPadding?: boolean | null;
	/**
	 * Destination of its ESP packets. Tunnel mode needs it.
	 */
	destination?: string | null;
	/**
	 * Which way packets go, for a node; in a list of keys, from where the selectors are seen.
	 */
	direction?: DirectionName | null;
	/**
	 * Outbound: the DSCPs that this SA is for, among SAs that are equal otherwise; by default all.
	 */
	dscps?: number[];
	/**
	 * Whether sequence numbers have 64 bits.
	 */
	extendedSequence?: boolean;
	/**
	 * Inbound: whether bytes behind a UDP datagram's end are cut off.
	 */
	flowPadding?: boolean;
	/**
	 * Inbound, tunnel mode: what is taken from the outer header.
	 */
	inner?: InnerConfig | null;
	/**
	 * Which of several packets inside one another the inner selectors look at.
	 */
	innerLayer?: InnerLayerName;
	/**
	 * What may be inside the IP packets that it carries: any of these sets; by default anything.
	 */
	innerSelectors?: SelectorsConfig[];
	/**
	 * Integrity key in hexadecimal digits.
	 */
	integrityKey?: HexKey;
	/**
	 * Outbound: combined with the counter that is the IV of counter modes.
	 */
	ivMask?: number | bigint;
	/**
	 * Encryption key, with its salt behind it, in hexadecimal digits.
	 */
	key?: HexKey;
	/**
	 * Inbound, ESN: how many failed packets a second are checked for being merely late.
	 */
	lateChecksPerSecond?: number | null;
	/**
	 * Lifetimes.
	 */
	lifetime?: LifetimeConfig | null;
	/**
	 * Inbound: which addresses take part in the lookup besides the SPI, for multicast.
	 */
	lookup?: LookupName | null;
	/**
	 * Transport or tunnel mode.
	 */
	mode?: ModeName;
	/**
	 * A name for people and traces.
	 */
	name?: string | null;
	/**
	 * The network whose packets the SA carries; by default the node's first.
	 */
	network?: string | null;
	/**
	 * Outbound, tunnel mode: how the outer header is filled.
	 */
	outer?: OuterConfig | null;
	/**
	 * Outbound: the largest packet that the path takes, bytes, once sealed.
	 */
	pathMtu?: number | null;
	/**
	 * Outbound: the policy that the SA serves, or the virtual link whose interface it is to share.
	 */
	policy?: string | null;
	/**
	 * Inbound, ESN: finding the sender again after a long loss.
	 */
	resynchronisation?: ResynchronisationConfig | null;
	/**
	 * Outbound: whether 32-bit sequence numbers may start again.
	 */
	rollover?: boolean;
	/**
	 * What the SA may carry: any of these sets; by default anything. Local is the node, and the sender
	 * where the SA has no direction.
	 */
	selectors?: SelectorsConfig[];
	/**
	 * Source of its ESP packets. Tunnel mode needs it.
	 */
	source?: string | null;
	/**
	 * Security parameters index, 256 or more.
	 */
	spi: SpiText;
	/**
	 * The sequence number before the first packet.
	 */
	start?: number | bigint;
	/**
	 * Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
	 */
	transform: TransformText;
	/**
	 * ESP inside UDP.
	 */
	udpEncapsulation?: UdpEncapsulationConfig | null;
	/**
	 * Inbound, tunnel mode: whether the outer source must be the tunnel's far end.
	 */
	verifyOuterSource?: boolean;
	/**
	 * Inbound: size of the anti-replay window, or `off`.
	 */
	window?: WindowConfig | null;
	/**
	 * The worker that the SA is for, by number, among the SAs of its policy (RFC 9611); by default any.
	 */
	worker?: number | null;
}
/** The key under which packets find an inbound SA (RFC 4301 section 4.1). */
export interface SaId {
	/** Security parameters index. */
	readonly spi: number;
	/** The destination, if it takes part in the lookup. */
	readonly destination?: string;
	/** The source, if it takes part in the lookup. */
	readonly source?: string;
}
/**
 * What differs between the two SAs of a virtual link.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SaKeysConfig".
 */
export interface SaKeysConfig {
	/**
	 * Integrity key in hexadecimal digits.
	 */
	integrityKey?: HexKey;
	/**
	 * Encryption key, with its salt behind it, in hexadecimal digits.
	 */
	key?: HexKey;
	/**
	 * Security parameters index, 256 or more.
	 */
	spi: SpiText;
	/**
	 * The sequence number before the first packet.
	 */
	start?: number | bigint;
}
/**
 * A scenario: nodes and hosts, what connects them, and what happens.
 *
 * The arrangement stands in it once. The same scenario under another arrangement is the same document
 * with another word there.
 */
export interface ScenarioConfig {
	/**
	 * How all nodes combine routing, encapsulation and IPsec.
	 */
	arrangement: ArrangementName;
	/**
	 * What it shows.
	 */
	description?: string;
	/**
	 * How long it takes.
	 */
	duration: DurationText;
	/**
	 * What else happens.
	 */
	events?: EventConfig[];
	/**
	 * Packets that are sent.
	 */
	flows?: FlowConfig[];
	/**
	 * Hosts.
	 */
	hosts?: HostConfig[];
	/**
	 * Networks; the first is the base network. By default there is one, named `base`.
	 */
	networks?: ScenarioNetworkConfig[];
	/**
	 * Nodes.
	 */
	nodes?: ScenarioNodeConfig[];
	/**
	 * Where all random choices come from: the same seed gives the same run.
	 */
	seed?: number | bigint;
	/**
	 * What it is called.
	 */
	title?: string;
	/**
	 * Virtual links between nodes.
	 */
	virtualLinks?: ScenarioLinkConfig[];
	/**
	 * What connects the physical links of nodes, and hosts.
	 */
	wires?: WireConfig[];
}
/**
 * A virtual link between two nodes of the scenario, with the same name at both. SPIs and keys are made
 * from the seed and the name: they are for this run alone.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ScenarioLinkConfig".
 */
export interface ScenarioLinkConfig {
	/**
	 * The network that carries it; by default the base of its network.
	 */
	base?: string | null;
	/**
	 * Whether `traffic` holds where SAs see outer headers alone too: as inner selectors (RFC 3884 section
	 * 4.2.3).
	 */
	checkTraffic?: boolean;
	/**
	 * Its two ends.
	 *
	 * @minItems 2
	 * @maxItems 2
	 */
	ends: [
		LinkEndConfig,
		LinkEndConfig
	];
	/**
	 * Whether sequence numbers have 64 bits.
	 */
	extendedSequence?: boolean;
	/**
	 * What is taken from the outer header.
	 */
	inner?: InnerConfig | null;
	/**
	 * Lifetimes of its SAs, from the moment at which they are made.
	 */
	lifetime?: LifetimeConfig | null;
	/**
	 * The largest packet that it takes, bytes.
	 */
	mtu?: number;
	/**
	 * Name, unique among virtual links.
	 */
	name: string;
	/**
	 * The virtual network that it is a link of; by default the first network.
	 */
	network?: string | null;
	/**
	 * How the outer header is filled.
	 */
	outer?: OuterConfig | null;
	/**
	 * Whether its SAs are replaced when they reach the soft limits of their lifetime.
	 */
	rekey?: boolean;
	/**
	 * On which side of the virtual network's IPsec boundary it is.
	 */
	side?: SideName;
	/**
	 * Where policy picks the tunnel: which packets go into it, as seen from the first end; by default
	 * all.
	 */
	traffic?: SelectorsConfig[];
	/**
	 * Algorithms of its SAs; by default it is in clear.
	 */
	transform?: TransformText | null;
	/**
	 * ESP inside UDP.
	 */
	udpEncapsulation?: UdpEncapsulationConfig | null;
	/**
	 * Size of the anti-replay window, or `off`.
	 */
	window?: WindowConfig | null;
}
/**
 * A network: the base network, or a virtual one.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ScenarioNetworkConfig".
 */
export interface ScenarioNetworkConfig {
	/**
	 * The network that carries its virtual links; by default the first.
	 */
	base?: string | null;
	/**
	 * Name, unique in the scenario.
	 */
	name: string;
	/**
	 * Where its nodes have routes from, besides those of their own documents.
	 */
	routing?: RoutingName;
	/**
	 * `distance-vector`: whether routers, where forwarding asks the SAD and an SA is no interface, speak
	 * through their SAs to the far ends, and tell what the SAs carry (RFC 3884 section 4.1, alternative
	 * 3): a changed protocol, in all of them. It takes SAs whose selectors name a router at each end.
	 */
	throughSas?: boolean;
	/**
	 * `distance-vector`: its times.
	 */
	timers?: TimersConfig;
}
/**
 * A node: what a node's own document says, but for the arrangement and the networks, which are the
 * scenario's. It is in the first network and in all others that it has links in.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ScenarioNodeConfig".
 */
export interface ScenarioNodeConfig {
	/**
	 * What packets must show that come out of its virtual links.
	 */
	demands?: DemandConfig[];
	/**
	 * Rules for packets that IPsec and tunnels have let through.
	 */
	firewall?: FirewallRuleConfig[];
	/**
	 * Bounds on work and memory.
	 */
	limits?: LimitsConfig | null;
	/**
	 * Physical links.
	 */
	links?: LinkConfig[];
	/**
	 * Name, unique among nodes and hosts.
	 */
	name: string;
	/**
	 * Policies.
	 */
	policies?: PolicyConfig[];
	/**
	 * Routes.
	 */
	routes?: RouteConfig[];
	/**
	 * SAs.
	 */
	sas?: SaConfig[];
	/**
	 * Virtual links whose far end is not in the scenario, or that differ at their two ends.
	 */
	virtualLinks?: VirtualLinkConfig[];
}
/** What a single seal does differently: for known-answer tests, dummy packets and traffic-flow confidentiality. */
export interface SealOptions extends CallOptions {
	/** This sequence number; the SA's own counter stays where it is. */
	sequence?: Uint64;
	/** This IV, of the length that the transform takes. */
	iv?: Uint8Array;
	/**
	 * Tunnel mode: this outer header, as the packet is to begin on the wire: IPv4 without options, or IPv6 with
	 * nothing behind it or a tunnel encapsulation limit. Lengths, checksum and protocols are worked out anew.
	 */
	outer?: Uint8Array;
	/** At least so many bytes of padding, up to 255 (RFC 4303 section 2.4). */
	padding?: number;
	/** So many bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7). */
	flowPadding?: number;
	/** A dummy packet (RFC 4303 section 2.6): the receiver discards the payload, whatever it is. */
	dummy?: boolean;
}
/** What sealing did, and where the packet is now. */
export interface Sealed extends Placed {
	readonly kind: "sealed";
	/** The whole sequence number. */
	readonly sequence: bigint;
	/** Pad length, bytes. */
	readonly padLength: number;
}
/**
 * A selector set, as seen from the node. What is left out matches anything; the word `opaque` matches
 * what the packet does not show.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SelectorsConfig".
 */
export interface SelectorsConfig {
	/**
	 * Local addresses.
	 */
	local?: AddressRangeText[] | null;
	/**
	 * ICMP messages that this side may send.
	 */
	localIcmp?: OrOpaque3 | null;
	/**
	 * Mobility header types that this side may send.
	 */
	localMobility?: OrOpaque4 | null;
	/**
	 * Local ports.
	 */
	localPorts?: OrOpaque2 | null;
	/**
	 * Next layer protocol.
	 */
	protocol?: OrOpaque | null;
	/**
	 * Remote addresses.
	 */
	remote?: AddressRangeText[] | null;
	/**
	 * ICMP messages that the far side may send.
	 */
	remoteIcmp?: OrOpaque3 | null;
	/**
	 * Mobility header types that the far side may send.
	 */
	remoteMobility?: OrOpaque4 | null;
	/**
	 * Remote ports.
	 */
	remotePorts?: OrOpaque2 | null;
}
/**
 * What is said about source addresses in a network (RFC 1122 section 3.3.4.3, RFC 6724).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SourceAddressesConfig".
 */
export interface SourceAddressesConfig {
	/**
	 * What is to be known of single addresses.
	 */
	attributes?: AddressAttributesConfig[];
	/**
	 * What becomes of packets whose source is bound and is none of the node's in this network.
	 */
	foreign?: ForeignSourceName;
	/**
	 * Lines of the policy table, besides those of RFC 6724 section 2.1; a prefix that is there already
	 * is replaced. Sources and destinations of one label go together.
	 */
	labels?: LabelConfig[];
}
/** The policies of a node's document alone. */
export interface SpdConfig {
	policies: PolicyConfig[];
}
/** How {@link spiOf} looks at a packet. */
export interface SpiOptions {
	/** The port of UDP-encapsulated ESP; 4500 by default. */
	udpPort?: number;
}
/**
 * What a node counted.
 */
export interface StationReport {
	/**
	 * Its counters.
	 */
	counters: CountersReport;
	/**
	 * Name.
	 */
	name: string;
}
/**
 * The tables of one network.
 */
export interface TablesReport {
	/**
	 * SAs for packets that come.
	 */
	inbound: InboundSaReport[];
	/**
	 * Name.
	 */
	name: string;
	/**
	 * SAs of policies, for packets that leave.
	 */
	outbound: OutboundSaReport[];
	/**
	 * Policies, in the order in which they are tried.
	 */
	policies: string[];
	/**
	 * Routes.
	 */
	routes: string[];
}
/**
 * The times of the distance-vector protocol.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TimersConfig".
 */
export interface TimersConfig {
	/**
	 * How long a route that is lost is told to be so. RFC 2453 has 120 s.
	 */
	garbage?: DurationText;
	/**
	 * How long a neighbour and its routes hold without an update. RFC 2453 has 180 s.
	 */
	hold?: DurationText;
	/**
	 * Between two updates. RFC 2453 has 30 s.
	 */
	update?: DurationText;
}
/**
 * Conditions on the way that a packet came, all of which must hold.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TrailConfig".
 */
export interface TrailConfig {
	/**
	 * Each of these is.
	 */
	all?: TrailPatternConfig[];
	/**
	 * An SA opened it that lets nothing in twice.
	 */
	antiReplay?: boolean;
	/**
	 * One of these is in the trail.
	 */
	any?: TrailPatternConfig[];
	/**
	 * It came out of a tunnel, and the SA that is bound to the tunnel opened it.
	 */
	bound?: boolean;
	/**
	 * An SA opened it that nobody else can read.
	 */
	confidentiality?: boolean;
	/**
	 * None of these is.
	 */
	none?: TrailPatternConfig[];
	/**
	 * An SA opened it.
	 */
	protected?: boolean;
	/**
	 * The trail is these entries, in this order, and nothing else; `[]` for a packet in clear.
	 */
	sequence?: TrailPatternConfig[] | null;
}
/**
 * An entry of a trail: a tunnel, or an SA; what is left out may be anything.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TrailPatternConfig".
 */
export interface TrailPatternConfig {
	/**
	 * Destination of that header.
	 */
	destination?: string | null;
	/**
	 * The network in which the SA's packets arrive.
	 */
	network?: string | null;
	/**
	 * Source of the header in front of ESP.
	 */
	source?: string | null;
	/**
	 * An SA's SPI.
	 */
	spi?: SpiText | null;
	/**
	 * A virtual link.
	 */
	tunnel?: string | null;
}
/** Send the packet out of a physical link. */
export interface Transmit extends Placed {
	readonly kind: "transmit";
	/** The link's number. */
	readonly link: number;
	/** The neighbour on that link: the far end itself, or a router. */
	readonly nextHop: string;
}
/**
 * ESP inside UDP (RFC 3948).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "UdpEncapsulationConfig".
 */
export interface UdpEncapsulationConfig {
	/**
	 * Destination port.
	 */
	destination?: number;
	/**
	 * Source port.
	 */
	source?: number;
}
/** Something of the scenario has no effect in this arrangement. */
export interface Vain {
	readonly event: "vain";
	/** The field of the scenario. */
	readonly path: string;
	readonly cause: string;
}
/**
 * A virtual link of RFC 3884. What it becomes depends on the arrangement: a tunnel interface whose
 * packets are protected in transport mode (`iiptran`), an interface that is a pair of tunnel-mode SAs
 * (`interface-sa`, `initial-lookup-b`), or a policy that picks a tunnel-mode SA, with routes that lead to
 * its far end (`initial-lookup-a`, `integrated`) or without (`tunnel-mode`).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "VirtualLinkConfig".
 */
export interface VirtualLinkConfig {
	/**
	 * This node's addresses on the virtual interface, where it is one.
	 */
	addresses?: InterfaceText[];
	/**
	 * The network that carries it; by default the node's first.
	 */
	base?: string | null;
	/**
	 * `iiptran`: whether `traffic` holds there too, as inner selectors of the policy and the SAs (RFC 3884
	 * section 4.2.3).
	 */
	checkTraffic?: boolean;
	/**
	 * What is taken from the outer header.
	 */
	inner?: InnerConfig | null;
	/**
	 * This end, an address of this node in the base network.
	 */
	local: string;
	/**
	 * The largest packet that the virtual interface takes, bytes.
	 */
	mtu?: number;
	/**
	 * Name, unique among links, and among the policies of its networks.
	 */
	name: string;
	/**
	 * The virtual network that it is a link of; by default the node's first.
	 */
	network?: string | null;
	/**
	 * How the outer header is filled.
	 */
	outer?: OuterConfig | null;
	/**
	 * How it is protected; by default not at all.
	 */
	protection?: ProtectionConfig | null;
	/**
	 * The far end.
	 */
	remote: string;
	/**
	 * On which side of the IPsec boundary of the virtual network the interface is; on the far one for
	 * end-to-end IPsec inside the virtual network.
	 */
	side?: SideName;
	/**
	 * Which packets go into the tunnel, where policy decides that; by default all.
	 */
	traffic?: SelectorsConfig[];
}
/**
 * One step: what was looked up, what was found, and what it did to the bytes.
 */
export interface WalkStep {
	/**
	 * Which of its bytes are new or other than before the step.
	 */
	changes: Change[];
	/**
	 * Which clause asks for it.
	 */
	clause: string;
	/**
	 * What the algorithms were given, and where.
	 */
	esp?: EspReport | null;
	/**
	 * The packet's headers and what they say, the outermost first.
	 */
	layers: Layer[];
	/**
	 * The table that was asked.
	 */
	lookup?: Lookup | null;
	/**
	 * The network in which the packet is.
	 */
	network: string;
	/**
	 * More about it, one sentence each.
	 */
	notes: string[];
	/**
	 * The packet after the step.
	 */
	packet: Hex;
	/**
	 * Which bytes of the packet before the step are gone, as `[start, end]`.
	 */
	removed: [
		number,
		number
	][];
	/**
	 * The kind of step: a name of [`crate::trace::Stage`].
	 */
	stage: string;
	/**
	 * What happened, in one sentence.
	 */
	title: string;
	/**
	 * The anti-replay window.
	 */
	window?: WindowReport$1 | null;
}
/** What became of a packet, and the way that it took. */
export interface Walked {
	readonly verdict: Verdict;
	readonly walkthrough: Walkthrough;
}
/**
 * The way of one packet through one node, step by step.
 */
export interface WalkthroughDocument {
	/**
	 * The word of the node's arrangement.
	 */
	arrangement: string;
	/**
	 * What became of the packet; `None` while it is on its way.
	 */
	outcome?: Outcome | null;
	/**
	 * The steps, in their order.
	 */
	steps: WalkStep[];
}
/** What a network notes until it is taken. */
export interface Watched {
	/** The ends of packets; see `takeEnds`. */
	ends: boolean;
	/** Events; see `takeTrace`. */
	trace: boolean;
	/** What wires carry; see `takeCapture`. */
	captures: boolean;
}
/**
 * An anti-replay window as it is after the step.
 */
export interface WindowReport {
	/**
	 * The newest numbers that were received, the highest first, at most 64 numbers back.
	 */
	received: number[];
	/**
	 * How many sequence numbers it covers.
	 */
	size: number;
	/**
	 * The highest sequence number that was received.
	 */
	top: number;
}
/** A wire was cut or mended. */
export interface WireChange {
	readonly event: "wire";
	readonly wire: string;
	readonly up: boolean;
}
/**
 * What connects physical links: a cable, or with more than two ends a switch.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "WireConfig".
 */
export interface WireConfig {
	/**
	 * Bits per second in each direction; by default without limit.
	 */
	bandwidth?: number | bigint | null;
	/**
	 * Whether the links at its ends go down with it. Otherwise the nodes must find out by themselves.
	 */
	carrier?: boolean;
	/**
	 * How many packets have one bit changed, 0 to 1.
	 */
	damage?: number;
	/**
	 * How long a packet takes.
	 */
	delay?: DurationText;
	/**
	 * How many packets arrive twice, 0 to 1.
	 */
	duplicate?: number;
	/**
	 * Its ends: `NODE.LINK`, or the name of a host.
	 */
	ends: string[];
	/**
	 * How much longer it may take, at random.
	 */
	jitter?: DurationText;
	/**
	 * How many packets are lost, 0 to 1.
	 */
	loss?: number;
	/**
	 * The largest packet that it takes, bytes; larger ones are lost. By default without limit: the
	 * nodes' links have MTUs of their own.
	 */
	mtu?: number | null;
	/**
	 * Name; by default its ends with `-` between them.
	 */
	name?: string | null;
	/**
	 * With a bandwidth: how many bytes wait in each direction before packets are lost.
	 */
	queue?: number | bigint;
	/**
	 * How many packets are held back, so that later ones overtake them, 0 to 1.
	 */
	reorder?: number;
	/**
	 * How long they are held back.
	 */
	reorderBy?: DurationText;
}
/**
 * What a wire carried.
 */
export interface WireReport {
	/**
	 * What arrived, by the end that it was sent from.
	 */
	carried: CountReport[];
	/**
	 * Packets lost.
	 */
	lost: number;
	/**
	 * Name.
	 */
	name: string;
}
/**
 * The SAs of one worker of a virtual link: alike those for any worker but for SPI and keys.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "WorkerSasConfig".
 */
export interface WorkerSasConfig {
	/**
	 * The SA for what it receives.
	 */
	inbound?: SaKeysConfig | null;
	/**
	 * The SA for what it sends; without it, it uses the one for any worker.
	 */
	outbound?: SaKeysConfig | null;
	/**
	 * The worker, by number.
	 */
	worker: number;
}
/**
 * What happens.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ActionConfig".
 */
export type ActionConfig = {
	wireDown: string;
} | {
	wireUp: string;
} | {
	linkDown: string;
} | {
	linkUp: string;
} | {
	mtu: MtuConfig;
} | {
	rekey: RekeyConfig;
} | {
	deleteSas: string;
} | {
	routes: RouteChangeConfig;
} | {
	inject: InjectConfig;
} | {
	replay: ReplayConfig;
};
/**
 * What becomes of the packets of a policy.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ActionName".
 */
export type ActionName = "discard" | "bypass" | "protect";
/**
 * Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "AddressRangeText".
 */
export type AddressRangeText = string;
/**
 * For which direction a policy is looked at.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "AppliesName".
 */
export type AppliesName = "both" | "outbound" | "inbound";
/**
 * How a node combines routing, encapsulation and IPsec.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ArrangementName".
 */
export type ArrangementName = "transport" | "tunnel-mode" | "iiptran" | "interface-sa" | "initial-lookup-a" | "initial-lookup-b" | "integrated";
/** A packet of a burst: a `Packet`, or one in a buffer. No two of a burst may share a buffer's bytes. */
export type BurstItem = Packet | Uint8Array | ({
	buffer: Uint8Array;
} & PlaceOptions);
/** A packet went onto a wire. One that a wire doubles is told twice. */
export type Carried = {
	readonly event: "carried";
	readonly wire: string;
	/** The node or host that sent it; null for an injected packet. */
	readonly from: string | null;
	/** The node or host that it arrives at; null if it is lost. */
	readonly to: string | null;
	/** Its number in the run. */
	readonly packet: number;
	/** The packet in words, as it was sent. */
	readonly summary: string;
} & ({
	/** When it arrives. */
	readonly arrives: number;
} | {
	/** Why it does not arrive. */
	readonly lost: "random" | "queue-full" | "too-big" | "wire-down" | "no-neighbour";
});
/**
 * DF of an outer IPv4 header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DfName".
 */
export type DfName = "copy" | "set" | "clear";
/**
 * Which way packets go.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DirectionName".
 */
export type DirectionName = "outbound" | "inbound";
/** A document: TOML or JSON text, or a plain object with names in camel case or as JSON has them. */
export type Document<C> = C | string;
/** Why a packet met its end. */
export type DropReason = (typeof DropReason)[keyof typeof DropReason];
/**
 * DSCP of an outer header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DscpConfig".
 */
export type DscpConfig = number | DscpName | {
	[k: string]: number;
};
/**
 * Words for [`DscpConfig`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DscpName".
 */
export type DscpName = "copy";
/**
 * A time such as `1.5s`, `20ms`, `100us` or `0s`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DurationText".
 */
export type DurationText = string;
/**
 * ECN at a tunnel's exit.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "EcnEgressName".
 */
export type EcnEgressName = "rfc6040" | "rfc4301" | "ignore";
/**
 * ECN at a tunnel's entry.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "EcnIngressName".
 */
export type EcnIngressName = "normal" | "compatibility" | "full-functionality";
/**
 * What becomes of the packets of a rule.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FirewallActionName".
 */
export type FirewallActionName = "accept" | "discard";
/**
 * Flow label of an outer IPv6 header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FlowLabelConfig".
 */
export type FlowLabelConfig = number | FlowLabelName;
/**
 * Words for [`FlowLabelConfig`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FlowLabelName".
 */
export type FlowLabelName = "zero" | "copy" | "hash";
/**
 * What becomes of packets whose source is none of the node's in the network.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ForeignSourceName".
 */
export type ForeignSourceName = "reject" | "send";
/**
 * Which parts of a datagram.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FragmentsName".
 */
export type FragmentsName = "any" | "whole" | "first" | "later";
/** Something that happened in a network. */
export type Happening = Carried | Decided | Received | NeighbourChange | RouteChange | LinkChange | WireChange | MtuChange | KeyChange | AcquireRequest | Vain;
/**
 * Bytes, in a document as hexadecimal digits.
 */
export type Hex = string;
/**
 * A key in hexadecimal digits. Wiped when dropped; shown by none but the serialised document.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "HexKey".
 */
export type HexKey = string | Uint8Array;
/**
 * An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "IcmpRangeText".
 */
export type IcmpRangeText = number | string;
/**
 * Identification of an outer IPv4 header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "IdentificationName".
 */
export type IdentificationName = "counter" | "zero-if-atomic";
/**
 * DSCP at a tunnel's exit.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerDscpName".
 */
export type InnerDscpName = "keep" | "overwrite";
/**
 * Which of several packets inside one another inner selectors look at.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerLayerName".
 */
export type InnerLayerName = "innermost" | "next";
/**
 * An interface's address and the length of the prefix around it, such as `10.1.0.1/16`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InterfaceText".
 */
export type InterfaceText = string;
/** Vector instructions of x86-64, or none of them. Which one runs changes no byte of a result. */
export type Kernel = "avx512" | "avx2" | "aes-ni" | "portable";
/**
 * Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LookupName".
 */
export type LookupName = "spi" | "destination" | "source";
/**
 * Transport or tunnel mode.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ModeName".
 */
export type ModeName = "transport" | "tunnel";
/** Something that key management should know. */
export type NodeEvent = Acquire | OutboundSoftExpiry | InboundSoftExpiry;
/**
 * The word for what is switched off.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OffName".
 */
export type OffName = "off";
/**
 * The word of [`OrOpaque`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OpaqueName".
 */
export type OpaqueName = "opaque";
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque".
 */
export type OrOpaque = OpaqueName | ProtocolText;
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque2".
 */
export type OrOpaque2 = OpaqueName | PortRangeText[];
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque3".
 */
export type OrOpaque3 = OpaqueName | IcmpRangeText[];
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque4".
 */
export type OrOpaque4 = OpaqueName | number[];
/**
 * What becomes of inbound SAs whose policy is gone.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrphansName".
 */
export type OrphansName = "keep" | "delete";
/**
 * What became of a packet.
 */
export type Outcome = {
	/**
	 * The physical link.
	 */
	link: string;
	/**
	 * The neighbour that is to receive it.
	 */
	"next-hop": string;
	/**
	 * What it came by.
	 */
	trail: string[];
	verdict: "transmit";
} | {
	/**
	 * The physical or virtual link that it arrived by.
	 */
	link: string;
	/**
	 * What it came by.
	 */
	trail: string[];
	verdict: "deliver";
} | {
	verdict: "hold";
} | {
	/**
	 * What to check.
	 */
	check: string;
	/**
	 * The clause behind it.
	 */
	clause: string;
	/**
	 * Its code.
	 */
	code: number;
	/**
	 * What it means.
	 */
	meaning: string;
	/**
	 * The reason's name.
	 */
	reason: string;
	/**
	 * The stage after which it ended.
	 */
	stage: string;
	verdict: "drop";
};
/**
 * A row of the table of choices.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OuterPreset".
 */
export type OuterPreset = "ipip" | "tunnel-mode" | "linux-ipip" | "linux-ip6tnl" | "linux-tunnel-mode";
/**
 * A selector that a new SA takes from the packet (PFP).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PopulateName".
 */
export type PopulateName = "local" | "remote" | "protocol" | "local-port" | "remote-port";
/**
 * A port, `80`, or a range, `1000-2000`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PortRangeText".
 */
export type PortRangeText = number | string;
/**
 * A prefix such as `10.1.0.0/16`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PrefixText".
 */
export type PrefixText = string;
/**
 * A protocol's number or name, such as `17` or `udp`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ProtocolText".
 */
export type ProtocolText = number | string;
/**
 * What a route does that leads nowhere.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RouteAction".
 */
export type RouteAction = "blackhole" | "unreachable" | "prohibit";
/**
 * Where routes come from.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RoutingName".
 */
export type RoutingName = "static" | "shortest-paths" | "distance-vector";
/**
 * The side of the IPsec boundary.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SideName".
 */
export type SideName = "protected" | "unprotected";
/**
 * A security parameters index: a number, or text such as `0x00001000`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SpiText".
 */
export type SpiText = number | string;
/** An event of a network, and when it happened: nanoseconds since the scenario began. */
export type TraceEvent = {
	readonly time: number;
} & Happening;
/**
 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TransformText".
 */
export type TransformText = string;
/**
 * TTL or hop limit.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TtlConfig".
 */
export type TtlConfig = number | TtlName;
/**
 * Words for [`TtlConfig`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TtlName".
 */
export type TtlName = "inherit";
/**
 * A port, or `off`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "UdpPortConfig".
 */
export type UdpPortConfig = number | OffName;
/** A moment, or another number of 64 bits. */
export type Uint64 = bigint | number;
/** What becomes of a packet. */
export type Verdict = Transmit | Deliver | Hold | Dropped;
/**
 * Anti-replay.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "WindowConfig".
 */
export type WindowConfig = number | OffName;
interface InnerConfig$1 {
	/**
	 * DSCP.
	 */
	dscp?: InnerDscpName$1;
	/**
	 * ECN.
	 */
	ecn?: EcnEgressName$1;
}
interface LifetimeConfig$1 {
	/**
	 * When it carries nothing more.
	 */
	hard?: LimitsOfLifetime$1;
	/**
	 * When to start replacing it.
	 */
	soft?: LimitsOfLifetime$1;
}
interface LimitsOfLifetime$1 {
	/**
	 * Bytes given to the cipher.
	 */
	bytes?: number | null;
	/**
	 * Packets.
	 */
	packets?: number | null;
	/**
	 * Seconds since the node's time began.
	 */
	seconds?: number | null;
}
interface OuterConfig$1 {
	/**
	 * DF of an outer IPv4 header.
	 */
	df?: DfName$1 | null;
	/**
	 * DSCP: `copy`, a number, or a table from inner to outer DSCPs.
	 */
	dscp?: DscpConfig$1 | null;
	/**
	 * ECN.
	 */
	ecn?: EcnIngressName$1 | null;
	/**
	 * Tunnel encapsulation limit of an outer IPv6 header; -1 for none.
	 */
	"encapsulation-limit"?: number | null;
	/**
	 * Flow label of an outer IPv6 header: `zero`, `copy`, `hash`, or a number.
	 */
	"flow-label"?: FlowLabelConfig$1 | null;
	/**
	 * Identification of an outer IPv4 header.
	 */
	identification?: IdentificationName$1 | null;
	/**
	 * The row of choices to start from; by default the one that the RFCs give.
	 */
	preset?: OuterPreset$1 | null;
	/**
	 * Whether an inner DF and a cleared outer DF drop the packet (RFC 3884 appendix A).
	 */
	"strict-df"?: boolean | null;
	/**
	 * TTL or hop limit: a number, or `inherit`.
	 */
	ttl?: TtlConfig$1 | null;
}
interface ResynchronisationConfig$1 {
	/**
	 * How many integrity checks in a row must have failed.
	 */
	failures: number;
	/**
	 * How many runs of 2^32 sequence numbers to try.
	 */
	runs: number;
}
interface SaConfig$1 {
	/**
	 * Inbound: whether the padding must be 1, 2, 3 and so on; by default it must.
	 */
	"check-padding"?: boolean | null;
	/**
	 * Destination of its ESP packets. Tunnel mode needs it.
	 */
	destination?: string | null;
	/**
	 * Which way packets go, for a node; in a list of keys, from where the selectors are seen.
	 */
	direction?: DirectionName$1 | null;
	/**
	 * Outbound: the DSCPs that this SA is for, among SAs that are equal otherwise; by default all.
	 */
	dscps?: number[];
	/**
	 * Whether sequence numbers have 64 bits.
	 */
	"extended-sequence"?: boolean;
	/**
	 * Inbound: whether bytes behind a UDP datagram's end are cut off.
	 */
	"flow-padding"?: boolean;
	/**
	 * Inbound, tunnel mode: what is taken from the outer header.
	 */
	inner?: InnerConfig$1 | null;
	/**
	 * Which of several packets inside one another the inner selectors look at.
	 */
	"inner-layer"?: InnerLayerName$1;
	/**
	 * What may be inside the IP packets that it carries: any of these sets; by default anything.
	 */
	"inner-selectors"?: SelectorsConfig$1[];
	/**
	 * Integrity key in hexadecimal digits.
	 */
	"integrity-key"?: HexKey$1;
	/**
	 * Outbound: combined with the counter that is the IV of counter modes.
	 */
	"iv-mask"?: number;
	/**
	 * Encryption key, with its salt behind it, in hexadecimal digits.
	 */
	key?: HexKey$1;
	/**
	 * Inbound, ESN: how many failed packets a second are checked for being merely late.
	 */
	"late-checks-per-second"?: number | null;
	/**
	 * Lifetimes.
	 */
	lifetime?: LifetimeConfig$1 | null;
	/**
	 * Inbound: which addresses take part in the lookup besides the SPI, for multicast.
	 */
	lookup?: LookupName$1 | null;
	/**
	 * Transport or tunnel mode.
	 */
	mode?: ModeName$1;
	/**
	 * A name for people and traces.
	 */
	name?: string | null;
	/**
	 * The network whose packets the SA carries; by default the node's first.
	 */
	network?: string | null;
	/**
	 * Outbound, tunnel mode: how the outer header is filled.
	 */
	outer?: OuterConfig$1 | null;
	/**
	 * Outbound: the largest packet that the path takes, bytes, once sealed.
	 */
	"path-mtu"?: number | null;
	/**
	 * Outbound: the policy that the SA serves, or the virtual link whose interface it is to share.
	 */
	policy?: string | null;
	/**
	 * Inbound, ESN: finding the sender again after a long loss.
	 */
	resynchronisation?: ResynchronisationConfig$1 | null;
	/**
	 * Outbound: whether 32-bit sequence numbers may start again.
	 */
	rollover?: boolean;
	/**
	 * What the SA may carry: any of these sets; by default anything. Local is the node, and the sender
	 * where the SA has no direction.
	 */
	selectors?: SelectorsConfig$1[];
	/**
	 * Source of its ESP packets. Tunnel mode needs it.
	 */
	source?: string | null;
	/**
	 * Security parameters index, 256 or more.
	 */
	spi: SpiText$1;
	/**
	 * The sequence number before the first packet.
	 */
	start?: number;
	/**
	 * Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
	 */
	transform: TransformText$1;
	/**
	 * ESP inside UDP.
	 */
	"udp-encapsulation"?: UdpEncapsulationConfig$1 | null;
	/**
	 * Inbound, tunnel mode: whether the outer source must be the tunnel's far end.
	 */
	"verify-outer-source"?: boolean;
	/**
	 * Inbound: size of the anti-replay window, or `off`.
	 */
	window?: WindowConfig$1 | null;
	/**
	 * The worker that the SA is for, by number, among the SAs of its policy (RFC 9611); by default any.
	 */
	worker?: number | null;
}
interface SelectorsConfig$1 {
	/**
	 * Local addresses.
	 */
	local?: AddressRangeText$1[] | null;
	/**
	 * ICMP messages that this side may send.
	 */
	"local-icmp"?: OrOpaque3$1 | null;
	/**
	 * Mobility header types that this side may send.
	 */
	"local-mobility"?: OrOpaque4$1 | null;
	/**
	 * Local ports.
	 */
	"local-ports"?: OrOpaque2$1 | null;
	/**
	 * Next layer protocol.
	 */
	protocol?: OrOpaque$1 | null;
	/**
	 * Remote addresses.
	 */
	remote?: AddressRangeText$1[] | null;
	/**
	 * ICMP messages that the far side may send.
	 */
	"remote-icmp"?: OrOpaque3$1 | null;
	/**
	 * Mobility header types that the far side may send.
	 */
	"remote-mobility"?: OrOpaque4$1 | null;
	/**
	 * Remote ports.
	 */
	"remote-ports"?: OrOpaque2$1 | null;
}
interface UdpEncapsulationConfig$1 {
	/**
	 * Destination port.
	 */
	destination?: number;
	/**
	 * Source port.
	 */
	source?: number;
}
interface WindowReport$1 {
	/**
	 * The newest numbers that were received, the highest first, at most 64 numbers back.
	 */
	received: number[];
	/**
	 * How many sequence numbers it covers.
	 */
	size: number;
	/**
	 * The highest sequence number that was received.
	 */
	top: number;
}
type AddressRangeText$1 = string;
type DfName$1 = "copy" | "set" | "clear";
type DirectionName$1 = "outbound" | "inbound";
type DscpConfig$1 = number | DscpName$1 | {
	[k: string]: number;
};
type DscpName$1 = "copy";
type EcnEgressName$1 = "rfc6040" | "rfc4301" | "ignore";
type EcnIngressName$1 = "normal" | "compatibility" | "full-functionality";
type FlowLabelConfig$1 = number | FlowLabelName$1;
type FlowLabelName$1 = "zero" | "copy" | "hash";
type HexKey$1 = string;
type IcmpRangeText$1 = number | string;
type IdentificationName$1 = "counter" | "zero-if-atomic";
type InnerDscpName$1 = "keep" | "overwrite";
type InnerLayerName$1 = "innermost" | "next";
type LookupName$1 = "spi" | "destination" | "source";
type ModeName$1 = "transport" | "tunnel";
type OffName$1 = "off";
type OpaqueName$1 = "opaque";
type OrOpaque$1 = OpaqueName$1 | ProtocolText$1;
type OrOpaque2$1 = OpaqueName$1 | PortRangeText$1[];
type OrOpaque3$1 = OpaqueName$1 | IcmpRangeText$1[];
type OrOpaque4$1 = OpaqueName$1 | number[];
type OuterPreset$1 = "ipip" | "tunnel-mode" | "linux-ipip" | "linux-ip6tnl" | "linux-tunnel-mode";
type PortRangeText$1 = number | string;
type ProtocolText$1 = number | string;
type SpiText$1 = number | string;
type TransformText$1 = string;
type TtlConfig$1 = number | TtlName$1;
type TtlName$1 = "inherit";
type WindowConfig$1 = number | OffName$1;

export {};
