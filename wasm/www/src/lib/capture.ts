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

export type Ask =
  | { kind: 'open'; name: string; bytes: Uint8Array; keys: string; hex?: string }
  | { kind: 'rows'; from: number; count: number }
  | { kind: 'walk'; place: number }
  | { kind: 'export'; comment: string };
export type Question = { number: number; ask: Ask };
export type Answer = { number: number; value?: unknown; wrong?: string; broken?: string };

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/** Asks the worker; one that broke is replaced by a new one. */
export class Captures {
  #worker?: Worker;
  #waiting = new Map<number, Waiting>();
  #number = 0;

  #start(): Worker {
    const worker = new Worker(new URL('./capture.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (data.broken !== undefined) {
        this.close();
        waiting?.reject(new Breakdown(data.broken));
      } else if (data.wrong !== undefined) waiting?.reject(new Error(data.wrong));
      else waiting?.resolve(data.value as never);
    };
    return worker;
  }

  #ask<T>(ask: Ask, moved: Transferable[] = []): Promise<T> {
    this.#worker ??= this.#start();
    const number = ++this.#number;
    const worker = this.#worker;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      worker.postMessage({ number, ask }, moved);
    });
  }

  open(name: string, bytes: Uint8Array, keys: string, hex?: string) {
    return this.#ask<CaptureReport>({ kind: 'open', name, bytes, keys, hex });
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
