// The page's state in the fragment of its address: nothing leaves the page.
import type { CaptureState } from './capture.svelte';
import type { NetworkState } from './network.svelte';
import { misfit, type Shape } from './shape';
import type { WalkState } from './walk.svelte';
import type { WindowState } from './window.svelte';

export const VIEWS = ['walk', 'network', 'window', 'capture', 'tour'] as const;
export type View = (typeof VIEWS)[number];

/** What a link holds. */
export interface Saved {
  view: View;
  page?: number;
  step?: number;
  /** Only the picture and the step, for a frame in another page. */
  embed?: boolean;
  walk?: Partial<WalkState>;
  network?: Partial<NetworkState>;
  window?: Partial<WindowState>;
  capture?: Partial<CaptureState>;
}

/** What was read from a link: the state, and the file of a capture beside it. */
export interface Linked extends Saved {
  file?: Uint8Array;
}

/** How long a fragment may be, characters. Chromium takes addresses of 2 MB, Safari of some 80 000 characters, and
 *  Firefox shows those up to 65 536; what else a link is sent through takes no more than browsers do. */
export const LIMIT = 64 * 1024;

const MISHAP: Shape = { fields: { mishap: 'text', bit: 'number', bytes: 'number', packets: 'number', mtu: 'number' } };
const SAVED: Shape = {
  fields: {
    view: 'text',
    page: 'number',
    step: 'number',
    embed: 'flag',
    walk: {
      fields: {
        arrangement: 'text',
        documents: { list: { fields: { name: 'text', document: 'text' } } },
        from: 'text',
        to: 'text',
        own: 'flag',
        size: 'number',
        trafficClass: 'number',
        hex: 'text',
        mishaps: { list: MISHAP },
        against: 'text',
        opened: 'text',
      },
    },
    network: {
      fields: {
        scenario: 'text',
        origin: 'text',
        arrangements: { list: 'text' },
        at: 'number',
        flow: 'number',
        active: 'number',
        opened: 'text',
        mishap: MISHAP,
      },
    },
    window: { fields: { start: 'number', acts: { list: 'text' } } },
    capture: {
      fields: { name: 'text', size: 'number', hex: 'text', keys: 'text', opened: 'flag', chosen: 'number', language: 'text' },
    },
  },
};

type Bytes = Uint8Array<ArrayBuffer>;

/** Sends bytes through a stream; undefined if more come out of it than may. */
async function pipe(bytes: Bytes, through: CompressionStream | DecompressionStream, most = Infinity): Promise<Bytes | undefined> {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts: Bytes[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      void reader.cancel();
      return undefined;
    }
    parts.push(value as Bytes);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const letters = (bytes: Bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const unletters = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

/** A file as a part of a link; undefined if it is too large for one. It has a checksum: another file is not taken
 *  for it. */
export async function pack(file: Uint8Array): Promise<string | undefined> {
  const packed = await pipe(file as Bytes, new CompressionStream('deflate'), (LIMIT / 4) * 3);
  return packed && letters(packed);
}

/** The fragment of a state, with the file of its capture, as it was packed. */
export async function write(state: Saved, file?: string): Promise<string> {
  const bytes = await pipe(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream('deflate-raw'));
  return `#1.${letters(bytes ?? new Uint8Array())}${file ? `.${file}` : ''}`;
}

/** The state in a fragment; an error if there is something that is none. */
export async function read(fragment: string): Promise<Linked | undefined> {
  if (fragment.length < 2) return undefined;
  const wrong = (why: string) => new Error(`The link does not hold what this page writes: ${why}.`);
  const cut = 'it may have been cut off';
  const [version, text, packed, ...more] = fragment.split('.');
  if (version !== '#1' || text === undefined || more.length > 0) throw wrong(cut);
  let state: Saved;
  try {
    const bytes = await pipe(unletters(text), new DecompressionStream('deflate-raw'));
    state = JSON.parse(new TextDecoder().decode(bytes)) as Saved;
  } catch {
    throw wrong(cut);
  }
  const place = misfit(SAVED, state);
  if (place !== undefined) throw wrong(`its part “${place || 'whole'}” is of another kind`);
  if (!VIEWS.includes(state.view)) throw wrong(`there is no view “${state.view}”`);
  const size = state.capture?.size ?? 0;
  if (size === 0 && packed === undefined) return state;
  const file = await pipe(unletters(packed ?? ''), new DecompressionStream('deflate'), size).catch(() => undefined);
  if (file?.length !== size) throw wrong(`${cut}, in its part “capture”`);
  return { ...state, file };
}
