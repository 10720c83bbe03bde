// What drop reasons mean.
import { addon } from './addon';
import { outOfRange } from './check';
import type { DropReason } from './reasons';

/** What a drop reason means. */
export interface Explanation {
  /** Stable number. */
  readonly code: DropReason;
  /** Stable name, in kebab case. */
  readonly name: string;
  /** The kind of reason. */
  readonly group: string;
  /** The clause that asks for the drop. */
  readonly clause: string;
  /** What happened. */
  readonly meaning: string;
  /** What to look at first. */
  readonly check: string;
}

const explanations = new Map<unknown, Explanation>();
for (const explanation of addon.explanations()) {
  explanations.set(explanation.code, Object.freeze(explanation) as Explanation);
}

/** What a drop reason means, which clause asks for it, and what to check. */
export function explain(reason: DropReason): Explanation {
  const explanation = explanations.get(reason);
  if (explanation === undefined) throw outOfRange('reason', 'a DropReason', reason);
  return explanation;
}
