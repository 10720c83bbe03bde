// Made by npm run build.
/**
 * Which way packets go.
 */
export type DirectionName = 'outbound' | 'inbound';
/**
 * DSCP at a tunnel's exit.
 */
export type InnerDscpName = 'keep' | 'overwrite';
/**
 * ECN at a tunnel's exit.
 */
export type EcnEgressName = 'rfc6040' | 'rfc4301' | 'ignore';
/**
 * Which of several packets inside one another inner selectors look at.
 */
export type InnerLayerName = 'innermost' | 'next';
/**
 * Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
 */
export type AddressRangeText = string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque3 = OpaqueName | IcmpRangeText[];
/**
 * The word of [`OrOpaque`].
 */
export type OpaqueName = 'opaque';
/**
 * An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
 */
export type IcmpRangeText = number | string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque4 = OpaqueName | number[];
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque2 = OpaqueName | PortRangeText[];
/**
 * A port, `80`, or a range, `1000-2000`.
 */
export type PortRangeText = number | string;
/**
 * Values, or the word `opaque`.
 */
export type OrOpaque = OpaqueName | ProtocolText;
/**
 * A protocol's number or name, such as `17` or `udp`.
 */
export type ProtocolText = number | string;
/**
 * A key in hexadecimal digits. Wiped when dropped; shown by none but the serialised document.
 */
export type HexKey = string;
/**
 * Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
 */
export type LookupName = 'spi' | 'destination' | 'source';
/**
 * Transport or tunnel mode.
 */
export type ModeName = 'transport' | 'tunnel';
/**
 * DF of an outer IPv4 header.
 */
export type DfName = 'copy' | 'set' | 'clear';
/**
 * DSCP of an outer header.
 */
export type DscpConfig =
  | number
  | DscpName
  | {
      [k: string]: number;
    };
/**
 * Words for [`DscpConfig`].
 */
export type DscpName = 'copy';
/**
 * ECN at a tunnel's entry.
 */
export type EcnIngressName = 'normal' | 'compatibility' | 'full-functionality';
/**
 * Flow label of an outer IPv6 header.
 */
export type FlowLabelConfig = number | FlowLabelName;
/**
 * Words for [`FlowLabelConfig`].
 */
export type FlowLabelName = 'zero' | 'copy' | 'hash';
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
export type TtlConfig = number | TtlName;
/**
 * Words for [`TtlConfig`].
 */
export type TtlName = 'inherit';
/**
 * A security parameters index: a number, or text such as `0x00001000`.
 */
export type SpiText = number | string;
/**
 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
 */
export type TransformText = string;
/**
 * Anti-replay.
 */
export type WindowConfig = number | OffName;
/**
 * The word for what is switched off.
 */
export type OffName = 'off';

/**
 * A list of SAs: what is needed to open or seal the packets of a capture.
 */
export interface KeysConfig {
  /**
   * The SAs.
   */
  sas: SaConfig[];
}
/**
 * An SA in one direction.
 */
export interface SaConfig {
  /**
   * Inbound: whether the padding must be 1, 2, 3 and so on; by default it must.
   */
  'check-padding'?: boolean | null;
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
  'extended-sequence'?: boolean;
  /**
   * Inbound: whether bytes behind a UDP datagram's end are cut off.
   */
  'flow-padding'?: boolean;
  /**
   * Inbound, tunnel mode: what is taken from the outer header.
   */
  inner?: InnerConfig | null;
  /**
   * Which of several packets inside one another the inner selectors look at.
   */
  'inner-layer'?: InnerLayerName;
  /**
   * What may be inside the IP packets that it carries: any of these sets; by default anything.
   */
  'inner-selectors'?: SelectorsConfig[];
  /**
   * Integrity key in hexadecimal digits.
   */
  'integrity-key'?: HexKey;
  /**
   * Outbound: combined with the counter that is the IV of counter modes.
   */
  'iv-mask'?: number;
  /**
   * Encryption key, with its salt behind it, in hexadecimal digits.
   */
  key?: HexKey;
  /**
   * Inbound, ESN: how many failed packets a second are checked for being merely late.
   */
  'late-checks-per-second'?: number | null;
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
  'path-mtu'?: number | null;
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
  start?: number;
  /**
   * Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
   */
  transform: TransformText;
  /**
   * ESP inside UDP.
   */
  'udp-encapsulation'?: UdpEncapsulationConfig | null;
  /**
   * Inbound, tunnel mode: whether the outer source must be the tunnel's far end.
   */
  'verify-outer-source'?: boolean;
  /**
   * Inbound: size of the anti-replay window, or `off`.
   */
  window?: WindowConfig | null;
  /**
   * The worker that the SA is for, by number, among the SAs of its policy (RFC 9611); by default any.
   */
  worker?: number | null;
}
/**
 * What a tunnel's exit takes from the outer header.
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
  'local-icmp'?: OrOpaque3 | null;
  /**
   * Mobility header types that this side may send.
   */
  'local-mobility'?: OrOpaque4 | null;
  /**
   * Local ports.
   */
  'local-ports'?: OrOpaque2 | null;
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
  'remote-icmp'?: OrOpaque3 | null;
  /**
   * Mobility header types that the far side may send.
   */
  'remote-mobility'?: OrOpaque4 | null;
  /**
   * Remote ports.
   */
  'remote-ports'?: OrOpaque2 | null;
}
/**
 * When to replace an SA, and when it ends.
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
 * Limits; whichever is reached first counts.
 */
export interface LimitsOfLifetime {
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
  'encapsulation-limit'?: number | null;
  /**
   * Flow label of an outer IPv6 header: `zero`, `copy`, `hash`, or a number.
   */
  'flow-label'?: FlowLabelConfig | null;
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
  'strict-df'?: boolean | null;
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
