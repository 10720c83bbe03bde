// The package as users get it: packed, installed elsewhere, loaded both ways, and checked against its types.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { after, before, test } = require('node:test');

const root = join(__dirname, '..');
let folder;

function run(program, ...args) {
  return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'iiptran-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  const told = JSON.parse(packed);
  const [{ filename }] = Object.values(told);
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', join(folder, filename));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('require and import give the same classes', () => {
  const program = `
    import { createRequire } from 'node:module';
    import { Drop, version } from 'iiptran';
    import * as all from 'iiptran';
    const required = createRequire(import.meta.url)('iiptran');
    if (required.Drop !== Drop || required.version !== version) throw new Error('they differ');
    console.log(Object.keys(required).filter((name) => !(name in all)).length, version);
  `;
  writeFileSync(join(folder, 'both.mjs'), program);
  assert.equal(run('node', 'both.mjs').trim(), `0 ${require('../package.json').version}`);
});

test('nothing else can be loaded', () => {
  assert.throws(() => run('node', '-e', "require('iiptran/iiptran.node')"), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

const SAMPLE = `
const sa = new OutboundSa({ spi: 0x1000, transform: 'aes-128-gcm-16', key: new Uint8Array(20), extendedSequence: true });
const sealed: Sealed = sa.seal(new Packet(new Uint8Array(28)), { sequence: 1n, now: process.hrtime.bigint() });
const sequence: bigint = sealed.sequence;
const node = new Node({ arrangement: 'iiptran' });
function told(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'transmit': return verdict.nextHop;
    case 'deliver': return String(verdict.link);
    case 'hold': return 'held';
    case 'drop': return verdict.reason === DropReason.BadIcv ? 'bad' : verdict.name;
  }
}
for (const result of node.receiveBurst('lan', [])) if (result.kind !== 'misuse') told(result);
const walked = node.walkSend(0, new Uint8Array(28));
const network = new Network({ arrangement: 'iiptran', duration: '1s', hosts: [{ name: 'X', addresses: ['10.1.0.5/24'] }], seed: 1n });
const delivered: Uint8Array[] = network.takeEnds().filter(({ verdict }) => verdict === 'deliver').map(({ packet }) => packet);
network.takeTrace().forEach((happened: TraceEvent) => happened.event === 'wire' && happened.up);
const flows: number = network.report().flows.length + network.keys().sas.length + delivered.length;
const title: string | undefined = walked.walkthrough.document.steps[0]?.title;
// @ts-expect-error a field that there is not
new OutboundSa({ spi: 0x1000, transform: 'aes-128-gcm-16', colour: 'red' });
// @ts-expect-error not a packet
sa.seal('packet');
export { flows, sequence, title };
`;
const NAMES = 'DropReason, Network, Node, OutboundSa, Packet, type Sealed, type TraceEvent, type Verdict';

// What networks told, in the behaviour vectors: their types allow it, and nothing else.
function told() {
  const { cases } = JSON.parse(readFileSync(join(root, '..', 'tests', 'data', 'behaviour', 'networks.json'), 'utf8'));
  const documents = (call) => cases.flatMap(({ steps }) => steps.filter((step) => step.call === call && step.expect.document).map(({ expect }) => expect.document));
  const traces = documents('network-trace').map((trace) => JSON.parse(trace)).flat();
  assert.ok(new Set(traces.map(({ event }) => event)).size >= 5);
  const list = (type, texts) => `const ${type}s: ${type}[] = [\n${texts.join(',\n')}\n];`;
  return [
    "import type { KeysConfig, NetworkReport, NodeReport, TraceEvent } from 'iiptran';",
    list('TraceEvent', traces.map((event) => JSON.stringify(event))),
    list('NetworkReport', documents('network-report')),
    list('KeysConfig', documents('network-keys')),
    list('NodeReport', documents('network-tables')),
    'export { TraceEvents, NetworkReports, KeysConfigs, NodeReports };',
  ].join('\n');
}

test('the types hold in strict programs, as CommonJS and as a module', () => {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const file of ['sample.cts', 'sample.mts']) {
    writeFileSync(join(folder, file), `import { ${NAMES} } from 'iiptran';\n${SAMPLE}`);
  }
  writeFileSync(join(folder, 'told.mts'), told());
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    run('node', tsc, '--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--types', 'node', 'sample.cts', 'sample.mts', 'told.mts');
  } catch (error) {
    assert.fail(error.stdout);
  }
});
