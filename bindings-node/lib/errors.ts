// What goes wrong, in three kinds: a packet meets its end, a document is wrong, or a call is.
import { type Explanation, explain } from './explain';
import type { DropReason } from './reasons';

/** What went wrong. */
export abstract class IiptranError extends Error {
  /** Stable word for what went wrong. */
  abstract readonly code: string;
  /** What to look at first. */
  abstract readonly hint: string;
}

/** A packet met its end. Normal, counted, explained; verdicts and results of bursts have it as {@link Dropped}. */
export class Drop extends IiptranError {
  override readonly name = 'Drop';
  /** The reason's stable name, in kebab case, such as `bad-icv`. */
  readonly code: string;
  /** Why. */
  readonly reason: DropReason;
  /** Where the packet was in its buffer; undefined for a lookup. */
  readonly offset: number | undefined;
  /** What the reason means, which clause asks for the drop, and what to check. */
  readonly explanation: Explanation;

  constructor(reason: DropReason, offset?: number) {
    const explanation = explain(reason);
    super(`${explanation.name}: ${explanation.meaning}`);
    this.code = explanation.name;
    this.reason = reason;
    this.offset = offset;
    this.explanation = explanation;
  }

  get hint(): string {
    return this.explanation.check;
  }
}

/** A document is wrong. */
export class ConfigError extends IiptranError {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG';
  /** The field, such as `virtual-links[0].local`; `.` for the whole document. */
  readonly path: string;
  /** What is wrong with it. */
  override readonly cause: string;
  /** Where in the text, from 1, if the document was text and the fault is in the text itself. */
  readonly line: number | undefined;
  /** Where in that line, from 1. */
  readonly column: number | undefined;

  constructor(message: string, path: string, cause: string, line?: number, column?: number) {
    super(message);
    this.path = path;
    this.cause = cause;
    this.line = line;
    this.column = column;
  }

  get hint(): string {
    return this.cause;
  }
}

/** A call is wrong. */
export class Misuse extends IiptranError {
  override readonly name = 'Misuse';
  /** Stable name of the mistake, in kebab case, such as `outside-buffer`. */
  readonly code: string;
  /** Where the packet was in its buffer, if it is about one. */
  readonly offset: number | undefined;

  constructor(code: string, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }

  get hint(): string {
    return this.message;
  }
}

/** What errors of the module of Rust carry. */
type Fault =
  | { kind: 'drop'; reason: DropReason }
  | { kind: 'config'; path: string; cause: string; text: string; line?: number; column?: number }
  | { kind: 'misuse'; name: string; text: string };

/** Calls the module of Rust, and throws errors in the place of its faults. */
export function calling<R>(call: () => R): R {
  try {
    return call();
  } catch (error) {
    throw errorOf(error);
  }
}

function errorOf(error: unknown): unknown {
  const { fault } = error as { fault?: Fault };
  switch (fault?.kind) {
    case 'drop':
      return new Drop(fault.reason);
    case 'config':
      return new ConfigError(fault.text, fault.path, fault.cause, fault.line, fault.column);
    case 'misuse':
      return new Misuse(fault.name, fault.text);
    default:
      return error;
  }
}
