// Lines of the picture.
import type { Frame } from './frames';
import type { Place, Topology } from './layout';

export function middle(places: Place[]): Place {
  const sum = places.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 });
  return { x: sum.x / places.length, y: sum.y / places.length };
}

/** A bow beside the straight line between two places, and its top: away from the centre of the picture, so that
 *  bows of different lines don't meet. */
export function arc(from: Place, to: Place, centre: Place): { path: string; top: Place } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const bend = (Math.abs(dx) < 1 ? 90 : 30) + length * 0.12;
  const half = middle([from, to]);
  const ways = [1, -1].map((side) => ({ x: half.x + (dy / length) * bend * side, y: half.y - (dx / length) * bend * side }));
  const far = ({ x, y }: Place) => Math.hypot(x - centre.x, y - centre.y);
  // On the line through the centre: over it, or right of it.
  ways.sort((a, b) => (Math.abs(far(b) - far(a)) > 1 ? far(b) - far(a) : a.y - b.y || b.x - a.x));
  const control = ways[0] ?? half;
  return {
    path: `M${from.x} ${from.y} Q${control.x} ${control.y} ${to.x} ${to.y}`,
    // A quadratic curve is half way to its control point in its middle.
    top: middle([half, control]),
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
