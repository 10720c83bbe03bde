// Made by npm run build.
/**
 * Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
 */
export type AddressRangeText = string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque3 = 'opaque' | IcmpRangeText[];
/**
 * An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
 */
export type IcmpRangeText = number | string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque4 = 'opaque' | number[];
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque2 = 'opaque' | PortRangeText[];
/**
 * A port, `80`, or a range, `1000-2000`.
 */
export type PortRangeText = number | string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque = 'opaque' | (number | string);
/**
 * A security parameters index: a number, or text such as `0x00001000`.
 */
export type SpiText = number | string;
/**
 * An interface's address and the length of the prefix around it, such as `10.1.0.1/16`.
 */
export type InterfaceText = string;
/**
 * What becomes of inbound SAs whose policy is gone.
 */
export type OrphansName = 'keep' | 'delete';
/**
 * For which direction a policy is looked at.
 */
export type AppliesName = 'both' | 'outbound' | 'inbound';
/**
 * Transport or tunnel mode.
 */
export type ModeName = 'transport' | 'tunnel';
/**
 * A selector that a new SA takes from the packet (PFP).
 */
export type PopulateName = 'local' | 'remote' | 'protocol' | 'local-port' | 'remote-port';
/**
 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
 */
export type TransformText = string;
/**
 * What a route does that leads nowhere.
 */
export type RouteAction = 'blackhole' | 'unreachable' | 'prohibit';
/**
 * Which way packets go.
 */
export type DirectionName = 'outbound' | 'inbound';
/**
 * Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
 */
export type LookupName = 'spi' | 'destination' | 'source';
/**
 * DF of an outer IPv4 header.
 */
export type DfName = 'copy' | 'set' | 'clear';
/**
 * DSCP of an outer header.
 */
export type DscpConfig =
  | number
  | 'copy'
  | {
      [k: string]: number;
    };
/**
 * ECN at a tunnel's entry.
 */
export type EcnIngressName = 'normal' | 'compatibility' | 'full-functionality';
/**
 * Flow label of an outer IPv6 header.
 */
export type FlowLabelConfig = number | ('zero' | 'copy' | 'hash');
/**
 * Identification of an outer IPv4 header.
 */
export type IdentificationName = 'counter' | 'zero-if-atomic';
/**
 * A row of the table of choices.
 */
export type OuterPreset = 'ipip' | 'tunnel-mode' | 'linux-ipip' | 'linux-ip6tnl' | 'linux-tunnel-mode';
/**
 * TTL or hop limit.
 */
export type TtlConfig = number | 'inherit';
/**
 * Anti-replay.
 */
export type WindowConfig = number | 'off';
/**
 * A protocol's number or name, such as `17` or `udp`.
 */
export type ProtocolText = number | string;
/**
 * A port, or `off`.
 */
export type UdpPortConfig = number | 'off';

/**
 * The description of a node.
 */
export interface NodeConfig {
  /**
   * How the node combines routing, encapsulation and IPsec.
   */
  arrangement:
    | 'transport'
    | 'tunnel-mode'
    | 'iiptran'
    | 'interface-sa'
    | 'initial-lookup-a'
    | 'initial-lookup-b'
    | 'integrated';
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
 * A rule: which packets, and what becomes of them.
 */
export interface FirewallRuleConfig {
  /**
   * What becomes of the packets.
   */
  action: 'accept' | 'discard';
  /**
   * Their DSCPs; by default all.
   */
  dscps?: number[];
  /**
   * Which parts of a datagram.
   */
  fragments?: 'any' | 'whole' | 'first' | 'later';
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
  side?: 'protected' | 'unprotected';
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
  foreign?: 'reject' | 'send';
  /**
   * Lines of the policy table, besides those of RFC 6724 section 2.1; a prefix that is there already
   * is replaced. Sources and destinations of one label go together.
   */
  labels?: LabelConfig[];
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
 * An entry of the SPD. The order of the document is the order of the search.
 */
export interface PolicyConfig {
  /**
   * What becomes of the packets.
   */
  action: 'discard' | 'bypass' | 'protect';
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
  innerLayer?: 'innermost' | 'next';
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
  innerLayer?: 'innermost' | 'next';
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
  mode?: 'transport' | 'tunnel';
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
/**
 * What a tunnel's exit takes from the outer header.
 */
export interface InnerConfig {
  /**
   * DSCP.
   */
  dscp?: 'keep' | 'overwrite';
  /**
   * ECN.
   */
  ecn?: 'rfc6040' | 'rfc4301' | 'ignore';
}
/**
 * When to replace an SA, and when it ends.
 */
export interface LifetimeConfig {
  hard?: LimitsOfLifetime;
  soft?: LimitsOfLifetime1;
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
  side?: 'protected' | 'unprotected';
  /**
   * Which packets go into the tunnel, where policy decides that; by default all.
   */
  traffic?: SelectorsConfig[];
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
