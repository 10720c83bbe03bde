// The package as users get it: packed, installed elsewhere, loaded both ways, and checked against its types.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
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
const title: string | undefined = walked.walkthrough.document.steps[0]?.title;
// @ts-expect-error a field that there is not
new OutboundSa({ spi: 0x1000, transform: 'aes-128-gcm-16', colour: 'red' });
// @ts-expect-error not a packet
sa.seal('packet');
export { sequence, title };
`;
const NAMES = 'DropReason, Node, OutboundSa, Packet, type Sealed, type Verdict';

test('the types hold in strict programs, as CommonJS and as a module', () => {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const file of ['sample.cts', 'sample.mts']) {
    writeFileSync(join(folder, file), `import { ${NAMES} } from 'iiptran';\n${SAMPLE}`);
  }
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    run('node', tsc, '--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--types', 'node', 'sample.cts', 'sample.mts');
  } catch (error) {
    assert.fail(error.stdout);
  }
});
