// A packet with room around it.
import { inspect } from 'node:util';
import { addon } from './addon';
import { bytes, options, outOfRange, text, whole } from './check';

/** How much room is around a packet, in bytes; 512 each by default. */
export interface Room {
  headroom?: number;
  tailroom?: number;
}

/** A packet in its buffer. */
export interface Place {
  buffer: Uint8Array;
  offset: number;
  length: number;
}

const SHOWN = 24;
const LARGEST = 0x7fff_ffff;

/** Where a packet is. Of this package alone: whoever has the buffer can write to it. */
export let placeOf: (packet: Packet) => Place;

/** A packet in a buffer of its own, with room around it for what sealing puts there. */
export class Packet {
  readonly #place: Place;

  /** Copies the packet. */
  constructor(data: Uint8Array, room?: Room) {
    const given = bytes('data', data);
    const { headroom = addon.HEADROOM, tailroom = addon.TAILROOM } = options(room);
    const before = whole('headroom', headroom, LARGEST);
    const behind = whole('tailroom', tailroom, LARGEST);
    const length = given.length;
    const buffer = new Uint8Array(before + length + behind);
    buffer.set(given, before);
    this.#place = { buffer, offset: before, length };
  }

  /** A packet from hexadecimal digits. */
  static fromHex(digits: string, room?: Room): Packet {
    const given = text('digits', digits);
    if (!/^([0-9a-f]{2})*$/i.test(given)) throw outOfRange('digits', 'pairs of hexadecimal digits', given);
    return new Packet(Buffer.from(given, 'hex'), room);
  }

  /** Its length, bytes. */
  get length(): number {
    return this.#place.length;
  }

  /** Free bytes before the packet. */
  get headroom(): number {
    return this.#place.offset;
  }

  /** Free bytes behind the packet. */
  get tailroom(): number {
    const { buffer, offset, length } = this.#place;
    return buffer.length - offset - length;
  }

  /** Its bytes, copied. */
  bytes(): Uint8Array {
    const { buffer, offset, length } = this.#place;
    return buffer.slice(offset, offset + length);
  }

  /** Its bytes as hexadecimal digits. */
  toHex(): string {
    return Buffer.from(this.bytes()).toString('hex');
  }

  /** Another packet with the same bytes and the same room. */
  copy(): Packet {
    return new Packet(this.bytes(), { headroom: this.headroom, tailroom: this.tailroom });
  }

  /** Whether it has these bytes. */
  equals(other: Packet | Uint8Array): boolean {
    return Buffer.from(this.bytes()).equals(other instanceof Packet ? other.bytes() : bytes('other', other));
  }

  toString(): string {
    const digits = this.toHex();
    const start = this.length > SHOWN ? `${digits.slice(0, 2 * SHOWN)}...` : digits;
    return `<iiptran.Packet, ${this.length} bytes: ${start}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  static {
    placeOf = (packet) => packet.#place;
  }
}
