// Made by npm run build.
/**
 * What became of a packet.
 */
export type Outcome =
  | {
      /**
       * The physical link.
       */
      link: string;
      /**
       * The neighbour that is to receive it.
       */
      'next-hop': string;
      /**
       * What it came by.
       */
      trail: string[];
      verdict: 'transmit';
    }
  | {
      /**
       * The physical or virtual link that it arrived by.
       */
      link: string;
      /**
       * What it came by.
       */
      trail: string[];
      verdict: 'deliver';
    }
  | {
      verdict: 'hold';
    }
  | {
      /**
       * What to check.
       */
      check: string;
      /**
       * The clause behind it.
       */
      clause: string;
      /**
       * Its code.
       */
      code: number;
      /**
       * What it means.
       */
      meaning: string;
      /**
       * The reason's name.
       */
      reason: string;
      /**
       * The stage after which it ended.
       */
      stage: string;
      verdict: 'drop';
    };
/**
 * Bytes, in a document as hexadecimal digits.
 */
export type Hex = string;

/**
 * The way of one packet through one node, step by step.
 */
export interface WalkthroughDocument {
  /**
   * The word of the node's arrangement.
   */
  arrangement: string;
  /**
   * What became of the packet; `None` while it is on its way.
   */
  outcome?: Outcome | null;
  /**
   * The steps, in their order.
   */
  steps: WalkStep[];
}
/**
 * One step: what was looked up, what was found, and what it did to the bytes.
 */
export interface WalkStep {
  /**
   * Which of its bytes are new or other than before the step.
   */
  changes: Change[];
  /**
   * Which clause asks for it.
   */
  clause: string;
  /**
   * What the algorithms were given, and where.
   */
  esp?: EspReport | null;
  /**
   * The packet's headers and what they say, the outermost first.
   */
  layers: Layer[];
  /**
   * The table that was asked.
   */
  lookup?: Lookup | null;
  /**
   * The network in which the packet is.
   */
  network: string;
  /**
   * More about it, one sentence each.
   */
  notes: string[];
  /**
   * Bytes, in a document as hexadecimal digits.
   */
  packet: string;
  /**
   * Which bytes of the packet before the step are gone, as `[start, end]`.
   */
  removed: [number, number][];
  /**
   * The kind of step: a name of [`crate::trace::Stage`].
   */
  stage: string;
  /**
   * What happened, in one sentence.
   */
  title: string;
  /**
   * The anti-replay window.
   */
  window?: WindowReport | null;
}
/**
 * Bytes that a step made or changed.
 */
export interface Change {
  /**
   * What was there before; `None` where there was nothing.
   */
  before?: Hex | null;
  /**
   * The first byte behind.
   */
  end: number;
  /**
   * The first byte in the packet.
   */
  start: number;
}
/**
 * What the algorithms of an SA were given, and where. Keys and salts are not in it.
 */
export interface EspReport {
  /**
   * Bytes, in a document as hexadecimal digits.
   */
  associated: string;
  /**
   * Payload, padding and trailer, as `[start, end]` in the packet.
   *
   * @minItems 2
   * @maxItems 2
   */
  body: [number, number];
  /**
   * Whether sequence numbers have 64 bits, of which the low half is on the wire.
   */
  extended: boolean;
  /**
   * Integrity check value, as `[start, end]` in the packet.
   *
   * @minItems 2
   * @maxItems 2
   */
  icv: [number, number];
  /**
   * Bytes, in a document as hexadecimal digits.
   */
  iv: string;
  /**
   * Transport or tunnel.
   */
  mode: string;
  /**
   * What the payload is.
   */
  'next-header': string;
  /**
   * Pad length, bytes.
   */
  'pad-length': number;
  /**
   * Name of the SA.
   */
  sa: string;
  /**
   * The whole sequence number.
   */
  sequence: number;
  /**
   * Security parameters index.
   */
  spi: string;
  /**
   * The algorithms.
   */
  transform: string;
}
/**
 * A header, or another part of a packet.
 */
export interface Layer {
  /**
   * The clause that defines it.
   */
  clause: string;
  /**
   * The first byte behind it.
   */
  end: number;
  /**
   * Its fields.
   */
  fields: Field[];
  /**
   * What it is, such as `IPv4`.
   */
  name: string;
  /**
   * Its first byte in the packet.
   */
  start: number;
}
/**
 * A field of a header.
 */
export interface Field {
  /**
   * The clause that rules it, where it is another than the header's.
   */
  clause?: string | null;
  /**
   * The first byte behind it.
   */
  end: number;
  /**
   * Name.
   */
  name: string;
  /**
   * The setting of the virtual link that decided the value, such as `outer.ttl`.
   */
  setting?: string | null;
  /**
   * Its first byte in the packet.
   */
  start: number;
  /**
   * What it says.
   */
  value: string;
}
/**
 * A table that was asked.
 */
export interface Lookup {
  /**
   * The entries that came into question, in the order in which they were tried.
   */
  candidates: Candidate[];
  /**
   * The entry that decides.
   */
  found?: string | null;
  /**
   * What it was asked for.
   */
  key: string;
  /**
   * How many more entries there are that did not come into question.
   */
  others: number;
  /**
   * Which table.
   */
  table: string;
}
/**
 * An entry of a table that came into question.
 */
export interface Candidate {
  /**
   * The entry.
   */
  entry: string;
  /**
   * Whether it is the one that decides.
   */
  matches: boolean;
  /**
   * Why, or why not.
   */
  why: string;
}
/**
 * An anti-replay window as it is after the step.
 */
export interface WindowReport {
  /**
   * The newest numbers that were received, the highest first, at most 64 numbers back.
   */
  received: number[];
  /**
   * How many sequence numbers it covers.
   */
  size: number;
  /**
   * The highest sequence number that was received.
   */
  top: number;
}
