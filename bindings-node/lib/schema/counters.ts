// Made by npm run build.
/**
 * What a node has counted.
 */
export interface CountersReport {
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
 * Packets for this node's own upper layers.
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
  received: CountReport1;
  sent: CountReport2;
}
/**
 * Whatever came in.
 */
export interface CountReport1 {
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
 * Whatever went out.
 */
export interface CountReport2 {
  /**
   * Bytes.
   */
  bytes: number;
  /**
   * Packets.
   */
  packets: number;
}
