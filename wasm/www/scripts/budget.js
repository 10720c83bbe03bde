// How large the page is, compressed as a server would send it, and whether that is too much.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budgets = { wasm: 400_000, js: 120_000 };
const sizes = { wasm: 0, js: 0 };
for (const name of readdirSync('dist/assets')) {
  const kind = name.split('.').pop();
  if (kind in sizes) sizes[kind] += gzipSync(readFileSync(`dist/assets/${name}`), { level: 9 }).length;
}
for (const [kind, budget] of Object.entries(budgets)) {
  console.log(`${kind}: ${(sizes[kind] / 1000).toFixed(1)} kB of ${budget / 1000} kB, gzipped`);
  if (sizes[kind] > budget) process.exitCode = 1;
}
