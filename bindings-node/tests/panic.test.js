// A fault of the library is an error, and ends no process.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { IiptranError, Panic } = require('iiptran');
// The package does not export these.
const addon = require('../iiptran.node');
const { calling } = require('../dist/errors.js');

const root = join(__dirname, '..');

test('a panic is an error, and its object is of no more use', () => {
  const program = `
    const addon = require('./iiptran.node');
    try { addon.panic(new addon.Sad()); } catch (error) { console.log(error.message); }
  `;
  const told = execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  assert.equal(told, 'a fault of the library\n');
  const sad = new addon.Sad();
  assert.throws(() => calling(() => addon.panic(sad)), (error) =>
    error instanceof Panic && error instanceof IiptranError && error.code === 'PANIC' && error.message === 'a fault of the library');
  for (const use of [() => sad.isVacant(0x1000), () => sad.length, () => addon.panic(sad)]) {
    assert.throws(() => calling(use), { code: 'panicked' });
  }
});

test('no function of the module lets a panic out', () => {
  let functions = 0;
  for (const name of readdirSync(join(root, 'src'))) {
    const text = readFileSync(join(root, 'src', name), 'utf8');
    // The attribute, perhaps others and comments, and the function.
    for (const [whole, given] of text.matchAll(/#\[napi\b([^\]]*)\]\s*(?:(?:#\[[^\]]*\]|\/\/[^\n]*)\s*)*pub (?:const )?fn /g)) {
      assert.match(given, /\bcatch_unwind\b/, `${name}: ${whole}`);
      functions += 1;
    }
  }
  const { prototypes, free } = shape();
  assert.equal(functions, prototypes + free);
});

// How many functions the module has: members of classes, constructors included, and others.
function shape() {
  let [prototypes, free] = [0, 0];
  for (const value of Object.values(addon)) {
    if (typeof value !== 'function') continue;
    const members = Object.getOwnPropertyNames(value.prototype ?? {}).filter((name) => name !== 'constructor');
    const statics = Object.getOwnPropertyNames(value).filter((name) => typeof value[name] === 'function');
    if (members.length > 0) prototypes += members.length + statics.length + constructors(value);
    else if (!/^[A-Z]/.test(value.name)) free += 1;
  }
  return { prototypes, free };
}

// Tables have none: they come from a node.
function constructors({ name }) {
  return ['Tables'].includes(name) ? 0 : 1;
}
