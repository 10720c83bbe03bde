// Made by npm run build.
/**
 * How a node combines routing, encapsulation and IPsec.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ArrangementName".
 */
export type ArrangementName =
  | 'transport'
  | 'tunnel-mode'
  | 'iiptran'
  | 'interface-sa'
  | 'initial-lookup-a'
  | 'initial-lookup-b'
  | 'integrated';
/**
 * A time such as `1.5s`, `20ms`, `100us` or `0s`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DurationText".
 */
export type DurationText = string;
/**
 * What happens.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ActionConfig".
 */
export type ActionConfig =
  | {
      wireDown: string;
    }
  | {
      wireUp: string;
    }
  | {
      linkDown: string;
    }
  | {
      linkUp: string;
    }
  | {
      mtu: MtuConfig;
    }
  | {
      rekey: RekeyConfig;
    }
  | {
      deleteSas: string;
    }
  | {
      routes: RouteChangeConfig;
    }
  | {
      inject: InjectConfig;
    }
  | {
      replay: ReplayConfig;
    };
/**
 * What a route does that leads nowhere.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RouteAction".
 */
export type RouteAction = 'blackhole' | 'unreachable' | 'prohibit';
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
 * A security parameters index: a number, or text such as `0x00001000`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SpiText".
 */
export type SpiText = number | string;
/**
 * An interface's address and the length of the prefix around it, such as `10.1.0.1/16`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InterfaceText".
 */
export type InterfaceText = string;
/**
 * Where routes come from.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "RoutingName".
 */
export type RoutingName = 'static' | 'shortest-paths' | 'distance-vector';
/**
 * Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "AddressRangeText".
 */
export type AddressRangeText = string;
/**
 * What becomes of the packets of a rule.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FirewallActionName".
 */
export type FirewallActionName = 'accept' | 'discard';
/**
 * Which parts of a datagram.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "FragmentsName".
 */
export type FragmentsName = 'any' | 'whole' | 'first' | 'later';
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque3".
 */
export type OrOpaque3 = OpaqueName | IcmpRangeText[];
/**
 * The word of [`OrOpaque`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OpaqueName".
 */
export type OpaqueName = 'opaque';
/**
 * An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "IcmpRangeText".
 */
export type IcmpRangeText = number | string;
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque4".
 */
export type OrOpaque4 = OpaqueName | number[];
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque2".
 */
export type OrOpaque2 = OpaqueName | PortRangeText[];
/**
 * A port, `80`, or a range, `1000-2000`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PortRangeText".
 */
export type PortRangeText = number | string;
/**
 * Values, or the word `opaque`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrOpaque".
 */
export type OrOpaque = OpaqueName | ProtocolText;
/**
 * The side of the IPsec boundary.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "SideName".
 */
export type SideName = 'protected' | 'unprotected';
/**
 * What becomes of the packets of a policy.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ActionName".
 */
export type ActionName = 'discard' | 'bypass' | 'protect';
/**
 * For which direction a policy is looked at.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "AppliesName".
 */
export type AppliesName = 'both' | 'outbound' | 'inbound';
/**
 * Which of several packets inside one another inner selectors look at.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerLayerName".
 */
export type InnerLayerName = 'innermost' | 'next';
/**
 * Transport or tunnel mode.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ModeName".
 */
export type ModeName = 'transport' | 'tunnel';
/**
 * A selector that a new SA takes from the packet (PFP).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "PopulateName".
 */
export type PopulateName = 'local' | 'remote' | 'protocol' | 'local-port' | 'remote-port';
/**
 * A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "TransformText".
 */
export type TransformText = string;
/**
 * Which way packets go.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DirectionName".
 */
export type DirectionName = 'outbound' | 'inbound';
/**
 * DSCP at a tunnel's exit.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "InnerDscpName".
 */
export type InnerDscpName = 'keep' | 'overwrite';
/**
 * ECN at a tunnel's exit.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "EcnEgressName".
 */
export type EcnEgressName = 'rfc6040' | 'rfc4301' | 'ignore';
/**
 * A key in hexadecimal digits. Wiped when dropped; shown by none but the serialised document.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "HexKey".
 */
export type HexKey = string | Uint8Array;
/**
 * Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "LookupName".
 */
export type LookupName = 'spi' | 'destination' | 'source';
/**
 * DF of an outer IPv4 header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DfName".
 */
export type DfName = 'copy' | 'set' | 'clear';
/**
 * DSCP of an outer header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DscpConfig".
 */
export type DscpConfig =
  | number
  | DscpName
  | {
      [k: string]: number;
    };
/**
 * Words for [`DscpConfig`].
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "DscpName".
 */
export type DscpName = 'copy';
/**
 * ECN at a tunnel's entry.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "EcnIngressName".
 */
export type EcnIngressName = 'normal' | 'compatibility' | 'full-functionality';
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
export type FlowLabelName = 'zero' | 'copy' | 'hash';
/**
 * Identification of an outer IPv4 header.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "IdentificationName".
 */
export type IdentificationName = 'counter' | 'zero-if-atomic';
/**
 * A row of the table of choices.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OuterPreset".
 */
export type OuterPreset = 'ipip' | 'tunnel-mode' | 'linux-ipip' | 'linux-ip6tnl' | 'linux-tunnel-mode';
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
export type TtlName = 'inherit';
/**
 * Anti-replay.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "WindowConfig".
 */
export type WindowConfig = number | OffName;
/**
 * The word for what is switched off.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OffName".
 */
export type OffName = 'off';
/**
 * What becomes of packets whose source is none of the node's in the network.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "ForeignSourceName".
 */
export type ForeignSourceName = 'reject' | 'send';
/**
 * What becomes of inbound SAs whose policy is gone.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "OrphansName".
 */
export type OrphansName = 'keep' | 'delete';
/**
 * A port, or `off`.
 *
 * This interface was referenced by `ScenarioConfig`'s JSON-Schema
 * via the `definition` "UdpPortConfig".
 */
export type UdpPortConfig = number | OffName;

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
  ends: [LinkEndConfig, LinkEndConfig];
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
