// The programs that the page writes, which repeat a walk: compiled where they are to be, and run.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snippet } from '../src/lib/snippets';
import { isThere } from './browser';
import { INNER, packets, ROOT, sas, WIRE } from './captures';

/** A packet of Linux to be received again, and what its receiver forwards, in hexadecimal digits. */
function receipt() {
  const [sa] = sas;
  const wire = packets(WIRE).find((packet) => packet.includes((sa?.spi ?? 0).toString(16).padStart(8, '0'))) ?? '';
  const document = JSON.stringify(
    {
      arrangement: 'iiptran',
      'insecure-test-keys': true,
      links: [{ name: 'wire', side: 'unprotected', addresses: [`${sa?.destination}/32`] }, { name: 'inside', side: 'protected' }],
      'virtual-links': [{ name: 'tunnel', local: sa?.destination, remote: sa?.source }],
      routes: [{ prefix: '0.0.0.0/0', link: 'inside' }],
      policies: [{ name: 'protected', action: 'protect' }],
      sas: [{ direction: 'inbound', spi: sa?.spi, transform: 'aes-128-gcm-16', key: sa?.encryption_key, source: sa?.source, destination: sa?.destination }],
    },
    null,
    2,
  );
  const inner = packets(INNER)[packets(WIRE).indexOf(wire)] ?? '';
  return { receipt: { document, link: 'wire', time: 0, packets: [wire] }, inner };
}

// The receiver forwards the packet: hop count and checksum are other than before, the rest is not.
const forwarded = (inner: string) => inner.slice(24);
const last = (output: string) => output.trim().split('\n').at(-1) ?? '';

test('a program in C repeats a walk', () => {
  const library = `${ROOT}target/debug/libiiptran_c.a`;
  if (!isThere(library, 'cargo build -p iiptran-c')) return;
  const { receipt: walk, inner } = receipt();
  const folder = mkdtempSync(join(tmpdir(), 'walk-'));
  writeFileSync(join(folder, 'walk.c'), snippet('c', walk));
  execFileSync('cc', ['-Wall', '-Werror', `-I${ROOT}bindings-c/include`, join(folder, 'walk.c'), library, '-lpthread', '-ldl', '-lm', '-o', join(folder, 'walk')]);
  expect(last(execFileSync(join(folder, 'walk'), { encoding: 'utf8' })).slice(24)).toBe(forwarded(inner));
});

test('a program in Python repeats a walk', () => {
  const python = `${ROOT}target/python/bin/python`;
  if (!isThere(python, 'cargo xtask test-python')) return;
  const { receipt: walk, inner } = receipt();
  expect(last(execFileSync(python, ['-c', snippet('python', walk)], { encoding: 'utf8' })).slice(24)).toBe(forwarded(inner));
});

test('a program in JavaScript repeats a walk', () => {
  if (!isThere(`${ROOT}bindings-node/dist/index.js`, 'cargo xtask test-node')) return;
  const { receipt: walk, inner } = receipt();
  const folder = mkdtempSync(join(tmpdir(), 'walk-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(`${ROOT}bindings-node`, join(folder, 'node_modules', 'iiptran'));
  writeFileSync(join(folder, 'walk.mjs'), snippet('node', walk));
  expect(last(execFileSync('node', [join(folder, 'walk.mjs')], { encoding: 'utf8' })).slice(24)).toBe(forwarded(inner));
});

/** With the profile of the workspace, which has compiled most of it then. */
const MANIFEST = `[package]
name = "walk"
edition = "2024"
[workspace]
[lints.rust]
warnings = "deny"
[dependencies]
iiptran = { path = ${JSON.stringify(`${ROOT}core`)}, features = ["config", "walkthrough"] }
[profile.dev]
debug = "line-tables-only"
[profile.dev.package."*"]
opt-level = 2
[profile.dev.package.iiptran]
opt-level = 0
`;

test('a program in Rust repeats a walk', { timeout: 600_000 }, (context) => {
  const cargo = process.env.CARGO ?? 'cargo';
  if (spawnSync(cargo, ['--version']).status !== 0) {
    console.warn('SKIPPED: a program in Rust is not compiled, there is no cargo');
    return context.skip();
  }
  const { receipt: walk, inner } = receipt();
  // A package of its own with the library as it is here, and the versions of all others as the workspace has them.
  const folder = join(ROOT, 'target', 'walk');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src', 'main.rs'), snippet('rust', walk));
  writeFileSync(join(folder, 'Cargo.toml'), MANIFEST);
  copyFileSync(join(ROOT, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  const env = { ...process.env, CARGO_TARGET_DIR: join(ROOT, 'target') };
  const printed = execFileSync(cargo, ['run', '--quiet', '--offline'], { cwd: folder, env, encoding: 'utf8' });
  expect(last(printed).slice(24)).toBe(forwarded(inner));
});
