// A capture in a worker, as the page sees it.
import { Breakdown, type LineReport } from './core';

export interface CaptureReport {
  packets: number;
  opened: number;
  dropped: number;
  notes: string[];
  broken?: string;
}

export interface Row {
  number: number;
  time: number;
  verdict: 'opened' | 'sealed' | 'unchanged' | 'left-out' | 'dropped';
  reason?: string;
  sa?: string;
  spi?: string;
  sequence?: number;
  source?: string;
  destination?: string;
  length: number;
}

export interface CaptureWalk extends LineReport {
  document: string;
  link: string;
  time: number;
  packets: string[];
}

type Open = { kind: 'open'; name: string; bytes: Uint8Array; keys: string; hex?: string };
export type Ask =
  | Open
  | { kind: 'keys'; name: string; bytes: Uint8Array }
  | { kind: 'rows'; from: number; count: number }
  | { kind: 'walk'; place: number }
  | { kind: 'export'; comment: string };
export type Question = { number: number; ask: Ask };
export type Answer = { number: number; value?: unknown; wrong?: string; broken?: string };

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/** Asks the worker. One that broke is replaced by a new one, which opens again what was open. */
export class Captures {
  #worker?: Worker;
  #waiting = new Map<number, Waiting>();
  #number = 0;
  #opened?: Open;

  #start(): Worker {
    const worker = new Worker(new URL('./capture.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.broken !== undefined) return this.#broken(data.broken);
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (data.wrong !== undefined) waiting?.reject(new Error(data.wrong));
      else waiting?.resolve(data.value as never);
    };
    // It did not even come up.
    worker.onerror = (event) => this.#broken(event.message || 'the worker for captures could not be loaded');
    this.#worker = worker;
    if (this.#opened) this.#ask(this.#opened).catch(() => (this.#opened = undefined));
    return worker;
  }

  /** Nobody waits for an answer of a worker that is no more. */
  #broken(report: string) {
    this.close();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Breakdown(report));
  }

  #ask<T>(ask: Ask): Promise<T> {
    const worker = this.#worker ?? this.#start();
    const number = ++this.#number;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      worker.postMessage({ number, ask });
    });
  }

  async open(name: string, bytes: Uint8Array, keys: string, hex?: string) {
    const open: Open = { kind: 'open', name, bytes, keys, hex };
    const report = await this.#ask<CaptureReport>(open);
    this.#opened = open;
    return report;
  }
  /** The keys in the comment of a capture. */
  keysIn(name: string, bytes: Uint8Array) {
    return this.#ask<string | undefined>({ kind: 'keys', name, bytes });
  }
  rows(from: number, count: number) {
    return this.#ask<Row[]>({ kind: 'rows', from, count });
  }
  walk(place: number) {
    return this.#ask<CaptureWalk>({ kind: 'walk', place });
  }
  export(comment: string) {
    return this.#ask<Uint8Array<ArrayBuffer>>({ kind: 'export', comment });
  }
  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
