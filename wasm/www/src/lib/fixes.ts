// Making a packet pass that was stopped: what might help is tried in the core, and what helps is kept.
import type { Mishap } from './core';
import { append, change, type Value } from './document';
import { linksIn } from './edits';
import type { Frame } from './frames';
import { isJson, parse } from './json';
import type { WalkState } from './walk.svelte';

/** What is changed, in a sentence, and what is asked then. */
export interface Fix<State> {
  text: string;
  state: State;
}

/** The first of them that helps. */
export function first<State>(fixes: Fix<State>[], helps: (state: State) => boolean): Fix<State> | undefined {
  return fixes.find(({ state }) => helps(state));
}

const UNDONE: Record<Mishap['mishap'], string> = {
  flip: 'The bit is put right: the wire no longer changes the packet.',
  truncate: 'The packet arrives whole.',
  replay: 'Nobody sends the packet a second time.',
  reorder: 'The packet comes in its turn.',
  'mark-ce': 'No router marks congestion.',
  clear: 'The packet comes in ESP, as the policy demands.',
  'wrong-key': 'Both gateways have the same key again.',
  expire: 'The SAs are renewed: new SAs, new lifetimes.',
  mtu: 'The link takes packets of 1500 bytes again.',
};

type Settings = { [key: string]: Value };
interface Linked {
  'virtual-links'?: { protection?: Settings }[];
}
/** A document in JSON with other settings of how its virtual links are protected. */
const protect = (document: string, settings: Settings) =>
  change<Linked>(document, (whole) => ({
    ...whole,
    'virtual-links': whole['virtual-links']?.map((link) => ({ ...link, protection: { ...link.protection, ...settings } })),
  }));

/** What might help a walk that ends at a frame, the most fitting first. */
export function forWalk(state: WalkState, stop: Frame, shipped: WalkState['documents']): Fix<WalkState>[] {
  const fixes: Fix<WalkState>[] = [];
  const reason = stop.outcome?.verdict === 'drop' ? stop.outcome.reason : '';
  const place = state.documents.findIndex(({ name }) => name === stop.place);
  const add = (text: string, change: Partial<WalkState>) => fixes.push({ text, state: { ...state, ...change } });
  const rewrite = (text: string, at: number, change: (document: string) => string) => {
    const documents = state.documents.map((station, number) =>
      number === at ? { ...station, document: change(station.document) } : station,
    );
    if (documents[at]?.document !== state.documents[at]?.document) add(text, { documents });
  };
  if (reason === 'left-of-window') {
    rewrite(`${stop.place} gets a window of 128 numbers: “window = 128” in its document.`, place, (document) =>
      isJson(document) ? protect(document, { window: 128 }) : document.replace(/^\[virtual-links\.protection\]$/m, '$&\nwindow = 128'),
    );
  }
  if (reason === 'ecn-congestion-lost') {
    add('The packet says that its sender understands ECN: ECT(0) in its traffic class, so that the mark can go inside.', { trafficClass: (state.trafficClass & 0xfc) | 2 });
  }
  const mtu = state.mishaps.find((mishap) => mishap.mishap === 'mtu')?.mtu;
  if (reason === 'packet-too-big' && mtu !== undefined && state.hex === '') {
    for (let size = state.size - 1; size >= 0; size -= Math.max(1, Math.floor(state.size / 40))) {
      add(`The sender puts ${size} bytes into the packet instead of ${state.size}: as path MTU discovery would make it do.`, { size });
    }
  }
  if (reason === 'bad-icv' || reason === 'unknown-spi') {
    const sender = state.documents[0]?.document ?? '';
    const sent = isJson(sender) ? undefined : /^outbound\s*=\s*(\{.*\})/m.exec(sender)?.[1];
    const inbound = isJson(sender) ? parse<Linked>(sender)?.['virtual-links']?.[0]?.protection?.outbound : undefined;
    rewrite(`${stop.place} expects what the other gateway sends: its line “inbound” gets that SPI and key.`, place, (document) => {
      if (isJson(document)) return inbound ? protect(document, { inbound }) : document;
      return sent ? document.replace(/^inbound\s*=\s*\{.*\}/m, `inbound = ${sent}`) : document;
    });
  }
  if (reason === 'no-route') {
    const prefix = stop.layers[0]?.fields.find(({ name }) => name === 'destination')?.value ?? '';
    const links = linksIn(state.documents[place]?.document ?? '');
    for (const link of place === 0 ? links.toReversed() : links) {
      const route = { network: stop.network, prefix: `${prefix}/${prefix.includes(':') ? 128 : 32}`, link };
      rewrite(`${stop.place} gets a route: ${route.prefix} by ${link}.`, place, (document) => append(document, 'routes', route));
    }
  }
  for (const mishap of state.mishaps) {
    add(UNDONE[mishap.mishap], { mishaps: state.mishaps.filter((other) => other !== mishap) });
  }
  const original = shipped[place]?.document;
  if (original !== undefined) rewrite(`The document of ${stop.place} is as at first.`, place, () => original);
  add('Nothing befalls the packet any more.', { mishaps: [] });
  add('The documents are as at first, and nothing befalls the packet.', { mishaps: [], documents: shipped });
  add('Documents and packet are as at first.', { mishaps: [], documents: shipped, hex: '', from: '10.1.0.5', to: '10.2.0.5', size: 21, own: false, arrangement: 'iiptran' });
  return fixes;
}
