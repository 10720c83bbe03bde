"""The module that the package `iiptran` is built around."""

# Made by python bindings-python/tools/stubs.py, from bindings-python/src.

import builtins
from collections.abc import Iterable
from iiptran._errors import Drop, Misuse
from iiptran._types import AddressLike, Buffer, BurstItem, Document, Results, Verdict
from iiptran._walkthrough import Walkthrough
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final, SupportsIndex, final

__all__ = [
    "__version__",
    "BurstResults",
    "Deliver",
    "Explained",
    "Fib",
    "Hold",
    "InboundSa",
    "Network",
    "NextHop",
    "Node",
    "Opened",
    "OutboundSa",
    "Packet",
    "PacketEnd",
    "PolicyMatch",
    "SaId",
    "Sad",
    "Sealed",
    "Spd",
    "Tables",
    "Transmit",
    "choose_kernel",
    "explain",
    "follow_environment",
    "kernel",
    "panic",
    "panic_in_burst",
    "reasons",
    "scenarios",
    "spi_of",
]

__version__: Final[str]

@final
class BurstResults:
    """
    What became of the packets of a burst, in their order.

    Most callers look at few of them: an object is made when it is asked for.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, index: Any, /) -> Any: ...
    def __iter__(self, /) -> Iterator[Any]: ...
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    def __reversed__(self, /) -> Any: ...
    def count(self, value: Any, /) -> int:
        """How many results are equal to a value."""
    @property
    def failed(self, /) -> list[int]:
        """The places of the packets that failed, from 0."""
    def index(self, /, value: Any, start: SupportsIndex = 0, stop: SupportsIndex = ...) -> int:
        """The place of the first result that is equal to a value."""

@final
class Deliver:
    """Hand the packet to the node's own upper layers."""
    __match_args__: Final[tuple[str]]
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def length(self, /) -> int:
        """The packet's length now."""
    @property
    def link(self, /) -> int:
        """The number of the physical or virtual link that it came through."""
    @property
    def offset(self, /) -> int:
        """Where the packet is in its buffer now."""

@final
class Explained:
    """What a drop reason means."""
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def check(self, /) -> str:
        """What to look at first."""
    @property
    def clause(self, /) -> str:
        """The clause that asks for the drop."""
    @property
    def code(self, /) -> int:
        """Stable number."""
    @property
    def group(self, /) -> str:
        """The kind of reason."""
    @property
    def meaning(self, /) -> str:
        """What happened."""
    @property
    def name(self, /) -> str:
        """Stable name, in kebab case."""

@final
class Fib:
    """The forwarding table of one network, of a document with names of `links`, and `routes`."""
    def __len__(self, /) -> int: ...
    def __new__(cls, document: Document, /) -> Fib: ...
    def __repr__(self, /) -> str: ...
    def lookup(self, packet: Packet | Buffer, /) -> NextHop:
        """Where an IP packet goes. Raises `Drop`."""
    def lookup_address(
        self,
        /,
        destination: AddressLike,
        *,
        flow_hash: SupportsIndex = 0,
    ) -> NextHop:
        """Where a destination lies; flows with different hashes may take different equal paths."""

@final
class Hold:
    """The packet is a fragment; the node keeps it until the datagram is whole."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...

@final
class InboundSa:
    """The receiving side of an SA. It can't be copied: a second window would let a packet in twice."""
    def __new__(cls, document: Document, /) -> InboundSa: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """Their bytes given to the cipher."""
    @property
    def extended_sequence(self, /) -> bool:
        """Whether sequence numbers have 64 bits."""
    @property
    def id(self, /) -> SaId:
        """The key under which packets find the SA."""
    @property
    def mode(self, /) -> str:
        """`transport` or `tunnel`."""
    @property
    def name(self, /) -> str:
        """Name for people."""
    def open(
        self,
        /,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> Opened:
        """
        Opens an ESP packet in place, all checks included (RFC 4303 section 3.4).

        Raises `Drop`; `Misuse`. The packet is as it was then.
        """
    def open_burst(
        self,
        /,
        packets: Iterable[BurstItem],
        *,
        now: SupportsIndex = 0,
    ) -> Results[Opened | Drop | Misuse]:
        """Opens many packets while other threads run; each has a result of its own."""
    @property
    def packets(self, /) -> int:
        """Packets that passed the integrity check."""
    @property
    def sequence(self, /) -> int:
        """The highest sequence number that was received; 0 without anti-replay."""
    @property
    def spi(self, /) -> int:
        """Security parameters index."""
    def take_soft_expiry(self, /, *, now: SupportsIndex = 0) -> bool:
        """Whether the soft lifetime is over, told once."""
    @property
    def transform(self, /) -> str:
        """The algorithms as a document names them."""

@final
class Network:
    """
    A network of nodes and hosts on a virtual clock: RFC 3884, run.

    The document is a scenario, see `iiptran.config.Scenario`, or the name of one of `scenarios()`.
    There is no chance but the seed's: the same calls give the same bytes. All that happens is noted
    until it is taken. Other threads run while the network does; those that use it meanwhile get
    `Misuse`.
    """
    def __new__(cls, document: Document, /) -> Network: ...
    def __repr__(self, /) -> str: ...
    @property
    def duration(self, /) -> int:
        """How long the scenario takes. The network can go on after that; flows end."""
    def keys(self, /) -> dict[str, Any]:
        """The keys of all SAs that there were until now: the document that opens captures."""
    def nodes(self, /) -> list[str]:
        """The names of the nodes."""
    @property
    def now(self, /) -> int:
        """How much time has passed."""
    def report(self, /) -> dict[str, Any]:
        """What the run came to until now, as `core/schema/network-report.json` describes it."""
    def reset(self, /, seed: SupportsIndex | None = None) -> None:
        """Begins anew, with another seed if one is given; what was noted is gone."""
    def run_until(self, until: SupportsIndex, /) -> None:
        """Does everything that is due up to a moment, that moment included."""
    @property
    def seed(self, /) -> int:
        """Where all chance comes from."""
    def send(self, /, station: str, packet: Packet | Buffer, *, network: str | None = None) -> int:
        """
        Sends a packet from a node or host now, and tells its number in the run.

        The packet is whole, with its source address, and stays as it is. A node sends it in
        `network`, by default its first. Raises `Misuse`.
        """
    def set_link_up(self, /, node: str, link: str, up: bool) -> None:
        """Takes a link of a node, physical or virtual, down or up now. Raises `Misuse`."""
    def set_wire_up(self, /, wire: str, up: bool) -> None:
        """Cuts or mends a wire now. Raises `Misuse`."""
    def step(self, /) -> int | None:
        """Does the next thing that is due, and tells when that was; None if nothing ever will be."""
    def tables(self, node: str, /) -> dict[str, Any]:
        """A node's tables now, as `core/schema/node-report.json` describes them. Raises `Misuse`."""
    def take_capture(self, /, wire: str | None = None) -> bytes:
        """
        What a wire has carried since that was last taken, or all of them, as a pcap file.

        Raises `Misuse`.
        """
    def take_ends(self, /) -> list[PacketEnd]:
        """
        The packets that met their end since they were last taken, in the order of time.

        Messages of routing protocols that arrived are not among them.
        """
    def take_trace(self, /) -> list[dict[str, Any]]:
        """What happened since it was last taken, as `iiptran sim --events` writes it."""
    @property
    def under_way(self, /) -> int:
        """How many packets are under way."""
    def watch(self, /, *, ends: bool, trace: bool, captures: bool) -> None:
        """What is noted from now on; at first all of it. Whatever is not taken takes memory."""
    def way(self, /, node: str, network: str, destination: AddressLike) -> str | None:
        """The link by which a node sends to an address now; None if no route leads there."""
    def wires(self, /) -> list[str]:
        """The names of the wires."""

@final
class NextHop:
    """Where a route leads."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def address(self, /) -> IPv4Address | IPv6Address:
        """The neighbour on that link: the router, or the destination itself."""
    @property
    def link(self, /) -> int:
        """The link's place in the document, from 0."""

@final
class Node:
    """
    One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).

    A link or network is given by its name or its number. A packet is given as for
    `OutboundSa.seal`. A packet that is dropped has a `Drop` as its verdict, which is not raised,
    and is as it was.
    """
    def __new__(cls, document: Document, /) -> Node: ...
    def __repr__(self, /) -> str: ...
    def counters(self, /) -> dict[str, Any]:
        """What went where, as `core/schema/counters.json` describes it."""
    def drops(self, reason: SupportsIndex, /) -> int:
        """How many packets met their end for a reason."""
    def for_worker(self, worker: SupportsIndex, /) -> Node:
        """A node for another worker, with the same tables and the inbound SAs that are for its number."""
    def insert_inbound_sa(self, sa: InboundSa, /) -> None:
        """Takes an inbound SA in, whose packets arrive in the node's first network; as `Sad.insert`."""
    def install(self, document: Document, /) -> None:
        """
        Replaces the tables by those of another document.

        Outbound SAs that both have go on with their sequence numbers; inbound SAs stay, and new
        ones are taken in. Raises `ConfigError`; nothing has changed then.
        """
    def install_tables(self, tables: Tables, /) -> None:
        """Replaces the tables by those of another node."""
    def link(self, name: str, /) -> int:
        """The number of the link of this name."""
    def link_name(self, link: SupportsIndex | str, /) -> str:
        """The name of a link."""
    def network(self, name: str, /) -> int:
        """The number of the network of this name."""
    def poll_event(self, /) -> dict[str, Any] | None:
        """The oldest event that was not yet told."""
    def receive(
        self,
        /,
        link: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> Verdict:
        """Takes a packet that came in by a physical link. Raises `Misuse`."""
    def receive_burst(
        self,
        /,
        link: SupportsIndex | str,
        packets: Iterable[BurstItem],
        *,
        now: SupportsIndex = 0,
    ) -> Results[Verdict | Misuse]:
        """Takes many packets of one link while other threads run."""
    def remove_inbound_sa(
        self,
        /,
        network: SupportsIndex | str,
        key: SaId | SupportsIndex,
    ) -> InboundSa:
        """Gives an inbound SA back, window and all, to hand it to another core. Raises `Misuse`."""
    def send(
        self,
        /,
        network: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> Verdict:
        """Sends a packet of this node, in a network. Raises `Misuse`."""
    def send_burst(
        self,
        /,
        network: SupportsIndex | str,
        packets: Iterable[BurstItem],
        *,
        now: SupportsIndex = 0,
    ) -> Results[Verdict | Misuse]:
        """Sends many packets of one network while other threads run."""
    def send_via(
        self,
        /,
        link: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> Verdict:
        """Sends a packet of this node out of a link, without asking for a route."""
    def set_link_up(self, /, link: SupportsIndex | str, up: bool) -> None:
        """Takes a link up or down."""
    def set_worker(self, worker: SupportsIndex | None, /) -> None:
        """
        Numbers the node among those of several workers with the same tables, or among none.

        It seals with the outbound SAs of its number, and where there is none, with those for any
        worker. A new node has no number.
        """
    def tables(self, /) -> Tables:
        """The tables, to share them with nodes of other cores."""
    def walk_receive(
        self,
        /,
        link: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> tuple[Verdict, Walkthrough]:
        """Takes a packet and tells its way."""
    def walk_send(
        self,
        /,
        network: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> tuple[Verdict, Walkthrough]:
        """Sends a packet and tells its way."""
    def walk_send_via(
        self,
        /,
        link: SupportsIndex | str,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> tuple[Verdict, Walkthrough]:
        """Sends a packet out of a link and tells its way."""
    @staticmethod
    def with_tables(tables: Tables, /) -> Node:
        """A node for another core, with the same tables and outbound SAs, and no inbound SA."""

@final
class Opened:
    """What opening found."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def length(self, /) -> int:
        """The packet's length now."""
    @property
    def next_header(self, /) -> int:
        """The payload's protocol: 4 or 41 for an IP packet."""
    @property
    def offset(self, /) -> int:
        """Where the packet is in its buffer now."""
    @property
    def pad_length(self, /) -> int:
        """Pad length, bytes."""
    @property
    def sequence(self, /) -> int:
        """The whole sequence number."""

@final
class OutboundSa:
    """
    The sending side of an SA. Many threads may seal with it: no sequence number is given out twice.

    The document is that of an entry of `sas` in a node's document, see `iiptran.config.Sa`.
    """
    def __new__(cls, document: Document, /) -> OutboundSa: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """Bytes given to the cipher so far."""
    @property
    def extended_sequence(self, /) -> bool:
        """Whether sequence numbers have 64 bits."""
    @property
    def mode(self, /) -> str:
        """`transport` or `tunnel`."""
    @property
    def name(self, /) -> str:
        """Name for people."""
    def overhead(self, payload: SupportsIndex, /) -> int:
        """How many bytes ESP adds to a payload of so many, with minimal padding."""
    @property
    def packets(self, /) -> int:
        """Packets sealed so far."""
    def seal(
        self,
        /,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
        sequence: SupportsIndex | None = None,
        iv: builtins.bytes | bytearray | None = None,
        outer: builtins.bytes | bytearray | None = None,
        padding: SupportsIndex = 0,
        flow_padding: SupportsIndex = 0,
        dummy: bool = False,
    ) -> Sealed:
        """
        Seals an IP packet in place (RFC 4303 section 3.3).

        The packet is a `Packet`, or `length` bytes from `offset` on in a writable buffer, whose
        other bytes are the room around it. For known-answer tests, `sequence` and `iv` take the
        place of the SA's own, whose counter stays where it is, and `outer` that of tunnel mode's
        outer header: as the packet is to begin on the wire, IPv4 without options, or IPv6 with
        nothing behind it or a tunnel encapsulation limit; lengths, checksum and protocols are
        worked out anew. `padding` is the least pad length, `flow_padding` the length of
        traffic-flow confidentiality padding, and `dummy` makes a dummy packet.

        Raises `Drop`; `Misuse`. The packet is as it was then.
        """
    def seal_burst(
        self,
        /,
        packets: Iterable[BurstItem],
        *,
        now: SupportsIndex = 0,
    ) -> Results[Sealed | Drop | Misuse]:
        """Seals many packets while other threads run; each has a result of its own."""
    @property
    def sequence(self, /) -> int:
        """The last sequence number that was given out."""
    @property
    def spi(self, /) -> int:
        """Security parameters index."""
    def take_soft_expiry(self, /, *, now: SupportsIndex = 0) -> bool:
        """Whether the soft lifetime is over, told once."""
    @property
    def transform(self, /) -> str:
        """The algorithms as a document names them."""

@final
class Packet:
    """
    A packet in a buffer of its own, with room around it for what sealing puts there.

    Calls that process it change it in place; one that fails leaves it as it was.
    """
    def __bytes__(self, /) -> bytes: ...
    def __copy__(self, /) -> Packet: ...
    def __deepcopy__(self, /, _memo: Any) -> Packet: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        data: Buffer,
        *,
        headroom: SupportsIndex | None = None,
        tailroom: SupportsIndex | None = None,
    ) -> Packet:
        """A copy of `data` with room around it, bytes; by default enough for four nested tunnels."""
    def __repr__(self, /) -> str: ...
    def copy(self, /) -> Packet:
        """Another packet with the same bytes and the same room."""
    @classmethod
    def fromhex(cls, /, text: str) -> Packet:
        """The packet of hexadecimal digits; spaces mean nothing."""
    @property
    def headroom(self, /) -> int:
        """Free bytes before the packet."""
    def hex(self, /) -> str:
        """The packet in hexadecimal digits."""
    @property
    def tailroom(self, /) -> int:
        """Free bytes behind the packet."""

@final
class PacketEnd:
    """A packet that reached upper layers, was dropped, or got lost."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def flow(self, /) -> str | None:
        """The flow of the scenario that sent it."""
    @property
    def number(self, /) -> int:
        """Its number in the run; copies that a wire made have the same."""
    @property
    def packet(self, /) -> bytes:
        """The packet as it was then."""
    @property
    def place(self, /) -> str:
        """The node or host, or the wire that lost it."""
    @property
    def reason(self, /) -> str | None:
        """Why: the label of a `DropReason`, or how the wire lost it."""
    @property
    def time(self, /) -> int:
        """When, since the scenario began."""
    @property
    def verdict(self, /) -> str:
        """`deliver`, `drop`, or `lose` for a wire."""

@final
class PolicyMatch:
    """The policy that decides about a packet."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def action(self, /) -> str:
        """`discard`, `bypass` or `protect`."""
    @property
    def index(self, /) -> int:
        """Its place in the order, from 0."""
    @property
    def name(self, /) -> str:
        """Its name."""

@final
class SaId:
    """The key under which packets find an inbound SA (RFC 4301 section 4.1)."""
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(
        cls,
        /,
        spi: SupportsIndex,
        destination: AddressLike | None = None,
        source: AddressLike | None = None,
    ) -> SaId: ...
    def __repr__(self, /) -> str: ...
    @property
    def destination(self, /) -> IPv4Address | IPv6Address | None:
        """The destination, if it takes part in the lookup."""
    @property
    def source(self, /) -> IPv4Address | IPv6Address | None:
        """The source, if it takes part in the lookup."""
    @property
    def spi(self, /) -> int:
        """Security parameters index."""

@final
class Sad:
    """The inbound part of the security association database (RFC 4301 section 4.4.2)."""
    def __len__(self, /) -> int: ...
    def __new__(cls, /) -> Sad: ...
    def __repr__(self, /) -> str: ...
    def insert(self, sa: InboundSa, /) -> None:
        """
        Takes an SA in; the object that was given is empty from then on.

        Raises `Misuse` if another SA has the same key; the SA stays where it was then.
        """
    def is_vacant(self, spi: SupportsIndex, /) -> bool:
        """Whether a new unicast SA may have this SPI."""
    def lookup(
        self,
        /,
        spi: SupportsIndex,
        destination: AddressLike,
        source: AddressLike,
    ) -> SaId | None:
        """The key of the SA for a packet: the longest match."""
    def open(
        self,
        /,
        packet: Packet | Buffer,
        offset: SupportsIndex | None = None,
        length: SupportsIndex | None = None,
        *,
        now: SupportsIndex = 0,
    ) -> tuple[SaId, Opened]:
        """Finds the SA of an ESP packet and opens the packet in place; as `InboundSa.open`."""
    def remove(self, key: SaId | SupportsIndex, /) -> InboundSa:
        """Gives an SA back, window and all. The key of a unicast SA is its SPI. Raises `Misuse`."""

@final
class Sealed:
    """What sealing did."""
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def length(self, /) -> int:
        """The packet's length now."""
    @property
    def offset(self, /) -> int:
        """Where the packet is in its buffer now."""
    @property
    def pad_length(self, /) -> int:
        """Pad length, bytes."""
    @property
    def sequence(self, /) -> int:
        """The whole sequence number."""

@final
class Spd:
    """The Security Policy Database (RFC 4301 section 4.4.1), of a document with `policies`."""
    def __new__(cls, document: Document, /) -> Spd: ...
    def __repr__(self, /) -> str: ...
    def lookup(self, /, direction: str, packet: Packet | Buffer) -> PolicyMatch:
        """The first policy that matches an IP packet, `outbound` or `inbound`. Raises `Drop`."""

@final
class Tables:
    """What a node reads, outbound SAs included, for as many nodes as there are cores."""
    def __repr__(self, /) -> str: ...

@final
class Transmit:
    """Send the packet out of a physical link."""
    __match_args__: Final[tuple[str, str]]
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def length(self, /) -> int:
        """The packet's length now."""
    @property
    def link(self, /) -> int:
        """The link's number."""
    @property
    def next_hop(self, /) -> IPv4Address | IPv6Address:
        """The neighbour on that link: the far end itself, or a router."""
    @property
    def offset(self, /) -> int:
        """Where the packet is in its buffer now."""

def choose_kernel(name: str, /) -> None:
    """
    Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on:
    `avx512`, `avx2`, `aes-ni`, or `portable`. It changes no byte of a result. The environment variable
    IIPTRAN_ACCEL does so at import.
    """

def explain(reason: SupportsIndex, /) -> Explained:
    """What a drop reason means, which clause asks for it, and what to check."""

def follow_environment() -> None:
    """Follows the environment, as the package does when it is imported: nobody else needs to call it."""

def kernel() -> str:
    """The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on."""

def panic(sad: Sad, /) -> None:
    """Panics in the middle of changing the SAD."""

def panic_in_burst(packets: Any, /) -> None:
    """Panics in the middle of a burst."""

def reasons() -> bytes:
    """The codes of all drop reasons."""

def scenarios() -> list[str]:
    """The names of the scenarios that the library brings."""

def spi_of(packet: Packet | Buffer, *, udp_port: SupportsIndex = 4500) -> int | None:
    """
    The SPI that an ESP packet shows, to hand it to the worker that has its inbound SA.

    It is behind IP, or behind UDP to `udp_port`. `None` if the packet is something else, broken, or a
    fragment.
    """
