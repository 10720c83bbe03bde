// The view of a whole network: one scenario at a moment, in one or two arrangements.
import { look, scenario, shipped, type Fault, type LookReport, type RunRequest, type ScenarioConfig } from './core';
import { frames, type Frame } from './frames';
import { seconds } from './times';
import { ofScenario } from './topology';

/** What goes into a link. */
export interface NetworkState {
  /** The name of a scenario that comes with the core, or a document. */
  scenario: string;
  arrangements: string[];
  /** Seconds. */
  at: number;
  flow: number;
  events: NonNullable<RunRequest['events']>;
}

export interface Run {
  arrangement: string;
  fault?: Fault;
  report?: LookReport;
  frames: Frame[];
}

const start = (): NetworkState => ({
  scenario: 'figure-3',
  arrangements: ['iiptran', 'tunnel-mode'],
  at: 10,
  flow: 0,
  events: [],
});

export class NetworkView {
  state: NetworkState = $state(start());
  config: ScenarioConfig | undefined = $state.raw();
  fault: Fault | undefined = $state();
  runs: Run[] = $state.raw([]);
  /** Which of the runs the steps are shown of. */
  active = $state(0);

  topology = $derived(this.config ? ofScenario(this.config) : { stations: [], wires: [], virtual: [] });
  duration = $derived(this.config ? seconds(this.config.duration) : 1);
  sender = $derived(this.config?.flows?.[this.state.flow]?.from);
  run = $derived(this.runs[this.active] ?? this.runs[0]);
  text = $derived(shipped().scenarios.find(({ name }) => name === this.state.scenario)?.text ?? this.state.scenario);

  constructor() {
    this.refresh();
  }

  /** Asks the core. After a fault, what was there before stays. */
  refresh() {
    const { scenario: text, arrangements, at, flow, events } = $state.snapshot(this.state) as NetworkState;
    const read = scenario({ scenario: text });
    this.fault = read.fault;
    if (!read.value) return;
    this.config = read.value;
    const flows = read.value.flows?.length ?? 0;
    if (flow >= flows) this.state.flow = 0;
    this.runs = arrangements.map((arrangement, place) => {
      const request = { run: { scenario: text, arrangement, events }, at: Math.round(at * 1e9) };
      const { value, fault } = look(flows > 0 ? { ...request, flow: this.state.flow } : request);
      if (!value) return { arrangement, fault, frames: this.runs[place]?.frames ?? [], report: this.runs[place]?.report };
      return { arrangement, report: value, frames: frames(value.journey) };
    });
    this.active = Math.min(this.active, this.runs.length - 1);
  }

  set(change: Partial<NetworkState>) {
    Object.assign(this.state, change);
    this.refresh();
  }

  open(saved: Partial<NetworkState>) {
    this.active = 0;
    this.set({ ...start(), ...saved });
  }

  /** Another scenario, in its own arrangement and beside it another. */
  choose(name: string) {
    const read = scenario({ scenario: name });
    const own = read.value?.arrangement ?? 'iiptran';
    const other = own === 'iiptran' ? 'tunnel-mode' : 'iiptran';
    const start = Math.max(0, ...(read.value?.flows ?? []).slice(0, 1).map((flow) => seconds(flow.start ?? '0s')));
    this.open({ scenario: name, arrangements: own === 'transport' ? [own] : [own, other], at: start + 0.5 });
  }

  /** Cuts a wire at this moment, or mends it. */
  cut(wire: string) {
    const isCut = this.run?.report?.cut.includes(wire) ?? false;
    const action = isCut ? { 'wire-up': wire } : { 'wire-down': wire };
    const at = `${Math.round(this.state.at * 1e9)}ns`;
    this.set({ events: [...this.state.events, { at, action }] });
  }
}
