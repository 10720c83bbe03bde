// Values that no caller should give: an error, and nothing half-written.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { ConfigError, Drop, DropReason, Fib, InboundSa, Misuse, Node, OutboundSa, Packet, Sad, Spd, Tables } = require('iiptran');

const SA = { spi: 0x1000, transform: 'aes-128-gcm-16', key: new Uint8Array(20), extendedSequence: true };
const PLAIN = Buffer.from('4500001d000000004011f6ccc0000201c0000202303900070009000078', 'hex');

function room() {
  const buffer = new Uint8Array(200);
  buffer.set(PLAIN, 64);
  return buffer;
}
const place = { offset: 64, length: PLAIN.length };
const misuse = (code) => (error) => error instanceof Misuse && error.code === code;

test('a detached buffer has no packet', () => {
  const buffer = room();
  structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
  assert.throws(() => new OutboundSa(SA).seal(buffer, place), misuse('outside-buffer'));
  assert.throws(() => new Fib({ links: ['a'], routes: [] }).lookup(buffer), Drop);
});

test('a buffer that other threads share is refused, alone and in a burst', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(200));
  shared.set(PLAIN, 64);
  const sa = new OutboundSa(SA);
  assert.throws(() => sa.seal(shared, place), misuse('shared-buffer'));
  assert.throws(() => sa.sealBurst([{ buffer: room(), ...place }, { buffer: shared, ...place }]), misuse('shared-buffer'));
  assert.throws(() => new Spd({ policies: [] }).lookup('inbound', shared), misuse('shared-buffer'));
  assert.equal(sa.sequence, 0n);
  assert.deepEqual(Buffer.from(shared.subarray(64, 93)), PLAIN);
});

test('packets of a burst share no bytes', () => {
  const [sa, buffer, packet] = [new OutboundSa(SA), room(), new Packet(PLAIN)];
  for (const burst of [[packet, packet], [buffer, buffer.subarray(190)], [{ buffer, ...place }, { buffer, ...place }]]) {
    assert.throws(() => sa.sealBurst(burst), misuse('overlapping-buffers'));
  }
  assert.equal(sa.sequence, 0n);
  assert.deepEqual(buffer, room());
});

test('a buffer that shrank or grew counts as it is', () => {
  const memory = new ArrayBuffer(200, { maxByteLength: 400 });
  const buffer = new Uint8Array(memory);
  buffer.set(PLAIN, 64);
  memory.resize(80);
  assert.throws(() => new OutboundSa(SA).seal(buffer, place), misuse('outside-buffer'));
  memory.resize(400);
  buffer.set(PLAIN, 64);
  assert.equal(new OutboundSa(SA).seal(buffer, place).offset, 48);
  const fixed = new Uint8Array(memory, 100, 200);
  memory.resize(120);
  assert.throws(() => new OutboundSa(SA).seal(fixed), Drop);
});

test('a getter that detaches the buffer finds nothing lent', () => {
  const buffer = room();
  const options = { length: PLAIN.length, get offset() {
    if (buffer.length > 0) structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
    return 64;
  } };
  assert.throws(() => new OutboundSa(SA).seal(buffer, options), misuse('outside-buffer'));
  const other = room();
  const burst = [{ buffer: other, ...place }, { get buffer() {
    structuredClone(other.buffer, { transfer: [other.buffer] });
    return room();
  }, ...place }];
  const results = new OutboundSa(SA).sealBurst(burst);
  assert.deepEqual(results.map(({ kind }) => kind), ['misuse', 'sealed']);
});

test('a proxy is no buffer, no packet and no SA', () => {
  const proxy = new Proxy(room(), {});
  assert.throws(() => new OutboundSa(SA).seal(proxy), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new OutboundSa(SA).seal(new Proxy(new Packet(PLAIN), {})), TypeError);
  assert.throws(() => new Sad().insert(new Proxy(new InboundSa(SA), {})), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => OutboundSa.prototype.seal.call(new InboundSa(SA), new Packet(PLAIN)), TypeError);
  assert.throws(() => Object.create(OutboundSa.prototype).name, TypeError);
});

test('only bytes are bytes', () => {
  const sa = new OutboundSa(SA);
  for (const wrong of [undefined, null, 7, 'packet', [], {}, new Uint16Array(200), new DataView(new ArrayBuffer(9)), new ArrayBuffer(200)]) {
    assert.throws(() => sa.seal(wrong), { code: 'ERR_INVALID_ARG_TYPE' }, String(wrong));
    assert.throws(() => new Packet(wrong), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => sa.sealBurst([wrong]), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.throws(() => sa.sealBurst(7), TypeError);
  assert.throws(() => sa.seal(new Packet(PLAIN), place), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('only whole numbers count', () => {
  const sa = new OutboundSa(SA);
  for (const wrong of [NaN, -1, 0.5, Infinity, 2 ** 53]) {
    for (const name of ['offset', 'length', 'now', 'sequence', 'padding', 'flowPadding']) {
      assert.throws(() => sa.seal(room(), { [name]: wrong }), { code: 'ERR_OUT_OF_RANGE' }, `${name} ${wrong}`);
    }
    assert.throws(() => sa.overhead(wrong), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => new Sad().isVacant(wrong), { code: 'ERR_OUT_OF_RANGE' });
  }
  for (const wrong of [-1n, 1n << 64n]) {
    assert.throws(() => sa.seal(room(), { ...place, sequence: wrong }), { code: 'ERR_OUT_OF_RANGE' });
  }
  assert.throws(() => sa.seal(room(), { offset: '64' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => sa.seal(room(), { padding: 256 }), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => sa.seal(room(), { offset: 64, length: 137 }), misuse('outside-buffer'));
  assert.equal(sa.sequence, 0n);
});

test('an SA that was handed over is gone, and one that was refused is not', () => {
  const [first, second, sad] = [new InboundSa(SA), new InboundSa(SA), new Sad()];
  sad.insert(first);
  for (const use of [() => first.name, () => first.open(new Packet(PLAIN)), () => first.takeSoftExpiry(), () => sad.insert(first)]) {
    assert.throws(use, misuse('handed-over'));
  }
  assert.equal(String(first), '<iiptran.InboundSa, elsewhere>');
  assert.throws(() => sad.insert(second), misuse('duplicate-sa'));
  assert.equal(second.spi, 0x1000);
  assert.equal(sad.length, 1);
  assert.equal(sad.remove({ spi: 0x1000 }).spi, 0x1000);
  assert.throws(() => sad.remove(0x1000), misuse('unknown-sa'));
  assert.throws(() => sad.lookup(0x1000, 'nowhere', '::1'), misuse('no-address'));
  assert.throws(() => new Tables({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a packet that ends is as it was, all of its buffer', () => {
  const [sender, receiver, buffer] = [new OutboundSa(SA), new InboundSa(SA), room()];
  const { offset, length } = sender.seal(buffer, place);
  buffer[offset + length - 1] ^= 1;
  const before = buffer.slice();
  const [result] = receiver.openBurst([{ buffer, offset, length }]);
  assert.deepEqual(result, { kind: 'drop', reason: DropReason.BadIcv, name: 'bad-icv', offset });
  assert.throws(() => receiver.open(buffer, { offset, length }), (error) =>
    error instanceof Drop && error.code === 'bad-icv' && error.offset === offset && error.hint.length > 10 && error.explanation.clause === 'RFC 4303 section 3.4.4');
  assert.deepEqual(buffer, before);
});

test('only the bytes of the new packet are written', () => {
  const buffer = room().fill(0xaa, 0, 64).fill(0xbb, 93);
  const { offset, length } = new OutboundSa(SA).seal(buffer, place);
  assert.ok(buffer.subarray(0, offset).every((byte) => byte === 0xaa));
  assert.ok(buffer.subarray(offset + length).every((byte) => byte === 0xbb));
});

test('the room of a packet in the middle of a large buffer is enough, and no more is looked at', () => {
  const slab = new Uint8Array(1 << 20);
  slab.set(PLAIN, 500_000);
  const sealed = new OutboundSa(SA).seal(slab, { offset: 500_000, length: PLAIN.length });
  const packet = new Packet(PLAIN);
  new OutboundSa(SA).seal(packet);
  assert.ok(packet.equals(slab.subarray(sealed.offset, sealed.offset + sealed.length)));
});

test('a document is text or a plain object, without cycles', () => {
  const cycle = { ...SA };
  cycle.inner = cycle;
  let deep = {};
  for (let depth = 0; depth < 100_000; depth += 1) deep = { inner: deep };
  for (const wrong of [undefined, null, 7, [], cycle, '\ud800', { spi: () => 7 }, { spi: NaN }, { 'extended-sequence': true, extendedSequence: true }]) {
    assert.throws(() => new OutboundSa(wrong), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.throws(() => new OutboundSa(deep), (error) => error instanceof RangeError || error instanceof ConfigError);
  assert.throws(() => new OutboundSa('['.repeat(100_000)), ConfigError);
  assert.throws(() => new OutboundSa(`{"name": "${'x'.repeat(1 << 24)}`), ConfigError);
  assert.throws(() => new OutboundSa({ ...SA, spi: 7 }), {
    name: 'ConfigError',
    code: 'CONFIG',
    path: 'spi',
    line: undefined,
    message: /^spi: SPI 0x00000007 is reserved/,
  });
  assert.throws(() => new OutboundSa('spi = 7\nname = 8'), { code: 'CONFIG', line: 2, column: 8 });
});

test('frozen objects serve as any other', () => {
  const packet = Object.freeze(new Packet(PLAIN));
  assert.equal(new OutboundSa(Object.freeze(SA)).seal(packet, Object.freeze({ now: 0 })).length, packet.length);
});

test('errors are errors', () => {
  assert.throws(() => new Node({}), (error) => error instanceof ConfigError && error instanceof Error && error.stack.includes(__filename));
});
