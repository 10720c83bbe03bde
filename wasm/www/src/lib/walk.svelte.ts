// The view of a packet through two gateways: what is asked of the core, and what it answered.
import { shipped, walk, type Fault, type LineReport, type LineRequest, type Mishap } from './core';
import { frames } from './frames';

/** What goes into a link. */
export interface WalkState {
  arrangement: string;
  documents: { name: string; document: string }[];
  from: string;
  to: string;
  /** Whether the first gateway sends the packet itself, with the source that it selects. */
  own: boolean;
  size: number;
  /** The bytes of a packet instead of an echo request. */
  hex: string;
  mishaps: Mishap[];
}

export const ARRANGEMENTS = [
  'iiptran',
  'tunnel-mode',
  'interface-sa',
  'initial-lookup-a',
  'initial-lookup-b',
  'integrated',
];

const start = (): WalkState => ({
  arrangement: 'iiptran',
  documents: shipped().gateways,
  from: '10.1.0.5',
  to: '10.2.0.5',
  own: false,
  size: 21,
  hex: '',
  mishaps: [],
});

export class WalkView {
  state: WalkState = $state(start());
  fault: Fault | undefined = $state();
  report: LineReport = $state.raw({ journey: { legs: [] }, nodes: [], keys: [] });
  frames = $derived(frames(this.report.journey));

  constructor() {
    this.run();
  }

  /** Asks the core. After a fault, what was there before stays. */
  run() {
    const { value, fault } = walk(this.request());
    this.fault = fault;
    if (value) this.report = value;
  }

  request(): LineRequest {
    const { arrangement, documents, from, to, own, size, hex, mishaps } = $state.snapshot(this.state);
    return {
      stations: documents,
      arrangement,
      ...(own ? { sends: 'vn' } : {}),
      packet: hex.trim() ? { hex } : { echo: own ? { to, size } : { from, to, size } },
      mishaps,
    };
  }

  set(change: Partial<WalkState>) {
    Object.assign(this.state, change);
    this.run();
  }

  /** Another state, such as one from a link; what it does not say is as at first. */
  open(saved: Partial<WalkState>) {
    this.set({ ...start(), ...saved });
  }

  has(mishap: Mishap['mishap']): boolean {
    return this.state.mishaps.some((other) => other.mishap === mishap);
  }

  toggle(mishap: Mishap) {
    const others = this.state.mishaps.filter((other) => other.mishap !== mishap.mishap);
    this.set({ mishaps: this.has(mishap.mishap) ? others : [...others, mishap] });
  }

  replace(mishap: Mishap) {
    const others = this.state.mishaps.filter((other) => other.mishap !== mishap.mishap);
    this.set({ mishaps: [...others, mishap] });
  }
}
