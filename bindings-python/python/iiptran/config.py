"""Documents as dataclasses: what is said of nodes and scenarios, field by field.

A field that is None is left out of the document, and the library's default holds. The lists of
SAs, policies and routes on their own are `iiptran.OutboundSa(Sa(...))`, `iiptran.Spd({'policies':
[Policy(...)]})` and `iiptran.Fib({'links': [...], 'routes': [Route(...)]})`.
"""

# Made by python bindings-python/tools/generate.py, from core/schema.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Literal

__all__ = [
    "AddressAttributes",
    "Demand",
    "Event",
    "FirewallRule",
    "Flow",
    "Host",
    "Inject",
    "Inner",
    "InnerPacket",
    "Label",
    "Lifetime",
    "Limits",
    "LimitsOfLifetime",
    "Link",
    "LinkEnd",
    "Mtu",
    "Network",
    "Node",
    "Outer",
    "Packet",
    "Path",
    "Policy",
    "Protection",
    "Rekey",
    "Replay",
    "Resynchronisation",
    "RouteChange",
    "Route",
    "Sa",
    "SaKeys",
    "Scenario",
    "ScenarioLink",
    "ScenarioNetwork",
    "ScenarioNode",
    "Selectors",
    "SourceAddresses",
    "Timers",
    "Trail",
    "TrailPattern",
    "UdpEncapsulation",
    "VirtualLink",
    "Wire",
    "WorkerSas",
]


@dataclass(kw_only=True, frozen=True)
class AddressAttributes:
    """What is to be known of an address of the node."""

    address: str | IPv4Address | IPv6Address
    """The address."""
    advertised_by: str | IPv4Address | IPv6Address | None = None
    """The router that advertised its prefix."""
    care_of: bool | None = None
    """It is a mobile node's care-of address."""
    deprecated: bool | None = None
    """It should not be used for new flows."""
    home: bool | None = None
    """It is a mobile node's home address."""
    temporary: bool | None = None
    """It is a temporary address."""


@dataclass(kw_only=True, frozen=True)
class Demand:
    """What packets must show that come out of a virtual link. What is left out is as the link's
    protection has it: with protection, an SA that is bound to the link and gives what the
    protection gives; without, nothing.
    """

    link: str
    """The virtual link."""
    anti_replay: bool | None = None
    """Whether none may have been received twice."""
    bound: bool | None = None
    """Whether that SA must carry nothing but IP packets between the link's two ends."""
    confidentiality: bool | None = None
    """Whether nobody else may have been able to read them."""
    protected: bool | None = None
    """Whether an SA must have opened them."""
    sources: Sequence[str | IPv4Address | IPv6Address | IPv4Network | IPv6Network] | None = None
    """The sources that inner packets may have; by default any."""


@dataclass(kw_only=True, frozen=True)
class Event:
    """Something that happens at a moment."""

    action: Mapping[str, str] | Mapping[str, Mtu] | Mapping[str, Rekey] | Mapping[str, RouteChange] | Mapping[str, Inject] | Mapping[str, Replay]
    """What."""
    at: str
    """When."""


@dataclass(kw_only=True, frozen=True)
class FirewallRule:
    """A rule: which packets, and what becomes of them."""

    action: Literal["accept", "discard"]
    """What becomes of the packets."""
    name: str
    """Name, unique in the node."""
    dscps: Sequence[int] | None = None
    """Their DSCPs; by default all."""
    fragments: Literal["any", "whole", "first", "later"] | None = None
    """Which parts of a datagram."""
    links: Sequence[str] | None = None
    """The links by which they arrived; by default any."""
    selectors: Sequence[Selectors] | None = None
    """Their fields, in any of these sets; the local address is the destination. By default
    anything.
    """
    trail: Trail | None = None
    """The way that they came."""


@dataclass(kw_only=True, frozen=True)
class Flow:
    """Numbered UDP packets from one node or host to another."""

    from_: str
    """The node or host that sends."""
    to: str
    """The node or host that is to receive; packets that reach another one are misdelivered."""
    count: int | None = None
    """How many packets are sent; by default as many as there is time for."""
    destination: str | IPv4Address | IPv6Address | None = None
    """Destination address; by default the receiver's first of the source's IP version."""
    every: str | None = None
    """Time from packet to packet."""
    name: str | None = None
    """Name; by default `FROM to TO`."""
    network: str | None = None
    """If a node sends: in which of its networks; by default the first."""
    size: int | None = None
    """Bytes behind the UDP header, 24 or more."""
    source: str | IPv4Address | IPv6Address | None = None
    """Source address; by default what a node selects by its routes, and a host's first."""
    start: str | None = None
    """When it begins."""
    stop: str | None = None
    """When it ends; by default with the scenario."""
    ttl: int | None = None
    """TTL or hop limit."""


@dataclass(kw_only=True, frozen=True)
class Host:
    """A host: it sends and receives, without IPsec and without a choice of ways."""

    addresses: Sequence[str | IPv4Interface | IPv6Interface]
    """Its addresses, with the length of the prefix around each."""
    name: str
    """Name, unique among nodes and hosts."""
    gateway: str | IPv4Address | IPv6Address | None = None
    """The router for all other destinations; needed where a wire has more than two ends."""


@dataclass(kw_only=True, frozen=True)
class Inject:
    """Spoofed packets."""

    link: str
    """The link by which they arrive: `NODE.LINK`."""
    packet: Packet
    """The packet."""
    count: int | None = None
    """How many."""
    every: str | None = None
    """Time from packet to packet."""


@dataclass(kw_only=True, frozen=True)
class Inner:
    """What a tunnel's exit takes from the outer header."""

    dscp: Literal["keep", "overwrite"] | None = None
    """DSCP."""
    ecn: Literal["rfc6040", "rfc4301", "ignore"] | None = None
    """ECN."""


@dataclass(kw_only=True, frozen=True)
class InnerPacket:
    """The packet inside another."""

    destination: str | IPv4Address | IPv6Address
    """Destination address."""
    source: str | IPv4Address | IPv6Address
    """Source address."""


@dataclass(kw_only=True, frozen=True)
class Label:
    """A line of the policy table."""

    label: int
    """What they go together with."""
    prefix: str | IPv4Network | IPv6Network
    """The addresses; IPv4 ones inside `::ffff:0:0/96`."""
    precedence: int | None = None
    """How much destinations are liked; the highest the most."""


@dataclass(kw_only=True, frozen=True)
class Lifetime:
    """When to replace an SA, and when it ends."""

    hard: LimitsOfLifetime | None = None
    """When it carries nothing more."""
    soft: LimitsOfLifetime | None = None
    """When to start replacing it."""


@dataclass(kw_only=True, frozen=True)
class Limits:
    """Bounds on work and memory."""

    nesting: int | None = None
    """How many tunnels a packet may go into or come out of."""
    reassembly_datagrams: int | None = None
    """How many datagrams may be in reassembly; 0 for none."""
    reassembly_seconds: int | None = None
    """How long a datagram waits for its fragments, seconds."""
    reassembly_size: int | None = None
    """The longest datagram that is reassembled, bytes."""


@dataclass(kw_only=True, frozen=True)
class LimitsOfLifetime:
    """Limits; whichever is reached first counts."""

    bytes: int | None = None
    """Bytes given to the cipher."""
    packets: int | None = None
    """Packets."""
    seconds: int | None = None
    """Seconds since the node's time began."""


@dataclass(kw_only=True, frozen=True)
class Link:
    """A physical link."""

    name: str
    """Name, unique in the node."""
    addresses: Sequence[str | IPv4Interface | IPv6Interface] | None = None
    """This node's addresses on it, with the length of the prefix around each."""
    mtu: int | None = None
    """The largest packet that it takes, bytes."""
    network: str | None = None
    """Its network; by default the node's first."""
    side: Literal["protected", "unprotected"] | None = None
    """On which side of the IPsec boundary it is; by default on the far one."""


@dataclass(kw_only=True, frozen=True)
class LinkEnd:
    """One end of a virtual link."""

    local: str | IPv4Address | IPv6Address
    """Its address in the network that carries the link."""
    node: str
    """The node."""
    addresses: Sequence[str | IPv4Interface | IPv6Interface] | None = None
    """Where the virtual link is an interface: the node's addresses on it."""


@dataclass(kw_only=True, frozen=True)
class Mtu:
    """A new MTU."""

    mtu: int
    """The largest packet, bytes."""
    wire: str
    """The wire."""


@dataclass(kw_only=True, frozen=True)
class Network:
    """A network that the node is in."""

    name: str
    """Name, unique in the node."""
    base: str | None = None
    """The network that carries the tunnel-mode packets of this one; by default the node's first."""
    source_addresses: SourceAddresses | None = None
    """What is said about source addresses of packets that the node sends in it."""


@dataclass(kw_only=True, frozen=True)
class Node:
    """The description of a node."""

    arrangement: Literal["transport", "tunnel-mode", "iiptran", "interface-sa", "initial-lookup-a", "initial-lookup-b", "integrated"]
    """How the node combines routing, encapsulation and IPsec."""
    bump_in_the_stack: bool | None = None
    """Whether IPsec is a shim below an IP layer that it can't change ("bump in the stack", RFC
    4301 section 3.3). Arrangements that need more than that are refused.
    """
    demands: Sequence[Demand] | None = None
    """What packets must show that come out of virtual links. A link with protection demands the SA
    that is bound to it without being told (RFC 3884 section 4.2.3).
    """
    firewall: Sequence[FirewallRule] | None = None
    """Which packets may be delivered or forwarded once IPsec and tunnels have let them through,
    the first rule to be tried first. A link that no rule is for lets everything pass; one that
    a rule is for lets nothing pass but what a rule accepts.
    """
    flow_seed: int | None = None
    """A number of this node's own that takes part in the choice among equal ways."""
    insecure_test_keys: bool | None = None
    """Whether counter-mode algorithms may have keys from this document. A restart would use the
    same IVs again, which gives plaintexts away (RFC 8221 section 3): for tests only.
    """
    limits: Limits | None = None
    """Bounds on work and memory."""
    links: Sequence[Link] | None = None
    """Physical links."""
    networks: Sequence[Network] | None = None
    """The networks that the node is in; by default one, named `base`. What names no network is in
    the first.
    """
    orphaned_sas: Literal["keep", "delete"] | None = None
    """What becomes of inbound SAs whose policy is gone when another document is installed."""
    policies: Sequence[Policy] | None = None
    """Policies, searched in this order behind those of the virtual links. What none names is
    discarded.
    """
    routes: Sequence[Route] | None = None
    """Routes, besides those to the prefixes of the links."""
    sas: Sequence[Sa] | None = None
    """SAs, besides those of the virtual links."""
    shared_sa_interfaces: bool | None = None
    """For demonstration: SA interfaces may have several SAs, of both modes, by `sas` that name the
    virtual link as their policy. RFC 3884 section 4.1 rules that out: packets come back to the
    interface, and routing takes one tunnel for another.
    """
    skipped_headers: Sequence[int | str] | None = None
    """IPv6 headers that are skipped on the way to the next layer."""
    udp_encapsulation_port: int | Literal["off"] | None = None
    """The port on which UDP-encapsulated ESP is received, or `off`."""
    virtual_links: Sequence[VirtualLink] | None = None
    """Virtual links."""


@dataclass(kw_only=True, frozen=True)
class Outer:
    """How a tunnel's entry fills the outer header: a preset, and what differs from it."""

    df: Literal["copy", "set", "clear"] | None = None
    """DF of an outer IPv4 header."""
    dscp: int | Literal["copy"] | Mapping[int | str, int] | None = None
    """DSCP: `copy`, a number, or a table from inner to outer DSCPs."""
    ecn: Literal["normal", "compatibility", "full-functionality"] | None = None
    """ECN."""
    encapsulation_limit: int | None = None
    """Tunnel encapsulation limit of an outer IPv6 header; -1 for none."""
    flow_label: int | Literal["zero", "copy", "hash"] | None = None
    """Flow label of an outer IPv6 header: `zero`, `copy`, `hash`, or a number."""
    identification: Literal["counter", "zero-if-atomic"] | None = None
    """Identification of an outer IPv4 header."""
    preset: Literal["ipip", "tunnel-mode", "linux-ipip", "linux-ip6tnl", "linux-tunnel-mode"] | None = None
    """The row of choices to start from; by default the one that the RFCs give."""
    strict_df: bool | None = None
    """Whether an inner DF and a cleared outer DF drop the packet (RFC 3884 appendix A)."""
    ttl: int | Literal["inherit"] | None = None
    """TTL or hop limit: a number, or `inherit`."""


@dataclass(kw_only=True, frozen=True)
class Packet:
    """A packet made to order."""

    destination: str | IPv4Address | IPv6Address
    """Destination address."""
    source: str | IPv4Address | IPv6Address
    """Source address."""
    inner: InnerPacket | None = None
    """A UDP packet inside, as if it came out of a tunnel in clear."""
    protocol: int | str | None = None
    """Without an inner packet: the protocol; by default `udp`."""
    sequence: int | None = None
    """For the protocol `esp`: the sequence number."""
    size: int | None = None
    """Bytes behind the header; at random, but for UDP's header and ESP's first fields."""
    spi: int | str | None = None
    """For the protocol `esp`: the SPI."""
    ttl: int | None = None
    """TTL or hop limit."""


@dataclass(kw_only=True, frozen=True)
class Path:
    """One of several equal ways."""

    link: str
    """The link."""
    via: str | IPv4Address | IPv6Address | None = None
    """The router on that link."""


@dataclass(kw_only=True, frozen=True)
class Policy:
    """An entry of the SPD. The order of the document is the order of the search."""

    action: Literal["discard", "bypass", "protect"]
    """What becomes of the packets."""
    name: str
    """Name, unique in its network."""
    applies: Literal["both", "outbound", "inbound"] | None = None
    """Bypass and discard: for which direction; by default both. Protect is for both."""
    extended_sequence: bool | None = None
    """Protect: whether new SAs have sequence numbers of 64 bits; by default they do."""
    inner_layer: Literal["innermost", "next"] | None = None
    """Which of several packets inside one another the inner selectors look at."""
    inner_selectors: Sequence[Selectors] | None = None
    """Which packets by what is inside them, IP in IP: any of these sets must match too. By default
    anything.
    """
    mode: Literal["transport", "tunnel"] | None = None
    """Protect: transport or tunnel mode; by default transport."""
    network: str | None = None
    """The network whose boundary it guards; by default the node's first."""
    populate: Sequence[Literal["local", "remote", "protocol", "local-port", "remote-port"]] | None = None
    """Protect: which selectors of a new SA are the packet's own values."""
    selectors: Sequence[Selectors] | None = None
    """Which packets: those that match any of these sets; by default all."""
    transforms: Sequence[str] | None = None
    """Protect: the algorithms that SAs may have, the best first; by default any."""
    tunnel_local: str | IPv4Address | IPv6Address | None = None
    """Protect in tunnel mode: this end."""
    tunnel_remote: str | IPv4Address | IPv6Address | None = None
    """Protect in tunnel mode: the far end."""


@dataclass(kw_only=True, frozen=True)
class Protection:
    """How a virtual link is protected: an SA each way, alike but for SPI and keys."""

    transform: str
    """Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`."""
    extended_sequence: bool | None = None
    """Whether sequence numbers have 64 bits."""
    inbound: SaKeys | None = None
    """The SA for what this node receives."""
    lifetime: Lifetime | None = None
    """Lifetimes."""
    outbound: SaKeys | None = None
    """The SA for what this node sends; without it, packets are dropped until there is one."""
    udp_encapsulation: UdpEncapsulation | None = None
    """ESP inside UDP."""
    window: int | Literal["off"] | None = None
    """Size of the anti-replay window, or `off`."""
    workers: Sequence[WorkerSas] | None = None
    """SAs of single workers, beside those above, which are for any worker (RFC 9611)."""


@dataclass(kw_only=True, frozen=True)
class Rekey:
    """New SAs for a virtual link."""

    virtual_link: str
    """The virtual link."""
    overlap: str | None = None
    """How long the old inbound SAs stay, for packets that are under way."""


@dataclass(kw_only=True, frozen=True)
class Replay:
    """A packet that came once comes again."""

    link: str
    """The link by which it came and comes again: `NODE.LINK`."""
    count: int | None = None
    """How often."""
    every: str | None = None
    """Time from packet to packet."""


@dataclass(kw_only=True, frozen=True)
class Resynchronisation:
    """When and how far to look for a sender that is 2^32 packets or more ahead."""

    failures: int
    """How many integrity checks in a row must have failed."""
    runs: int
    """How many runs of 2^32 sequence numbers to try."""


@dataclass(kw_only=True, frozen=True)
class RouteChange:
    """A change of a node's static routes. A virtual link that is no interface in the arrangement
    can't be routed into: such a route is left out, and an event says so.
    """

    node: str
    """The node."""
    add: Sequence[Route] | None = None
    """Routes that are added, or take the place of others of the same prefix."""
    network: str | None = None
    """Its network; by default the first."""
    remove: Sequence[str | IPv4Network | IPv6Network] | None = None
    """Routes that are withdrawn."""


@dataclass(kw_only=True, frozen=True)
class Route:
    """A route."""

    prefix: str | IPv4Network | IPv6Network
    """The destinations."""
    action: Literal["blackhole", "unreachable", "prohibit"] | None = None
    """No way at all."""
    link: str | None = None
    """The link that leads there."""
    network: str | None = None
    """The network whose route it is; by default the node's first."""
    paths: Sequence[Path] | None = None
    """Several equal ways instead of one."""
    preference: int | None = None
    """Among routes to one prefix the lowest wins."""
    source: str | IPv4Address | IPv6Address | None = None
    """Source address of packets that this node sends by this route."""
    via: str | IPv4Address | IPv6Address | None = None
    """The router on that link; none if the destination is on the link, or the link is a tunnel."""


@dataclass(kw_only=True, frozen=True)
class Sa:
    """An SA in one direction."""

    spi: int | str
    """Security parameters index, 256 or more."""
    transform: str
    """Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`."""
    check_padding: bool | None = None
    """Inbound: whether the padding must be 1, 2, 3 and so on; by default it must."""
    destination: str | IPv4Address | IPv6Address | None = None
    """Destination of its ESP packets. Tunnel mode needs it."""
    direction: Literal["outbound", "inbound"] | None = None
    """Which way packets go, for a node; in a list of keys, from where the selectors are seen."""
    dscps: Sequence[int] | None = None
    """Outbound: the DSCPs that this SA is for, among SAs that are equal otherwise; by default all."""
    extended_sequence: bool | None = None
    """Whether sequence numbers have 64 bits."""
    flow_padding: bool | None = None
    """Inbound: whether bytes behind a UDP datagram's end are cut off."""
    inner: Inner | None = None
    """Inbound, tunnel mode: what is taken from the outer header."""
    inner_layer: Literal["innermost", "next"] | None = None
    """Which of several packets inside one another the inner selectors look at."""
    inner_selectors: Sequence[Selectors] | None = None
    """What may be inside the IP packets that it carries: any of these sets; by default anything."""
    integrity_key: str | bytes | None = None
    """Integrity key in hexadecimal digits."""
    iv_mask: int | None = None
    """Outbound: combined with the counter that is the IV of counter modes."""
    key: str | bytes | None = None
    """Encryption key, with its salt behind it, in hexadecimal digits."""
    late_checks_per_second: int | None = None
    """Inbound, ESN: how many failed packets a second are checked for being merely late."""
    lifetime: Lifetime | None = None
    """Lifetimes."""
    lookup: Literal["spi", "destination", "source"] | None = None
    """Inbound: which addresses take part in the lookup besides the SPI, for multicast."""
    mode: Literal["transport", "tunnel"] | None = None
    """Transport or tunnel mode."""
    name: str | None = None
    """A name for people and traces."""
    network: str | None = None
    """The network whose packets the SA carries; by default the node's first."""
    outer: Outer | None = None
    """Outbound, tunnel mode: how the outer header is filled."""
    path_mtu: int | None = None
    """Outbound: the largest packet that the path takes, bytes, once sealed."""
    policy: str | None = None
    """Outbound: the policy that the SA serves, or the virtual link whose interface it is to share."""
    resynchronisation: Resynchronisation | None = None
    """Inbound, ESN: finding the sender again after a long loss."""
    rollover: bool | None = None
    """Outbound: whether 32-bit sequence numbers may start again."""
    selectors: Sequence[Selectors] | None = None
    """What the SA may carry: any of these sets; by default anything. Local is the node, and the
    sender where the SA has no direction.
    """
    source: str | IPv4Address | IPv6Address | None = None
    """Source of its ESP packets. Tunnel mode needs it."""
    start: int | None = None
    """The sequence number before the first packet."""
    udp_encapsulation: UdpEncapsulation | None = None
    """ESP inside UDP."""
    verify_outer_source: bool | None = None
    """Inbound, tunnel mode: whether the outer source must be the tunnel's far end."""
    window: int | Literal["off"] | None = None
    """Inbound: size of the anti-replay window, or `off`."""
    worker: int | None = None
    """The worker that the SA is for, by number, among the SAs of its policy (RFC 9611); by default
    any.
    """


@dataclass(kw_only=True, frozen=True)
class SaKeys:
    """What differs between the two SAs of a virtual link."""

    spi: int | str
    """Security parameters index, 256 or more."""
    integrity_key: str | bytes | None = None
    """Integrity key in hexadecimal digits."""
    key: str | bytes | None = None
    """Encryption key, with its salt behind it, in hexadecimal digits."""
    start: int | None = None
    """The sequence number before the first packet."""


@dataclass(kw_only=True, frozen=True)
class Scenario:
    """A scenario: nodes and hosts, what connects them, and what happens. The arrangement stands in
    it once. The same scenario under another arrangement is the same document with another word
    there.
    """

    arrangement: Literal["transport", "tunnel-mode", "iiptran", "interface-sa", "initial-lookup-a", "initial-lookup-b", "integrated"]
    """How all nodes combine routing, encapsulation and IPsec."""
    duration: str
    """How long it takes."""
    description: str | None = None
    """What it shows."""
    events: Sequence[Event] | None = None
    """What else happens."""
    flows: Sequence[Flow] | None = None
    """Packets that are sent."""
    hosts: Sequence[Host] | None = None
    """Hosts."""
    networks: Sequence[ScenarioNetwork] | None = None
    """Networks; the first is the base network. By default there is one, named `base`."""
    nodes: Sequence[ScenarioNode] | None = None
    """Nodes."""
    seed: int | None = None
    """Where all random choices come from: the same seed gives the same run."""
    title: str | None = None
    """What it is called."""
    virtual_links: Sequence[ScenarioLink] | None = None
    """Virtual links between nodes."""
    wires: Sequence[Wire] | None = None
    """What connects the physical links of nodes, and hosts."""


@dataclass(kw_only=True, frozen=True)
class ScenarioLink:
    """A virtual link between two nodes of the scenario, with the same name at both. SPIs and keys
    are made from the seed and the name: they are for this run alone.
    """

    ends: Sequence[LinkEnd]
    """Its two ends."""
    name: str
    """Name, unique among virtual links."""
    base: str | None = None
    """The network that carries it; by default the base of its network."""
    check_traffic: bool | None = None
    """Whether `traffic` holds where SAs see outer headers alone too: as inner selectors (RFC 3884
    section 4.2.3).
    """
    extended_sequence: bool | None = None
    """Whether sequence numbers have 64 bits."""
    inner: Inner | None = None
    """What is taken from the outer header."""
    lifetime: Lifetime | None = None
    """Lifetimes of its SAs, from the moment at which they are made."""
    mtu: int | None = None
    """The largest packet that it takes, bytes."""
    network: str | None = None
    """The virtual network that it is a link of; by default the first network."""
    outer: Outer | None = None
    """How the outer header is filled."""
    rekey: bool | None = None
    """Whether its SAs are replaced when they reach the soft limits of their lifetime."""
    side: Literal["protected", "unprotected"] | None = None
    """On which side of the virtual network's IPsec boundary it is."""
    traffic: Sequence[Selectors] | None = None
    """Where policy picks the tunnel: which packets go into it, as seen from the first end; by
    default all.
    """
    transform: str | None = None
    """Algorithms of its SAs; by default it is in clear."""
    udp_encapsulation: UdpEncapsulation | None = None
    """ESP inside UDP."""
    window: int | Literal["off"] | None = None
    """Size of the anti-replay window, or `off`."""


@dataclass(kw_only=True, frozen=True)
class ScenarioNetwork:
    """A network: the base network, or a virtual one."""

    name: str
    """Name, unique in the scenario."""
    base: str | None = None
    """The network that carries its virtual links; by default the first."""
    routing: Literal["static", "shortest-paths", "distance-vector"] | None = None
    """Where its nodes have routes from, besides those of their own documents."""
    through_sas: bool | None = None
    """`distance-vector`: whether routers, where forwarding asks the SAD and an SA is no interface,
    speak through their SAs to the far ends, and tell what the SAs carry (RFC 3884 section 4.1,
    alternative 3): a changed protocol, in all of them. It takes SAs whose selectors name a
    router at each end.
    """
    timers: Timers | None = None
    """`distance-vector`: its times."""


@dataclass(kw_only=True, frozen=True)
class ScenarioNode:
    """A node: what a node's own document says, but for the arrangement and the networks, which are
    the scenario's. It is in the first network and in all others that it has links in.
    """

    name: str
    """Name, unique among nodes and hosts."""
    demands: Sequence[Demand] | None = None
    """What packets must show that come out of its virtual links."""
    firewall: Sequence[FirewallRule] | None = None
    """Rules for packets that IPsec and tunnels have let through."""
    limits: Limits | None = None
    """Bounds on work and memory."""
    links: Sequence[Link] | None = None
    """Physical links."""
    policies: Sequence[Policy] | None = None
    """Policies."""
    routes: Sequence[Route] | None = None
    """Routes."""
    sas: Sequence[Sa] | None = None
    """SAs."""
    virtual_links: Sequence[VirtualLink] | None = None
    """Virtual links whose far end is not in the scenario, or that differ at their two ends."""


@dataclass(kw_only=True, frozen=True)
class Selectors:
    """A selector set, as seen from the node. What is left out matches anything; the word `opaque`
    matches what the packet does not show.
    """

    local: Sequence[str | IPv4Address | IPv6Address | IPv4Network | IPv6Network] | None = None
    """Local addresses."""
    local_icmp: Literal["opaque"] | Sequence[int | str] | None = None
    """ICMP messages that this side may send."""
    local_mobility: Literal["opaque"] | Sequence[int] | None = None
    """Mobility header types that this side may send."""
    local_ports: Literal["opaque"] | Sequence[int | str] | None = None
    """Local ports."""
    protocol: Literal["opaque"] | int | str | None = None
    """Next layer protocol."""
    remote: Sequence[str | IPv4Address | IPv6Address | IPv4Network | IPv6Network] | None = None
    """Remote addresses."""
    remote_icmp: Literal["opaque"] | Sequence[int | str] | None = None
    """ICMP messages that the far side may send."""
    remote_mobility: Literal["opaque"] | Sequence[int] | None = None
    """Mobility header types that the far side may send."""
    remote_ports: Literal["opaque"] | Sequence[int | str] | None = None
    """Remote ports."""


@dataclass(kw_only=True, frozen=True)
class SourceAddresses:
    """What is said about source addresses in a network (RFC 1122 section 3.3.4.3, RFC 6724)."""

    attributes: Sequence[AddressAttributes] | None = None
    """What is to be known of single addresses."""
    foreign: Literal["reject", "send"] | None = None
    """What becomes of packets whose source is bound and is none of the node's in this network."""
    labels: Sequence[Label] | None = None
    """Lines of the policy table, besides those of RFC 6724 section 2.1; a prefix that is there
    already is replaced. Sources and destinations of one label go together.
    """


@dataclass(kw_only=True, frozen=True)
class Timers:
    """The times of the distance-vector protocol."""

    garbage: str | None = None
    """How long a route that is lost is told to be so. RFC 2453 has 120 s."""
    hold: str | None = None
    """How long a neighbour and its routes hold without an update. RFC 2453 has 180 s."""
    update: str | None = None
    """Between two updates. RFC 2453 has 30 s."""


@dataclass(kw_only=True, frozen=True)
class Trail:
    """Conditions on the way that a packet came, all of which must hold."""

    all: Sequence[TrailPattern] | None = None
    """Each of these is."""
    anti_replay: bool | None = None
    """An SA opened it that lets nothing in twice."""
    any: Sequence[TrailPattern] | None = None
    """One of these is in the trail."""
    bound: bool | None = None
    """It came out of a tunnel, and the SA that is bound to the tunnel opened it."""
    confidentiality: bool | None = None
    """An SA opened it that nobody else can read."""
    none: Sequence[TrailPattern] | None = None
    """None of these is."""
    protected: bool | None = None
    """An SA opened it."""
    sequence: Sequence[TrailPattern] | None = None
    """The trail is these entries, in this order, and nothing else; `[]` for a packet in clear."""


@dataclass(kw_only=True, frozen=True)
class TrailPattern:
    """An entry of a trail: a tunnel, or an SA; what is left out may be anything."""

    destination: str | IPv4Address | IPv6Address | None = None
    """Destination of that header."""
    network: str | None = None
    """The network in which the SA's packets arrive."""
    source: str | IPv4Address | IPv6Address | None = None
    """Source of the header in front of ESP."""
    spi: int | str | None = None
    """An SA's SPI."""
    tunnel: str | None = None
    """A virtual link."""


@dataclass(kw_only=True, frozen=True)
class UdpEncapsulation:
    """ESP inside UDP (RFC 3948)."""

    destination: int | None = None
    """Destination port."""
    source: int | None = None
    """Source port."""


@dataclass(kw_only=True, frozen=True)
class VirtualLink:
    """A virtual link of RFC 3884. What it becomes depends on the arrangement: a tunnel interface
    whose packets are protected in transport mode (`iiptran`), an interface that is a pair of
    tunnel-mode SAs (`interface-sa`, `initial-lookup-b`), or a policy that picks a tunnel-mode
    SA, with routes that lead to its far end (`initial-lookup-a`, `integrated`) or without
    (`tunnel-mode`).
    """

    local: str | IPv4Address | IPv6Address
    """This end, an address of this node in the base network."""
    name: str
    """Name, unique among links, and among the policies of its networks."""
    remote: str | IPv4Address | IPv6Address
    """The far end."""
    addresses: Sequence[str | IPv4Interface | IPv6Interface] | None = None
    """This node's addresses on the virtual interface, where it is one."""
    base: str | None = None
    """The network that carries it; by default the node's first."""
    check_traffic: bool | None = None
    """`iiptran`: whether `traffic` holds there too, as inner selectors of the policy and the SAs
    (RFC 3884 section 4.2.3).
    """
    inner: Inner | None = None
    """What is taken from the outer header."""
    mtu: int | None = None
    """The largest packet that the virtual interface takes, bytes."""
    network: str | None = None
    """The virtual network that it is a link of; by default the node's first."""
    outer: Outer | None = None
    """How the outer header is filled."""
    protection: Protection | None = None
    """How it is protected; by default not at all."""
    side: Literal["protected", "unprotected"] | None = None
    """On which side of the IPsec boundary of the virtual network the interface is; on the far one
    for end-to-end IPsec inside the virtual network.
    """
    traffic: Sequence[Selectors] | None = None
    """Which packets go into the tunnel, where policy decides that; by default all."""


@dataclass(kw_only=True, frozen=True)
class Wire:
    """What connects physical links: a cable, or with more than two ends a switch."""

    ends: Sequence[str]
    """Its ends: `NODE.LINK`, or the name of a host."""
    bandwidth: int | None = None
    """Bits per second in each direction; by default without limit."""
    carrier: bool | None = None
    """Whether the links at its ends go down with it. Otherwise the nodes must find out by
    themselves.
    """
    damage: float | None = None
    """How many packets have one bit changed, 0 to 1."""
    delay: str | None = None
    """How long a packet takes."""
    duplicate: float | None = None
    """How many packets arrive twice, 0 to 1."""
    jitter: str | None = None
    """How much longer it may take, at random."""
    loss: float | None = None
    """How many packets are lost, 0 to 1."""
    mtu: int | None = None
    """The largest packet that it takes, bytes; larger ones are lost. By default without limit: the
    nodes' links have MTUs of their own.
    """
    name: str | None = None
    """Name; by default its ends with `-` between them."""
    queue: int | None = None
    """With a bandwidth: how many bytes wait in each direction before packets are lost."""
    reorder: float | None = None
    """How many packets are held back, so that later ones overtake them, 0 to 1."""
    reorder_by: str | None = None
    """How long they are held back."""


@dataclass(kw_only=True, frozen=True)
class WorkerSas:
    """The SAs of one worker of a virtual link: alike those for any worker but for SPI and keys."""

    worker: int
    """The worker, by number."""
    inbound: SaKeys | None = None
    """The SA for what it receives."""
    outbound: SaKeys | None = None
    """The SA for what it sends; without it, it uses the one for any worker."""
