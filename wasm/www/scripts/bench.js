// What ESP costs in WebAssembly, beside the machine itself: packets sealed one after another by the same loop.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import init, { TimedSeals } from '../../../target/wasm/calls/iiptran_calls.js';

const folder = new URL('../../../', import.meta.url).pathname;
const seals = `${folder}target/release/examples/seals`;
const key = (length) => Array.from({ length }, (_, index) => index.toString(16).padStart(2, '0')).join('');
/** Key and salt, bytes: RFC 4106 section 8.1, RFC 7634 section 2. */
const transforms = { 'aes-128-gcm-16': 20, 'chacha20-poly1305': 36 };
/** The best round counts, since other programs only ever add to one. */
const rounds = 20;
/** Packets of a round. */
const count = 250;

execFileSync('cargo', ['build', '--quiet', '--release', '--locked', '--package', 'iiptran-calls', '--example', 'seals'], { cwd: folder, stdio: 'inherit' });
await init({ module_or_path: readFileSync(`${folder}target/wasm/calls/iiptran_calls_bg.wasm`) });

function inWasm(document, size) {
  const timed = new TimedSeals(document, size);
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    timed.run(count);
    least = Math.min(least, performance.now() - start);
  }
  const last = Buffer.from(timed.run(1)).toString('hex');
  timed.free();
  return { time: (least * 1e6) / count, last };
}

function onMachine(kernel, document, size) {
  const printed = execFileSync(seals, [kernel, rounds, count, size, document].map(String), { encoding: 'utf8' });
  const [least, last] = printed.trim().split(' ');
  return { time: least / count, last };
}

const told = (time, size) => `${time.toFixed(0).padStart(7)} ns ${((size * 1e3) / time).toFixed(0).padStart(6)} MB/s`;
console.log('A packet sealed in WebAssembly, on the machine by the ciphers that run anywhere, and by its best kernels:');
for (const [transform, length] of Object.entries(transforms)) {
  for (const size of [64, 1400]) {
    const document = JSON.stringify({ spi: 4096, transform, key: key(length), mode: 'transport' });
    const found = inWasm(document, size);
    const cells = [told(found.time, size)];
    for (const kernel of ['portable', 'best']) {
      const { time, last } = onMachine(kernel, document, size);
      if (last !== found.last) throw new Error(`${transform}, ${size} bytes, ${kernel}: other bytes than in WebAssembly`);
      cells.push(`${told(time, size)} (1/${(found.time / time).toFixed(1)})`);
    }
    console.log(`${transform.padEnd(18)}${String(size).padStart(5)} B ${cells.join('  ')}`);
  }
}
