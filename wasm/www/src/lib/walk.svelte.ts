// The view of a packet through two gateways: what is asked of the core, and what it answered.
import first from 'virtual:first-walk';
import { walk, type Fault, type LineReport, type LineRequest, type Mishap } from './core';
import { fate, frames } from './frames';
import { first as firstOf, forWalk } from './fixes';
import { atFirst, request, type WalkState } from './request';

export const ARRANGEMENTS = [
  'iiptran',
  'tunnel-mode',
  'interface-sa',
  'initial-lookup-a',
  'initial-lookup-b',
  'integrated',
];

export type { WalkState };
/** The gateways that come with the core, and a router between them. */
export const line = (): WalkState['documents'] => first.documents.map((station) => ({ ...station }));
const start = () => atFirst(line());

export class WalkView {
  state: WalkState = $state(start());
  fault: Fault | undefined = $state();
  /** The build has asked for the first walk: it can be looked at before the core is there. */
  report: LineReport = $state.raw(first.report);
  frames = $derived(frames(this.report.journey));
  /** The walk that it is compared with. */
  other: LineReport | undefined = $state.raw();
  /** What was done to make it pass, and the state before. */
  fixed: { text: string; before: WalkState } | undefined = $state.raw();

  /** Asks the core. After a fault, what was there before stays. */
  run() {
    const state = $state.snapshot(this.state) as WalkState;
    const { value, fault } = walk(request(state));
    this.fault = fault;
    if (value) this.report = value;
    const { against } = state;
    const beside = against === 'first' ? start() : { ...state, arrangement: against };
    this.other = against ? walk(request(beside)).value : undefined;
  }

  /** The two gateways and the packet alone, for packets that are delivered by hand. */
  ends(): LineRequest {
    const state = $state.snapshot(this.state) as WalkState;
    const stations = [state.documents[0], state.documents.at(-1)].filter((station) => station !== undefined);
    return { ...request(state), stations, mishaps: [] };
  }

  set(change: Partial<WalkState>) {
    const before = { state: $state.snapshot(this.state) as WalkState, fixed: this.fixed };
    Object.assign(this.state, change);
    if (Object.keys(change).some((key) => !['against', 'opened'].includes(key))) this.fixed = undefined;
    try {
      this.run();
    } catch (error) {
      // What the core fails at is not kept, or it would fail again. It was shown, and is to be shown no more: fields
      // follow a change only.
      queueMicrotask(() => Object.assign(this, before));
      throw error;
    }
  }

  /** Another state, such as one from a link; what it does not say is as at first. */
  open(saved: Partial<WalkState>) {
    this.set({ ...start(), ...saved });
  }

  /** Changes a document or the packet so that the packet passes; whether that could be done. */
  fix(): boolean {
    const stop = this.frames.at(-1);
    if (!stop) return false;
    const before = $state.snapshot(this.state) as WalkState;
    const found = firstOf(forWalk(before, stop, line()), (state) => {
      const { value } = walk(request(state));
      return value !== undefined && fate(frames(value.journey)).good;
    });
    if (!found) return false;
    this.set(found.state);
    this.fixed = { text: found.text, before };
    return true;
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

  rewrite(change: (document: string) => string) {
    this.set({ documents: this.state.documents.map(({ name, document }) => ({ name, document: change(document) })) });
  }
}
