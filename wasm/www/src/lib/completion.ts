// What may be written at a place of a document, TOML or JSON: from the JSON Schema of the documents.
import { isJson, read } from './json';

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  description?: string;
  required?: string[];
}

export interface Suggestion {
  /** What is offered. */
  label: string;
  /** What is written instead of what stands between `from` and the cursor. */
  insert: string;
  about: string;
}

export interface Completion {
  from: number;
  suggestions: Suggestion[];
}

interface Position {
  path: string[];
  kind: 'header' | 'key' | 'value';
  /** The keys that the same table has already. */
  taken: string[];
}

/** Keys whose value is the name of something, and the list that has the names. */
const NAMES: Record<string, string> = {
  network: 'networks', base: 'networks', link: 'links', node: 'nodes', from: 'hosts', to: 'hosts',
  'wire-down': 'wires', 'wire-up': 'wires', wire: 'wires', 'virtual-link': 'virtual-links', 'delete-sas': 'virtual-links',
};

export function complete(schema: Schema, text: string, cursor: number): Completion {
  const before = text.slice(0, cursor);
  const word = /[\w.-]*$/.exec(before)?.[0] ?? '';
  const from = cursor - word.length;
  let all: Suggestion[];
  if (isJson(text)) {
    const quoted = before[from - 1] === '"';
    return { from, suggestions: fitting(inJson(schema, text, quoted ? from - 1 : from, quoted, text[cursor] === '"'), word) };
  }
  const { path, kind, taken } = position(before);
  if (kind === 'header') all = headers(schema, schema, [], text);
  else if (kind === 'key') all = keys(schema, path, taken);
  else all = values(schema, path, text, before[from - 1] === '"');
  return { from: kind === 'header' ? before.lastIndexOf('\n') + 1 : from, suggestions: fitting(all, word) };
}

/** Those that have what is written already, the ones that begin with it first. */
function fitting(all: Suggestion[], word: string): Suggestion[] {
  const wanted = word.toLowerCase();
  return all
    .filter(({ label }) => label.toLowerCase().includes(wanted) && label !== word)
    .sort((a, b) => Number(b.label.startsWith(word)) - Number(a.label.startsWith(word)));
}

/** What may stand at a place of JSON: a key, or a value, with the quotes that are not there yet. */
function inJson(schema: Schema, text: string, start: number, quoted: boolean, closed: boolean): Suggestion[] {
  const { path, kind, taken } = read(text.slice(0, start)).end;
  const [open, close] = [quoted ? '' : '"', quoted && closed ? '' : '"'];
  if (kind === 'key') {
    return keys(schema, path, taken).map((key) => ({ ...key, insert: `${open}${key.label}${close}${closed ? '' : ': '}` }));
  }
  if (kind !== 'value') return [];
  return values(schema, path, text, quoted).map((value) => ({ ...value, insert: quoted ? value.label + close : value.insert }));
}

/** Where in the tree of tables the end of a text is. */
export function position(before: string): Position {
  const lines = before.split('\n');
  const last = lines.at(-1) ?? '';
  if (/^\s*\[\[?[\w.-]*$/.test(last) && nesting(lines.slice(0, -1).join('\n')).stack.length === 0) {
    return { path: [], kind: 'header', taken: [] };
  }
  let start = lines.length - 1;
  while (start >= 0 && !/^\s*\[\[?[\w.-]+\]\]?\s*(#.*)?$/.test(lines[start] ?? '')) start -= 1;
  const table = /[\w.-]+/.exec(lines[start] ?? '')?.[0].split('.') ?? [];
  const inside = nesting(lines.slice(start + 1).join('\n'));
  const path = [...(start >= 0 ? table : []), ...inside.stack.flatMap(({ key }) => key?.split('.') ?? [])];
  if (inside.key !== undefined) return { path: [...path, ...inside.key.split('.')], kind: 'value', taken: [] };
  const array = inside.stack.at(-1)?.bracket === '[';
  return { path, kind: array ? 'value' : 'key', taken: inside.taken };
}

/** Follows brackets, strings and comments of one table. */
function nesting(text: string) {
  const stack: { bracket: string; key?: string; taken: string[] }[] = [];
  let taken: string[] = [];
  let key: string | undefined;
  let word = '';
  const token = /"(?:[^"\\\n]|\\.)*"?|#.*|[\w.-]+|[=,{}[\]\n]/g;
  for (const [part] of text.matchAll(token)) {
    if (part.startsWith('#')) continue;
    if (part === '=') {
      key = word;
      taken.push(word);
    } else if (part === '{' || part === '[') {
      stack.push({ bracket: part, key, taken });
      taken = [];
      key = undefined;
    } else if (part === '}' || part === ']') {
      const closed = stack.pop();
      taken = closed?.taken ?? taken;
      key = undefined;
    } else if (part === ',' || (part === '\n' && stack.length === 0)) {
      key = undefined;
    } else if (part !== '\n') {
      word = part.replaceAll('"', '');
    }
  }
  return { stack, taken, key };
}

/** The kinds of value that a schema allows, without references and lists around them. */
function kinds(root: Schema, schema: Schema | undefined): Schema[] {
  if (!schema) return [];
  if (schema.$ref) return kinds(root, root.$defs?.[schema.$ref.split('/').at(-1) ?? '']);
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((kind) => kinds(root, kind));
  if (schema.items) inner.push(...kinds(root, schema.items));
  return [schema, ...inner];
}

function at(root: Schema, path: string[]): Schema[] {
  let found = kinds(root, root);
  for (const key of path) found = found.flatMap((kind) => kinds(root, kind.properties?.[key]));
  return found;
}

/** The first sentence. */
const brief = (text = '') => /^[^\n]*?\.(?=\s|$)|^[^\n]*/.exec(text)?.[0] ?? '';

function keys(root: Schema, path: string[], taken: string[]): Suggestion[] {
  const required = new Set(at(root, path).flatMap((kind) => kind.required ?? []));
  const found = new Map<string, Suggestion>();
  for (const [key, schema] of at(root, path).flatMap((kind) => Object.entries(kind.properties ?? {}))) {
    if (!taken.includes(key)) found.set(key, { label: key, insert: `${key} = `, about: brief(schema.description) });
  }
  return [...found.values()].sort((a, b) => Number(required.has(b.label)) - Number(required.has(a.label)));
}

function values(root: Schema, path: string[], text: string, quoted: boolean): Suggestion[] {
  const found = new Map<string, Suggestion>();
  const add = (value: unknown, about = '') => {
    const string = typeof value === 'string' && !quoted;
    found.set(String(value), { label: String(value), insert: string ? JSON.stringify(value) : String(value), about: brief(about) });
  };
  for (const kind of at(root, path)) {
    if (kind.const !== undefined) add(kind.const, kind.description);
    for (const value of kind.enum ?? []) add(value, kind.description);
    if (!quoted && [kind.type].flat().includes('boolean')) [true, false].forEach((value) => add(value));
  }
  const list = NAMES[path.at(-1) ?? ''];
  if (list) for (const name of names(text, list)) add(name, `of the ${list.replaceAll('-', ' ')} of this document`);
  return [...found.values()];
}

/** The names in a list of tables, however it is written. */
function names(text: string, list: string): string[] {
  if (isJson(text)) {
    const named = read(text).entries.filter(({ path }) => path.join('.') === `${list}.name`);
    return named.flatMap(({ value }) => value ?? []);
  }
  const within = new RegExp(`^${list}\\s*=\\s*\\[[^\\]]*\\]|^\\[\\[${list}\\]\\][^[]*`, 'gm');
  return [...text.matchAll(within)].flatMap(([part]) => [...part.matchAll(/\bname\s*=\s*"([^"]+)"/g)].map(([, name]) => name ?? ''));
}

function headers(root: Schema, schema: Schema, path: string[], text: string): Suggestion[] {
  const all: Suggestion[] = [];
  for (const [key, inner] of kinds(root, schema).flatMap((kind) => Object.entries(kind.properties ?? {}))) {
    const here = kinds(root, inner);
    if (path.length > 1 || !here.some(({ properties }) => properties)) continue;
    const name = [...path, key].join('.');
    const list = here.some(({ type }) => [type].flat().includes('array'));
    const label = list ? `[[${name}]]` : `[${name}]`;
    if (list || !text.includes(label)) all.push({ label, insert: `${label}\n`, about: brief(inner.description) });
    if (path.length < 1) all.push(...headers(root, inner, [...path, key], text));
  }
  return all.filter(({ label }, place) => all.findIndex((other) => other.label === label) === place);
}
