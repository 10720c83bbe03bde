// What the package knows of the library's documents and drop reasons, from core/schema, which comes from
// the types of the library.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { compile } = require('json-schema-to-typescript');

const folder = join(__dirname, '..', '..', 'core', 'schema');
const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const camel = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

// Documents that users write have names as JavaScript spells them, and values that it has types for.
function asWritten(schema) {
  if (Array.isArray(schema)) return schema.map(asWritten);
  if (typeof schema !== 'object' || schema === null) return schema;
  const written = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      const fields = Object.entries(value).map(([name, field]) => [camel(name), asWritten(field)]);
      written.properties = Object.fromEntries(fields);
    } else if (key === 'required') {
      written.required = value.map(camel);
    } else {
      written[key] = asWritten(value);
    }
  }
  if (schema.format === 'uint64') {
    written.tsType = [schema.type].flat().includes('null') ? 'number | bigint | null' : 'number | bigint';
  }
  return written;
}

// The text of the module of each schema.
async function schemas() {
  const node = asWritten(read('node'));
  node.$defs.HexKey.tsType = 'string | Uint8Array';
  const sources = [
    ['config', node],
    ['walkthrough', { ...read('walkthrough'), title: 'WalkthroughDocument' }],
    ['counters', read('counters')],
  ];
  const style = { singleQuote: true, printWidth: 110 };
  const options = { additionalProperties: false, bannerComment: '', style };
  return Promise.all(
    sources.map(async ([name, schema]) => [name, await compile(schema, schema.title, options)]),
  );
}

// The text of the module with `DropReason`.
function reasons() {
  const pascal = (name) => camel(`-${name}`);
  const members = read('drop-reasons')['drop-reasons'].map(
    ({ name, code, meaning }) => `  /** ${meaning} */\n  ${pascal(name)}: 0x${code.toString(16).padStart(2, '0')},`,
  );
  return `
/** Why a packet met its end: stable codes. See {@link explain}. */
export const DropReason = {
${members.join('\n')}
} as const;

/** Why a packet met its end. */
export type DropReason = (typeof DropReason)[keyof typeof DropReason];
`;
}

// The module for \`import\`. It has the very classes of \`require\`, so that \`instanceof\` holds for both.
function exportsOf(module) {
  const names = Object.keys(module).sort();
  return `import iiptran from './dist/index.js';\nexport const { ${names.join(', ')} } = iiptran;\n`;
}

module.exports = { schemas, reasons, exportsOf };
