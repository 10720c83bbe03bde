// What the core is asked for a walk through two gateways. The build asks for the first one (vite.config.ts).
import type { LineRequest, Mishap } from './core';

/** What goes into a link. */
export interface WalkState {
  arrangement: string;
  documents: { name: string; document: string }[];
  from: string;
  to: string;
  /** Whether the first gateway sends the packet itself, with the source that it selects. */
  own: boolean;
  size: number;
  trafficClass: number;
  /** The bytes of a packet instead of an echo request. */
  hex: string;
  mishaps: Mishap[];
  /** What the walk is compared with: another arrangement, `first` for the walk as at first, or nothing. */
  against: string;
  /** The node whose tables are open. */
  opened: string;
}

/** Gateways with something between them. */
export const between = (gateways: WalkState['documents'], router: string): WalkState['documents'] =>
  gateways.flatMap((gateway, place) => (place === 0 ? [gateway, { name: 'Router', document: router }] : [gateway]));

export const atFirst = (documents: WalkState['documents']): WalkState => ({
  arrangement: 'iiptran',
  documents,
  from: '10.1.0.5',
  to: '10.2.0.5',
  own: false,
  size: 21,
  trafficClass: 0,
  hex: '',
  mishaps: [],
  against: '',
  opened: '',
});

export function request(state: WalkState): LineRequest {
  const { arrangement, documents, from, to, own, size, trafficClass, hex, mishaps } = state;
  const echo = { to, size, 'traffic-class': trafficClass };
  return {
    stations: documents,
    arrangement,
    ...(own ? { sends: 'vn' } : {}),
    packet: hex.trim() ? { hex } : { echo: own ? echo : { from, ...echo } },
    mishaps,
  };
}
