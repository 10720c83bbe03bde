// The page's state in the fragment of its address: nothing leaves the page.
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
}

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
  },
};

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function write(state: Saved): Promise<string> {
  const bytes = await pipe(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream('deflate-raw'));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return '#1.' + text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The state in a fragment; an error if there is something that is none. */
export async function read(fragment: string): Promise<Saved | undefined> {
  if (fragment.length < 2) return undefined;
  const wrong = (why: string) => new Error(`The link does not hold what this page writes: ${why}.`);
  const cut = 'it may have been cut off';
  if (!fragment.startsWith('#1.')) throw wrong(cut);
  let state: Saved;
  try {
    const text = atob(fragment.slice(3).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await pipe(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      new DecompressionStream('deflate-raw'),
    );
    state = JSON.parse(new TextDecoder().decode(bytes)) as Saved;
  } catch {
    throw wrong(cut);
  }
  const place = misfit(SAVED, state);
  if (place !== undefined) throw wrong(`its part “${place || 'whole'}” is of another kind`);
  if (!VIEWS.includes(state.view)) throw wrong(`there is no view “${state.view}”`);
  return state;
}
