// A scenario and a seed are all that a run hangs on: in WebAssembly, under Node and in a browser, wires carry to the
// byte and nanosecond what they carry in the command on the machine itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMAND, isThere } from './browser';
import { inBrowser, underNode, type Module } from './calls';

const SEEDS = [3884, 4303];
/** A pcap file without packets has its header alone, bytes. */
const HEADER = 24;

interface Run {
  document: string;
  seed: number;
  duration: number;
}
/** What each wire carried that carried anything: pcap files in hexadecimal digits. */
type Captures = Record<string, string>;

const folder = new URL('../../../core/scenarios/', import.meta.url).pathname;
const runs = readdirSync(folder).flatMap((name) => {
  const document = readFileSync(join(folder, name), 'utf8');
  const seconds = Number(/^duration = "(\d+)s"$/m.exec(document)?.[1]);
  return SEEDS.map((seed) => ({ name, run: { document, seed, duration: seconds * 1e9 } }));
});

// Also sent to the browser, so that it names nothing outside itself.
function twice({ Calls }: Pick<Module, 'Calls'>, { document, seed, duration }: Run): [Captures, Captures] {
  const once = () => {
    const made = new Calls();
    const call = (call: string, more = {}) => JSON.parse(made.call(JSON.stringify({ call, on: 'network', expect: {}, ...more })));
    const faults = [call('network', { document }), call('network-reset', { seed }), call('network-run', { now: duration })];
    if (faults.some((fault) => Object.keys(fault).length > 0)) throw new Error(JSON.stringify(faults));
    const { wires } = JSON.parse(call('network-report').document);
    const captures: Captures = {};
    for (const { name } of wires) captures[name] = call('network-capture', { link: name }).packet;
    made.free();
    return captures;
  };
  return [once(), once()];
}

function onMachine(name: string, seed: number): Captures {
  const output = mkdtempSync(join(tmpdir(), 'iiptran-runs-'));
  try {
    execFileSync(COMMAND, ['sim', join(folder, name), '--seed', String(seed), '--pcap', output], { stdio: 'pipe' });
    const files = readdirSync(output).filter((file) => file.endsWith('.pcap'));
    return Object.fromEntries(files.map((file) => [decodeURIComponent(file.slice(0, -'.pcap'.length)), readFileSync(join(output, file), 'hex')]));
  } finally {
    rmSync(output, { recursive: true });
  }
}

/** Of a wire that carried nothing, the command writes no file. */
const carried = (captures: Captures) => Object.fromEntries(Object.entries(captures).filter(([, file]) => file.length > 2 * HEADER));

/** Tells the wires whose files differ, since the files themselves are too long to be read. */
function differences(found: Captures, expected: Captures): string[] {
  const wires = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...wires].filter((wire) => found[wire] !== expected[wire]);
}

function check(name: string, seed: number, [first, second]: [Captures, Captures]) {
  expect(differences(first, second), 'two runs').toEqual([]);
  const expected = onMachine(name, seed);
  expect(Object.keys(expected).length).toBeGreaterThan(0);
  expect(differences(carried(first), expected), `${name}, seed ${seed}`).toEqual([]);
}

describe.runIf(isThere(COMMAND, 'cargo build'))('a run in WebAssembly is that of the machine', async () => {
  const module = await underNode();

  test('there are scenarios, and they end', () => {
    expect(runs.length).toBeGreaterThanOrEqual(13 * SEEDS.length);
    for (const { run } of runs) expect(run.duration).toBeGreaterThan(0);
  });

  test('another seed is another run', () => {
    const [left, right] = runs.filter(({ name }) => name === 'figure-3.toml').map(({ run }) => twice(module, run)[0]) as [Captures, Captures];
    expect(differences(left, right)).toEqual(Object.keys(left));
  });

  test.each(runs)('$name with seed $run.seed, under Node', ({ name, run }) => check(name, run.seed, twice(module, run)));

  test('in a browser', async () => {
    const chosen = runs.filter(({ run }) => run.seed === SEEDS[0]);
    const found = await inBrowser(chosen.map(({ run }) => run), twice);
    for (const [index, { name, run }] of chosen.entries()) check(name, run.seed, found[index]!);
  });
});
