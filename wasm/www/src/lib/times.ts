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
