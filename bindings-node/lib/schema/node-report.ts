// Made by npm run build.
/**
 * A node's tables at a moment. Keys are not in it.
 */
export interface NodeReport {
  /**
   * The word of the node's arrangement.
   */
  arrangement: string;
  /**
   * Links that are down.
   */
  down: string[];
  /**
   * Its networks.
   */
  networks: TablesReport[];
}
/**
 * The tables of one network.
 */
export interface TablesReport {
  /**
   * SAs for packets that come.
   */
  inbound: InboundSaReport[];
  /**
   * Name.
   */
  name: string;
  /**
   * SAs of policies, for packets that leave.
   */
  outbound: OutboundSaReport[];
  /**
   * Policies, in the order in which they are tried.
   */
  policies: string[];
  /**
   * Routes.
   */
  routes: string[];
}
/**
 * An SA for packets that come.
 */
export interface InboundSaReport {
  /**
   * Name, SPI, mode and algorithms.
   */
  sa: string;
  /**
   * Its anti-replay window, if it has one.
   */
  window?: WindowReport | null;
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
/**
 * An SA for packets that leave.
 */
export interface OutboundSaReport {
  /**
   * Name, SPI, mode and algorithms.
   */
  sa: string;
  /**
   * The sequence number of its last packet.
   */
  sequence: number;
}
