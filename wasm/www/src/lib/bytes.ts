// Bytes of a frame, with what is known of each.
import type { Change, Field, Layer } from '../schema/walkthrough';
import type { Frame } from './frames';

export interface Byte {
  at: number;
  text: string;
  /** The innermost layer, by its place in the list. */
  layer: number;
  mark: 'same' | 'new' | 'changed';
  /** What stood here before. */
  before?: string;
}

export function bytes(frame: Frame): Byte[] {
  const all: Byte[] = [];
  for (let at = 0; at * 2 < frame.packet.length; at += 1) {
    const text = frame.packet.slice(at * 2, at * 2 + 2);
    const change = frame.changes.find(({ start, end }) => start <= at && at < end);
    all.push({ at, text, layer: layerAt(frame.layers, at), ...mark(change, at) });
  }
  return all;
}

function mark(change: Change | undefined, at: number): Pick<Byte, 'mark' | 'before'> {
  if (!change) return { mark: 'same' };
  if (!change.before) return { mark: 'new' };
  const place = (at - change.start) * 2;
  return { mark: 'changed', before: change.before.slice(place, place + 2) };
}

/** The last layer that covers a byte: layers inside others come later. */
export function layerAt(layers: Layer[], at: number): number {
  return layers.findLastIndex(({ start, end }) => start <= at && at < end);
}

/** The smallest field that covers a byte. */
export function fieldAt(layers: Layer[], at: number): { layer: number; field: Field } | undefined {
  const layer = layerAt(layers, at);
  const fields = layers[layer]?.fields.filter(({ start, end }) => start <= at && at < end) ?? [];
  fields.sort((a, b) => a.end - a.start - (b.end - b.start));
  return fields[0] ? { layer, field: fields[0] } : undefined;
}

const IP = /^IPv[46]$/;
/** Parts of ESP that lie beside each other, not inside each other. */
const PARTS = ['IV', 'Ciphertext', 'Protected', 'ICV', 'ESP trailer'];

/** The colour of a layer: the same for the same kind, so that one knows it again inside another. */
export function colour(name: string, layers: Layer[], place: number): string {
  if (name === 'Ciphertext' || name === 'Protected') return 'cipher';
  if (name === 'ESP' || PARTS.includes(name)) return 'esp';
  if (IP.test(name)) {
    const behind = layers.slice(place + 1).filter((layer) => IP.test(layer.name) || layer.name === 'ESP');
    const packets = layers.slice(place + 1).filter((layer) => IP.test(layer.name)).length;
    if (behind.length === 0) return 'inner';
    return packets > 1 ? 'third' : 'outer';
  }
  if (/ICMP|UDP|TCP/.test(name)) return 'upper';
  return 'payload';
}

/** How deep each layer is inside others. */
export function depths(layers: Layer[]): number[] {
  let esp = 0;
  return layers.map((layer, place) => {
    if (layer.name === 'ESP') esp = place;
    return PARTS.includes(layer.name) ? esp + 1 : place - layers.slice(0, place).filter(({ name }) => name === 'IV').length;
  });
}
