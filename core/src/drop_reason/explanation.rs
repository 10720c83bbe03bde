//! What each drop reason means, which clause it comes from, and what to check.

use super::DropReason;

/// The text behind a [`DropReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Stable name, in kebab case.
    pub name: &'static str,
    /// The clause that asks for the drop.
    pub clause: &'static str,
    /// What happened, in one or two sentences.
    pub meaning: &'static str,
    /// What to look at first.
    pub check: &'static str,
}

/// All that there is to say of a [`DropReason`], as a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "config", derive(serde::Serialize))]
pub struct Explained {
    /// Stable name, in kebab case.
    pub name: &'static str,
    /// Stable number.
    pub code: u8,
    /// The kind of reason.
    pub group: &'static str,
    /// The clause that asks for the drop.
    pub clause: &'static str,
    /// What happened, in one or two sentences.
    pub meaning: &'static str,
    /// What to look at first.
    pub check: &'static str,
}

impl From<DropReason> for Explained {
    fn from(reason: DropReason) -> Self {
        let Explanation {
            name,
            clause,
            meaning,
            check,
        } = reason.explanation();
        Self {
            name,
            code: reason.code(),
            group: reason.group().name(),
            clause,
            meaning,
            check,
        }
    }
}

const fn text(
    name: &'static str,
    clause: &'static str,
    meaning: &'static str,
    check: &'static str,
) -> Explanation {
    Explanation {
        name,
        clause,
        meaning,
        check,
    }
}

impl DropReason {
    /// What the reason means, which clause it comes from, and what to check.
    #[must_use]
    pub const fn explanation(self) -> Explanation {
        match self {
            Self::Truncated => text(
                "truncated",
                "RFC 791 section 3.1",
                "The packet ends before its headers say that it does.",
                "Was the packet cut by a capture length, or by an MTU on the way?",
            ),
            Self::BadVersion => text(
                "bad-version",
                "RFC 2003 section 3",
                "The IP version is neither 4 nor 6, or the packet inside a tunnel is not of the version that the protocol number (4 or 41) promises.",
                "Is this an IP packet at all? Does the capture's link type match its contents?",
            ),
            Self::BadHeaderLength => text(
                "bad-header-length",
                "RFC 1122 section 3.2.1",
                "A header's length field is smaller than the header itself.",
                "Look at the IHL of the IPv4 header or the length of the UDP header.",
            ),
            Self::BadChecksum => text(
                "bad-checksum",
                "RFC 1122 section 3.2.1.2",
                "The checksum of the IPv4 header is wrong.",
                "Was the packet captured before checksum offload filled it in? Did something rewrite the header?",
            ),
            Self::BadTotalLength => text(
                "bad-total-length",
                "RFC 791 section 3.1",
                "The total or payload length contradicts the number of bytes that are there.",
                "Was the packet cut on the way, or built by hand with a wrong length?",
            ),
            Self::BadExtensionHeader => text(
                "bad-extension-header",
                "RFC 8200 section 4",
                "An IPv6 extension header is out of place, longer than the packet, or one of too many.",
                "Walk the chain of next-header values by hand: does each length lead to the next header?",
            ),
            Self::NoRoute => text(
                "no-route",
                "RFC 1812 section 5.2.4",
                "No route of this network leads to the destination.",
                "Look at the forwarding table of the network in which the packet was: is the prefix there, and is its link up?",
            ),
            Self::TtlExpired => text(
                "ttl-expired",
                "RFC 1812 section 5.3.1; RFC 2003 section 3.1",
                "The TTL or hop limit does not permit one more hop.",
                "Is there a forwarding loop? Did the sender start with a small TTL? A tunnel counts as one hop.",
            ),
            Self::NoSourceAddress => text(
                "no-source-address",
                "RFC 1122 section 3.3.4.3",
                "The node has no address of the right family that may be the source.",
                "Does the outgoing link have an address of this family?",
            ),
            Self::LinkDown => text(
                "link-down",
                "RFC 3884 section 3.1",
                "The link that the route names is down.",
                "Has routing withdrawn the route? A tunnel that is down is taken out of routing like any interface.",
            ),
            Self::Martian => text(
                "martian",
                "RFC 1812 section 5.3.7; RFC 4213 section 3.6",
                "The source or destination can't be on the wire here: loopback, multicast as a source, unspecified, IPv4-mapped.",
                "Who built the packet? Such addresses are a sign of spoofing or of a broken sender.",
            ),
            Self::ReversePath => text(
                "reverse-path",
                "RFC 3704 section 2",
                "The route back to the source does not use the link that the packet came by.",
                "Is routing asymmetric? Use loose reverse-path checks on routers' virtual links.",
            ),
            Self::Blackhole => text(
                "blackhole",
                "RFC 1812 section 5.2.4",
                "The longest matching route says: discard silently.",
                "Look for a blackhole route that covers the destination.",
            ),
            Self::Unreachable => text(
                "unreachable",
                "RFC 1812 section 5.2.7.1",
                "The longest matching route says that the destination is unreachable.",
                "Look for an unreachable route that covers the destination.",
            ),
            Self::Prohibited => text(
                "prohibited",
                "RFC 1812 section 5.2.7.1",
                "The longest matching route says that the destination is administratively forbidden.",
                "Look for a prohibit route that covers the destination.",
            ),
            Self::ForeignSource => text(
                "foreign-source",
                "RFC 3884 section 2.4; RFC 1122 section 3.3.4.2",
                "An application has bound a source address that is none of this node's in the network in which it sends: answers would not come back through that network.",
                "Bind an address of the virtual network, or none: the route then gives one. A network can be told to send such packets.",
            ),
            Self::PolicyDiscard => text(
                "policy-discard",
                "RFC 4301 section 4.4.1",
                "The first policy whose selectors match says DISCARD.",
                "Look at the order of the policies: the first match decides.",
            ),
            Self::NoPolicy => text(
                "no-policy",
                "RFC 4301 section 4.4.1",
                "No policy matches, and what no policy names is discarded.",
                "Add a BYPASS or PROTECT policy. IKE (UDP 500 and 4500) needs a BYPASS of its own.",
            ),
            Self::Unprotected => text(
                "unprotected",
                "RFC 4301 section 5.2 step 3b",
                "The packet came in clear, and the policy for such packets says PROTECT.",
                "Does the peer have its outbound policy? A clear IPIP packet from a tunnel's far end is either a missing policy there or a forgery.",
            ),
            Self::SelectorMismatch => text(
                "selector-mismatch",
                "RFC 4301 section 5.2 step 4",
                "The packet was decrypted and authenticated, but it is not one that this SA may carry.",
                "Compare the packet's addresses, protocol and ports with the SA's selectors: do both ends have the same policy?",
            ),
            Self::TrailViolation => text(
                "trail-violation",
                "RFC 3884 section 4.2.3",
                "The fragments of one datagram did not all come by the same SAs and tunnels: one came in clear, or by another SA.",
                "Which SAs protected each fragment? The walkthrough shows the SA trail. A rekey between two fragments looks the same.",
            ),
            Self::TransportInTransit => text(
                "transport-in-transit",
                "RFC 4301 section 4.1",
                "A transport-mode SA was chosen for a packet whose source is not this node. Transport mode is for the two ends of a packet.",
                "Put the packet into an IPIP tunnel first (that is RFC 3884), or use a tunnel-mode SA.",
            ),
            Self::SelectorUnavailable => text(
                "selector-unavailable",
                "RFC 4301 section 4.4.1.2",
                "The policy takes a selector value from the packet (PFP), and the packet does not show it: a fragment, or an encrypted or cut transport header.",
                "Use ANY or OPAQUE ports for traffic that arrives in fragments.",
            ),
            Self::WrongSa => text(
                "wrong-sa",
                "RFC 3884 section 4.2.3",
                "The packet came out of a tunnel interface, and the SA that opened it is not bound to that interface: it may carry other packets than those between the tunnel's two ends.",
                "Which SA was it? The trail tells. Give the tunnel's own SA the two ends and protocol 4 or 41 as selectors, and nothing wider.",
            ),
            Self::WeakProtection => text(
                "weak-protection",
                "RFC 3884 section 4.2.3; RFC 4301 section 3.2",
                "The right SA opened the packet, and gave it less than the tunnel interface demands: no confidentiality, or no anti-replay service.",
                "Compare the transform and the window of the SA with what the link demands: was it replaced by a weaker one?",
            ),
            Self::SourceNotAllowed => text(
                "source-not-allowed",
                "RFC 3884 section 4.2.3; RFC 3704 section 2",
                "The right SA opened the packet, and its inner source is none that may come out of this tunnel interface.",
                "Is the peer spoofing, or forwarding for a network that it should not? Does the list of sources lack a prefix?",
            ),
            Self::FirewallDiscard => text(
                "firewall-discard",
                "RFC 3884 section 4.2.3",
                "The first firewall rule that matches the packet and the way that it came says to discard it.",
                "Look at the order of the rules: the first match decides.",
            ),
            Self::NoFirewallRule => text(
                "no-firewall-rule",
                "RFC 3884 section 4.2.3",
                "The link that the packet arrived by has firewall rules, and none accepts it. What no rule accepts is discarded.",
                "Which condition fails: a field of the packet, or the SAs that it came by?",
            ),
            Self::UnknownSpi => text(
                "unknown-spi",
                "RFC 4303 section 3.4.2",
                "No inbound SA has the SPI of this packet.",
                "Was the SA removed by a rekey while packets were on the way? Do both ends agree on SPI and direction?",
            ),
            Self::SaExpired => text(
                "sa-expired",
                "RFC 4301 section 4.4.2.1",
                "The SA's hard lifetime in time is over.",
                "Did the rekey fail? Look for the soft-expiry event that came before.",
            ),
            Self::SequenceExhausted => text(
                "sequence-exhausted",
                "RFC 4303 section 3.3.3",
                "The SA has used its last sequence number. Numbers never repeat, so nothing more can be sent.",
                "Rekey earlier, or use extended sequence numbers.",
            ),
            Self::NoOutboundSa => text(
                "no-outbound-sa",
                "RFC 4301 section 5.1; RFC 3884 section 3.1",
                "Policy says PROTECT and there is no usable SA. The packet is dropped: it never leaves in clear.",
                "An acquire event was raised for key management. Is the SA's policy name right, and has the SA expired?",
            ),
            Self::LifetimeExceeded => text(
                "lifetime-exceeded",
                "RFC 4301 section 4.4.2.1",
                "The SA has carried all the bytes or packets that its hard lifetime permits.",
                "Rekey at the soft limit.",
            ),
            Self::Replayed => text(
                "replayed",
                "RFC 4303 section 3.4.3",
                "A packet with this sequence number was received before, or the number is 0.",
                "Does the network duplicate packets? Do two senders share one SA? Did the sender restart with the old keys?",
            ),
            Self::LeftOfWindow => text(
                "left-of-window",
                "RFC 4303 section 3.4.3 and appendix A2",
                "The sequence number is older than the anti-replay window. With extended sequence numbers this shows only as a failed integrity check; the packet was then checked again with the previous high half, and passed.",
                "How late was it? Reordering by more than the window: use a larger window, or one SA for each traffic class.",
            ),
            Self::BadIcv => text(
                "bad-icv",
                "RFC 4303 section 3.4.4",
                "The integrity check value is wrong: the packet was damaged or forged, or the two ends differ in key, algorithm, ICV length or extended sequence numbers.",
                "If every packet fails: compare keys, salt, ICV length (HMAC-SHA-256 has 128 bits, not 96) and ESN at both ends. If a few fail: look for damage on the path.",
            ),
            Self::BadPadding => text(
                "bad-padding",
                "RFC 4303 section 2.4",
                "After decryption the pad length exceeds the payload, or the padding is not 1, 2, 3, and so on.",
                "With an authenticated packet this is the sender's mistake, not the network's. Some senders pad with zeros: the check of the contents can be switched off.",
            ),
            Self::FragmentOffered => text(
                "fragment-offered",
                "RFC 4303 section 3.4.1; RFC 4301 section 4.1",
                "A fragment was offered to ESP: inbound packets are reassembled first, and transport mode does not apply to fragments.",
                "Encapsulate first and fragment after ESP, or let the far end reassemble.",
            ),
            Self::Dummy => text(
                "dummy",
                "RFC 4303 section 2.6",
                "A dummy packet (next header 59), sent to hide how much traffic there is. It is discarded by design.",
                "Nothing is wrong.",
            ),
            Self::NatKeepalive => text(
                "nat-keepalive",
                "RFC 3948 section 2.3",
                "A NAT keepalive: one byte 0xff on the port of UDP-encapsulated ESP. It is discarded by design.",
                "Nothing is wrong.",
            ),
            Self::NotTunnelled => text(
                "not-tunnelled",
                "RFC 4301 section 5.2; RFC 3884 appendix A",
                "A tunnel-mode SA carried something that is not an IP packet.",
                "Does the peer use transport mode for this SA? The mode is not on the wire and must agree.",
            ),
            Self::UnknownTunnel => text(
                "unknown-tunnel",
                "RFC 2003 section 3; RFC 4213 section 3.6",
                "An IP packet inside IP arrived, and no tunnel interface has its outer source and destination as its two ends.",
                "Compare the tunnel's local and remote addresses with the outer header. IPsec does not open protocol 4 or 41 of a transport-mode SA by itself.",
            ),
            Self::TunnelLoop => text(
                "tunnel-loop",
                "RFC 2003 section 4.4",
                "The packet went into more tunnels than are permitted; mostly the route to a tunnel's far end leads into the tunnel itself.",
                "Pin the route to the far end to the base network, outside the tunnel.",
            ),
            Self::EcnCongestionLost => text(
                "ecn-congestion-lost",
                "RFC 6040 section 4.2",
                "The outer header says congestion experienced, and the inner header belongs to a transport that does not know ECN: dropping is the only signal left.",
                "The tunnel's ingress copied no ECN or something on the path marks Not-ECT packets.",
            ),
            Self::DfConflict => text(
                "df-conflict",
                "RFC 3884 appendix A",
                "The inner header forbids fragmentation and the tunnel is told to clear the outer DF bit. RFC 2003 forbids that combination.",
                "Set the tunnel's DF rule to copy or set.",
            ),
            Self::RecursiveEncapsulation => text(
                "recursive-encapsulation",
                "RFC 2003 section 4.4",
                "A packet to be forwarded into the tunnel has this node, or the tunnel's far end, as its source: it has been here before.",
                "Look for a routing loop through the tunnel.",
            ),
            Self::EncapsulationLimit => text(
                "encapsulation-limit",
                "RFC 2473 section 4.1.1",
                "The packet carries a tunnel encapsulation limit of 0 and may not be put into another tunnel.",
                "Look for nested tunnels that lead into each other, or raise the limit of the first one.",
            ),
            Self::PacketTooBig => text(
                "packet-too-big",
                "RFC 1191 section 3; RFC 4301 section 8",
                "The packet, with all the headers that were put in front of it, is larger than the link's MTU and may not be fragmented.",
                "Lower the tunnel's MTU by what encapsulation and ESP add.",
            ),
            Self::NoHeadroom => text(
                "no-headroom",
                "the caller's buffer",
                "The buffer has too little room before the packet for the headers that encapsulation adds.",
                "Leave more bytes before the packet: an outer IPv6 header, UDP, ESP and a 16-byte IV take 72.",
            ),
            Self::NoTailroom => text(
                "no-tailroom",
                "the caller's buffer",
                "The buffer has too little room after the packet for padding, trailer and ICV.",
                "Leave more bytes after the packet: the longest minimal padding, trailer and ICV take 49.",
            ),
            Self::ReassemblyFull => text(
                "reassembly-full",
                "RFC 4301 appendix D",
                "All places for reassembly are taken, or the datagram is larger than one of them.",
                "Is somebody flooding with fragments? Avoid outer fragments by a smaller tunnel MTU.",
            ),
            Self::ReassemblyTimeout => text(
                "reassembly-timeout",
                "RFC 1122 section 3.3.2",
                "The fragments of a datagram did not all come in time.",
                "Which fragments are lost on the path? Avoid fragments by a smaller tunnel MTU.",
            ),
            Self::FragmentOverlap => text(
                "fragment-overlap",
                "RFC 5722 section 4",
                "Fragments of one datagram overlap. The whole datagram is discarded.",
                "No honest sender does this; a retransmission with the same identification and other boundaries looks the same.",
            ),
        }
    }
}
