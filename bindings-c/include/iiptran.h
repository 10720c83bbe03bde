/**
 * @file
 * IIPtran: RFC 3884, "Use of IPsec Transport Mode for Dynamic Routing", for C99 and C++17.
 *
 * Two levels: SAs, SAD, SPD and FIB for a router with tables of its own; nodes for the whole of RFC 3884.
 * Both are functions of their inputs: no clock, no randomness, no input and output, no global state.
 *
 * - A call that can fail returns a status. Outputs come last and are written on success alone.
 * - Handles are opaque. What a call gives is the caller's, to be freed with the function of its type; a freed
 *   handle must not be used again. NULL and misaligned pointers are refused, and nothing happens; so are a packet's
 *   buffer and a burst's results that lie in what the call still reads.
 * - Time is nanoseconds since a moment that the caller chose. Lengths are bytes. Texts are UTF-8.
 * - The library keeps no pointer to a document, packet or option after a call.
 * - Numbers are in host byte order, packets and addresses in that of the network.
 *
 * Made by cargo xtask header; changes belong into bindings-c/src.
 */

#ifndef IIPTRAN_H
#define IIPTRAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Why a packet met its end: those values of iiptran_status_t that are below 0x100.
 */
enum iiptran_drop_reason {
  /** The packet ends before its headers say that it does. (RFC 791 section 3.1) */
  IIPTRAN_DROP_TRUNCATED = 0x10,
  /** The IP version is neither 4 nor 6, or the packet inside a tunnel is not of the version that the protocol number (4 or 41) promises. (RFC 2003 section 3) */
  IIPTRAN_DROP_BAD_VERSION = 0x11,
  /** A header's length field is smaller than the header itself. (RFC 1122 section 3.2.1) */
  IIPTRAN_DROP_BAD_HEADER_LENGTH = 0x12,
  /** The checksum of the IPv4 header is wrong. (RFC 1122 section 3.2.1.2) */
  IIPTRAN_DROP_BAD_CHECKSUM = 0x13,
  /** The total or payload length contradicts the number of bytes that are there. (RFC 791 section 3.1) */
  IIPTRAN_DROP_BAD_TOTAL_LENGTH = 0x14,
  /** An IPv6 extension header is out of place, longer than the packet, or one of too many. (RFC 8200 section 4) */
  IIPTRAN_DROP_BAD_EXTENSION_HEADER = 0x15,
  /** No route of this network leads to the destination. (RFC 1812 section 5.2.4) */
  IIPTRAN_DROP_NO_ROUTE = 0x20,
  /** The TTL or hop limit does not permit one more hop. (RFC 1812 section 5.3.1; RFC 2003 section 3.1) */
  IIPTRAN_DROP_TTL_EXPIRED = 0x21,
  /** The node has no address of the right family that may be the source. (RFC 1122 section 3.3.4.3) */
  IIPTRAN_DROP_NO_SOURCE_ADDRESS = 0x22,
  /** The link that the route names is down. (RFC 3884 section 3.1) */
  IIPTRAN_DROP_LINK_DOWN = 0x23,
  /** The source or destination can't be on the wire here: loopback, multicast as a source, unspecified, IPv4-mapped. (RFC 1812 section 5.3.7; RFC 4213 section 3.6) */
  IIPTRAN_DROP_MARTIAN = 0x24,
  /** The route back to the source does not use the link that the packet came by. (RFC 3704 section 2) */
  IIPTRAN_DROP_REVERSE_PATH = 0x25,
  /** The longest matching route says: discard silently. (RFC 1812 section 5.2.4) */
  IIPTRAN_DROP_BLACKHOLE = 0x26,
  /** The longest matching route says that the destination is unreachable. (RFC 1812 section 5.2.7.1) */
  IIPTRAN_DROP_UNREACHABLE = 0x27,
  /** The longest matching route says that the destination is administratively forbidden. (RFC 1812 section 5.2.7.1) */
  IIPTRAN_DROP_PROHIBITED = 0x28,
  /** An application has bound a source address that is none of this node's in the network in which it sends: answers would not come back through that network. (RFC 3884 section 2.4; RFC 1122 section 3.3.4.2) */
  IIPTRAN_DROP_FOREIGN_SOURCE = 0x29,
  /** The first policy whose selectors match says DISCARD. (RFC 4301 section 4.4.1) */
  IIPTRAN_DROP_POLICY_DISCARD = 0x30,
  /** No policy matches, and what no policy names is discarded. (RFC 4301 section 4.4.1) */
  IIPTRAN_DROP_NO_POLICY = 0x31,
  /** The packet came in clear, and the policy for such packets says PROTECT. (RFC 4301 section 5.2 step 3b) */
  IIPTRAN_DROP_UNPROTECTED = 0x32,
  /** The packet was decrypted and authenticated, but it is not one that this SA may carry. (RFC 4301 section 5.2 step 4) */
  IIPTRAN_DROP_SELECTOR_MISMATCH = 0x33,
  /** The fragments of one datagram did not all come by the same SAs and tunnels: one came in clear, or by another SA. (RFC 3884 section 4.2.3) */
  IIPTRAN_DROP_TRAIL_VIOLATION = 0x34,
  /** A transport-mode SA was chosen for a packet whose source is not this node. Transport mode is for the two ends of a packet. (RFC 4301 section 4.1) */
  IIPTRAN_DROP_TRANSPORT_IN_TRANSIT = 0x35,
  /** The policy takes a selector value from the packet (PFP), and the packet does not show it: a fragment, or an encrypted or cut transport header. (RFC 4301 section 4.4.1.2) */
  IIPTRAN_DROP_SELECTOR_UNAVAILABLE = 0x36,
  /** The packet came out of a tunnel interface, and the SA that opened it is not bound to that interface: it may carry other packets than those between the tunnel's two ends. (RFC 3884 section 4.2.3) */
  IIPTRAN_DROP_WRONG_SA = 0x37,
  /** The right SA opened the packet, and gave it less than the tunnel interface demands: no confidentiality, or no anti-replay service. (RFC 3884 section 4.2.3; RFC 4301 section 3.2) */
  IIPTRAN_DROP_WEAK_PROTECTION = 0x38,
  /** The right SA opened the packet, and its inner source is none that may come out of this tunnel interface. (RFC 3884 section 4.2.3; RFC 3704 section 2) */
  IIPTRAN_DROP_SOURCE_NOT_ALLOWED = 0x39,
  /** The first firewall rule that matches the packet and the way that it came says to discard it. (RFC 3884 section 4.2.3) */
  IIPTRAN_DROP_FIREWALL_DISCARD = 0x3a,
  /** The link that the packet arrived by has firewall rules, and none accepts it. What no rule accepts is discarded. (RFC 3884 section 4.2.3) */
  IIPTRAN_DROP_NO_FIREWALL_RULE = 0x3b,
  /** No inbound SA has the SPI of this packet. (RFC 4303 section 3.4.2) */
  IIPTRAN_DROP_UNKNOWN_SPI = 0x40,
  /** The SA's hard lifetime in time is over. (RFC 4301 section 4.4.2.1) */
  IIPTRAN_DROP_SA_EXPIRED = 0x41,
  /** The SA has used its last sequence number. Numbers never repeat, so nothing more can be sent. (RFC 4303 section 3.3.3) */
  IIPTRAN_DROP_SEQUENCE_EXHAUSTED = 0x42,
  /** Policy says PROTECT and there is no usable SA. The packet is dropped: it never leaves in clear. (RFC 4301 section 5.1; RFC 3884 section 3.1) */
  IIPTRAN_DROP_NO_OUTBOUND_SA = 0x43,
  /** The SA has carried all the bytes or packets that its hard lifetime permits. (RFC 4301 section 4.4.2.1) */
  IIPTRAN_DROP_LIFETIME_EXCEEDED = 0x44,
  /** A packet with this sequence number was received before, or the number is 0. (RFC 4303 section 3.4.3) */
  IIPTRAN_DROP_REPLAYED = 0x50,
  /** The sequence number is older than the anti-replay window. With extended sequence numbers this shows only as a failed integrity check; the packet was then checked again with the previous high half, and passed. (RFC 4303 section 3.4.3 and appendix A2) */
  IIPTRAN_DROP_LEFT_OF_WINDOW = 0x51,
  /** The integrity check value is wrong: the packet was damaged or forged, or the two ends differ in key, algorithm, ICV length or extended sequence numbers. (RFC 4303 section 3.4.4) */
  IIPTRAN_DROP_BAD_ICV = 0x52,
  /** After decryption the pad length exceeds the payload, or the padding is not 1, 2, 3, and so on. (RFC 4303 section 2.4) */
  IIPTRAN_DROP_BAD_PADDING = 0x53,
  /** A fragment was offered to ESP: inbound packets are reassembled first, and transport mode does not apply to fragments. (RFC 4303 section 3.4.1; RFC 4301 section 4.1) */
  IIPTRAN_DROP_FRAGMENT_OFFERED = 0x54,
  /** A dummy packet (next header 59), sent to hide how much traffic there is. It is discarded by design. (RFC 4303 section 2.6) */
  IIPTRAN_DROP_DUMMY = 0x55,
  /** A NAT keepalive: one byte 0xff on the port of UDP-encapsulated ESP. It is discarded by design. (RFC 3948 section 2.3) */
  IIPTRAN_DROP_NAT_KEEPALIVE = 0x56,
  /** A tunnel-mode SA carried something that is not an IP packet. (RFC 4301 section 5.2; RFC 3884 appendix A) */
  IIPTRAN_DROP_NOT_TUNNELLED = 0x60,
  /** An IP packet inside IP arrived, and no tunnel interface has its outer source and destination as its two ends. (RFC 2003 section 3; RFC 4213 section 3.6) */
  IIPTRAN_DROP_UNKNOWN_TUNNEL = 0x61,
  /** The packet went into more tunnels than are permitted; mostly the route to a tunnel's far end leads into the tunnel itself. (RFC 2003 section 4.4) */
  IIPTRAN_DROP_TUNNEL_LOOP = 0x62,
  /** The outer header says congestion experienced, and the inner header belongs to a transport that does not know ECN: dropping is the only signal left. (RFC 6040 section 4.2) */
  IIPTRAN_DROP_ECN_CONGESTION_LOST = 0x63,
  /** The inner header forbids fragmentation and the tunnel is told to clear the outer DF bit. RFC 2003 forbids that combination. (RFC 3884 appendix A) */
  IIPTRAN_DROP_DF_CONFLICT = 0x64,
  /** A packet to be forwarded into the tunnel has this node, or the tunnel's far end, as its source: it has been here before. (RFC 2003 section 4.4) */
  IIPTRAN_DROP_RECURSIVE_ENCAPSULATION = 0x65,
  /** The packet carries a tunnel encapsulation limit of 0 and may not be put into another tunnel. (RFC 2473 section 4.1.1) */
  IIPTRAN_DROP_ENCAPSULATION_LIMIT = 0x66,
  /** The packet, with all the headers that were put in front of it, is larger than the link's MTU and may not be fragmented. (RFC 1191 section 3; RFC 4301 section 8) */
  IIPTRAN_DROP_PACKET_TOO_BIG = 0x70,
  /** The buffer has too little room before the packet for the headers that encapsulation adds. (the caller's buffer) */
  IIPTRAN_DROP_NO_HEADROOM = 0x71,
  /** The buffer has too little room after the packet for padding, trailer and ICV. (the caller's buffer) */
  IIPTRAN_DROP_NO_TAILROOM = 0x72,
  /** All places for reassembly are taken, or the datagram is larger than one of them. (RFC 4301 appendix D) */
  IIPTRAN_DROP_REASSEMBLY_FULL = 0x73,
  /** The fragments of a datagram did not all come in time. (RFC 1122 section 3.3.2) */
  IIPTRAN_DROP_REASSEMBLY_TIMEOUT = 0x74,
  /** Fragments of one datagram overlap. The whole datagram is discarded. (RFC 5722 section 4) */
  IIPTRAN_DROP_FRAGMENT_OVERLAP = 0x75,
};


/**
 * What is due never: see iiptran_network_step.
 */
#define IIPTRAN_NEVER UINT64_MAX

/**
 * Send the packet out of a physical link.
 */
#define IIPTRAN_TRANSMIT 1

/**
 * Hand the packet to this node's own upper layers.
 */
#define IIPTRAN_DELIVER 2

/**
 * The packet is a fragment; the node keeps it until the datagram is whole.
 */
#define IIPTRAN_HOLD 3

/**
 * Instead of the number of a worker: none, or any.
 */
#define IIPTRAN_NO_WORKER UINT32_MAX

/**
 * Free bytes before a packet that cover four nested tunnels with ESP and UDP on each.
 */
#define IIPTRAN_HEADROOM 512

/**
 * Free bytes behind a packet that cover the longest padding, traffic-flow padding aside, and the longest
 * ICV.
 */
#define IIPTRAN_TAILROOM 512

/**
 * ESP behind the packet's own IP header.
 */
#define IIPTRAN_MODE_TRANSPORT 0

/**
 * The whole packet inside a new one.
 */
#define IIPTRAN_MODE_TUNNEL 1

/**
 * An inbound SA is found by its SPI alone.
 */
#define IIPTRAN_LOOKUP_SPI 0

/**
 * An inbound SA is found by SPI and destination, for multicast.
 */
#define IIPTRAN_LOOKUP_DESTINATION 1

/**
 * An inbound SA is found by SPI, destination and source, for multicast.
 */
#define IIPTRAN_LOOKUP_SOURCE 2

/**
 * A window for an SA without anti-replay.
 */
#define IIPTRAN_WINDOW_OFF 4294967295

/**
 * No encryption (RFC 2410); with an integrity algorithm.
 */
#define IIPTRAN_ENCR_NULL 11

/**
 * AES-CBC (RFC 3602); with an integrity algorithm.
 */
#define IIPTRAN_ENCR_AES_CBC 12

/**
 * AES-CTR (RFC 3686); with an integrity algorithm.
 */
#define IIPTRAN_ENCR_AES_CTR 13

/**
 * AES-CCM with an ICV of 8 bytes (RFC 4309).
 */
#define IIPTRAN_ENCR_AES_CCM_8 14

/**
 * AES-CCM with an ICV of 12 bytes (RFC 4309).
 */
#define IIPTRAN_ENCR_AES_CCM_12 15

/**
 * AES-CCM with an ICV of 16 bytes (RFC 4309).
 */
#define IIPTRAN_ENCR_AES_CCM_16 16

/**
 * AES-GCM with an ICV of 8 bytes (RFC 4106).
 */
#define IIPTRAN_ENCR_AES_GCM_8 18

/**
 * AES-GCM with an ICV of 12 bytes (RFC 4106).
 */
#define IIPTRAN_ENCR_AES_GCM_12 19

/**
 * AES-GCM with an ICV of 16 bytes (RFC 4106).
 */
#define IIPTRAN_ENCR_AES_GCM_16 20

/**
 * AES-GMAC: integrity alone (RFC 4543).
 */
#define IIPTRAN_ENCR_NULL_AUTH_AES_GMAC 21

/**
 * ChaCha20-Poly1305 (RFC 7634).
 */
#define IIPTRAN_ENCR_CHACHA20_POLY1305 28

/**
 * AES-CCM with an ICV of 8 bytes and an implicit IV (RFC 8750).
 */
#define IIPTRAN_ENCR_AES_CCM_8_IIV 29

/**
 * AES-GCM with an ICV of 16 bytes and an implicit IV (RFC 8750).
 */
#define IIPTRAN_ENCR_AES_GCM_16_IIV 30

/**
 * ChaCha20-Poly1305 with an implicit IV (RFC 8750).
 */
#define IIPTRAN_ENCR_CHACHA20_POLY1305_IIV 31

/**
 * The encryption algorithm authenticates by itself.
 */
#define IIPTRAN_AUTH_NONE 0

/**
 * HMAC-SHA1-96 (RFC 2404).
 */
#define IIPTRAN_AUTH_HMAC_SHA1_96 2

/**
 * AES-XCBC-96 (RFC 3566).
 */
#define IIPTRAN_AUTH_AES_XCBC_96 5

/**
 * AES-CMAC-96 (RFC 4494).
 */
#define IIPTRAN_AUTH_AES_CMAC_96 8

/**
 * HMAC-SHA2-256-128 (RFC 4868).
 */
#define IIPTRAN_AUTH_HMAC_SHA2_256_128 12

/**
 * HMAC-SHA2-384-192 (RFC 4868).
 */
#define IIPTRAN_AUTH_HMAC_SHA2_384_192 13

/**
 * HMAC-SHA2-512-256 (RFC 4868).
 */
#define IIPTRAN_AUTH_HMAC_SHA2_512_256 14

/**
 * From this node.
 */
#define IIPTRAN_OUTBOUND 0

/**
 * To this node.
 */
#define IIPTRAN_INBOUND 1

/**
 * A capture that the library made: a pcap file.
 */
typedef struct iiptran_capture_t iiptran_capture_t;

/**
 * What is wrong with a document, and where.
 */
typedef struct iiptran_config_error_t iiptran_config_error_t;

/**
 * The forwarding table of one network. Threads may share the handle.
 */
typedef struct iiptran_fib_t iiptran_fib_t;

/**
 * The receiving side of an SA. One thread at a time; it may move from thread to thread. It can't be
 * copied: a second anti-replay window would let a packet in twice.
 */
typedef struct iiptran_inbound_sa_t iiptran_inbound_sa_t;

/**
 * A network of nodes and hosts on a virtual clock: RFC 3884, run. There is no chance but the seed's. One
 * thread at a time; it may move from thread to thread.
 */
typedef struct iiptran_network_t iiptran_network_t;

/**
 * One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole). One thread at a time; it
 * may move from thread to thread.
 */
typedef struct iiptran_node_t iiptran_node_t;

/**
 * The sending side of an SA. Threads may share the handle: every call but the free may run in many at once,
 * and no sequence number is given out twice.
 */
typedef struct iiptran_outbound_sa_t iiptran_outbound_sa_t;

/**
 * The inbound part of the security association database (RFC 4301 section 4.4.2). One thread at a time.
 */
typedef struct iiptran_sad_t iiptran_sad_t;

/**
 * The Security Policy Database (RFC 4301 section 4.4.1). Threads may share the handle.
 */
typedef struct iiptran_spd_t iiptran_spd_t;

/**
 * What a node reads, outbound SAs included: for as many nodes as there are cores. Threads may share the
 * handle.
 */
typedef struct iiptran_tables_t iiptran_tables_t;

/**
 * A document that the library made: JSON in UTF-8.
 */
typedef struct iiptran_text_t iiptran_text_t;

/**
 * What a call answers: IIPTRAN_OK; a drop reason (0x10 to 0xff, enum iiptran_drop_reason) if a packet met
 * its end; or one of the values below, from 0x100. Where it is not IIPTRAN_OK, nothing was written to any
 * output, except where a function says so.
 */
typedef uint32_t iiptran_status_t;

/**
 * An IP address, or none.
 */
typedef struct {
  /**
   * 4 or 6; 0 for no address.
   */
  uint8_t version;
  /**
   * The address in network byte order; of version 4, in the first four bytes.
   */
  uint8_t bytes[16];
} iiptran_address_t;

/**
 * Where a route leads.
 */
typedef struct {
  /**
   * The link's place in the document, from 0.
   */
  uint32_t link;
  /**
   * The neighbour on that link: the router, or the destination itself.
   */
  iiptran_address_t address;
} iiptran_next_hop_t;

/**
 * A text of the library or of a handle: UTF-8, not NUL-terminated. Print it with "%.*s".
 */
typedef struct {
  /**
   * The first character.
   */
  const char *text;
  /**
   * Length, bytes.
   */
  size_t length;
} iiptran_words_t;

/**
 * Bytes of a handle.
 */
typedef struct {
  /**
   * The first byte.
   */
  const uint8_t *first;
  /**
   * How many.
   */
  size_t length;
} iiptran_bytes_t;

/**
 * A packet in a buffer of the caller's. Headers go into the free bytes before it and trailers into those
 * behind it: IIPTRAN_HEADROOM and IIPTRAN_TAILROOM are always enough. The library writes to the whole buffer
 * while a call runs and keeps no pointer to it afterwards; a buffer that this struct, or a row of a
 * burst, lies in gets IIPTRAN_BAD_POINTER. Packets of a burst may share a buffer.
 */
typedef struct {
  /**
   * The first byte of the buffer.
   */
  uint8_t *buffer;
  /**
   * Size of the buffer, bytes.
   */
  size_t capacity;
  /**
   * Where the packet begins in the buffer. A call that succeeds changes it.
   */
  size_t offset;
  /**
   * Length of the packet, bytes. A call that succeeds changes it.
   */
  size_t length;
} iiptran_packet_t;

/**
 * What the caller is to do with a packet that went through a node.
 */
typedef struct {
  /**
   * IIPTRAN_TRANSMIT, IIPTRAN_DELIVER or IIPTRAN_HOLD; the drop reason in a burst, and there a misuse.
   */
  uint32_t what;
  /**
   * Transmit: the link to send by. Deliver: the link that the packet came by.
   */
  uint32_t link;
  /**
   * Transmit: the neighbour on that link.
   */
  iiptran_address_t next_hop;
} iiptran_verdict_t;

/**
 * The key of an inbound SA (RFC 4301 section 4.1): the SPI alone for unicast; with the destination, and
 * with the source too, for multicast.
 */
typedef struct {
  /**
   * Security parameters index, in host byte order.
   */
  uint32_t spi;
  /**
   * Destination, or none.
   */
  iiptran_address_t destination;
  /**
   * Source, or none.
   */
  iiptran_address_t source;
} iiptran_sa_id_t;

/**
 * What a single seal does differently: for known-answer tests, dummy packets and traffic-flow
 * confidentiality. All zero changes nothing.
 */
typedef struct {
  /**
   * Not 0: take `sequence`; the SA's own counter stays where it is.
   */
  uint8_t has_sequence;
  /**
   * At least so many bytes of padding (RFC 4303 section 2.4).
   */
  uint8_t padding;
  /**
   * Not 0: a dummy packet (RFC 4303 section 2.6), whose payload the receiver discards.
   */
  uint8_t dummy;
  /**
   * The whole sequence number.
   */
  uint64_t sequence;
  /**
   * The IV; NULL for the SA's own. It may be in the packet's buffer.
   */
  const uint8_t *iv;
  /**
   * Length of the IV, bytes.
   */
  size_t iv_length;
  /**
   * The outer header of tunnel mode, which may be in the packet's buffer too, as the packet is to begin on the wire: IPv4 without options, or IPv6
   * with nothing behind it or a tunnel encapsulation limit. Lengths, checksum and protocols are worked
   * out anew. NULL for the SA's own.
   */
  const uint8_t *outer;
  /**
   * Length of the outer header, bytes.
   */
  size_t outer_length;
  /**
   * So many bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7).
   */
  size_t flow_padding;
} iiptran_seal_options_t;

/**
 * What sealing did.
 */
typedef struct {
  /**
   * The whole sequence number.
   */
  uint64_t sequence;
  /**
   * Pad length, bytes.
   */
  size_t pad_length;
} iiptran_sealed_t;

/**
 * What opening found.
 */
typedef struct {
  /**
   * The whole sequence number.
   */
  uint64_t sequence;
  /**
   * Pad length, bytes.
   */
  size_t pad_length;
  /**
   * The payload's protocol: 4 or 41 for an IP packet.
   */
  uint8_t next_header;
} iiptran_opened_t;

/**
 * Limits of an SA; whichever is reached first counts, and 0 is none.
 */
typedef struct {
  /**
   * Seconds since the time of the caller began.
   */
  uint64_t seconds;
  /**
   * Bytes given to the cipher.
   */
  uint64_t bytes;
  /**
   * Packets.
   */
  uint64_t packets;
} iiptran_limits_t;

/**
 * What a key exchange agreed on for one direction, in the terms of IKEv2 (RFC 7296). All zero is an SA in
 * transport mode with what is usual; SPI, algorithms and keys are always to be said. It carries any
 * traffic: an SA with selectors of its own is made of a document.
 */
typedef struct {
  /**
   * Security parameters index in host byte order, 256 or more.
   */
  uint32_t spi;
  /**
   * Encryption algorithm: an IKEv2 transform ID of type 1, IIPTRAN_ENCR_AES_GCM_16 for example.
   */
  uint16_t encryption;
  /**
   * The Key Length attribute of AES: 128, 192 or 256, without the salt; 0 for the others.
   */
  uint16_t key_bits;
  /**
   * Integrity algorithm: an IKEv2 transform ID of type 3, IIPTRAN_AUTH_HMAC_SHA2_256_128 for example.
   */
  uint16_t integrity;
  /**
   * IIPTRAN_MODE_TRANSPORT or IIPTRAN_MODE_TUNNEL.
   */
  uint8_t mode;
  /**
   * Not 0: sequence numbers have 64 bits (IKEv2 transform type 5).
   */
  uint8_t extended_sequence;
  /**
   * Encryption key with its salt behind it, as it is cut from KEYMAT. It is copied, and the copy wiped
   * when the SA is freed.
   */
  const uint8_t *key;
  /**
   * Its length, bytes.
   */
  size_t key_length;
  /**
   * Integrity key; NULL beside an AEAD. Copied and wiped likewise.
   */
  const uint8_t *integrity_key;
  /**
   * Its length, bytes.
   */
  size_t integrity_key_length;
  /**
   * Name for people, UTF-8; NULL for the SPI.
   */
  const char *name;
  /**
   * Its length, bytes.
   */
  size_t name_length;
  /**
   * Source of the SA's ESP packets; tunnel mode needs it.
   */
  iiptran_address_t source;
  /**
   * Destination of the SA's ESP packets; tunnel mode needs it.
   */
  iiptran_address_t destination;
  /**
   * Source port of UDP encapsulation (RFC 3948).
   */
  uint16_t udp_source;
  /**
   * Destination port of UDP encapsulation; both 0 for none.
   */
  uint16_t udp_destination;
  /**
   * Inbound: size of the anti-replay window; 0 for the usual one, IIPTRAN_WINDOW_OFF for none.
   */
  uint32_t window;
  /**
   * When to replace it; all 0 for what its algorithms advise.
   */
  iiptran_limits_t soft;
  /**
   * When it ends.
   */
  iiptran_limits_t hard;
  /**
   * The sequence number before the first packet.
   */
  uint64_t start;
  /**
   * Outbound: combined with the counter that is the IV of counter modes.
   */
  uint64_t iv_mask;
  /**
   * Outbound: the largest packet that the path takes, bytes, once sealed; 0 for any.
   */
  size_t path_mtu;
  /**
   * Inbound: IIPTRAN_LOOKUP_SPI, _DESTINATION or _SOURCE (RFC 4301 section 4.1).
   */
  uint8_t lookup;
} iiptran_sa_config_t;

/**
 * The policy that decides about a packet.
 */
typedef struct {
  /**
   * Its place in the document, from 0.
   */
  uint32_t index;
  /**
   * Its name, until the SPD is freed.
   */
  iiptran_words_t name;
  /**
   * "discard", "bypass" or "protect"; the text stays forever.
   */
  iiptran_words_t action;
} iiptran_policy_t;

/**
 * What a drop reason means. The texts are the library's and stay forever.
 */
typedef struct {
  /**
   * Stable name, such as "bad-icv".
   */
  iiptran_words_t name;
  /**
   * The kind of reason, such as "esp".
   */
  iiptran_words_t group;
  /**
   * The clause that asks for the drop.
   */
  iiptran_words_t clause;
  /**
   * What happened.
   */
  iiptran_words_t meaning;
  /**
   * What to look at first.
   */
  iiptran_words_t check;
} iiptran_explanation_t;

/**
 * The call did what it is for.
 */
#define IIPTRAN_OK 0

/**
 * A document is wrong; the config error says where and why.
 */
#define IIPTRAN_CONFIG_ERROR 256

/**
 * A pointer that must not be NULL is NULL, is not aligned for its type, or leads into memory that the call
 * writes something else to.
 */
#define IIPTRAN_BAD_POINTER 257

/**
 * A text is not UTF-8.
 */
#define IIPTRAN_NOT_UTF8 258

/**
 * An argument has a value that means nothing.
 */
#define IIPTRAN_BAD_ARGUMENT 259

/**
 * Another thread is in a call with this handle, or a call with it ended in IIPTRAN_PANIC.
 */
#define IIPTRAN_BUSY 260

/**
 * The library found a fault in itself. The handle can only be freed now. Please report it.
 */
#define IIPTRAN_PANIC 261

/**
 * The packet's offset and length are not inside its buffer.
 */
#define IIPTRAN_OUTSIDE_BUFFER 272

/**
 * The node has no such link.
 */
#define IIPTRAN_UNKNOWN_LINK 273

/**
 * Packets come in by physical links, and this one is virtual.
 */
#define IIPTRAN_VIRTUAL_LINK 274

/**
 * The node has no such network.
 */
#define IIPTRAN_UNKNOWN_NETWORK 275

/**
 * The IV is not of the length that the SA's transform takes.
 */
#define IIPTRAN_IV_LENGTH 276

/**
 * The sequence number does not fit 32 bits, and those of the SA are not extended.
 */
#define IIPTRAN_SEQUENCE_TOO_LARGE 277

/**
 * Another inbound SA has the same key.
 */
#define IIPTRAN_DUPLICATE_SA 278

/**
 * No inbound SA has this key.
 */
#define IIPTRAN_UNKNOWN_SA 279

/**
 * Only the arrangement tunnel-mode has tunnel-mode SAs (RFC 3884 appendix A).
 */
#define IIPTRAN_TUNNEL_MODE_SA 280

/**
 * The network has no such node or host.
 */
#define IIPTRAN_UNKNOWN_STATION 281

/**
 * The network has no such wire.
 */
#define IIPTRAN_UNKNOWN_WIRE 282

/**
 * The bytes are no IP packet, and a host finds no destination in them.
 */
#define IIPTRAN_NOT_IP 283

/**
 * An SA in transport mode puts no outer header in front.
 */
#define IIPTRAN_NO_OUTER_HEADER 284

/**
 * The outer header is no whole IPv4 header without options, and no IPv6 header with nothing but a tunnel
 * encapsulation limit behind it.
 */
#define IIPTRAN_OUTER_HEADER 285

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Makes the FIB of a document with "links", their names, and "routes", which are those of a node's
 * document; see iiptran_outbound_sa_new. On success the caller owns *fib and frees it with
 * iiptran_fib_free. Allocates. Any thread.
 */
iiptran_status_t iiptran_fib_new(const char *document,
                                 size_t length,
                                 iiptran_config_error_t **error,
                                 iiptran_fib_t **fib);

/**
 * Frees a FIB; NULL is nothing. No other thread may be using it.
 */
void iiptran_fib_free(iiptran_fib_t *fib);

/**
 * Writes where an IP packet goes: the longest prefix that contains its destination, and of several equal
 * paths the one of its flow.
 *
 * IIPTRAN_DROP_NO_ROUTE, or the drop reason of a route that leads nowhere. Allocates nothing. Many threads
 * at once.
 */
iiptran_status_t iiptran_fib_lookup(const iiptran_fib_t *fib,
                                    const uint8_t *packet,
                                    size_t length,
                                    iiptran_next_hop_t *next_hop);

/**
 * Writes where a destination lies; flows with different hashes may take different ones of equal paths.
 * Otherwise as iiptran_fib_lookup.
 */
iiptran_status_t iiptran_fib_lookup_address(const iiptran_fib_t *fib,
                                            const iiptran_address_t *destination,
                                            uint64_t flow_hash,
                                            iiptran_next_hop_t *next_hop);

/**
 * How many routes there are; 0 of NULL. Any thread.
 */
size_t iiptran_fib_len(const iiptran_fib_t *fib);

/**
 * Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on:
 * "avx512", "avx2" or "aes-ni", or "portable" for none of them. NULL is what the environment variable IIPTRAN_ACCEL
 * names, if it is set. Without this call the fastest runs that the CPU has. Which one runs changes no byte of a
 * result. The freestanding library has "portable" alone, and no environment.
 *
 * IIPTRAN_BAD_ARGUMENT if there is no such name or the CPU can't run it; the choice is then what it was. Any
 * thread.
 */
iiptran_status_t iiptran_choose_kernel(const char *name,
                                       size_t length);

/**
 * The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on, such as "aes-ni". The
 * text stays forever. Any thread.
 */
iiptran_words_t iiptran_kernel(void);

/**
 * Makes the network of a scenario's document, or of a scenario that the library brings, by its name; at the
 * moment before it begins. See iiptran_outbound_sa_new. All that happens is noted until it is taken; see
 * iiptran_network_watch. On success the caller owns *network and frees it with iiptran_network_free.
 * Allocates. Any thread.
 */
iiptran_status_t iiptran_network_new(const char *document,
                                     size_t length,
                                     iiptran_config_error_t **error,
                                     iiptran_network_t **network);

/**
 * Frees a network; NULL is nothing.
 */
void iiptran_network_free(iiptran_network_t *network);

/**
 * Begins anew, with another seed unless that is NULL. What was noted is gone; what is watched stays.
 * Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_reset(iiptran_network_t *network,
                                       const uint64_t *seed,
                                       iiptran_config_error_t **error);

/**
 * What is noted from now on: ends of packets (iiptran_network_take_ends), the trace
 * (iiptran_network_take_trace), what wires carry (iiptran_network_take_capture). At first all of it; what is
 * not taken takes memory. One thread at a time.
 */
iiptran_status_t iiptran_network_watch(iiptran_network_t *network,
                                       bool ends,
                                       bool trace,
                                       bool captures);

/**
 * Writes how much time has passed, nanoseconds. One thread at a time.
 */
iiptran_status_t iiptran_network_now(const iiptran_network_t *network, uint64_t *value);

/**
 * Writes how long the scenario takes, nanoseconds. The network can go on after that; flows end. One thread
 * at a time.
 */
iiptran_status_t iiptran_network_duration(const iiptran_network_t *network,
                                          uint64_t *value);

/**
 * Writes where all chance comes from. One thread at a time.
 */
iiptran_status_t iiptran_network_seed(const iiptran_network_t *network, uint64_t *value);

/**
 * Writes how many packets are under way. One thread at a time.
 */
iiptran_status_t iiptran_network_under_way(const iiptran_network_t *network, uint64_t *value);

/**
 * Does the next thing that is due, and writes when that was, nanoseconds; IIPTRAN_NEVER if nothing will ever
 * be due again. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_step(iiptran_network_t *network,
                                      uint64_t *value);

/**
 * Does everything that is due up to a moment, that moment included, nanoseconds. Allocates. One thread at a
 * time.
 */
iiptran_status_t iiptran_network_run_until(iiptran_network_t *network,
                                           uint64_t until);

/**
 * Sends a packet from a node or host now, whole and with its source address, and writes its number in the
 * run. A node sends it in one of its networks; NULL is its first, and of a host the network means nothing.
 * The bytes stay as they are.
 *
 * IIPTRAN_UNKNOWN_STATION, IIPTRAN_UNKNOWN_NETWORK, IIPTRAN_NOT_IP. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_send(iiptran_network_t *network,
                                      const char *from,
                                      size_t from_length,
                                      const char *inside,
                                      size_t inside_length,
                                      const uint8_t *packet,
                                      size_t length,
                                      uint64_t *value);

/**
 * Cuts or mends a wire now. The links at its ends go with it if it has carrier. IIPTRAN_UNKNOWN_WIRE.
 * Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_set_wire_up(iiptran_network_t *network,
                                             const char *wire,
                                             size_t length,
                                             bool up);

/**
 * Takes a link of a node, physical or virtual, down or up now. IIPTRAN_UNKNOWN_STATION,
 * IIPTRAN_UNKNOWN_LINK. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_set_link_up(iiptran_network_t *network,
                                             const char *node,
                                             size_t node_length,
                                             const char *link,
                                             size_t link_length,
                                             bool up);

/**
 * Writes what a wire has carried since that was last taken, or all wires if it is NULL: raw IP packets at the
 * moments at which they were sent. The caller owns *capture and frees it with iiptran_capture_free.
 * IIPTRAN_UNKNOWN_WIRE. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_take_capture(iiptran_network_t *network,
                                              const char *wire,
                                              size_t length,
                                              iiptran_capture_t **capture);

/**
 * The pcap file of a capture, until it is freed; nothing of NULL. Any thread.
 */
iiptran_bytes_t iiptran_capture_bytes(const iiptran_capture_t *capture);

/**
 * Frees a capture; NULL is nothing.
 */
void iiptran_capture_free(iiptran_capture_t *capture);

/**
 * Writes the packets that met their end since they were last taken, in the order of time: moment, number,
 * flow, place, verdict, reason and bytes, as JSON, which the caller owns and frees with iiptran_text_free.
 * Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_take_ends(iiptran_network_t *network,
                                           iiptran_text_t **document);

/**
 * Writes what happened since it was last taken, a list of events, as JSON, which the caller owns and frees
 * with iiptran_text_free. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_take_trace(iiptran_network_t *network,
                                            iiptran_text_t **document);

/**
 * Writes what the run came to until now: flows, nodes with their counters, wires, routing, as JSON, which
 * the caller owns and frees with iiptran_text_free. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_report(const iiptran_network_t *network,
                                        iiptran_text_t **document);

/**
 * Writes the keys of all SAs that there were until now, the document that opens captures, as JSON, which the
 * caller owns and frees with iiptran_text_free. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_keys(const iiptran_network_t *network,
                                      iiptran_text_t **document);

/**
 * Writes the names of the nodes, as JSON, which the caller owns and frees with iiptran_text_free. Allocates.
 * One thread at a time.
 */
iiptran_status_t iiptran_network_nodes(const iiptran_network_t *network,
                                       iiptran_text_t **document);

/**
 * Writes the names of the wires, as JSON, which the caller owns and frees with iiptran_text_free. Allocates.
 * One thread at a time.
 */
iiptran_status_t iiptran_network_wires(const iiptran_network_t *network,
                                       iiptran_text_t **document);

/**
 * Writes the tables of a node as they are now, as JSON, which the caller owns and frees with
 * iiptran_text_free. IIPTRAN_UNKNOWN_STATION. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_tables(const iiptran_network_t *network,
                                        const char *node,
                                        size_t length,
                                        iiptran_text_t **document);

/**
 * Writes the name of the link by which a node sends packets to an address in a network now, which the caller
 * owns and frees with iiptran_text_free; NULL if no route leads there. IIPTRAN_UNKNOWN_STATION,
 * IIPTRAN_UNKNOWN_NETWORK. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_network_way(const iiptran_network_t *network,
                                     const char *node,
                                     size_t node_length,
                                     const char *inside,
                                     size_t inside_length,
                                     const iiptran_address_t *destination,
                                     iiptran_text_t **link);

/**
 * Writes the names of the scenarios that the library brings, as JSON, which the caller owns and frees with
 * iiptran_text_free. Allocates. Any thread.
 */
iiptran_status_t iiptran_scenarios(iiptran_text_t **document);

/**
 * Makes the node of a document, its inbound SAs installed and all links up; see iiptran_outbound_sa_new.
 * On success the caller owns *node and frees it with iiptran_node_free. Allocates. Any thread.
 */
iiptran_status_t iiptran_node_new(const char *document,
                                  size_t length,
                                  iiptran_config_error_t **error,
                                  iiptran_node_t **node);

/**
 * Makes a node for another core: with these tables, and so their outbound SAs, and no inbound SA. Those
 * are handed over with iiptran_node_remove_inbound_sa and iiptran_node_insert_inbound_sa. The tables stay
 * the caller's. On success the caller owns *node. Allocates. Any thread.
 */
iiptran_status_t iiptran_node_with_tables(const iiptran_tables_t *tables,
                                          iiptran_node_t **node);

/**
 * Numbers the node among those of several workers with the same tables (RFC 9611), from 0 to 65535, or among
 * none, as a new node is: IIPTRAN_NO_WORKER. It seals with the outbound SAs of its number, and where there is
 * none, with those for any worker. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_set_worker(iiptran_node_t *node,
                                         uint32_t worker);

/**
 * Makes a node for another worker: with the tables of this one, this number, and the inbound SAs that are for
 * its number, which are handed over, windows and all. On success the caller owns *other. Allocates. One thread
 * at a time.
 */
iiptran_status_t iiptran_node_for_worker(iiptran_node_t *node,
                                         uint32_t worker,
                                         iiptran_node_t **other);

/**
 * Frees a node with its inbound SAs; NULL is nothing.
 */
void iiptran_node_free(iiptran_node_t *node);

/**
 * Writes a handle of the node's tables, which the caller owns and frees with iiptran_tables_free; the node
 * may be gone before. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_tables(const iiptran_node_t *node,
                                     iiptran_tables_t **tables);

/**
 * Frees a handle of tables; NULL is nothing. No other thread may be using it.
 */
void iiptran_tables_free(iiptran_tables_t *tables);

/**
 * Replaces the tables by those of another document, between two packets. Outbound SAs that it has in
 * common with the old one, by network, policy and SPI, go on with their sequence numbers. Inbound SAs stay,
 * and those that are new are taken in. On IIPTRAN_CONFIG_ERROR nothing has changed. Allocates. One thread
 * at a time.
 */
iiptran_status_t iiptran_node_install(iiptran_node_t *node,
                                      const char *document,
                                      size_t length,
                                      iiptran_config_error_t **error);

/**
 * Replaces the tables by those of another core's node. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_install_tables(iiptran_node_t *node, const iiptran_tables_t *tables);

/**
 * Sends a packet that this node made, whole and with its source address, in one of the node's networks.
 * `now` is in nanoseconds since a moment that the caller chose.
 *
 * A drop reason if the packet met its end; its bytes are not defined then. Allocates nothing. One thread
 * at a time.
 */
iiptran_status_t iiptran_node_send(iiptran_node_t *node,
                                   uint64_t now,
                                   uint32_t network,
                                   iiptran_packet_t *packet,
                                   iiptran_verdict_t *verdict);

/**
 * Sends a packet that this node made out of a certain link, without asking for a route: how routing
 * protocols speak to their neighbours. Otherwise as iiptran_node_send.
 */
iiptran_status_t iiptran_node_send_via(iiptran_node_t *node,
                                       uint64_t now,
                                       uint32_t link,
                                       iiptran_packet_t *packet,
                                       iiptran_verdict_t *verdict);

/**
 * Takes a packet that came in by a physical link. Otherwise as iiptran_node_send. A buffer should hold the
 * longest datagram that is reassembled, where fragments may come.
 */
iiptran_status_t iiptran_node_receive(iiptran_node_t *node,
                                      uint64_t now,
                                      uint32_t link,
                                      iiptran_packet_t *packet,
                                      iiptran_verdict_t *verdict);

/**
 * iiptran_node_send for many packets of one network; each gets a verdict of its own in `verdicts`, which
 * has room for as many. There `what` is the status where a packet was dropped or a call is wrong.
 *
 * IIPTRAN_OK if each was tried. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_node_send_burst(iiptran_node_t *node,
                                         uint64_t now,
                                         uint32_t network,
                                         iiptran_packet_t *packets,
                                         size_t count,
                                         iiptran_verdict_t *verdicts);

/**
 * iiptran_node_receive for many packets of one link; otherwise as iiptran_node_send_burst.
 */
iiptran_status_t iiptran_node_receive_burst(iiptran_node_t *node,
                                            uint64_t now,
                                            uint32_t link,
                                            iiptran_packet_t *packets,
                                            size_t count,
                                            iiptran_verdict_t *verdicts);

/**
 * Takes an inbound SA in, whose packets arrive in the node's first network. On success its handle is gone;
 * otherwise it is the caller's still: IIPTRAN_DUPLICATE_SA, IIPTRAN_TUNNEL_MODE_SA. Allocates. One thread
 * at a time.
 */
iiptran_status_t iiptran_node_insert_inbound_sa(iiptran_node_t *node,
                                                iiptran_inbound_sa_t *sa);

/**
 * Gives back an inbound SA whose packets arrive in a network, window and all, to hand it to another core;
 * the caller owns *sa. IIPTRAN_UNKNOWN_SA if there is none with this key. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_remove_inbound_sa(iiptran_node_t *node,
                                                uint32_t network,
                                                const iiptran_sa_id_t *id,
                                                iiptran_inbound_sa_t **sa);

/**
 * Takes a link up or down. Routes that lead out of a link that is down drop their packets. One thread at a
 * time.
 */
iiptran_status_t iiptran_node_set_link_up(iiptran_node_t *node,
                                          uint32_t link,
                                          bool up);

/**
 * Writes the number of the link of a name, physical or virtual. It stays until tables are installed. One
 * thread at a time.
 */
iiptran_status_t iiptran_node_link(const iiptran_node_t *node,
                                   const char *name,
                                   size_t length,
                                   uint32_t *link);

/**
 * Writes the number of the network of a name. It stays until tables are installed. One thread at a time.
 */
iiptran_status_t iiptran_node_network(const iiptran_node_t *node,
                                      const char *name,
                                      size_t length,
                                      uint32_t *network);

/**
 * Writes the name of a link as a text, which the caller owns and frees with iiptran_text_free. Allocates.
 * One thread at a time.
 */
iiptran_status_t iiptran_node_link_name(const iiptran_node_t *node,
                                        uint32_t link,
                                        iiptran_text_t **name);

/**
 * Writes the counters as JSON, which the caller owns and frees with iiptran_text_free. Allocates. One
 * thread at a time.
 */
iiptran_status_t iiptran_node_counters(const iiptran_node_t *node,
                                       iiptran_text_t **counters);

/**
 * Writes how many packets met their end for a reason. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_node_drops(const iiptran_node_t *node,
                                    iiptran_status_t reason,
                                    uint64_t *packets);

/**
 * Writes the oldest event that was not yet told, as JSON, which the caller owns and frees with
 * iiptran_text_free; NULL if there is none. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_poll_event(iiptran_node_t *node, iiptran_text_t **event);

/**
 * Makes the sending side of the SA of a document, which is JSON if it begins with a brace, and TOML if
 * not; its fields are those of an entry of "sas" in a node's document.
 *
 * The document is not kept. On success the caller owns *sa and frees it with iiptran_outbound_sa_free. On
 * IIPTRAN_CONFIG_ERROR, unless error is NULL, the caller owns *error and frees it with
 * iiptran_config_error_free. Allocates. Any thread.
 */
iiptran_status_t iiptran_outbound_sa_new(const char *document,
                                         size_t length,
                                         iiptran_config_error_t **error,
                                         iiptran_outbound_sa_t **sa);

/**
 * Frees a sending side; NULL is nothing. No other thread may be using it.
 */
void iiptran_outbound_sa_free(iiptran_outbound_sa_t *sa);

/**
 * Seals an IP packet in place (RFC 4303 section 3.3). `now` is in nanoseconds since a moment that the
 * caller chose. Options may be NULL, and so may sealed.
 *
 * A drop reason if the packet met its end; its bytes, offset and length are as they were then, and so are
 * those around it. Allocates nothing. Many threads at once, with different packets.
 */
iiptran_status_t iiptran_outbound_sa_seal(const iiptran_outbound_sa_t *sa,
                                          uint64_t now,
                                          const iiptran_seal_options_t *options,
                                          iiptran_packet_t *packet,
                                          iiptran_sealed_t *sealed);

/**
 * iiptran_outbound_sa_seal for many packets; each gets a status of its own in `statuses`, which has room
 * for as many.
 *
 * IIPTRAN_OK if each was tried. Allocates nothing. Many threads at once, with different packets.
 */
iiptran_status_t iiptran_outbound_sa_seal_burst(const iiptran_outbound_sa_t *sa,
                                                uint64_t now,
                                                iiptran_packet_t *packets,
                                                size_t count,
                                                iiptran_status_t *statuses);

/**
 * The name of the SA, until it is freed. Any thread.
 */
iiptran_words_t iiptran_outbound_sa_name(const iiptran_outbound_sa_t *sa);

/**
 * Security parameters index in host byte order; 0 of NULL. Any thread.
 */
uint32_t iiptran_outbound_sa_spi(const iiptran_outbound_sa_t *sa);

/**
 * "transport" or "tunnel"; the text stays forever. Any thread.
 */
iiptran_words_t iiptran_outbound_sa_mode(const iiptran_outbound_sa_t *sa);

/**
 * The algorithms as a document names them, until the SA is freed. Any thread.
 */
iiptran_words_t iiptran_outbound_sa_transform(const iiptran_outbound_sa_t *sa);

/**
 * Whether sequence numbers have 64 bits. Any thread.
 */
bool iiptran_outbound_sa_extended_sequence(const iiptran_outbound_sa_t *sa);

/**
 * The last sequence number that was given out; 0 of NULL. Any thread.
 */
uint64_t iiptran_outbound_sa_sequence(const iiptran_outbound_sa_t *sa);

/**
 * Packets sealed so far; 0 of NULL. Any thread.
 */
uint64_t iiptran_outbound_sa_packets(const iiptran_outbound_sa_t *sa);

/**
 * Bytes given to the cipher so far; 0 of NULL. Any thread.
 */
uint64_t iiptran_outbound_sa_bytes(const iiptran_outbound_sa_t *sa);

/**
 * Whether the soft lifetime is over at `now`, nanoseconds; told once for all who share the SA. Any thread.
 */
bool iiptran_outbound_sa_take_soft_expiry(const iiptran_outbound_sa_t *sa,
                                          uint64_t now);

/**
 * How many bytes ESP adds to a payload of so many, with minimal padding; outer IP and UDP headers come on
 * top. Any thread.
 */
size_t iiptran_outbound_sa_overhead(const iiptran_outbound_sa_t *sa,
                                    size_t payload);

/**
 * Makes the receiving side of the SA of a document; see iiptran_outbound_sa_new.
 *
 * On success the caller owns *sa, until it is freed with iiptran_inbound_sa_free or given to a SAD or a
 * node. Allocates. Any thread.
 */
iiptran_status_t iiptran_inbound_sa_new(const char *document,
                                        size_t length,
                                        iiptran_config_error_t **error,
                                        iiptran_inbound_sa_t **sa);

/**
 * Frees a receiving side; NULL is nothing.
 */
void iiptran_inbound_sa_free(iiptran_inbound_sa_t *sa);

/**
 * Opens an ESP packet in place, all checks included (RFC 4303 section 3.4, RFC 4301 section 5.2). `now` is
 * in nanoseconds. Opened may be NULL.
 *
 * A drop reason if the packet met its end; its bytes are not defined then, its offset and length are as
 * they were. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_inbound_sa_open(iiptran_inbound_sa_t *sa,
                                         uint64_t now,
                                         iiptran_packet_t *packet,
                                         iiptran_opened_t *opened);

/**
 * iiptran_inbound_sa_open for many packets; each gets a status of its own in `statuses`, which has room
 * for as many.
 *
 * IIPTRAN_OK if each was tried. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_inbound_sa_open_burst(iiptran_inbound_sa_t *sa,
                                               uint64_t now,
                                               iiptran_packet_t *packets,
                                               size_t count,
                                               iiptran_status_t *statuses);

/**
 * The name of the SA, until its handle is gone. Any thread.
 */
iiptran_words_t iiptran_inbound_sa_name(const iiptran_inbound_sa_t *sa);

/**
 * The algorithms as a document names them, until the SA's handle is gone. Any thread.
 */
iiptran_words_t iiptran_inbound_sa_transform(const iiptran_inbound_sa_t *sa);

/**
 * "transport" or "tunnel"; the text stays forever. One thread at a time.
 */
iiptran_words_t iiptran_inbound_sa_mode(const iiptran_inbound_sa_t *sa);

/**
 * Writes the key under which packets find the SA. One thread at a time.
 */
iiptran_status_t iiptran_inbound_sa_id(const iiptran_inbound_sa_t *sa, iiptran_sa_id_t *id);

/**
 * Security parameters index in host byte order; 0 of NULL. One thread at a time.
 */
uint32_t iiptran_inbound_sa_spi(const iiptran_inbound_sa_t *sa);

/**
 * Whether sequence numbers have 64 bits. One thread at a time.
 */
bool iiptran_inbound_sa_extended_sequence(const iiptran_inbound_sa_t *sa);

/**
 * The highest sequence number that was received; 0 without anti-replay. One thread at a time.
 */
uint64_t iiptran_inbound_sa_sequence(const iiptran_inbound_sa_t *sa);

/**
 * Packets that passed the integrity check. One thread at a time.
 */
uint64_t iiptran_inbound_sa_packets(const iiptran_inbound_sa_t *sa);

/**
 * Their bytes given to the cipher. One thread at a time.
 */
uint64_t iiptran_inbound_sa_bytes(const iiptran_inbound_sa_t *sa);

/**
 * Whether the soft lifetime is over at `now`, nanoseconds; told once. One thread at a time.
 */
bool iiptran_inbound_sa_take_soft_expiry(iiptran_inbound_sa_t *sa, uint64_t now);

/**
 * Makes the sending side of the SA that a key exchange agreed on. Faults have the path and cause that they
 * have in a document: "key", "transform", "spi".
 *
 * Nothing of config is kept. IIPTRAN_BAD_ARGUMENT if mode, lookup or an address's version is none of
 * theirs. Otherwise as iiptran_outbound_sa_new. Allocates. Any thread.
 */
iiptran_status_t iiptran_outbound_sa_from_config(const iiptran_sa_config_t *config,
                                                 iiptran_config_error_t **error,
                                                 iiptran_outbound_sa_t **sa);

/**
 * Makes the receiving side of the SA that a key exchange agreed on; see iiptran_outbound_sa_from_config and
 * iiptran_inbound_sa_new. Allocates. Any thread.
 */
iiptran_status_t iiptran_inbound_sa_from_config(const iiptran_sa_config_t *config,
                                                iiptran_config_error_t **error,
                                                iiptran_inbound_sa_t **sa);

/**
 * Makes a database without SAs. On success the caller owns *sad and frees it with iiptran_sad_free.
 * Allocates. Any thread.
 */
iiptran_status_t iiptran_sad_new(iiptran_sad_t **sad);

/**
 * Frees a database with all its SAs; NULL is nothing.
 */
void iiptran_sad_free(iiptran_sad_t *sad);

/**
 * Takes an SA in. On success its handle is gone; otherwise it is the caller's still:
 * IIPTRAN_DUPLICATE_SA. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_sad_insert(iiptran_sad_t *sad, iiptran_inbound_sa_t *sa);

/**
 * Gives an SA back, window and all; the caller owns *sa. IIPTRAN_UNKNOWN_SA if there is none with this
 * key. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_sad_remove(iiptran_sad_t *sad,
                                    const iiptran_sa_id_t *id,
                                    iiptran_inbound_sa_t **sa);

/**
 * Writes the key of the SA for a packet: the longest match (RFC 4301 section 4.1). IIPTRAN_UNKNOWN_SA if
 * there is none. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_sad_lookup(const iiptran_sad_t *sad,
                                    uint32_t spi,
                                    const iiptran_address_t *destination,
                                    const iiptran_address_t *source,
                                    iiptran_sa_id_t *id);

/**
 * Finds the SA of an ESP packet and opens the packet in place; see iiptran_inbound_sa_open. Id and opened
 * may be NULL. Allocates nothing. One thread at a time.
 */
iiptran_status_t iiptran_sad_open(iiptran_sad_t *sad,
                                  uint64_t now,
                                  iiptran_packet_t *packet,
                                  iiptran_sa_id_t *id,
                                  iiptran_opened_t *opened);

/**
 * Whether a new unicast SA may have this SPI: not reserved and not in use. One thread at a time.
 */
bool iiptran_sad_is_vacant(const iiptran_sad_t *sad, uint32_t spi);

/**
 * Writes the SPI of an ESP packet behind IP, or behind UDP to `udp_port`: by which packets are handed to the
 * worker that has their inbound SA. 0, which no SA has, if it shows none: it is something else, broken, or a
 * fragment. Allocates nothing. Any thread.
 */
iiptran_status_t iiptran_spi_of(const uint8_t *packet,
                                size_t length,
                                uint16_t udp_port,
                                uint32_t *spi);

/**
 * How many SAs there are. One thread at a time.
 */
size_t iiptran_sad_len(const iiptran_sad_t *sad);

/**
 * Makes the SPD of a document with "policies", which are those of a node's document; see
 * iiptran_outbound_sa_new. On success the caller owns *spd and frees it with iiptran_spd_free. Allocates.
 * Any thread.
 */
iiptran_status_t iiptran_spd_new(const char *document,
                                 size_t length,
                                 iiptran_config_error_t **error,
                                 iiptran_spd_t **spd);

/**
 * Frees an SPD; NULL is nothing. No other thread may be using it.
 */
void iiptran_spd_free(iiptran_spd_t *spd);

/**
 * Writes the first policy that matches an IP packet. The direction is IIPTRAN_OUTBOUND or
 * IIPTRAN_INBOUND.
 *
 * IIPTRAN_DROP_NO_POLICY if none matches: the packet is to be discarded. Allocates nothing. Many threads
 * at once.
 */
iiptran_status_t iiptran_spd_lookup(const iiptran_spd_t *spd,
                                    uint32_t direction,
                                    const uint8_t *packet,
                                    size_t length,
                                    iiptran_policy_t *policy);

/**
 * Writes what a drop reason means. The texts stay forever.
 *
 * IIPTRAN_BAD_ARGUMENT if the status is no drop reason. Any thread.
 */
iiptran_status_t iiptran_explain(iiptran_status_t reason, iiptran_explanation_t *explanation);

/**
 * What a status means, in one sentence; for a value that is no status, that. The text stays forever. Any
 * thread.
 */
iiptran_words_t iiptran_status_text(iiptran_status_t status);

/**
 * The version of the library, such as "0.1.0". The text stays forever. Any thread.
 */
iiptran_words_t iiptran_version(void);

/**
 * The characters of a text, until it is freed; none of NULL. Any thread.
 */
iiptran_words_t iiptran_text_words(const iiptran_text_t *text);

/**
 * Frees a text; NULL is nothing.
 */
void iiptran_text_free(iiptran_text_t *text);

/**
 * The field that is wrong, such as "virtual-links[0].protection.outbound.key", until the error is freed;
 * "." for the whole document. Any thread.
 */
iiptran_words_t iiptran_config_error_path(const iiptran_config_error_t *error);

/**
 * What is wrong with it, until the error is freed. Any thread.
 */
iiptran_words_t iiptran_config_error_cause(const iiptran_config_error_t *error);

/**
 * The line of the document, from 1; 0 if the fault is not in the text itself. Any thread.
 */
size_t iiptran_config_error_line(const iiptran_config_error_t *error);

/**
 * The column of the document, from 1; 0 if the fault is not in the text itself. Any thread.
 */
size_t iiptran_config_error_column(const iiptran_config_error_t *error);

/**
 * Frees a config error; NULL is nothing.
 */
void iiptran_config_error_free(iiptran_config_error_t *error);

/**
 * iiptran_node_send, and the packet's way as JSON: what was looked up at each step, why, and which bytes
 * changed.
 *
 * The walkthrough is written if the packet was dropped too, and never else without IIPTRAN_OK; the caller
 * owns it and frees it with iiptran_text_free. Allocates. One thread at a time.
 */
iiptran_status_t iiptran_node_walk_send(iiptran_node_t *node,
                                        uint64_t now,
                                        uint32_t network,
                                        iiptran_packet_t *packet,
                                        iiptran_verdict_t *verdict,
                                        iiptran_text_t **walkthrough);

/**
 * iiptran_node_send_via, and the packet's way as JSON; see iiptran_node_walk_send.
 */
iiptran_status_t iiptran_node_walk_send_via(iiptran_node_t *node,
                                            uint64_t now,
                                            uint32_t link,
                                            iiptran_packet_t *packet,
                                            iiptran_verdict_t *verdict,
                                            iiptran_text_t **walkthrough);

/**
 * iiptran_node_receive, and the packet's way as JSON; see iiptran_node_walk_send.
 */
iiptran_status_t iiptran_node_walk_receive(iiptran_node_t *node,
                                           uint64_t now,
                                           uint32_t link,
                                           iiptran_packet_t *packet,
                                           iiptran_verdict_t *verdict,
                                           iiptran_text_t **walkthrough);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* IIPTRAN_H */
