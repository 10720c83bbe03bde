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
/** What a drop reason means, which clause asks for it, and what to check. */
export declare function explain(reason: DropReason): Explanation;
/** A packet needs an SA that is not there (RFC 4301 section 4.4.1). */
export interface Acquire {
	readonly event: "acquire";
	readonly network: string;
	/** The policy that the SA is for. */
	readonly policy: string;
	/** The packet. */
	readonly flow: Flow;
}
/**
 * What is to be known of an address of the node.
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
 * Packets for this node's own upper layers.
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
 * Whatever came in.
 */
export interface CountReport1 {
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
 * Whatever went out.
 */
export interface CountReport2 {
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
	 * Bytes, in a document as hexadecimal digits.
	 */
	associated: string;
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
	 * Bytes, in a document as hexadecimal digits.
	 */
	iv: string;
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
 */
export interface FirewallRuleConfig {
	/**
	 * What becomes of the packets.
	 */
	action: "accept" | "discard";
	/**
	 * Their DSCPs; by default all.
	 */
	dscps?: number[];
	/**
	 * Which parts of a datagram.
	 */
	fragments?: "any" | "whole" | "first" | "later";
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
/** The packet is a fragment; the node keeps it until the datagram is whole. */
export interface Hold {
	readonly kind: "hold";
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
 * What a tunnel's exit takes from the outer header.
 */
export interface InnerConfig {
	/**
	 * DSCP.
	 */
	dscp?: "keep" | "overwrite";
	/**
	 * ECN.
	 */
	ecn?: "rfc6040" | "rfc4301" | "ignore";
}
/**
 * A line of the policy table.
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
	prefix: string;
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
 */
export interface LifetimeConfig {
	hard?: LimitsOfLifetime;
	soft?: LimitsOfLifetime1;
}
/**
 * Bounds on work and memory.
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
 * When it carries nothing more.
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
/**
 * When to start replacing it.
 */
export interface LimitsOfLifetime1 {
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
/**
 * A physical link.
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
	side?: "protected" | "unprotected";
}
/**
 * What one link carried.
 */
export interface LinkReport {
	/**
	 * Name.
	 */
	name: string;
	received: CountReport1;
	sent: CountReport2;
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
/**
 * A network that the node is in.
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
/** Where a route leads. */
export interface NextHop {
	/** The link's place in the document, from 0. */
	link: number;
	/** The neighbour on that link: the router, or the destination itself. */
	address: string;
}
/**
 * The description of a node.
 */
export interface NodeConfig {
	/**
	 * How the node combines routing, encapsulation and IPsec.
	 */
	arrangement: "transport" | "tunnel-mode" | "iiptran" | "interface-sa" | "initial-lookup-a" | "initial-lookup-b" | "integrated";
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
 * One of several equal ways.
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
 */
export interface PolicyConfig {
	/**
	 * What becomes of the packets.
	 */
	action: "discard" | "bypass" | "protect";
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
	innerLayer?: "innermost" | "next";
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
	 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
	 */
	transform: string;
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
 * When and how far to look for a sender that is 2^32 packets or more ahead.
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
/**
 * A route.
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
	prefix: string;
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
 * An SA in one direction.
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
	innerLayer?: "innermost" | "next";
	/**
	 * What may be inside the IP packets that it carries: any of these sets; by default anything.
	 */
	innerSelectors?: SelectorsConfig[];
	/**
	 * Integrity key in hexadecimal digits.
	 */
	integrityKey?: string | Uint8Array;
	/**
	 * Outbound: combined with the counter that is the IV of counter modes.
	 */
	ivMask?: number | bigint;
	/**
	 * Encryption key, with its salt behind it, in hexadecimal digits.
	 */
	key?: string | Uint8Array;
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
	mode?: "transport" | "tunnel";
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
	 * A security parameters index: a number, or text such as `0x00001000`.
	 */
	spi: number | string;
	/**
	 * The sequence number before the first packet.
	 */
	start?: number | bigint;
	/**
	 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
	 */
	transform: string;
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
 */
export interface SaKeysConfig {
	/**
	 * Integrity key in hexadecimal digits.
	 */
	integrityKey?: string | Uint8Array;
	/**
	 * Encryption key, with its salt behind it, in hexadecimal digits.
	 */
	key?: string | Uint8Array;
	/**
	 * A security parameters index: a number, or text such as `0x00001000`.
	 */
	spi: number | string;
	/**
	 * The sequence number before the first packet.
	 */
	start?: number | bigint;
}
/** What a single seal does differently: for known-answer tests, dummy packets and traffic-flow confidentiality. */
export interface SealOptions extends CallOptions {
	/** This sequence number; the SA's own counter stays where it is. */
	sequence?: Uint64;
	/** This IV, of the length that the transform takes. */
	iv?: Uint8Array;
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
 */
export interface SourceAddressesConfig {
	/**
	 * What is to be known of single addresses.
	 */
	attributes?: AddressAttributesConfig[];
	/**
	 * What becomes of packets whose source is bound and is none of the node's in this network.
	 */
	foreign?: "reject" | "send";
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
/**
 * Conditions on the way that a packet came, all of which must hold.
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
/**
 * A virtual link of RFC 3884. What it becomes depends on the arrangement: a tunnel interface whose
 * packets are protected in transport mode (`iiptran`), an interface that is a pair of tunnel-mode SAs
 * (`interface-sa`, `initial-lookup-b`), or a policy that picks a tunnel-mode SA, with routes that lead to
 * its far end (`initial-lookup-a`, `integrated`) or without (`tunnel-mode`).
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
	side?: "protected" | "unprotected";
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
	 * Bytes, in a document as hexadecimal digits.
	 */
	packet: string;
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
	window?: WindowReport | null;
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
/**
 * Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
 */
export type AddressRangeText = string;
/**
 * For which direction a policy is looked at.
 */
export type AppliesName = "both" | "outbound" | "inbound";
/** A packet of a burst: a `Packet`, or one in a buffer. No two of a burst may share a buffer's bytes. */
export type BurstItem = Packet | Uint8Array | ({
	buffer: Uint8Array;
} & PlaceOptions);
/**
 * DF of an outer IPv4 header.
 */
export type DfName = "copy" | "set" | "clear";
/**
 * Which way packets go.
 */
export type DirectionName = "outbound" | "inbound";
/** A document: TOML or JSON text, or a plain object with names in camel case or as JSON has them. */
export type Document<C> = C | string;
/** Why a packet met its end. */
export type DropReason = (typeof DropReason)[keyof typeof DropReason];
/**
 * DSCP of an outer header.
 */
export type DscpConfig = number | "copy" | {
	[k: string]: number;
};
/**
 * ECN at a tunnel's entry.
 */
export type EcnIngressName = "normal" | "compatibility" | "full-functionality";
/**
 * Flow label of an outer IPv6 header.
 */
export type FlowLabelConfig = number | ("zero" | "copy" | "hash");
/**
 * Bytes, in a document as hexadecimal digits.
 */
export type Hex = string;
/**
 * An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
 */
export type IcmpRangeText = number | string;
/**
 * Identification of an outer IPv4 header.
 */
export type IdentificationName = "counter" | "zero-if-atomic";
/**
 * An interface's address and the length of the prefix around it, such as `10.1.0.1/16`.
 */
export type InterfaceText = string;
/**
 * Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
 */
export type LookupName = "spi" | "destination" | "source";
/**
 * Transport or tunnel mode.
 */
export type ModeName = "transport" | "tunnel";
/** Something that key management should know. */
export type NodeEvent = Acquire | OutboundSoftExpiry | InboundSoftExpiry;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque = "opaque" | (number | string);
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque2 = "opaque" | PortRangeText[];
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque3 = "opaque" | IcmpRangeText[];
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque4 = "opaque" | number[];
/**
 * What becomes of inbound SAs whose policy is gone.
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
 */
export type OuterPreset = "ipip" | "tunnel-mode" | "linux-ipip" | "linux-ip6tnl" | "linux-tunnel-mode";
/**
 * A selector that a new SA takes from the packet (PFP).
 */
export type PopulateName = "local" | "remote" | "protocol" | "local-port" | "remote-port";
/**
 * A port, `80`, or a range, `1000-2000`.
 */
export type PortRangeText = number | string;
/**
 * A protocol's number or name, such as `17` or `udp`.
 */
export type ProtocolText = number | string;
/**
 * What a route does that leads nowhere.
 */
export type RouteAction = "blackhole" | "unreachable" | "prohibit";
/**
 * A security parameters index: a number, or text such as `0x00001000`.
 */
export type SpiText = number | string;
/**
 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
 */
export type TransformText = string;
/**
 * TTL or hop limit.
 */
export type TtlConfig = number | "inherit";
/**
 * A port, or `off`.
 */
export type UdpPortConfig = number | "off";
/** A moment, or another number of 64 bits. */
export type Uint64 = bigint | number;
/** What becomes of a packet. */
export type Verdict = Transmit | Deliver | Hold | Dropped;
/**
 * Anti-replay.
 */
export type WindowConfig = number | "off";

export {};
