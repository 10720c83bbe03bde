// The sending side of SAs.
import { inspect } from 'node:util';
import { addon } from './addon';
import { bytes, options, truth, type Uint64, uint32, uint64, whole } from './check';
import { type Document, reading } from './document';
import { calling, Drop } from './errors';
import type * as Native from './native';
import type { Packet } from './packet';
import type { SaConfig } from './schema/config';
import { type Answer, type BurstItem, burst, type CallOptions, type Dropped, isEnd, type Misused, type NowOptions, one, type Placed, target } from './slip';

/** What sealing did, and where the packet is now. */
export interface Sealed extends Placed {
  readonly kind: 'sealed';
  /** The whole sequence number. */
  readonly sequence: bigint;
  /** Pad length, bytes. */
  readonly padLength: number;
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

/**
 * The sending side of an SA.
 *
 * The document is that of an entry of `sas` in a node's document.
 */
export class OutboundSa {
  readonly #native: Native.OutboundSa;

  /** @throws {@link ConfigError} */
  constructor(document: Document<SaConfig>) {
    this.#native = reading(document, (text) => new addon.OutboundSa(text));
  }

  /**
   * Seals an IP packet in place (RFC 4303 section 3.3).
   *
   * The packet is a `Packet`, or `length` bytes from `offset` on in a buffer, whose other bytes are the room
   * around it.
   *
   * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
   */
  seal(packet: Packet | Uint8Array, sealOptions?: SealOptions): Sealed {
    const { offset, length, now, sequence, iv, padding = 0, flowPadding = 0, dummy = false } = options(sealOptions);
    const numbers = [whole('padding', padding, 255), uint32('flowPadding', flowPadding)] as const;
    const isDummy = truth('dummy', dummy);
    const givenIv = iv === undefined ? undefined : bytes('iv', iv);
    const given = sequence === undefined ? undefined : uint64('sequence', sequence);
    const place = { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) };
    const [answer] = one(
      target(packet, place),
      now,
      (packets, slip) => calling(() => this.#native.seal(packets, slip, given !== undefined, givenIv, ...numbers, isDummy)),
      given,
    );
    if (isEnd(answer)) throw new Drop(answer.reason, answer.offset);
    return sealed(answer);
  }

  /** Seals many packets; each has a result of its own. */
  sealBurst(packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Sealed | Dropped | Misused)[] {
    return burst(packets, burstOptions, (all, slip) => calling(() => this.#native.sealBurst(all, slip)), sealed);
  }

  /** Name for people. */
  get name(): string {
    return this.#native.name;
  }

  /** Security parameters index. */
  get spi(): number {
    return this.#native.spi;
  }

  /** `transport` or `tunnel`. */
  get mode(): 'transport' | 'tunnel' {
    return this.#native.mode as 'transport' | 'tunnel';
  }

  /** The algorithms as a document names them. */
  get transform(): string {
    return this.#native.transform;
  }

  /** Whether sequence numbers have 64 bits. */
  get extendedSequence(): boolean {
    return this.#native.extendedSequence;
  }

  /** The last sequence number that was given out. */
  get sequence(): bigint {
    return this.#native.sequence;
  }

  /** Packets sealed so far. */
  get packets(): bigint {
    return this.#native.packets;
  }

  /** Bytes given to the cipher so far. */
  get bytes(): bigint {
    return this.#native.bytes;
  }

  /** Whether the soft lifetime is over, told once. */
  takeSoftExpiry(now: Uint64 = 0n): boolean {
    return this.#native.takeSoftExpiry(uint64('now', now));
  }

  /** How many bytes ESP adds to a payload of so many, with minimal padding. */
  overhead(payload: number): number {
    return this.#native.overhead(uint32('payload', payload));
  }

  toString(): string {
    return `<iiptran.OutboundSa ${saText(this)}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** An SA in brief. */
export function saText(sa: Pick<OutboundSa, 'name' | 'spi' | 'mode' | 'transform' | 'sequence' | 'extendedSequence'>): string {
  const spi = sa.spi.toString(16).padStart(8, '0');
  return `${JSON.stringify(sa.name)} spi=0x${spi} ${sa.mode} ${sa.transform} sequence=${sa.sequence} extended=${sa.extendedSequence}`;
}

function sealed({ sequence, extra, offset, length }: Answer): Sealed {
  return { kind: 'sealed', sequence, padLength: extra, offset, length };
}
