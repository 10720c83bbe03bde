// The view of a whole network: one scenario at a moment, in one or two arrangements.
import { history, look, scenario, shipped, type Fault, type LookReport, type Mishap, type Part, type ScenarioConfig } from './core';
import { append } from './document';
import { fate, frames, type Frame } from './frames';
import { seconds } from './times';
import { ofScenario } from './topology';

/** What goes into a link. */
export interface NetworkState {
  /** The name of a scenario that comes with the core, or a document. */
  scenario: string;
  /** The scenario that the document was at first. */
  origin: string;
  arrangements: string[];
  /** Seconds. */
  at: number;
  flow: number;
  /** Which of the runs the steps are shown of. */
  active: number;
  /** The node whose tables are open. */
  opened: string;
  /** What befalls the packet. */
  mishap?: Mishap;
}

export interface Run {
  arrangement: string;
  fault?: Fault;
  report?: LookReport;
  frames: Frame[];
  /** Why a mishap does not befall this packet. */
  spared?: string;
}

const start = (): NetworkState => ({
  scenario: 'figure-3',
  origin: 'figure-3',
  arrangements: ['iiptran', 'tunnel-mode'],
  at: 10,
  flow: 0,
  active: 0,
  opened: '',
});

const textOf = (name: string) => shipped().find((scenario) => scenario.name === name)?.text;
const PARTS = 120;

export class NetworkView {
  state: NetworkState = $state(start());
  config: ScenarioConfig | undefined = $state.raw();
  fault: Fault | undefined = $state.raw();
  runs: Run[] = $state.raw([]);
  /** What the documents were before the changes by the picture, the last one last. */
  past: string[] = $state.raw([]);
  /** What was done to make it pass, and the state before. */
  fixed: { text: string; before: NetworkState } | undefined = $state.raw();

  topology = $derived(this.config ? ofScenario(this.config) : { stations: [], wires: [], virtual: [] });
  duration = $derived(this.config ? seconds(this.config.duration) : 1);
  sender = $derived(this.config?.flows?.[this.state.flow]?.from);
  run = $derived(this.runs[this.state.active] ?? this.runs[0]);
  text = $derived(textOf(this.state.scenario) ?? this.state.scenario);
  changed = $derived(textOf(this.state.scenario) === undefined);
  #histories = new Map<string, Part[]>();
  #last = new Map<string, Part[]>();

  constructor() {
    this.refresh();
  }

  /** Asks the core. After a fault, what was there before stays. */
  refresh() {
    const state = $state.snapshot(this.state) as NetworkState;
    const read = scenario({ scenario: state.scenario });
    this.fault = read.fault;
    if (!read.value) return;
    this.config = read.value;
    const flows = read.value.flows?.length ?? 0;
    if (state.flow >= flows) this.state.flow = 0;
    this.runs = state.arrangements.map((arrangement, place) => {
      const { value, fault } = ask({ ...state, flow: this.state.flow }, arrangement, flows > 0);
      if (fault?.part === 'mishap') {
        const spared = ask({ ...state, mishap: undefined }, arrangement, true).value;
        if (spared) return { arrangement, report: spared, frames: frames(spared.journey), spared: fault.cause };
      }
      if (!value) return { arrangement, fault, frames: this.runs[place]?.frames ?? [], report: this.runs[place]?.report };
      return { arrangement, report: value, frames: frames(value.journey) };
    });
    this.state.active = Math.max(0, Math.min(state.active, this.runs.length - 1));
  }

  set(change: Partial<NetworkState>) {
    const before = { state: $state.snapshot(this.state) as NetworkState, config: this.config, fixed: this.fixed };
    Object.assign(this.state, change);
    if (Object.keys(change).some((key) => !['at', 'active', 'opened'].includes(key))) this.fixed = undefined;
    try {
      this.refresh();
    } catch (error) {
      // What the core fails at is not kept, or it would fail again. It was shown, and is to be shown no more: fields
      // follow a change only.
      queueMicrotask(() => Object.assign(this, before));
      throw error;
    }
  }

  open(saved: Partial<NetworkState>) {
    this.past = [];
    const origin = saved.origin ?? saved.scenario ?? start().origin;
    this.set({ ...start(), mishap: undefined, ...saved, origin });
  }

  /** Another scenario, in its own arrangement and beside it another. */
  choose(name: string) {
    const read = scenario({ scenario: name });
    const own = read.value?.arrangement ?? 'iiptran';
    const other = own === 'iiptran' ? 'tunnel-mode' : 'iiptran';
    const start = Math.max(0, ...(read.value?.flows ?? []).slice(0, 1).map((flow) => seconds(flow.start ?? '0s')));
    this.open({ scenario: name, arrangements: own === 'transport' ? [own] : [own, other], at: start + 0.5 });
  }

  /** How the flow fares over the whole time, in one of the arrangements. */
  history(arrangement: string): Part[] {
    if ((this.config?.flows?.length ?? 0) === 0) return [];
    const request = { run: { scenario: this.state.scenario, arrangement }, flow: this.state.flow, parts: PARTS };
    const key = JSON.stringify(request);
    const known = this.#histories.get(key);
    if (known) return known;
    const parts = history(request).value;
    // While a document is wrong, what was there before stays.
    if (!parts) return this.#last.get(arrangement) ?? [];
    this.#last.set(arrangement, parts);
    if (this.#histories.size > 20) this.#histories.clear();
    this.#histories.set(key, parts);
    return parts;
  }

  /** Changes the document, as the picture does: with a way back. */
  rewrite(change: (text: string) => string, other: Partial<NetworkState> = {}) {
    const next = change(this.text);
    if (next === this.text) return;
    this.past = [...this.past, this.state.scenario];
    this.set({ scenario: next, ...other });
  }

  undo() {
    const before = this.past.at(-1);
    if (before === undefined) return;
    this.past = this.past.slice(0, -1);
    this.set({ scenario: before });
  }

  /** One more event at this moment. */
  event(action: Parameters<typeof append>[2]) {
    const at = `${Math.round(this.state.at * 1000)}ms`;
    this.rewrite((text) => append(text, 'events', { at, action }));
  }

  /** Cuts a wire at this moment, or mends it. */
  cut(wire: string) {
    const isCut = this.run?.report?.cut.includes(wire) ?? false;
    this.event(isCut ? { 'wire-up': wire } : { 'wire-down': wire });
  }

  /** Changes what stops the packet; whether that could be done. */
  fix(): boolean {
    const before = $state.snapshot(this.state) as NetworkState;
    const arrangement = before.arrangements[before.active] ?? 'iiptran';
    const states: { text: string; state: NetworkState }[] = [];
    const add = (text: string, change: Partial<NetworkState>) => states.push({ text, state: { ...before, ...change } });
    if (before.mishap) add('Nothing befalls the packet on the wire.', { mishap: undefined });
    for (let later = 0.5; later <= 6; later += 0.5) {
      const at = Math.min(this.duration, before.at + later);
      add(`Routing needs time: ${later} s later it has found another way.`, { at });
    }
    const text = this.text;
    const now = `${Math.round(before.at * 1000)}ms`;
    for (const wire of this.run?.report?.cut ?? []) {
      const mended = append(text, 'events', { at: now, action: { 'wire-up': wire } });
      add(`The wire ${wire} is mended: an event in the document.`, { scenario: mended });
      add(`The wire ${wire} is mended, and routing gets four seconds.`, { scenario: mended, at: Math.min(this.duration, before.at + 4) });
    }
    if (this.past[0] !== undefined) add('The document is as it was before your changes.', { scenario: this.past[0] });
    add('The document is as at first.', { scenario: before.origin });
    const others = before.arrangements.map((word, place) => (place === before.active ? 'iiptran' : word));
    add('The network is arranged as RFC 3884 says: iiptran.', { arrangements: others });
    const found = states.find(({ state }) => {
      const { value } = ask(state, state.arrangements[state.active] ?? arrangement, true);
      return value !== undefined && fate(frames(value.journey)).good;
    });
    if (!found) return false;
    this.set(found.state);
    this.fixed = { text: found.text, before };
    return true;
  }
}

function ask(state: NetworkState, arrangement: string, flows: boolean) {
  const { scenario, at, flow, mishap } = state;
  const request = { run: { scenario, arrangement }, at: Math.round(at * 1e9) };
  return look(flows ? { ...request, flow, ...(mishap ? { mishap } : {}) } : request);
}
