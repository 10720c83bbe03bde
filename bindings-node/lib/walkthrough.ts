// A packet's way through a node, told step by step.
import { inspect } from 'node:util';
import type { Outcome, WalkStep, WalkthroughDocument } from './schema/walkthrough';

/**
 * The way of one packet through one node: what was looked up and why, and which bytes changed.
 *
 * As text it is told in brief; `document` has everything that is to be said.
 */
export class Walkthrough {
  readonly document: WalkthroughDocument;

  constructor(document: WalkthroughDocument) {
    this.document = document;
  }

  /** The word of the node's arrangement. */
  get arrangement(): string {
    return this.document.arrangement;
  }

  /** The steps, in their order. */
  get steps(): WalkStep[] {
    return this.document.steps;
  }

  /** What happened at each step, in one sentence. */
  get titles(): string[] {
    return this.steps.map(({ title }) => title);
  }

  /** What became of the packet. */
  get outcome(): Outcome | undefined {
    return this.document.outcome ?? undefined;
  }

  /** How many steps there are. */
  get length(): number {
    return this.steps.length;
  }

  toString(): string {
    const lines = this.steps.map(({ title, stage, network, clause }, index) => {
      const number = String(index + 1).padStart(4);
      return `${number}   ${title}  [${stage} in ${network}, ${clause}]`;
    });
    return [...lines, `  =>   ${ending(this.outcome)}`].join('\n');
  }

  [inspect.custom](): string {
    return `<iiptran.Walkthrough, ${this.length} steps: ${ending(this.outcome)}>`;
  }
}

function ending(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'on its way';
  const parts = outcome as { link?: string; 'next-hop'?: string; reason?: string; meaning?: string };
  const words: string[] = [outcome.verdict];
  if (parts.link != null) words.push(`by ${parts.link}`);
  if (parts['next-hop'] != null) words.push(`to ${parts['next-hop']}`);
  if (parts.reason != null) words.push(`${parts.reason}: ${parts.meaning}`);
  return words.join(' ');
}
