// Times and events of documents.

const UNITS: [string, number][] = [
  ['ns', 1e-9],
  ['us', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
];

/** A time of a document, seconds. */
export function seconds(text: string): number {
  const [unit, factor] = UNITS.find(([unit]) => text.endsWith(unit)) ?? ['', 1];
  return Number.parseFloat(text.slice(0, text.length - unit.length)) * factor;
}

/** What an event of a scenario does, in words. */
export function words(action: Record<string, unknown>): string {
  const [kind, what] = Object.entries(action)[0] ?? ['', ''];
  const object = typeof what === 'string' ? what : Object.values(what as object).filter((part) => typeof part !== 'object').join(' ');
  return `${kind.replaceAll('-', ' ')} ${object}`;
}

/** What happened in a run, in words. */
export function tell(event: Record<string, unknown>): string {
  const { event: kind, time: _, ...fields } = event;
  switch (kind) {
    case 'route':
      return `${fields.node}: ${fields.prefix} in ${fields.network} ${fields.link ? `now leads by ${fields.link}` : 'leads nowhere now'}`;
    case 'neighbour':
      return `${fields.node} ${fields.up ? 'hears' : 'no longer hears'} ${fields.neighbour} on ${fields.link}`;
    case 'link':
      return `${fields.node}: ${fields.link} goes ${fields.up ? 'up' : 'down'}`;
    case 'wire':
      return `wire ${fields.wire} ${fields.up ? 'is mended' : 'is cut'}`;
    case 'vain':
      return `${fields.path} has no effect: ${fields.cause}`;
    default:
      return `${kind}: ${Object.values(fields).join(' ')}`;
  }
}
