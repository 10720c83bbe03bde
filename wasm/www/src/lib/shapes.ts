// Lines of the picture.
import type { Frame } from './frames';
import type { Place, Topology } from './layout';

export function middle(places: Place[]): Place {
  const sum = places.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 });
  return { x: sum.x / places.length, y: sum.y / places.length };
}

/** A bow over the straight line between two places, and its top. */
export function arc(from: Place, to: Place): { path: string; top: Place } {
  const bend = 30 + Math.abs(to.x - from.x) * 0.12;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const up = dx >= 0 ? 1 : -1;
  const [x, y] = [(from.x + to.x) / 2 + (dy / length) * bend * up, (from.y + to.y) / 2 - (dx / length) * bend * up];
  return {
    path: `M${from.x} ${from.y} Q${x} ${y} ${to.x} ${to.y}`,
    // A quadratic curve is half way to its control point in its middle.
    top: middle([middle([from, to]), { x, y }]),
  };
}

/** The line along which a packet goes: over the stations and wires of its journey. */
export function way(frames: Frame[], topology: Topology, place: (name: string) => Place): Place[] {
  const places: Place[] = [];
  const add = (next: Place) => {
    const last = places.at(-1);
    if (!last || last.x !== next.x || last.y !== next.y) places.push(next);
  };
  // The wires of a line of gateways have the names of where they lead; their ends are hosts.
  const host = (name: string, end: number) => topology.wires.find((wire) => wire.name === name)?.ends[end];
  const [sender, receiver] = [host('from', 0), host('to', 1)];
  if (sender && frames[0]?.stage === 'arrive') add(place(sender));
  frames.forEach((frame, number) => {
    const wire = frame.kind === 'wire' ? topology.wires.find(({ name }) => name === frame.place) : undefined;
    if (frame.kind === 'wire' && !wire) return;
    if (!wire) return add(place(frame.place));
    // A journey may begin on the wire from the sender.
    if (number === 0 && frame.from) add(place(frame.from));
    add(middle(wire.ends.map(place)));
  });
  const last = frames.at(-1);
  if (receiver && last?.outcome?.verdict === 'transmit') add(place(receiver));
  return places;
}
