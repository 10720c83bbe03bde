// The page's state in the fragment of its address: nothing leaves the page.

/** What a link holds. */
export interface Saved {
  view: 'walk' | 'network' | 'window' | 'capture' | 'tour';
  [part: string]: unknown;
}

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
  const wrong = new Error('The link does not hold what this page writes: it may have been cut off.');
  if (!fragment.startsWith('#1.')) throw wrong;
  try {
    const text = atob(fragment.slice(3).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await pipe(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      new DecompressionStream('deflate-raw'),
    );
    const state = JSON.parse(new TextDecoder().decode(bytes)) as Saved;
    if (!['walk', 'network', 'window', 'capture', 'tour'].includes(state.view)) throw wrong;
    return state;
  } catch {
    throw wrong;
  }
}
