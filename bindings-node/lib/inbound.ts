// The receiving side of SAs.
import { inspect } from 'node:util';
import { addon } from './addon';
import { options, outOfRange, type Uint64, uint32, uint64, wrongType } from './check';
import { type Document, reading } from './document';
import { calling, Drop, Misuse } from './errors';
import type * as Native from './native';
import { saText } from './outbound';
import type { Packet } from './packet';
import type { SaConfig } from './schema/config';
import { type Answer, type BurstItem, burst, type CallOptions, type Dropped, isEnd, type Misused, type NowOptions, one, type Placed, target } from './slip';

/** What opening found, and where the packet is now. */
export interface Opened extends Placed {
  readonly kind: 'opened';
  /** The whole sequence number. */
  readonly sequence: bigint;
  /** Pad length, bytes. */
  readonly padLength: number;
  /** The payload's protocol: 4 or 41 for an IP packet. */
  readonly nextHeader: number;
}

/** The key under which packets find an inbound SA (RFC 4301 section 4.1). */
export interface SaId {
  /** Security parameters index. */
  readonly spi: number;
  /** The destination, if it takes part in the lookup. */
  readonly destination?: string;
  /** The source, if it takes part in the lookup. */
  readonly source?: string;
}

/** The SA in Rust. Of this package alone. */
export let nativeOf: (sa: InboundSa) => Native.InboundSa;

/** The receiving side of an SA. It can't be copied: a second window would let a packet in twice. */
export class InboundSa {
  readonly #native: Native.InboundSa;

  /** @throws {@link ConfigError} */
  constructor(document: Document<SaConfig>) {
    const made: unknown = document;
    this.#native =
      made instanceof addon.InboundSa ? made : reading(document, (text) => new addon.InboundSa(text));
  }

  /**
   * Opens an ESP packet in place, all checks included (RFC 4303 section 3.4).
   *
   * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
   */
  open(packet: Packet | Uint8Array, callOptions?: CallOptions): Opened {
    return openOne(packet, callOptions, (packets, slip) => calling(() => this.#native.open(packets, slip)))[0];
  }

  /** Opens many packets; each has a result of its own. */
  openBurst(packets: Iterable<BurstItem>, burstOptions?: NowOptions): (Opened | Dropped | Misused)[] {
    return burst(packets, burstOptions, (all, slip) => calling(() => this.#native.open(all, slip)), opened);
  }

  /** The key under which packets find the SA. */
  get id(): SaId {
    return calling(() => this.#native.key) as SaId;
  }

  /** Name for people. */
  get name(): string {
    return calling(() => this.#native.name);
  }

  /** Security parameters index. */
  get spi(): number {
    return calling(() => this.#native.spi);
  }

  /** `transport` or `tunnel`. */
  get mode(): 'transport' | 'tunnel' {
    return calling(() => this.#native.mode) as 'transport' | 'tunnel';
  }

  /** The algorithms as a document names them. */
  get transform(): string {
    return calling(() => this.#native.transform);
  }

  /** Whether sequence numbers have 64 bits. */
  get extendedSequence(): boolean {
    return calling(() => this.#native.extendedSequence);
  }

  /** The highest sequence number that was received; 0 without anti-replay. */
  get sequence(): bigint {
    return calling(() => this.#native.sequence);
  }

  /** Packets that passed the integrity check. */
  get packets(): bigint {
    return calling(() => this.#native.packets);
  }

  /** Their bytes given to the cipher. */
  get bytes(): bigint {
    return calling(() => this.#native.bytes);
  }

  /** Whether the soft lifetime is over, told once. */
  takeSoftExpiry(now: Uint64 = 0n): boolean {
    const moment = uint64('now', now);
    return calling(() => this.#native.takeSoftExpiry(moment));
  }

  toString(): string {
    try {
      return `<iiptran.InboundSa ${saText(this)}>`;
    } catch (error) {
      if (error instanceof Misuse) return '<iiptran.InboundSa, elsewhere>';
      throw error;
    }
  }

  [inspect.custom](): string {
    return this.toString();
  }

  static {
    nativeOf = (sa) => {
      if (typeof sa !== 'object' || sa === null || !(#native in sa)) throw wrongType('sa', 'an InboundSa', sa);
      return sa.#native;
    };
  }
}

/** The object for an SA that a SAD or node gave back. */
export function givenBack(native: Native.InboundSa): InboundSa {
  return new InboundSa(native as unknown as string);
}

/** A key: of a unicast SA its SPI is enough. */
export function keyOf(key: SaId | number): Native.SaKey {
  if (typeof key === 'number') return { spi: uint32('key', key) };
  const { spi, destination, source } = options<SaId>(key);
  for (const address of [destination, source]) {
    if (address !== undefined && typeof address !== 'string') throw wrongType('an address', 'a string', address);
  }
  if (spi === undefined) throw outOfRange('key', 'an SPI, or an object with one', key);
  return { spi: uint32('spi', spi), ...(destination !== undefined && { destination }), ...(source !== undefined && { source }) };
}

/** Opens one packet. */
export function openOne<R>(
  packet: Packet | Uint8Array,
  callOptions: CallOptions | undefined,
  call: (packets: Uint8Array[], slip: BigUint64Array) => R,
): [Opened, R] {
  const { now, offset, length } = options(callOptions);
  const place = { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) };
  const [answer, told] = one(target(packet, place), now, call);
  if (isEnd(answer)) throw new Drop(answer.reason, answer.offset);
  return [opened(answer), told];
}

function opened({ sequence, extra, detail, offset, length }: Answer): Opened {
  return { kind: 'opened', sequence, padLength: extra, nextHeader: detail, offset, length };
}
