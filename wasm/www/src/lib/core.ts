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
  scenarios: { name: string; text: string; title: string; description: string }[];
  gateways: { name: string; document: string }[];
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

export type Result<T> = { value: T; fault?: undefined } | { value?: undefined; fault: Fault };

/** Runs a function of the core. A fault of the request is a result; a fault of the core is thrown, after the
 *  core has been loaded anew. */
function ask<T>(work: () => unknown): Result<T> {
  try {
    return { value: work() as T };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      const report = `${wasm.lastPanic()}\n${error.stack ?? error.message}`;
      void load();
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
export const shipped = () => wasm.shipped() as Shipped;
export const explain = (name: string) => wasm.explain(name) as Reason | undefined;

export interface Sealed {
  sequence: number;
  packet: string;
}

/** Packets sealed at one end and opened at the other, in any order. */
export class Exchange {
  #exchange: wasm.Exchange;

  constructor(request: LineRequest) {
    this.#exchange = new wasm.Exchange(JSON.stringify(request));
  }

  send = () => ask<Sealed>(() => this.#exchange.send());
  deliver = (place: number) => ask<Walkthrough>(() => this.#exchange.deliver(place));
  forge = (place: number, low: number) => ask<Walkthrough>(() => this.#exchange.forge(place, low));
}

export type { Change, Layer, NodeReport, ScenarioConfig, Walkthrough, WindowReport };
