// Documents: text as it is, and plain objects as the JSON that they describe.
import { types } from 'node:util';
import { wrongType } from './check';
import { calling, ConfigError } from './errors';

/** A document: TOML or JSON text, or a plain object with names in camel case or as JSON has them. */
export type Document<C> = C | string;

/** Makes of a document what it describes. */
export function reading<R>(document: unknown, read: (text: string) => R): R {
  if (typeof document === 'string') {
    if (/\p{Surrogate}/u.test(document)) throw wrongType('a document', 'well-formed text', document);
    return calling(() => read(document));
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw wrongType('a document', 'text or an object', document);
  }
  const json = jsonOf(document, []);
  try {
    return calling(() => read(json));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Lines and columns of the JSON mean nothing to the caller.
    throw new ConfigError(withoutPosition(error), error.path, error.cause);
  }
}

function withoutPosition({ path, cause }: ConfigError): string {
  return path === '.' ? cause : `${path}: ${cause}`;
}

function jsonOf(value: unknown, above: object[]): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'bigint':
      return value.toString();
    case 'number':
      if (!Number.isFinite(value)) throw wrongType('a number of a document', 'finite', value);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : jsonOfObject(value, above);
    default:
      throw wrongType('a value of a document', 'text, a number, bytes, a list or an object', value);
  }
}

function jsonOfObject(value: object, above: object[]): string {
  if (types.isUint8Array(value)) return `"${Buffer.from(value).toString('hex')}"`;
  if (above.includes(value)) throw wrongType('a document', 'without cycles', value);
  const inside = [...above, value];
  if (Array.isArray(value)) return `[${Array.from(value, (item) => jsonOf(item, inside)).join()}]`;
  const fields = new Map<string, string>();
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (fields.has(name)) throw wrongType('a document', `without the field ${name} in two spellings`, value);
    fields.set(name, jsonOf(item, inside));
  }
  return `{${Array.from(fields, ([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`;
}
