// Values that users give, as the calls need them. Each is looked at once and then passed on, so that no
// getter can change it in between.
import { inspect, types } from 'node:util';

const LARGEST = 0xffff_ffff_ffff_ffffn;

/** A moment, or another number of 64 bits. */
export type Uint64 = bigint | number;

export function wrongType(name: string, wanted: string, value: unknown): TypeError {
  const error = new TypeError(`${name} must be ${wanted}, and is ${shown(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

export function outOfRange(name: string, wanted: string, value: unknown): RangeError {
  const error = new RangeError(`${name} must be ${wanted}, and is ${shown(value)}`);
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Infinity, maxArrayLength: 4, maxStringLength: 40, customInspect: false });
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** A whole number from 0 to `largest`. */
export function whole(name: string, value: unknown, largest: number): number {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value);
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw outOfRange(name, `a whole number from 0 to ${largest}`, value);
  }
  return value;
}

export const uint32 = (name: string, value: unknown): number => whole(name, value, 0xffff_ffff);

export function uint64(name: string, value: unknown): bigint {
  if (typeof value === 'bigint') {
    if (value < 0n || value > LARGEST) throw outOfRange(name, 'from 0 to 2^64 - 1', value);
    return value;
  }
  if (typeof value !== 'number') throw wrongType(name, 'a bigint or a number', value);
  return BigInt(whole(name, value, Number.MAX_SAFE_INTEGER));
}

export function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

export function truth(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

export function bytes(name: string, value: unknown): Uint8Array {
  if (!types.isUint8Array(value)) throw wrongType(name, 'a Uint8Array', value);
  return value;
}

/** Options by name, if there are any. */
export function options<O extends object>(value: O | undefined): Partial<O> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw wrongType('options', 'an object', value);
  return value;
}
