// Documents as text, TOML or JSON: finding a setting, and small changes that leave the rest as it is written.
import { isJson, parse, read } from './json';
import type { Field, Layer } from '../schema/walkthrough';

export type Value = string | number | boolean | Value[] | { [key: string]: Value };
type Table = { [key: string]: Value };

const HEADER = /^\s*\[\[?\s*([\w.-]+)\s*\]\]?/;
const KEY = /^\s*([\w.-]+|"[^"]*")\s*=/;

/** A value as TOML writes it within a line; JSON writes strings, numbers and truth alike. */
export function inline(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, part]) => `${key} = ${inline(part)}`);
  return `{ ${parts.join(', ')} }`;
}

/** JSON with something changed in it; what is none stays. */
export function change<T>(text: string, by: (whole: T) => T): string {
  const whole = parse<T>(text);
  return whole === undefined ? text : JSON.stringify(by(whole), null, 2);
}

/** One more entry in a list of tables, such as an event of a scenario. */
export function append(text: string, list: string, entry: Table): string {
  if (isJson(text)) return change<Record<string, Value[]>>(text, (whole) => ({ ...whole, [list]: [...(whole[list] ?? []), entry] }));
  const within = new RegExp(`^${list}\\s*=\\s*\\[`, 'm').exec(text);
  if (within) {
    const at = within.index + within[0].length;
    return `${text.slice(0, at)}\n    ${inline(entry)},${text.slice(at)}`;
  }
  const lines = Object.entries(entry).map(([key, value]) => `${key} = ${inline(value)}`);
  return `${text.trimEnd()}\n\n[[${list}]]\n${lines.join('\n')}\n`;
}

/** The text without those entries of a list of tables that a test chooses by their own text. */
export function remove(text: string, list: string, test: (entry: string) => boolean): string {
  if (isJson(text)) {
    return change<Record<string, Value[]>>(text, (whole) => ({ ...whole, [list]: (whole[list] ?? []).filter((entry) => !test(inline(entry))) }));
  }
  const lines = text.split('\n');
  const left: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    let end = at + 1;
    if (line.trim() === `[[${list}]]`) {
      while (end < lines.length && !endsTable(lines[end] ?? '', list)) end += 1;
      if (test(lines.slice(at, end).join('\n'))) {
        at = end;
        continue;
      }
    }
    left.push(...lines.slice(at, end));
    at = end;
  }
  return left.join('\n');
}

/** Whether another table begins here that is no part of an entry of the list. */
function endsTable(line: string, list: string): boolean {
  const name = HEADER.exec(line)?.[1];
  return name !== undefined && !name.startsWith(`${list}.`);
}

/** The text with an address replaced wherever it stands, with and without the length of its prefix. */
export function readdress(text: string, from: string, to: string): string {
  const [old, now] = [from, to].map((address) => address.split('/')[0] ?? address);
  const length = to.includes('/') ? `/${to.split('/')[1]}` : undefined;
  const place = new RegExp(`"${(old ?? '').replaceAll('.', '\\.')}(/\\d+)?"`, 'g');
  return text.replace(place, (_, suffix?: string) => `"${now}${suffix ? (length ?? suffix) : ''}"`);
}

/** The setting that a line is about, with the names of the tables around it: `virtual-links.local`. */
export function settingAt(text: string, line: number): string | undefined {
  if (isJson(text)) return read(text).entries.findLast(({ at }) => lineAt(text, at) === line)?.path.join('.');
  const lines = text.split('\n').slice(0, line);
  const key = KEY.exec(lines.at(-1) ?? '')?.[1];
  if (!key) return undefined;
  const table = lines.map((line) => HEADER.exec(line)?.[1]).findLast(Boolean);
  return table ? `${table}.${key}` : key;
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length;

/** The line, from 1, of a setting such as `outer.ttl`, or of a name or value in quotes. */
export function lineOf(text: string, wanted: string): number | undefined {
  const lines = text.split('\n');
  const name = wanted.split(/[:( ]/)[0] ?? wanted;
  const parts = wanted.split('.');
  if (isJson(text)) {
    const { entries } = read(text);
    const entry =
      entries.find(({ value }) => value === name || value?.startsWith(`${name}/`)) ??
      entries.find(({ path }) => `.${path.join('.')}`.endsWith(`.${wanted.replace(/[[\]]/g, '')}`));
    return entry && lineAt(text, entry.at);
  }
  const key = (parts.at(-1) ?? wanted).replace(/[^\w-]/g, '.');
  const find = (test: (line: string, at: number) => boolean) => {
    const found = lines.findIndex((line, at) => !line.trimStart().startsWith('#') && test(line, at));
    return found < 0 ? undefined : found + 1;
  };
  const around = parts.length > 1 ? parts[0] : undefined;
  return (
    find((line) => line.includes(`"${name}"`) || line.includes(`"${name}/`)) ??
    find(
      (line, at) =>
        new RegExp(`(^|[\\s{,.])${key}\\s*=`).test(line) &&
        (!around || line.includes(around) || (settingAt(text, at + 1) ?? '').includes(`${around}.`)),
    )
  );
}

/** Where the document decides a field: the line, if it says anything of it. */
export function lineOfField(text: string, field: Field): number | undefined {
  if (field.setting) return lineOf(text, field.setting);
  // An SPI or an address is found by what it is.
  const value = /^(0x[0-9a-f]{8}|\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+)/.exec(field.value)?.[0];
  return value && text.includes(`"${value}`) ? lineOf(text, value) : undefined;
}

/** The fields of a packet that a line of the document decides. */
export function fieldsOfLine(text: string, line: number, layers: Layer[]): Field[] {
  const fields = layers.flatMap((layer) => layer.fields);
  const said = text.split('\n')[line - 1] ?? '';
  const path = settingAt(text, line);
  const isOf = (setting: string) =>
    path !== undefined && (path.endsWith(`.${setting}`) || path === setting || path.endsWith(`.${setting.split('.')[0]}`));
  return fields.filter(
    (field) => (field.setting ? isOf(field.setting) : lineOfField(text, field) === line && said !== ''),
  );
}
