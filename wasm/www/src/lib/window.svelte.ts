// The view of packets that are sealed at one end and opened at the other, in any order.
import { Exchange, type Fault, type LineRequest, type Sealed, type Walkthrough } from './core';

/** What goes into a link: the number before the first packet, and what was done, in its order: `s` seals one
 *  more, `d3` delivers the packet of place 3, `f7` forges the number 7. */
export interface WindowState {
  start: number;
  acts: string[];
}

export interface Told {
  title: string;
  /** What kind of end it was: one that is accepted, too old, a repetition or a forgery. */
  kind: 'accepted' | 'too old' | 'repeated' | 'forged' | 'dropped';
  notes: string[];
  clause: string;
}

/** Five numbers before the low half of an extended sequence number begins anew (RFC 4303 section 2.2.1). */
export const EDGE = 2 ** 32 - 6;
const KINDS: Record<string, Told['kind']> = { 'left-of-window': 'too old', replayed: 'repeated', 'bad-icv': 'forged' };
const FIRST = Array.from({ length: 10 }, () => 's');

export class WindowView {
  state: WindowState = $state({ start: 0, acts: [] });
  sealed: Sealed[] = $state.raw([]);
  last: Told | undefined = $state.raw();
  window: Walkthrough['steps'][number]['window'] = $state.raw();
  fates: Record<number, Told['kind'][]> = $state.raw({});
  fault: Fault | undefined = $state.raw();
  #exchange: Exchange | undefined;
  #request: () => LineRequest;

  constructor(request: () => LineRequest) {
    this.#request = request;
    this.open({});
  }

  open(saved: Partial<WindowState>) {
    const { start = 0, acts = FIRST } = saved;
    this.state = { start, acts: [] };
    this.sealed = [];
    this.fates = {};
    this.last = undefined;
    this.window = undefined;
    this.fault = undefined;
    try {
      this.#exchange = new Exchange({ ...this.#request(), start });
      for (const act of acts) this.do(act);
    } catch (error) {
      this.#exchange = undefined;
      this.fault = { message: error instanceof Error ? error.message : String(error), part: '', cause: '' };
    }
  }

  do(act: string) {
    const number = Number(act.slice(1));
    const exchange = this.#exchange;
    if (!exchange || !/^(s|[df]\d+)$/.test(act)) return;
    this.state.acts.push(act);
    if (act === 's') {
      const { value, fault } = exchange.send();
      this.fault = fault;
      if (value) this.sealed = [...this.sealed, value];
    } else if (act[0] === 'd') {
      const { value, fault } = exchange.deliver(number);
      this.fault = fault;
      this.#tell(number, `Number ${this.sealed[number]?.sequence}`, value);
    } else {
      const { value, fault } = exchange.forge(0, number >>> 0);
      this.fault = fault;
      this.#tell(undefined, `Forged number ${number}`, value);
    }
  }

  #tell(place: number | undefined, what: string, walkthrough: Walkthrough | undefined) {
    if (!walkthrough) return;
    const step = walkthrough.steps.findLast(({ stage }) => stage === 'open') ?? walkthrough.steps.at(-1);
    const outcome = walkthrough.outcome;
    const drop = outcome?.verdict === 'drop' ? outcome : undefined;
    const kind = drop ? (KINDS[drop.reason] ?? 'dropped') : 'accepted';
    this.window = step?.window ?? this.window;
    this.last = {
      title: `${what}: ${step?.title ?? ''}`,
      kind,
      // A step may have said already what its end means.
      notes: [...new Set([...(step?.notes ?? []), ...(drop ? [drop.meaning, drop.check] : [])])],
      clause: drop?.clause ?? step?.clause ?? '',
    };
    if (place !== undefined) this.fates = { ...this.fates, [place]: [...(this.fates[place] ?? []), kind] };
  }
}
