// The behaviour vectors in WebAssembly, under Node and in a browser: the same bytes, verdicts and errors as in every
// host.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inBrowser, underNode, type Module } from './calls';

const folder = new URL('../../../tests/data/behaviour/', import.meta.url);

interface Step {
  call: string;
  expect: unknown;
}
interface Case {
  name: string;
  steps: Step[];
}
interface Found {
  steps: number;
  differences: string[];
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const vectors = files.map((name): [string, Case[]] => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')).cases]);

// Also sent to the browser, so that it names nothing outside itself. Both sides write fields in the same order.
function run({ Calls }: Pick<Module, 'Calls'>, cases: Case[]): Found {
  const differences = [];
  let steps = 0;
  for (const { name, steps: calls } of cases) {
    const made = new Calls();
    for (const [number, step] of calls.entries()) {
      const [found, expected] = [made.call(JSON.stringify(step)), JSON.stringify(step.expect)];
      if (found !== expected) differences.push(`${name}, step ${number}, ${step.call}: ${found} instead of ${expected}`);
      steps += 1;
    }
    made.free();
  }
  return { steps, differences };
}

function check(name: string, cases: Case[], found: Found) {
  expect(found.differences, name).toEqual([]);
  expect(found.steps).toBe(cases.reduce((sum, { steps }) => sum + steps.length, 0));
}

test('there are vectors, and a runner sees what differs', async () => {
  expect(files.length).toBeGreaterThanOrEqual(5);
  const cases = [{ name: 'wrong', steps: [{ call: 'seal', expect: { drop: 'bad-icv' } }] }];
  const Calls = class {
    call = () => '{}';
    free = () => undefined;
  };
  expect(run({ Calls }, cases).differences).toHaveLength(1);
});

describe('under Node', async () => {
  const module = await underNode();
  test.each(vectors)('%s', (name, cases) => check(name, cases, run(module, cases)));
});

test('in a browser', async () => {
  const found = await inBrowser(vectors.map(([, cases]) => cases), run);
  expect(found).toHaveLength(vectors.length);
  for (const [index, [name, cases]] of vectors.entries()) check(name, cases, found[index]!);
});
