// The SAD.
import { inspect } from 'node:util';
import { addon } from './addon';
import { options, text, uint32, whole } from './check';
import { calling } from './errors';
import { givenBack, type InboundSa, keyOf, nativeOf, type Opened, openOne, type SaId } from './inbound';
import type * as Native from './native';
import type { Packet } from './packet';
import { type CallOptions, view } from './slip';

/** How {@link spiOf} looks at a packet. */
export interface SpiOptions {
  /** The port of UDP-encapsulated ESP; 4500 by default. */
  udpPort?: number;
}

/**
 * The SPI that an ESP packet shows, behind IP or behind UDP, to hand it to the worker that has its inbound SA.
 * `undefined` if the packet is something else, broken, or a fragment.
 */
export function spiOf(packet: Packet | Uint8Array, spiOptions?: SpiOptions): number | undefined {
  const { udpPort = 4500 } = options(spiOptions);
  const port = whole('udpPort', udpPort, 0xffff);
  const bytes = view(packet);
  return calling(() => addon.spiOf(bytes, port)) ?? undefined;
}

/** The inbound part of the security association database (RFC 4301 section 4.4.2). */
export class Sad {
  readonly #native: Native.Sad;

  /** A database without SAs. */
  constructor() {
    this.#native = new addon.Sad();
  }

  /**
   * Takes an SA in; the object that was given is empty from then on.
   *
   * @throws {@link Misuse} if another SA has the same key; the SA stays where it was then.
   */
  insert(sa: InboundSa): void {
    const native = nativeOf(sa);
    calling(() => this.#native.insert(native));
  }

  /**
   * Gives an SA back, window and all. The key of a unicast SA is its SPI.
   *
   * @throws {@link Misuse}
   */
  remove(key: SaId | number): InboundSa {
    const native = keyOf(key);
    return givenBack(calling(() => this.#native.remove(native)));
  }

  /** The key of the SA for a packet: the longest match (RFC 4301 section 4.1). */
  lookup(spi: number, destination: string, source: string): SaId | undefined {
    const [number, to, from] = [uint32('spi', spi), text('destination', destination), text('source', source)];
    return (calling(() => this.#native.lookup(number, to, from)) ?? undefined) as SaId | undefined;
  }

  /**
   * Finds the SA of an ESP packet and opens the packet in place; as `InboundSa.open`.
   *
   * @throws {@link Drop}, {@link Misuse}; the packet is as it was then.
   */
  open(packet: Packet | Uint8Array, callOptions?: CallOptions): Opened & { readonly id: SaId } {
    const [opened, id] = openOne(packet, callOptions, (packets, slip) => calling(() => this.#native.open(packets, slip)));
    return { ...opened, id: id as SaId };
  }

  /** Whether a new unicast SA may have this SPI. */
  isVacant(spi: number): boolean {
    const number = uint32('spi', spi);
    return calling(() => this.#native.isVacant(number));
  }

  /** How many SAs there are. */
  get length(): number {
    return calling(() => this.#native.length);
  }

  toString(): string {
    return `<iiptran.Sad, ${this.length} inbound SAs>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
