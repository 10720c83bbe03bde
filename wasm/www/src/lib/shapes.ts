// Lines of the picture.
import type { Frame } from './frames';
import type { Place, Station, Topology } from './layout';

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

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Half the size of a station's box, with room for its name. */
export const HALF = 19;
export const halfOf = ({ name, kind }: Station) =>
  kind === 'node' ? Math.max(26, name.length * 4.6 + 12) : Math.max(22, name.length * 4 + 10);

export interface Label {
  text: string;
  x: number;
  y: number;
  anchor: 'middle' | 'start' | 'end';
  /** Where it ends on the right. */
  right: number;
}

/** A letter of a label at its widest, and how far a label is from what it is about. */
const LETTER = 6.8;
const AWAY = 6;

/** Where the labels of bows stand: at the top of each, on the side where they cover no station and no other label. */
export function labels(bows: { text: string; top: Place }[], stations: { station: Station; place: Place }[]): Label[] {
  const taken: Box[] = stations.map(({ station, place: { x, y } }) => {
    const half = halfOf(station);
    return { left: x - half, right: x + half, top: y - HALF, bottom: y + HALF };
  });
  return bows.map(({ text, top: { x, y } }) => {
    const width = text.length * LETTER;
    const at = (dx: number, dy: number, anchor: Label['anchor']) => {
      const [here, share] = [x + dx, { start: 0, middle: 0.5, end: 1 }[anchor]];
      const left = here - width * share;
      return { label: { text, x: here, y: y + dy, anchor, right: left + width }, box: { left, right: left + width, top: y + dy - 12, bottom: y + dy + 5 } };
    };
    const ways = [at(0, -AWAY, 'middle'), at(AWAY, 4, 'start'), at(-AWAY, 4, 'end'), at(0, 16, 'middle')];
    // A bow that is long goes past stations: further out, there is room.
    for (let further = 1; further <= 4; further += 1) ways.push(at(AWAY + further * 12, 4 - further * 10, 'start'), at(0, -AWAY - further * 14, 'middle'));
    const free = ({ box }: { box: Box }) => box.left >= 0 && box.top >= 0 && !taken.some((other) => meet(box, other));
    const found = ways.find(free) ?? at(0, -AWAY, 'middle');
    taken.push(found.box);
    return found.label;
  });
}

const meet = (one: Box, other: Box) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
