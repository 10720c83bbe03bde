// The examples of README.md: each line with a comment gives what the comment says.
'use strict';
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { runInNewContext } = require('node:vm');
const iiptran = require('iiptran');

test('the examples are true', () => {
  const text = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
  let checked = 0;
  const lines = blocks.join('').split('\n').map((line) => {
    const [, names] = /^import (\{.*\}) from 'iiptran';$/.exec(line) ?? [];
    if (names !== undefined) return `const ${names} = iiptran;`;
    const [, expression, expected] = /^([^ ].*); \/\/ (.*)$/.exec(line) ?? [];
    if (expression === undefined) return line;
    checked += 1;
    return `equal(${expression}, ${expected}, ${JSON.stringify(expression)});`;
  });
  const equal = (found, expected, what) => assert.deepEqual(structuredClone(found), structuredClone(expected), what);
  runInNewContext(lines.join('\n'), { iiptran, equal, Buffer, Uint8Array, Array, structuredClone });
  assert.equal(checked, 13);
});
