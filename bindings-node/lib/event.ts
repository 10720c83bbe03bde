// What key management should know.

/** A packet needs an SA that is not there (RFC 4301 section 4.4.1). */
export interface Acquire {
  readonly event: 'acquire';
  readonly network: string;
  /** The policy that the SA is for. */
  readonly policy: string;
  /** The packet. */
  readonly flow: Flow;
  /** The worker that it is to be for, where others have SAs of their own. */
  readonly worker?: number;
}

/** The soft lifetime of an outbound SA is over. */
export interface OutboundSoftExpiry {
  readonly event: 'outbound-soft-expiry';
  readonly network: string;
  /** The policy that it is for. */
  readonly policy: string;
  readonly spi: number;
}

/** The soft lifetime of an inbound SA is over. */
export interface InboundSoftExpiry {
  readonly event: 'inbound-soft-expiry';
  readonly network: string;
  readonly spi: number;
  /** The destination, if it takes part in the lookup of the SA. */
  readonly destination?: string;
  /** The source, if it takes part in the lookup of the SA. */
  readonly source?: string;
}

/** The fields of a packet. */
export interface Flow {
  readonly source: string;
  readonly destination: string;
  /** Next layer protocol. */
  readonly protocol: number;
  /** Where the packet shows ports. */
  readonly 'source-port'?: number;
  readonly 'destination-port'?: number;
}

/** Something that key management should know. */
export type NodeEvent = Acquire | OutboundSoftExpiry | InboundSoftExpiry;
