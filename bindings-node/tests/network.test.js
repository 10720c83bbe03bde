// Networks on a virtual clock.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { ConfigError, Misuse, Network, Packet, scenarios } = require('iiptran');

const SECOND = 1_000_000_000n;
// From 10.1.0.5 (X) to 10.2.0.5 (Y), TTL 64.
const PACKET = Buffer.from('450000160000000040fd65df0a0100050a020005aabb', 'hex');
const NOTHING = 24; // The header of a capture.
const figure = () => new Network('figure-3');

test('a packet takes the way of the figure', () => {
  // X to Y by A, B and D: the TTL is one lower for each router, and the wires take 5 ms each.
  const network = figure();
  network.runUntil(4n * SECOND);
  const number = network.send('X', PACKET);
  assert.ok(network.underWay > 0);
  network.runUntil(4n * SECOND + SECOND / 10n);
  const [end, ...others] = network.takeEnds().filter((found) => found.number === number);
  assert.equal(others.length, 0);
  const { packet, ...told } = end;
  assert.deepEqual(told, { time: 4n * SECOND + 10_000_000n, number, verdict: 'deliver', place: 'Y' });
  const expected = Buffer.from(PACKET);
  expected[8] = 61;
  expected.writeUInt16BE(0x68df, 10);
  assert.deepEqual(Buffer.from(packet), expected);
});

test('a cut wire is gone around', () => {
  const network = figure();
  network.runUntil(4n * SECOND);
  assert.equal(network.way('A', 'vn', '10.2.0.5'), 'link-3');
  network.setWireUp('a-b', false);
  network.runUntil(12n * SECOND);
  assert.equal(network.way('A', 'vn', '10.2.0.5'), 'link-4');
  assert.equal(network.way('A', 'vn', '203.0.113.1'), undefined);
  const cuts = network.takeTrace().filter(({ event }) => event === 'wire');
  assert.deepEqual(cuts, [{ time: 4_000_000_000, event: 'wire', wire: 'a-b', up: false }]);
});

test('captures show ESP alone outside, and are taken once', () => {
  const network = figure();
  network.runUntil(6n * SECOND);
  assert.deepEqual([network.nodes().slice(0, 2), network.wires().includes('a-b')], [['A', 'B'], true]);
  const file = Buffer.from(network.takeCapture('a-b'));
  const protocols = new Set();
  for (let at = NOTHING; at < file.length; at += 16 + file.readUInt32LE(at + 8)) protocols.add(file[at + 16 + 9]);
  assert.deepEqual([...protocols], [50]);
  assert.equal(network.takeCapture('a-b').length, NOTHING);
  assert.ok(network.keys().sas.length > 0);
});

test('the seed is all the chance that there is', () => {
  const [one, other] = [new Network('comparison'), new Network('comparison')];
  for (const network of [one, other]) {
    network.reset(5);
    network.runUntil(2n * SECOND);
  }
  assert.equal(one.seed, 5n);
  assert.deepEqual(one.report(), other.report());
  assert.deepEqual(one.takeCapture(), other.takeCapture());
});

test('steps end', () => {
  const network = new Network({ arrangement: 'iiptran', duration: '1s' });
  assert.equal(network.step(), undefined);
  assert.equal(network.duration, SECOND);
  assert.equal(String(network), '<iiptran.Network of  at 0 ns, seed=0, 0 under way>');
});

test('nothing is noted that is not watched', () => {
  const network = figure();
  network.watch({ ends: false, trace: false, captures: false });
  network.runUntil(6n * SECOND);
  assert.deepEqual([network.takeEnds(), network.takeTrace(), network.takeCapture().length], [[], [], NOTHING]);
  assert.throws(() => network.watch({ ends: true }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('wrong calls change nothing', () => {
  const network = figure();
  const calls = [
    [() => network.send('?', PACKET), 'unknown-station'],
    [() => network.send('A', PACKET, { network: '?' }), 'unknown-network'],
    [() => network.send('X', Buffer.from('no packet')), 'not-ip'],
    [() => network.send('X', new Uint8Array(new SharedArrayBuffer(20))), 'shared-buffer'],
    [() => network.setWireUp('?', false), 'unknown-wire'],
    [() => network.setLinkUp('A', '?', false), 'unknown-link'],
    [() => network.tables('X'), 'unknown-station'],
    [() => network.takeCapture('?'), 'unknown-wire'],
    [() => network.way('A', '?', '10.2.0.5'), 'unknown-network'],
    [() => network.way('A', 'vn', 'Y'), 'no-address'],
  ];
  for (const [call, code] of calls) assert.throws(call, (error) => error instanceof Misuse && error.code === code, code);
  for (const call of [() => network.send('X'), () => network.runUntil('1s'), () => network.setWireUp('a-b', 0), () => network.takeCapture(7)]) {
    assert.throws(call, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.throws(() => network.runUntil(-1n), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => network.reset(1n << 64n), { code: 'ERR_OUT_OF_RANGE' });
  assert.deepEqual([network.now, network.underWay, network.takeTrace()], [0n, 0, []]);
});

test('a scenario as an object: a host on each side of a router', () => {
  const network = new Network({
    arrangement: 'iiptran',
    duration: '1s',
    nodes: [{ name: 'R', links: [
      { name: 'x', side: 'protected', addresses: ['10.1.0.1/24'] },
      { name: 'y', side: 'protected', addresses: ['10.2.0.1/24'] },
    ] }],
    hosts: [{ name: 'X', addresses: ['10.1.0.5/24'] }, { name: 'Y', addresses: ['10.2.0.5/24'] }],
    wires: [{ ends: ['X', 'R.x'], delay: '1ms' }, { ends: ['R.y', 'Y'], name: 'y' }],
    flows: [{ from: 'X', to: 'Y', count: 3 }],
    events: [{ at: '15ms', action: { 'wire-down': 'y' } }],
  });
  network.runUntil(network.duration);
  const ends = network.takeEnds().map(({ verdict, place, time, reason }) => [verdict, place, time, reason]);
  assert.deepEqual(ends, [
    ['deliver', 'Y', 1_000_000n, undefined],
    ['deliver', 'Y', 11_000_000n, undefined],
    ['drop', 'R', 21_000_000n, 'link-down'],
  ]);
  const packet = new Packet(PACKET);
  network.send('X', packet);
  assert.ok(packet.equals(PACKET));
});

test('wrong names and documents say so', () => {
  assert.throws(() => new Network('figure-33'), (error) => error instanceof ConfigError && /figure-3/.test(error.cause));
  const wires = [{ ends: ['A.x', 'B'] }];
  assert.throws(() => new Network({ arrangement: 'iiptran', duration: '1s', wires }), (error) => error instanceof ConfigError && error.path.startsWith('wires[0]'));
  assert.ok(scenarios().includes('figure-3'));
});
