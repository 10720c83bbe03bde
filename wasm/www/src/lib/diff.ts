// Two journeys beside each other: which steps are the same, and in which they part.
import type { Frame } from './frames';

export interface Row {
  kind: 'same' | 'other' | 'left' | 'right';
  left?: number;
  right?: number;
  /** In what the two differ, in words. */
  what: string[];
}

/** The longest row of steps that both have, in their order, and what is between. */
export function diff(left: Frame[], right: Frame[]): Row[] {
  const key = ({ kind, place, stage }: Frame) => `${kind} ${place} ${stage}`;
  const [rows, columns] = [left.length, right.length];
  const longest = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  const alike = (i: number, j: number) => key(left[i]!) === key(right[j]!);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      longest[i]![j] = alike(i, j) ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const all: Row[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && alike(i, j)) {
      const what = differences(left[i]!, right[j]!);
      all.push({ kind: what.length > 0 ? 'other' : 'same', left: i++, right: j++, what });
    } else if (j >= columns || (i < rows && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      all.push({ kind: 'left', left: i++, what: [] });
    } else {
      all.push({ kind: 'right', right: j++, what: [] });
    }
  }
  return all;
}

function differences(left: Frame, right: Frame): string[] {
  const what: string[] = [];
  if (left.title !== right.title) what.push('what happens');
  const taken = ({ lookup }: Frame) => lookup?.candidates.find(({ matches }) => matches)?.entry;
  if (taken(left) !== taken(right)) what.push('the entry taken');
  const bytes = unlike(left.packet, right.packet);
  if (bytes > 0) what.push(bytes === 1 ? '1 byte' : `${bytes} bytes`);
  return what;
}

/** In how many bytes two packets differ. */
export function unlike(left: string, right: string): number {
  const length = Math.max(left.length, right.length) / 2;
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    if (left.slice(at * 2, at * 2 + 2) !== right.slice(at * 2, at * 2 + 2)) count += 1;
  }
  return count;
}
