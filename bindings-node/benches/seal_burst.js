// How fast Node seals, beside the library itself, as ratios in one run: npm run bench
// The library's own figure comes from `cargo bench`, with the same transform and sizes.
'use strict';
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { OutboundSa, Packet } = require('iiptran');

const root = join(__dirname, '..', '..');
const TRANSFORM = 'aes-128-gcm-16';
const [BURST, NATIVE_BURST, ROUNDS] = [256, 32, 200];
const SA = { spi: 0x1000, transform: TRANSFORM, key: Uint8Array.from({ length: 20 }, (_, index) => index), mode: 'tunnel', source: '192.0.2.1', destination: '192.0.2.2' };

// An IPv4 packet of protocol 253 from 192.0.2.1 to 192.0.2.2.
function packet(size) {
  const bytes = Buffer.alloc(size);
  bytes.set([0x45, 0, size >> 8, size & 255, 0, 0, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += bytes.readUInt16BE(at);
  bytes.writeUInt16BE(~((sum & 0xffff) + (sum >> 16)) & 0xffff, 10);
  return bytes;
}

// Nanoseconds that the library takes to seal a packet, in its fastest sample.
function native(size) {
  const name = `esp/${TRANSFORM}/out/${size} x ${NATIVE_BURST}`;
  const bench = ['bench', '--quiet', '--locked', '--package', 'iiptran-benches', '--bench', 'esp', '--', '--exact', name];
  execFileSync('cargo', bench, { cwd: root, stdio: 'ignore' });
  // Criterion's folder of a group has no slash in its name.
  const folder = name.replace('/', '_');
  const sample = JSON.parse(readFileSync(join(root, 'target', 'criterion', folder, 'new', 'sample.json'), 'utf8'));
  return Math.min(...sample.times.map((time, index) => time / sample.iters[index])) / NATIVE_BURST;
}

// Nanoseconds for each packet in the fastest round; the machine may be busy in others.
function best(prepare, work) {
  let fastest = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const prepared = Array.from({ length: BURST }, prepare);
    const start = process.hrtime.bigint();
    work(prepared);
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / BURST);
  }
  return fastest;
}

console.log(`${TRANSFORM}, ns for each packet, and the speed in parts of the library's own`);
for (const size of [64, 1400]) {
  const [sender, plain, own] = [new OutboundSa(SA), packet(size), native(size)];
  const placed = () => {
    const buffer = new Uint8Array(size + 128);
    buffer.set(plain, 64);
    return { buffer, offset: 64, length: size };
  };
  const rows = [
    ['burst of Packets', best(() => new Packet(plain), (all) => sender.sealBurst(all))],
    ['burst of buffers', best(placed, (all) => sender.sealBurst(all))],
    ['one at a time', best(() => new Packet(plain), (all) => all.forEach((one) => sender.seal(one)))],
  ];
  console.log(`\n${size} bytes`);
  for (const [name, taken] of rows) console.log(`  ${name.padEnd(20)} ${taken.toFixed(0).padStart(10)}   ${((100 * own) / taken).toFixed(1)} %`);
  console.log(`  ${'the library itself'.padEnd(20)} ${own.toFixed(0).padStart(10)}`);
}
