// The FIB.
import { inspect } from 'node:util';
import { addon } from './addon';
import { options, text, type Uint64, uint64 } from './check';
import { type Document, reading } from './document';
import { calling } from './errors';
import type * as Native from './native';
import type { NextHop } from './native';
import type { Packet } from './packet';
import type { RouteConfig } from './schema/config';
import { view } from './slip';

/** The routes of a node's document alone, and the names of its links. */
export interface FibConfig {
  links: string[];
  routes: RouteConfig[];
}

/** The forwarding table of one network, of a document with names of `links`, and `routes`. */
export class Fib {
  readonly #native: Native.Fib;

  /** @throws {@link ConfigError} */
  constructor(document: Document<FibConfig>) {
    this.#native = reading(document, (text) => new addon.Fib(text));
  }

  /**
   * Where an IP packet goes.
   *
   * @throws {@link Drop}
   */
  lookup(packet: Packet | Uint8Array): NextHop {
    const bytes = view(packet);
    return calling(() => this.#native.lookup(bytes));
  }

  /**
   * Where a destination lies; flows with different hashes may take different equal paths.
   *
   * @throws {@link Drop}
   */
  lookupAddress(destination: string, lookupOptions?: { flowHash?: Uint64 }): NextHop {
    const { flowHash = 0n } = options(lookupOptions);
    const [address, hash] = [text('destination', destination), uint64('flowHash', flowHash)];
    return calling(() => this.#native.lookupAddress(address, hash));
  }

  /** How many routes there are. */
  get length(): number {
    return this.#native.length;
  }

  toString(): string {
    return `<iiptran.Fib, ${this.length} routes>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
