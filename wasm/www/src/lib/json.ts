// JSON while it is being written: read as far as it goes, with the places of its keys and values.

export interface Entry {
  /** The keys that lead to it; lists have none of their own. */
  path: string[];
  /** Where its value begins, or where it would. */
  at: number;
  /** A string, number or word; nothing for objects and lists. */
  value?: string;
}

export interface Place {
  path: string[];
  kind: 'key' | 'value' | 'nothing';
  /** The keys that the same object has already. */
  taken: string[];
}

interface Level {
  list: boolean;
  key?: string;
  /** Whether the colon behind the key was there. */
  colon: boolean;
  taken: string[];
}

export const isJson = (text: string) => text.trimStart().startsWith('{');

/** All that a text says, in its order, and what may stand at its end. */
export function read(text: string): { entries: Entry[]; end: Place } {
  const entries: Entry[] = [];
  const levels: Level[] = [];
  const path = () => levels.flatMap(({ list, key }) => (list || key === undefined ? [] : [key]));
  const token = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;
  for (const match of text.matchAll(token)) {
    const [part] = match;
    const level = levels.at(-1);
    const isValue = level === undefined || level.list || level.colon;
    if (part === '{' || part === '[') {
      if (level) entries.push({ path: path(), at: match.index });
      levels.push({ list: part === '[', colon: false, taken: [] });
    } else if (part === '}' || part === ']') {
      levels.pop();
    } else if (part === ',') {
      if (level) Object.assign(level, { key: undefined, colon: false });
    } else if (part === ':') {
      if (level) level.colon = true;
    } else if (isValue) {
      entries.push({ path: path(), at: match.index, value: bare(part) });
    } else {
      level.key = bare(part);
      level.taken.push(level.key);
    }
  }
  const level = levels.at(-1);
  const kind = level === undefined ? 'nothing' : level.list || level.colon ? 'value' : level.key === undefined ? 'key' : 'nothing';
  return { entries, end: { path: path(), kind, taken: level?.taken ?? [] } };
}

const bare = (part: string) => (part.startsWith('"') ? part.slice(1, part.length > 1 && part.endsWith('"') ? -1 : undefined) : part);

/** What a whole text says; nothing if it is none. */
export function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
