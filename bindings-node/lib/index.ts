// IIPtran for Node: RFC 3884 as a library.
import { addon } from './addon';

export type { Uint64 } from './check';
export type { Document } from './document';
export { ConfigError, Drop, IiptranError, Misuse, Panic } from './errors';
export type { Acquire, Flow, InboundSoftExpiry, NodeEvent, OutboundSoftExpiry } from './event';
export { type Explanation, explain } from './explain';
export { Fib, type FibConfig } from './fib';
export { InboundSa, type Opened, type SaId } from './inbound';
export { chooseKernel, type Kernel, kernel } from './kernel';
export type { NextHop, PacketEnd, PolicyMatch } from './native';
export { Network, scenarios, type Watched } from './network';
export { Node, Tables, type Walked } from './node';
export { OutboundSa, type Sealed, type SealOptions } from './outbound';
export { Packet, type Room } from './packet';
export { DropReason } from './reasons';
export { Sad, type SpiOptions, spiOf } from './sad';
export type * from './schema/config';
export type { KeysConfig } from './schema/keys';
export type { CountersReport, NetworkReport } from './schema/network-report';
export type { NodeReport } from './schema/node-report';
export type { WalkthroughDocument } from './schema/walkthrough';
export type { BurstItem, CallOptions, Dropped, Misused, NowOptions, Placed, PlaceOptions } from './slip';
export { Spd, type SpdConfig } from './spd';
export type * from './trace';
export type { Deliver, Hold, Transmit, Verdict } from './verdict';
export { Walkthrough } from './walkthrough';

/** The version of the library. */
export const version: string = addon.version();
