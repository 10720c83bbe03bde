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

/** The colour of a layer: the same for the same kind, so that one knows it again inside another. */
export function colour(name: string, layers: Layer[], place: number): string {
  if (name.startsWith('ESP')) return 'esp';
  if (name.startsWith('IP')) {
    const before = layers.slice(0, place).filter((layer) => /^IPv[46]$/.test(layer.name)).length;
    return before === 0 && layers.filter((layer) => /^IPv[46]$/.test(layer.name)).length > 1 ? 'outer' : before > 1 ? 'third' : 'inner';
  }
  if (/ICV|IV|Padding|trailer/i.test(name)) return 'esp';
  if (/ICMP|UDP|TCP/.test(name)) return 'upper';
  return 'payload';
}
