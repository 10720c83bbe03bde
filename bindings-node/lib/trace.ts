// What happens in networks, event by event.

/** An event of a network, and when it happened: nanoseconds since the scenario began. */
export type TraceEvent = { readonly time: number } & Happening;

/** Something that happened in a network. */
export type Happening =
  | Carried
  | Decided
  | Received
  | NeighbourChange
  | RouteChange
  | LinkChange
  | WireChange
  | MtuChange
  | KeyChange
  | AcquireRequest
  | Vain;

/** A packet went onto a wire. One that a wire doubles is told twice. */
export type Carried = {
  readonly event: 'carried';
  readonly wire: string;
  /** The node or host that sent it; null for an injected packet. */
  readonly from: string | null;
  /** The node or host that it arrives at; null if it is lost. */
  readonly to: string | null;
  /** Its number in the run. */
  readonly packet: number;
  /** The packet in words, as it was sent. */
  readonly summary: string;
} & (
  | {
      /** When it arrives. */
      readonly arrives: number;
    }
  | {
      /** Why it does not arrive. */
      readonly lost: 'random' | 'queue-full' | 'too-big' | 'wire-down' | 'no-neighbour';
    }
);

/** A node decided about a packet. */
export interface Decided {
  readonly event: 'verdict';
  readonly node: string;
  /** The link by which the packet came; null if the node made it. */
  readonly arrival: string | null;
  /** The packet's number in the run. */
  readonly packet: number;
  readonly verdict: 'transmit' | 'deliver' | 'hold' | 'drop';
  /** The neighbour that it goes to. */
  readonly 'next-hop'?: string;
  /** The name of the drop reason. */
  readonly reason?: string;
  /** The link that the verdict names. */
  readonly link: string | null;
  /** The packet in words, as the node left it. */
  readonly summary: string;
}

/** A packet of a flow reached a node or host. */
export interface Received {
  readonly event: 'received';
  /** The node or host. */
  readonly station: string;
  readonly flow: string;
  /** The packet's number in its flow, from 0. */
  readonly sequence: number;
  /** How long it was under way, nanoseconds. */
  readonly latency: number;
  /** Whether this is where the flow goes. */
  readonly expected: boolean;
}

/** A routing adjacency came up or ended. */
export interface NeighbourChange {
  readonly event: 'neighbour';
  readonly node: string;
  readonly network: string;
  /** The link, physical or virtual. */
  readonly link: string;
  /** The neighbour's address on it. */
  readonly neighbour: string;
  readonly up: boolean;
}

/** Routing changed a route. */
export interface RouteChange {
  readonly event: 'route';
  readonly node: string;
  readonly network: string;
  /** The destinations. */
  readonly prefix: string;
  /** The link that leads there now; null if nothing does. */
  readonly link: string | null;
  /** The router on it. */
  readonly via: string | null;
  /** How far it is: networks on the way, this one included. */
  readonly metric: number;
}

/** A link of a node went up or down. */
export interface LinkChange {
  readonly event: 'link';
  readonly node: string;
  readonly link: string;
  readonly up: boolean;
}

/** A wire was cut or mended. */
export interface WireChange {
  readonly event: 'wire';
  readonly wire: string;
  readonly up: boolean;
}

/** A wire takes packets of another size now. */
export interface MtuChange {
  readonly event: 'mtu';
  readonly wire: string;
  /** The largest packet, bytes. */
  readonly mtu: number;
}

/** The SAs of a virtual link changed. */
export interface KeyChange {
  readonly event: 'keys';
  readonly 'virtual-link': string;
  readonly change: 'rekeyed' | 'retired' | 'deleted';
  /** How many times the SAs have been replaced. */
  readonly generation: number;
}

/** A node asks for an SA: packets are dropped until there is one. */
export interface AcquireRequest {
  readonly event: 'acquire';
  readonly node: string;
  readonly network: string;
  readonly policy: string;
}

/** Something of the scenario has no effect in this arrangement. */
export interface Vain {
  readonly event: 'vain';
  /** The field of the scenario. */
  readonly path: string;
  readonly cause: string;
}
