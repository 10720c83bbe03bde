// The packets of a call, and the slip on which its numbers come and go: a word for the moment, and a
// record of six words for each packet. `src/packets.rs` is the other side.
import { addon } from './addon';
import { bytes, options, type Uint64, uint64, whole, wrongType } from './check';
import { Misuse } from './errors';
import { Packet, placeOf } from './packet';
import type { DropReason } from './reasons';

/** Where a packet is in a buffer, whose other bytes are the room around it; all of it by default. */
export interface PlaceOptions {
  /** The packet's first byte in the buffer. */
  offset?: number;
  /** Its length, bytes. */
  length?: number;
}

/** When a call happens. */
export interface NowOptions {
  /** Nanoseconds since a moment that the caller chose; 0 by default. */
  now?: Uint64;
}

/** When a call happens, and where its packet is. */
export interface CallOptions extends NowOptions, PlaceOptions {}

/** A packet of a burst: a `Packet`, or one in a buffer. No two of a burst may share a buffer's bytes. */
export type BurstItem = Packet | Uint8Array | ({ buffer: Uint8Array } & PlaceOptions);

/** Where a packet is now. */
export interface Placed {
  /** Where the packet is in its buffer now. */
  readonly offset: number;
  /** The packet's length now. */
  readonly length: number;
}

/** A packet met its end. It is as it was. */
export interface Dropped {
  readonly kind: 'drop';
  /** Why; `explain` has more. */
  readonly reason: DropReason;
  /** The reason's stable name, in kebab case, such as `bad-icv`. */
  readonly name: string;
  /** Where the packet is in its buffer. */
  readonly offset: number;
}

/** A packet of a burst was not in its buffer, or the call is wrong for it otherwise. It is as it was. */
export interface Misused {
  readonly kind: 'misuse';
  /** Stable name of the mistake, in kebab case. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly text: string;
  /** Where the packet was said to be. */
  readonly offset: number;
}

/** What a record says of a packet that got through. */
export interface Answer extends Placed {
  readonly outcome: number;
  readonly detail: number;
  readonly extra: number;
  readonly sequence: bigint;
}

interface Target {
  readonly packet: Packet | undefined;
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** Calls the module of Rust with packets and slip. */
type Call<R> = (packets: Uint8Array[], slip: BigUint64Array) => R;

const HEADER = 1;
const WORDS = 6;
const OFFSET = 0;
const LENGTH = 1;
const KIND = 2;
const DETAIL = 3;
const EXTRA = 4;
const SEQUENCE = 5;

export const outcomes = { done: 0, transmit: 1, deliver: 2, hold: 3, drop: 4, misuse: 5 } as const;

const misuses = addon.misuses();
const names = new Map(addon.explanations().map(({ code, name }) => [code, name]));

/** The packet of a call. */
export function target(packet: Packet | Uint8Array, place: PlaceOptions): Target {
  const { offset, length } = place;
  if (packet instanceof Packet) {
    if (offset !== undefined || length !== undefined) {
      throw wrongType('offset and length', 'left to a Packet, which knows them; they are for buffers', { offset, length });
    }
    return { packet, ...placeOf(packet) };
  }
  const buffer = bytes('packet', packet);
  const start = offset === undefined ? 0 : whole('offset', offset, Number.MAX_SAFE_INTEGER);
  const rest = Math.max(buffer.length - start, 0);
  const count = length === undefined ? rest : whole('length', length, Number.MAX_SAFE_INTEGER);
  return { packet: undefined, buffer, offset: start, length: count };
}

/** The bytes of a packet, to be read. */
export function view(packet: Packet | Uint8Array): Uint8Array {
  return packet instanceof Packet ? packet.bytes() : bytes('packet', packet);
}

function targetOfBurst(item: BurstItem): Target {
  if (item instanceof Packet || ArrayBuffer.isView(item)) return target(item, {});
  const { buffer, offset, length } = options<{ buffer?: Uint8Array } & PlaceOptions>(item);
  return target(bytes('packet', buffer), {
    ...(offset !== undefined && { offset }),
    ...(length !== undefined && { length }),
  });
}

/** The numbers of a call, in and out. */
class Slip {
  readonly words: BigUint64Array;
  readonly #numbers: Float64Array;

  constructor(packets: number) {
    this.words = new BigUint64Array(HEADER + packets * WORDS);
    this.#numbers = new Float64Array(this.words.buffer);
  }

  write(index: number, { offset, length }: Target, sequence?: bigint): void {
    const at = HEADER + index * WORDS;
    this.#numbers[at + OFFSET] = offset;
    this.#numbers[at + LENGTH] = length;
    if (sequence !== undefined) this.words[at + SEQUENCE] = sequence;
  }

  /** What became of a packet; one that moved knows its new place from here on. */
  read(index: number, given: Target): Answer | Dropped | Misused {
    const at = HEADER + index * WORDS;
    const number = (word: number) => this.#numbers[at + word] as number;
    const [outcome, detail] = [number(KIND), number(DETAIL)];
    if (outcome === outcomes.drop) {
      const reason = detail as DropReason;
      return { kind: 'drop', reason, name: names.get(detail) as string, offset: given.offset };
    }
    if (outcome === outcomes.misuse) {
      const { name, text } = misuses[detail] as (typeof misuses)[number];
      return { kind: 'misuse', name, text, offset: given.offset };
    }
    const [offset, length] = [number(OFFSET), number(LENGTH)];
    if (given.packet !== undefined) Object.assign(placeOf(given.packet), { offset, length });
    return { outcome, detail, extra: number(EXTRA), sequence: this.words[at + SEQUENCE] as bigint, offset, length };
  }
}

/** Whether a packet got no further. */
export function isEnd(answer: Answer | Dropped | Misused): answer is Dropped | Misused {
  return 'kind' in answer;
}

/** Processes one packet. */
export function one<R>(
  given: Target,
  now: Uint64 | undefined,
  call: Call<R>,
  sequence?: bigint,
): [Answer | Dropped, R] {
  const slip = new Slip(1);
  slip.words[0] = now === undefined ? 0n : uint64('now', now);
  slip.write(0, given, sequence);
  const told = call([given.buffer], slip.words);
  const answer = slip.read(0, given);
  if ('kind' in answer && answer.kind === 'misuse') throw new Misuse(answer.name, answer.text, answer.offset);
  return [answer, told];
}

/** Processes many packets, one after another; the results are in their order. */
export function burst<R, T>(
  items: Iterable<BurstItem>,
  burstOptions: NowOptions | undefined,
  call: Call<R>,
  result: (answer: Answer, told: R) => T,
): (T | Dropped | Misused)[] {
  const { now } = options(burstOptions);
  if (typeof items?.[Symbol.iterator] !== 'function') throw wrongType('packets', 'iterable', items);
  const targets = Array.from(items, targetOfBurst);
  const slip = new Slip(targets.length);
  slip.words[0] = now === undefined ? 0n : uint64('now', now);
  targets.forEach((given, index) => slip.write(index, given));
  const told = call(targets.map(({ buffer }) => buffer), slip.words);
  return targets.map((given, index) => {
    const answer = slip.read(index, given);
    return isEnd(answer) ? answer : result(answer, told);
  });
}
