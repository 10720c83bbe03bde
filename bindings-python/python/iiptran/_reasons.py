"""Why packets meet their end."""

# Made by python bindings-python/tools/generate.py, from core/schema.

import enum


class DropReason(enum.IntEnum):
    """Why a packet met its end; the value is the stable code. See `iiptran.explain`."""

    TRUNCATED = 0x10
    """The packet ends before its headers say that it does."""
    BAD_VERSION = 0x11
    """The IP version is neither 4 nor 6, or the packet inside a tunnel is not of the version that
    the protocol number (4 or 41) promises.
    """
    BAD_HEADER_LENGTH = 0x12
    """A header's length field is smaller than the header itself."""
    BAD_CHECKSUM = 0x13
    """The checksum of the IPv4 header is wrong."""
    BAD_TOTAL_LENGTH = 0x14
    """The total or payload length contradicts the number of bytes that are there."""
    BAD_EXTENSION_HEADER = 0x15
    """An IPv6 extension header is out of place, longer than the packet, or one of too many."""
    NO_ROUTE = 0x20
    """No route of this network leads to the destination."""
    TTL_EXPIRED = 0x21
    """The TTL or hop limit does not permit one more hop."""
    NO_SOURCE_ADDRESS = 0x22
    """The node has no address of the right family that may be the source."""
    LINK_DOWN = 0x23
    """The link that the route names is down."""
    MARTIAN = 0x24
    """The source or destination can't be on the wire here: loopback, multicast as a source,
    unspecified, IPv4-mapped.
    """
    REVERSE_PATH = 0x25
    """The route back to the source does not use the link that the packet came by."""
    BLACKHOLE = 0x26
    """The longest matching route says: discard silently."""
    UNREACHABLE = 0x27
    """The longest matching route says that the destination is unreachable."""
    PROHIBITED = 0x28
    """The longest matching route says that the destination is administratively forbidden."""
    FOREIGN_SOURCE = 0x29
    """An application has bound a source address that is none of this node's in the network in
    which it sends: answers would not come back through that network.
    """
    POLICY_DISCARD = 0x30
    """The first policy whose selectors match says DISCARD."""
    NO_POLICY = 0x31
    """No policy matches, and what no policy names is discarded."""
    UNPROTECTED = 0x32
    """The packet came in clear, and the policy for such packets says PROTECT."""
    SELECTOR_MISMATCH = 0x33
    """The packet was decrypted and authenticated, but it is not one that this SA may carry."""
    TRAIL_VIOLATION = 0x34
    """The fragments of one datagram did not all come by the same SAs and tunnels: one came in
    clear, or by another SA.
    """
    TRANSPORT_IN_TRANSIT = 0x35
    """A transport-mode SA was chosen for a packet whose source is not this node. Transport mode is
    for the two ends of a packet.
    """
    SELECTOR_UNAVAILABLE = 0x36
    """The policy takes a selector value from the packet (PFP), and the packet does not show it: a
    fragment, or an encrypted or cut transport header.
    """
    WRONG_SA = 0x37
    """The packet came out of a tunnel interface, and the SA that opened it is not bound to that
    interface: it may carry other packets than those between the tunnel's two ends.
    """
    WEAK_PROTECTION = 0x38
    """The right SA opened the packet, and gave it less than the tunnel interface demands: no
    confidentiality, or no anti-replay service.
    """
    SOURCE_NOT_ALLOWED = 0x39
    """The right SA opened the packet, and its inner source is none that may come out of this
    tunnel interface.
    """
    FIREWALL_DISCARD = 0x3a
    """The first firewall rule that matches the packet and the way that it came says to discard it."""
    NO_FIREWALL_RULE = 0x3b
    """The link that the packet arrived by has firewall rules, and none accepts it. What no rule
    accepts is discarded.
    """
    UNKNOWN_SPI = 0x40
    """No inbound SA has the SPI of this packet."""
    SA_EXPIRED = 0x41
    """The SA's hard lifetime in time is over."""
    SEQUENCE_EXHAUSTED = 0x42
    """The SA has used its last sequence number. Numbers never repeat, so nothing more can be sent."""
    NO_OUTBOUND_SA = 0x43
    """Policy says PROTECT and there is no usable SA. The packet is dropped: it never leaves in
    clear.
    """
    LIFETIME_EXCEEDED = 0x44
    """The SA has carried all the bytes or packets that its hard lifetime permits."""
    REPLAYED = 0x50
    """A packet with this sequence number was received before, or the number is 0."""
    LEFT_OF_WINDOW = 0x51
    """The sequence number is older than the anti-replay window. With extended sequence numbers
    this shows only as a failed integrity check; the packet was then checked again with the
    previous high half, and passed.
    """
    BAD_ICV = 0x52
    """The integrity check value is wrong: the packet was damaged or forged, or the two ends differ
    in key, algorithm, ICV length or extended sequence numbers.
    """
    BAD_PADDING = 0x53
    """After decryption the pad length exceeds the payload, or the padding is not 1, 2, 3, and so
    on.
    """
    FRAGMENT_OFFERED = 0x54
    """A fragment was offered to ESP: inbound packets are reassembled first, and transport mode
    does not apply to fragments.
    """
    DUMMY = 0x55
    """A dummy packet (next header 59), sent to hide how much traffic there is. It is discarded by
    design.
    """
    NAT_KEEPALIVE = 0x56
    """A NAT keepalive: one byte 0xff on the port of UDP-encapsulated ESP. It is discarded by
    design.
    """
    NOT_TUNNELLED = 0x60
    """A tunnel-mode SA carried something that is not an IP packet."""
    UNKNOWN_TUNNEL = 0x61
    """An IP packet inside IP arrived, and no tunnel interface has its outer source and destination
    as its two ends.
    """
    TUNNEL_LOOP = 0x62
    """The packet went into more tunnels than are permitted; mostly the route to a tunnel's far end
    leads into the tunnel itself.
    """
    ECN_CONGESTION_LOST = 0x63
    """The outer header says congestion experienced, and the inner header belongs to a transport
    that does not know ECN: dropping is the only signal left.
    """
    DF_CONFLICT = 0x64
    """The inner header forbids fragmentation and the tunnel is told to clear the outer DF bit. RFC
    2003 forbids that combination.
    """
    RECURSIVE_ENCAPSULATION = 0x65
    """A packet to be forwarded into the tunnel has this node, or the tunnel's far end, as its
    source: it has been here before.
    """
    ENCAPSULATION_LIMIT = 0x66
    """The packet carries a tunnel encapsulation limit of 0 and may not be put into another tunnel."""
    PACKET_TOO_BIG = 0x70
    """The packet, with all the headers that were put in front of it, is larger than the link's MTU
    and may not be fragmented.
    """
    NO_HEADROOM = 0x71
    """The buffer has too little room before the packet for the headers that encapsulation adds."""
    NO_TAILROOM = 0x72
    """The buffer has too little room after the packet for padding, trailer and ICV."""
    REASSEMBLY_FULL = 0x73
    """All places for reassembly are taken, or the datagram is larger than one of them."""
    REASSEMBLY_TIMEOUT = 0x74
    """The fragments of a datagram did not all come in time."""
    FRAGMENT_OVERLAP = 0x75
    """Fragments of one datagram overlap. The whole datagram is discarded."""

    @property
    def label(self) -> str:
        """The stable name, in kebab case, such as `bad-icv`."""
        return self.name.lower().replace("_", "-")
