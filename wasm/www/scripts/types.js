// Types of the core's documents, from their JSON Schema.
import { mkdirSync, writeFileSync } from 'node:fs';
import { compileFromFile } from 'json-schema-to-typescript';

const schemas = '../../core/schema';
mkdirSync('src/schema', { recursive: true });
for (const name of ['walkthrough', 'node-report', 'network-report', 'scenario']) {
  const text = await compileFromFile(`${schemas}/${name}.json`, { additionalProperties: false });
  writeFileSync(`src/schema/${name}.ts`, text);
}
