// The SPD.
import { inspect } from 'node:util';
import { addon } from './addon';
import { outOfRange } from './check';
import { type Document, reading } from './document';
import { calling } from './errors';
import type * as Native from './native';
import type { PolicyMatch } from './native';
import type { Packet } from './packet';
import type { PolicyConfig } from './schema/config';
import { view } from './slip';

/** The policies of a node's document alone. */
export interface SpdConfig {
  policies: PolicyConfig[];
}

/** The Security Policy Database (RFC 4301 section 4.4.1), of a document with `policies`. */
export class Spd {
  readonly #native: Native.Spd;

  /** @throws {@link ConfigError} */
  constructor(document: Document<SpdConfig>) {
    this.#native = reading(document, (text) => new addon.Spd(text));
  }

  /**
   * The first policy that matches an IP packet.
   *
   * @throws {@link Drop}
   */
  lookup(direction: 'outbound' | 'inbound', packet: Packet | Uint8Array): PolicyMatch {
    if (direction !== 'outbound' && direction !== 'inbound') {
      throw outOfRange('direction', "'outbound' or 'inbound'", direction);
    }
    const bytes = view(packet);
    return calling(() => this.#native.lookup(direction === 'inbound', bytes));
  }

  toString(): string {
    return '<iiptran.Spd>';
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
