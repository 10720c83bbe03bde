// The core, as WebAssembly: what it says is what a router does.
import init, * as wasm from '../../../package/iiptran_wasm.js';
import address from '../../../package/iiptran_wasm_bg.wasm?url';
import type { NetworkReport } from '../schema/network-report';
import type { NodeReport } from '../schema/node-report';
import type { ScenarioConfig } from '../schema/scenario';
import type { Change, Layer, Walkthrough, WindowReport } from '../schema/walkthrough';

export type Leg =
  | { leg: 'node'; station: string; time: number; walkthrough: Walkthrough }
  | {
      leg: 'wire';
      wire: string;
      from: string;
      to?: string;
      time: number;
      arrives?: number;
      lost?: string;
      notes?: string[];
      packet: string;
      layers: Layer[];
      changes?: Change[];
    }
  | { leg: 'received'; station: string; time: number; expected: boolean; packet: string; layers: Layer[] };

export interface Journey {
  legs: Leg[];
}

export interface Tables {
  name: string;
  tables: NodeReport;
}

export interface Keys {
  spi: string;
  key: string;
  'integrity-key': string;
}

export interface LineReport {
  journey: Journey;
  nodes: Tables[];
  keys: Keys[];
  source?: { address: string; network: string; rule: string };
}

export interface LogEvent {
  time: number;
  event: string;
  [field: string]: unknown;
}

export interface LookReport extends LineReport {
  report: NetworkReport;
  cut: string[];
  events: LogEvent[];
}

export type Mishap =
  | { mishap: 'flip'; bit: number }
  | { mishap: 'truncate'; bytes: number }
  | { mishap: 'replay' | 'mark-ce' | 'clear' | 'wrong-key' | 'expire' }
  | { mishap: 'reorder'; packets: number }
  | { mishap: 'mtu'; mtu: number };

export interface LineRequest {
  stations: { name: string; document: string }[];
  arrangement?: string;
  packet: { hex: string } | { echo: { from?: string; to: string; size?: number; 'traffic-class'?: number } };
  link?: string;
  sends?: string;
  mishaps?: Mishap[];
  start?: number;
}

export interface RunRequest {
  scenario: string;
  arrangement?: string;
  seed?: number;
  events?: { at: string; action: Record<string, unknown> }[];
}

export interface LookRequest {
  run: RunRequest;
  at: number;
  flow?: number;
  mishap?: Mishap;
}

/** One part of a run: what was sent in it, and what arrived. */
export interface Part {
  until: number;
  sent: number;
  delivered: number;
}

export interface Shipped {
  name: string;
  text: string;
  title: string;
  description: string;
}

export interface Reason {
  name: string;
  code: number;
  group: string;
  clause: string;
  meaning: string;
  check: string;
}

/** What is wrong with a request, and where. */
export interface Fault {
  message: string;
  part: string;
  cause: string;
  path?: string;
  line?: number;
  column?: number;
}

/** The program itself failed: a report for its makers. */
export class Breakdown extends Error {}

export async function load(): Promise<void> {
  await init({ module_or_path: address });
}

/** How often the core was made anew: what belongs to an earlier one is no more. */
let life = 0;

export type Result<T> = { value: T; fault?: undefined } | { value?: undefined; fault: Fault };

/** Whether it was the core itself that failed: it trapped, or its stack was full. */
export const isBreakdown = (error: unknown): error is Error => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** What the core said last, and where it was. */
export function reportOf(error: Error): string {
  let said = '';
  try {
    said = wasm.lastPanic();
  } catch {
    // It can't even say that.
  }
  return `${said}\n${error.stack ?? error.message}`.trim();
}

/** Runs a function of the core. A fault of the request is a result; a fault of the core is thrown, after the
 *  core has been made anew. */
function ask<T>(work: () => unknown): Result<T> {
  try {
    return { value: work() as T };
  } catch (error) {
    if (isBreakdown(error)) {
      const report = reportOf(error);
      wasm.__wbg_reset_state();
      life += 1;
      throw new Breakdown(report);
    }
    const fault = error as Partial<Fault>;
    const fallback = { message: String(error), part: '', cause: String(error) };
    return {
      fault:
        error instanceof Error && typeof fault.part === 'string'
          ? {
              message: error.message,
              part: fault.part,
              cause: String(fault.cause),
              path: fault.path,
              line: fault.line,
              column: fault.column,
            }
          : fallback,
    };
  }
}

export const walk = (request: LineRequest) => ask<LineReport>(() => wasm.walk(JSON.stringify(request)));
export const look = (request: LookRequest) => ask<LookReport>(() => wasm.look(JSON.stringify(request)));
export const history = (request: { run: RunRequest; flow: number; parts: number }) =>
  ask<Part[]>(() => wasm.history(JSON.stringify(request)));
export const scenario = (request: RunRequest) =>
  ask<ScenarioConfig>(() => wasm.scenario(JSON.stringify(request)));
let scenarios: Shipped[] | undefined;
/** The scenarios that come with the core, which are read when they are first asked for. */
export const shipped = () => (scenarios ??= wasm.shipped() as Shipped[]);
export const explain = (name: string) => wasm.explain(name) as Reason | undefined;

export interface Sealed {
  sequence: number;
  packet: string;
}

/** Packets sealed at one end of a line and opened at the other, in any order. */
export class Exchange {
  #request: LineRequest;
  #exchange: wasm.Exchange;
  #life = life;
  /** What was done, to do it again in a core that was made anew. */
  #acts: ((exchange: wasm.Exchange) => unknown)[] = [];

  constructor(request: LineRequest) {
    this.#request = request;
    this.#exchange = new wasm.Exchange(JSON.stringify(request));
  }

  #do<T>(act: (exchange: wasm.Exchange) => unknown): Result<T> {
    return ask<T>(() => {
      if (this.#life !== life) {
        this.#exchange = new wasm.Exchange(JSON.stringify(this.#request));
        for (const act of this.#acts) act(this.#exchange);
        this.#life = life;
      }
      const value = act(this.#exchange);
      this.#acts.push(act);
      return value;
    });
  }

  send = () => this.#do<Sealed>((exchange) => exchange.send());
  deliver = (place: number) => this.#do<Walkthrough>((exchange) => exchange.deliver(place));
  forge = (place: number, low: number) => this.#do<Walkthrough>((exchange) => exchange.forge(place, low));
}

export type { Change, Layer, NodeReport, ScenarioConfig, Walkthrough, WindowReport };
