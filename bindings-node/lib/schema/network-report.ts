// Made by npm run build.
/**
 * What a run came to until now. All times are nanoseconds since it began.
 */
export interface NetworkReport {
  /**
   * Routing adjacencies that are up.
   */
  adjacencies: AdjacencyReport[];
  /**
   * The arrangement of all nodes.
   */
  arrangement: string;
  /**
   * Packets that events sent.
   */
  attacks: AttackReport[];
  /**
   * How routing followed each event.
   */
  convergence: ConvergenceReport[];
  /**
   * Flows, in the order of the scenario.
   */
  flows: FlowReport[];
  /**
   * Nodes.
   */
  nodes: StationReport[];
  /**
   * What routers sent, where a protocol runs.
   */
  routing: RoutingReport[];
  /**
   * The seed.
   */
  seed: number;
  /**
   * How much time has passed.
   */
  time: number;
  /**
   * The scenario's title.
   */
  title: string;
  /**
   * What the scenario says in vain, in this arrangement.
   */
  warnings: string[];
  /**
   * Wires.
   */
  wires: WireReport[];
}
/**
 * A neighbour that a node's routing hears.
 */
export interface AdjacencyReport {
  /**
   * The link, physical or virtual.
   */
  link: string;
  /**
   * The neighbour's address on it.
   */
  neighbour: string;
  /**
   * The network.
   */
  network: string;
  /**
   * The node.
   */
  node: string;
  /**
   * Since when.
   */
  since: number;
}
/**
 * What became of packets that an event sent.
 */
export interface AttackReport {
  /**
   * Packets that nodes dropped.
   */
  drops: FlowDropReport[];
  /**
   * The event's place in the scenario.
   */
  event: string;
  /**
   * Packets that wires lost.
   */
  losses: LossReport[];
  /**
   * Packets that reached a host, or a node's upper layers.
   */
  reached: number;
  /**
   * Packets sent.
   */
  sent: number;
}
/**
 * How many packets nodes dropped for a reason.
 */
export interface FlowDropReport {
  /**
   * The node that dropped the last one.
   */
  'last-node': string;
  /**
   * Packets.
   */
  packets: number;
  /**
   * The reason.
   */
  reason: string;
}
/**
 * How many packets wires lost for a reason.
 */
export interface LossReport {
  /**
   * Packets.
   */
  packets: number;
  /**
   * The reason.
   */
  reason: string;
}
/**
 * How routing followed an event.
 */
export interface ConvergenceReport {
  /**
   * How many routes of all nodes changed until the next event.
   */
  changes: number;
  /**
   * The event; `start` for the beginning.
   */
  event: string;
  /**
   * When it happened.
   */
  time: number;
  /**
   * How long after the event the last of them changed; none if none did.
   */
  took?: number | null;
}
/**
 * What became of a flow.
 */
export interface FlowReport {
  /**
   * Different packets that arrived where the flow goes.
   */
  delivered: number;
  /**
   * Destination address.
   */
  destination: string;
  /**
   * Packets that nodes dropped.
   */
  drops: FlowDropReport[];
  /**
   * Packets that arrived there again.
   */
  duplicates: number;
  /**
   * The longest time under way.
   */
  'latency-max'?: number | null;
  /**
   * The mean time under way.
   */
  'latency-mean'?: number | null;
  /**
   * The shortest time under way.
   */
  'latency-min'?: number | null;
  /**
   * The longest time between two arrivals.
   */
  'longest-gap': number;
  /**
   * When it ended.
   */
  'longest-gap-end': number;
  /**
   * Packets that wires lost.
   */
  losses: LossReport[];
  /**
   * Packets that arrived somewhere else.
   */
  misdelivered: number;
  /**
   * Packets that were sent and did not arrive there, or not yet.
   */
  missing: number;
  /**
   * Name.
   */
  name: string;
  /**
   * Packets that arrived behind one that was sent later.
   */
  reordered: number;
  /**
   * Packets sent.
   */
  sent: number;
  /**
   * Source address.
   */
  source: string;
  /**
   * TTL or hop limit of the last packet as it arrived.
   */
  ttl?: number | null;
}
/**
 * What a node counted.
 */
export interface StationReport {
  /**
   * Its counters.
   */
  counters: CountersReport;
  /**
   * Name.
   */
  name: string;
}
/**
 * What a node has counted.
 */
export interface CountersReport {
  /**
   * Packets for this node's own upper layers.
   */
  delivered: CountReport;
  /**
   * Drop reasons that occurred, in the order of their codes.
   */
  drops: DropReport[];
  /**
   * Packets whose ECN fields were a combination that no honest path produces.
   */
  'ecn-anomalies': number;
  /**
   * Fragments kept for reassembly.
   */
  held: number;
  /**
   * Links, in the order of the document.
   */
  links: LinkReport[];
}
/**
 * Packets and bytes.
 */
export interface CountReport {
  /**
   * Bytes.
   */
  bytes: number;
  /**
   * Packets.
   */
  packets: number;
}
/**
 * How often a drop reason occurred.
 */
export interface DropReport {
  /**
   * Its code.
   */
  code: number;
  /**
   * Packets.
   */
  packets: number;
  /**
   * The reason's name.
   */
  reason: string;
}
/**
 * What one link carried.
 */
export interface LinkReport {
  /**
   * Name.
   */
  name: string;
  /**
   * Whatever came in.
   */
  received: CountReport;
  /**
   * Whatever went out.
   */
  sent: CountReport;
}
/**
 * What a router sent.
 */
export interface RoutingReport {
  /**
   * Their bytes, without IP and UDP headers.
   */
  bytes: number;
  /**
   * Messages.
   */
  messages: number;
  /**
   * The network.
   */
  network: string;
  /**
   * The node.
   */
  node: string;
  /**
   * Routes in them.
   */
  routes: number;
  /**
   * Selector sets of SAs in them.
   */
  selectors: number;
}
/**
 * What a wire carried.
 */
export interface WireReport {
  /**
   * What arrived, by the end that it was sent from.
   */
  carried: CountReport[];
  /**
   * Packets lost.
   */
  lost: number;
  /**
   * Name.
   */
  name: string;
}
