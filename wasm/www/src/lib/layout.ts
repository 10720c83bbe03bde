// Where stations stand in the picture: in columns by their distance from the sender.
export interface Wire {
  name: string;
  ends: string[];
}

export interface VirtualLink {
  name: string;
  ends: [string, string];
  network: string;
}

export interface Station {
  name: string;
  kind: 'node' | 'host';
}

export interface Topology {
  stations: Station[];
  wires: Wire[];
  virtual: VirtualLink[];
}

export interface Place {
  x: number;
  y: number;
}

export interface Picture {
  width: number;
  height: number;
  places: Record<string, Place>;
}

/** How far columns are apart, at least; longer names need more. */
const COLUMN = 150;
const ROW = 120;
const MARGIN = 70;
/** Above there is room for a packet and for bows, below for neither. */
const TOP = 70;
const BOTTOM = 40;
const UPRIGHT = 84;
const UPRIGHT_MARGIN = 100;
const LETTER = 9;

/** Places for all stations; upright, the way goes from top to bottom, for narrow screens. */
export function layout(topology: Topology, first: string | undefined, upright = false): Picture {
  const names = topology.stations.map((station) => station.name);
  const column = new Map<string, number>();
  const visit = (start: string) => {
    const queue = [start];
    column.set(start, column.size === 0 ? 0 : Math.max(...column.values()) + 1);
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      for (const wire of topology.wires.filter((wire) => wire.ends.includes(name))) {
        for (const end of wire.ends) {
          if (column.has(end)) continue;
          column.set(end, (column.get(name) ?? 0) + 1);
          queue.push(end);
        }
      }
    }
  };
  if (first !== undefined) visit(first);
  for (const name of names) if (!column.has(name)) visit(name);
  const longest = Math.max(0, ...names.map((name) => name.length));
  const wide = Math.max(COLUMN, longest * LETTER + 120);
  const columns: string[][] = [];
  for (const name of names) (columns[column.get(name) ?? 0] ??= []).push(name);
  const rows = Math.max(1, ...columns.map((stations) => stations?.length ?? 0));
  const places: Record<string, Place> = {};
  const across = upright ? Math.max(ROW, longest * LETTER + 40) : ROW;
  columns.forEach((stations, along) => {
    stations?.forEach((name, number) => {
      const row = number + (rows - stations.length) / 2;
      places[name] = upright
        ? { x: UPRIGHT_MARGIN + row * across, y: TOP + along * UPRIGHT }
        : { x: MARGIN + along * wide, y: TOP + row * ROW };
    });
  });
  const along = Math.max(0, columns.length - 1);
  return upright
    ? { width: UPRIGHT_MARGIN * 2 + (rows - 1) * across, height: TOP + BOTTOM + along * UPRIGHT, places }
    : { width: MARGIN * 2 + along * wide, height: TOP + BOTTOM + (rows - 1) * ROW, places };
}
