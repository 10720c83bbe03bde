// Made by npm run build.

/** Why a packet met its end: stable codes. See {@link explain}. */
export const DropReason = {
  /** The packet ends before its headers say that it does. */
  Truncated: 0x10,
  /** The IP version is neither 4 nor 6, or the packet inside a tunnel is not of the version that the protocol number (4 or 41) promises. */
  BadVersion: 0x11,
  /** A header's length field is smaller than the header itself. */
  BadHeaderLength: 0x12,
  /** The checksum of the IPv4 header is wrong. */
  BadChecksum: 0x13,
  /** The total or payload length contradicts the number of bytes that are there. */
  BadTotalLength: 0x14,
  /** An IPv6 extension header is out of place, longer than the packet, or one of too many. */
  BadExtensionHeader: 0x15,
  /** No route of this network leads to the destination. */
  NoRoute: 0x20,
  /** The TTL or hop limit does not permit one more hop. */
  TtlExpired: 0x21,
  /** The node has no address of the right family that may be the source. */
  NoSourceAddress: 0x22,
  /** The link that the route names is down. */
  LinkDown: 0x23,
  /** The source or destination can't be on the wire here: loopback, multicast as a source, unspecified, IPv4-mapped. */
  Martian: 0x24,
  /** The route back to the source does not use the link that the packet came by. */
  ReversePath: 0x25,
  /** The longest matching route says: discard silently. */
  Blackhole: 0x26,
  /** The longest matching route says that the destination is unreachable. */
  Unreachable: 0x27,
  /** The longest matching route says that the destination is administratively forbidden. */
  Prohibited: 0x28,
  /** An application has bound a source address that is none of this node's in the network in which it sends: answers would not come back through that network. */
  ForeignSource: 0x29,
  /** The first policy whose selectors match says DISCARD. */
  PolicyDiscard: 0x30,
  /** No policy matches, and what no policy names is discarded. */
  NoPolicy: 0x31,
  /** The packet came in clear, and the policy for such packets says PROTECT. */
  Unprotected: 0x32,
  /** The packet was decrypted and authenticated, but it is not one that this SA may carry. */
  SelectorMismatch: 0x33,
  /** The fragments of one datagram did not all come by the same SAs and tunnels: one came in clear, or by another SA. */
  TrailViolation: 0x34,
  /** A transport-mode SA was chosen for a packet whose source is not this node. Transport mode is for the two ends of a packet. */
  TransportInTransit: 0x35,
  /** The policy takes a selector value from the packet (PFP), and the packet does not show it: a fragment, or an encrypted or cut transport header. */
  SelectorUnavailable: 0x36,
  /** The packet came out of a tunnel interface, and the SA that opened it is not bound to that interface: it may carry other packets than those between the tunnel's two ends. */
  WrongSa: 0x37,
  /** The right SA opened the packet, and gave it less than the tunnel interface demands: no confidentiality, or no anti-replay service. */
  WeakProtection: 0x38,
  /** The right SA opened the packet, and its inner source is none that may come out of this tunnel interface. */
  SourceNotAllowed: 0x39,
  /** The first firewall rule that matches the packet and the way that it came says to discard it. */
  FirewallDiscard: 0x3a,
  /** The link that the packet arrived by has firewall rules, and none accepts it. What no rule accepts is discarded. */
  NoFirewallRule: 0x3b,
  /** No inbound SA has the SPI of this packet. */
  UnknownSpi: 0x40,
  /** The SA's hard lifetime in time is over. */
  SaExpired: 0x41,
  /** The SA has used its last sequence number. Numbers never repeat, so nothing more can be sent. */
  SequenceExhausted: 0x42,
  /** Policy says PROTECT and there is no usable SA. The packet is dropped: it never leaves in clear. */
  NoOutboundSa: 0x43,
  /** The SA has carried all the bytes or packets that its hard lifetime permits. */
  LifetimeExceeded: 0x44,
  /** A packet with this sequence number was received before, or the number is 0. */
  Replayed: 0x50,
  /** The sequence number is older than the anti-replay window. With extended sequence numbers this shows only as a failed integrity check; the packet was then checked again with the previous high half, and passed. */
  LeftOfWindow: 0x51,
  /** The integrity check value is wrong: the packet was damaged or forged, or the two ends differ in key, algorithm, ICV length or extended sequence numbers. */
  BadIcv: 0x52,
  /** After decryption the pad length exceeds the payload, or the padding is not 1, 2, 3, and so on. */
  BadPadding: 0x53,
  /** A fragment was offered to ESP: inbound packets are reassembled first, and transport mode does not apply to fragments. */
  FragmentOffered: 0x54,
  /** A dummy packet (next header 59), sent to hide how much traffic there is. It is discarded by design. */
  Dummy: 0x55,
  /** A NAT keepalive: one byte 0xff on the port of UDP-encapsulated ESP. It is discarded by design. */
  NatKeepalive: 0x56,
  /** A tunnel-mode SA carried something that is not an IP packet. */
  NotTunnelled: 0x60,
  /** An IP packet inside IP arrived, and no tunnel interface has its outer source and destination as its two ends. */
  UnknownTunnel: 0x61,
  /** The packet went into more tunnels than are permitted; mostly the route to a tunnel's far end leads into the tunnel itself. */
  TunnelLoop: 0x62,
  /** The outer header says congestion experienced, and the inner header belongs to a transport that does not know ECN: dropping is the only signal left. */
  EcnCongestionLost: 0x63,
  /** The inner header forbids fragmentation and the tunnel is told to clear the outer DF bit. RFC 2003 forbids that combination. */
  DfConflict: 0x64,
  /** A packet to be forwarded into the tunnel has this node, or the tunnel's far end, as its source: it has been here before. */
  RecursiveEncapsulation: 0x65,
  /** The packet carries a tunnel encapsulation limit of 0 and may not be put into another tunnel. */
  EncapsulationLimit: 0x66,
  /** The packet, with all the headers that were put in front of it, is larger than the link's MTU and may not be fragmented. */
  PacketTooBig: 0x70,
  /** The buffer has too little room before the packet for the headers that encapsulation adds. */
  NoHeadroom: 0x71,
  /** The buffer has too little room after the packet for padding, trailer and ICV. */
  NoTailroom: 0x72,
  /** All places for reassembly are taken, or the datagram is larger than one of them. */
  ReassemblyFull: 0x73,
  /** The fragments of a datagram did not all come in time. */
  ReassemblyTimeout: 0x74,
  /** Fragments of one datagram overlap. The whole datagram is discarded. */
  FragmentOverlap: 0x75,
} as const;

/** Why a packet met its end. */
export type DropReason = (typeof DropReason)[keyof typeof DropReason];
