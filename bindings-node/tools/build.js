// Builds the package: the module of Rust, JavaScript of the TypeScript, and the types of both.
// What is made and committed is written, or with --check compared.
'use strict';
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { generateDtsBundle } = require('dts-bundle-generator');
const { schemas, reasons, exportsOf } = require('./generate.js');

const root = join(__dirname, '..');
const check = process.argv.includes('--check');
const notice = '// Made by npm run build.\n';

// A program of a package, without a shell and whatever the system is.
function run(name, program, ...args) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = join(dirname(manifest), bin[program]);
  execFileSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
}

function emit(name, text) {
  const path = join(root, name);
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (present === text) return;
  if (check) throw new Error(`bindings-node/${name} is not up to date; run npm run build`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${name}`);
}

async function main() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run('@napi-rs/cli', 'napi', 'build', '--release', '--output-dir', '.', '--dts', 'dist/native.d.ts',
    '--no-dts-header', '--no-const-enum', '--', '--locked');
  emit('lib/native.d.ts', notice + readFileSync(join(root, 'dist/native.d.ts'), 'utf8'));
  rmSync(join(root, 'dist/native.d.ts'));
  for (const [name, text] of await schemas()) emit(`lib/schema/${name}.ts`, notice + text);
  emit('lib/reasons.ts', notice + reasons());
  run('typescript', 'tsc');
  const [types] = generateDtsBundle(
    [{ filePath: join(root, 'lib/index.ts'), output: { noBanner: true, sortNodes: true } }],
    { preferredConfigPath: join(root, 'tsconfig.json') },
  );
  emit('index.d.ts', notice + types);
  emit('index.d.mts', notice + "export * from './index.js';\n");
  emit('index.mjs', notice + exportsOf(require(join(root, 'dist/index.js'))));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
