// What becomes of a packet.
import { type Answer, type Dropped, outcomes, type Placed } from './slip';

/** Send the packet out of a physical link. */
export interface Transmit extends Placed {
  readonly kind: 'transmit';
  /** The link's number. */
  readonly link: number;
  /** The neighbour on that link: the far end itself, or a router. */
  readonly nextHop: string;
}

/** Hand the packet to the node's own upper layers. */
export interface Deliver extends Placed {
  readonly kind: 'deliver';
  /** The number of the physical or virtual link that it came through. */
  readonly link: number;
}

/** The packet is a fragment; the node keeps it until the datagram is whole. */
export interface Hold {
  readonly kind: 'hold';
}

/** What becomes of a packet. */
export type Verdict = Transmit | Deliver | Hold | Dropped;

export function verdict({ outcome, detail, extra, offset, length }: Answer, hops: string[]): Verdict {
  switch (outcome) {
    case outcomes.transmit:
      return { kind: 'transmit', link: detail, nextHop: hops[extra] as string, offset, length };
    case outcomes.deliver:
      return { kind: 'deliver', link: detail, offset, length };
    default:
      return { kind: 'hold' };
  }
}
