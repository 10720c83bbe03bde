// The behaviour vectors: the same calls give the same bytes, verdicts and errors as in every host.
'use strict';
const assert = require('node:assert/strict');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const iiptran = require('iiptran');

const folder = join(__dirname, '..', '..', 'tests', 'data', 'behaviour');
const makers = {
  'outbound-sa': iiptran.OutboundSa,
  'inbound-sa': iiptran.InboundSa,
  spd: iiptran.Spd,
  fib: iiptran.Fib,
  node: iiptran.Node,
  network: iiptran.Network,
};
const fromHex = (digits) => Buffer.from(digits, 'hex');
const now = ({ now = 0 }) => BigInt(now);

// The packet of a step in a buffer, with offset and length.
function placed({ packet, room: [before, behind] = [512, 512] }) {
  const bytes = fromHex(packet);
  const buffer = new Uint8Array(before + bytes.length + behind);
  buffer.set(bytes, before);
  return { buffer, offset: before, length: bytes.length };
}

// The same as a packet with room.
function packetOf({ packet, room: [headroom, tailroom] = [512, 512] }) {
  return iiptran.Packet.fromHex(packet, { headroom, tailroom });
}

const hex = (buffer, { offset, length }) => Buffer.from(buffer.subarray(offset, offset + length)).toString('hex');

function opened(packet, found) {
  return {
    packet: packet.toHex(),
    sequence: String(found.sequence),
    'pad-length': found.padLength,
    'next-header': found.nextHeader,
  };
}

function verdict(given, buffer) {
  switch (given.kind) {
    case 'transmit':
      return { verdict: 'transmit', packet: hex(buffer, given), link: given.link, 'next-hop': given.nextHop };
    case 'deliver':
      return { verdict: 'deliver', packet: hex(buffer, given), link: given.link };
    case 'hold':
      return { verdict: 'hold' };
    default:
      throw new iiptran.Drop(given.reason);
  }
}

function told(error) {
  if (error instanceof iiptran.Drop) return { drop: error.code };
  if (error instanceof iiptran.Misuse) return { misuse: error.code };
  if (error instanceof iiptran.ConfigError) {
    const { path, cause, line = 0, column = 0 } = error;
    return { config: { path, cause, line, column } };
  }
  throw error;
}

class Runner {
  made = new Map();

  // What comes back, as the vectors have it.
  call(step) {
    try {
      if (step.call in makers) {
        this.keep(step.call, step.on, new makers[step.call](step.document));
        return {};
      }
      return this[step.call](step) ?? {};
    } catch (error) {
      return told(error);
    }
  }

  keep(kind, name, object) {
    this.made.set(`${kind} ${name}`, object);
  }

  get(kind, name) {
    return this.made.get(`${kind} ${name}`);
  }

  sad(step) {
    this.keep('sad', step.on, new iiptran.Sad());
  }

  'node-with-tables'(step) {
    this.keep('node', step.on, iiptran.Node.withTables(this.get('node', step.with).tables()));
  }

  'for-worker'(step) {
    this.keep('node', step.on, this.get('node', step.with).forWorker(step.worker));
  }

  'set-worker'(step) {
    this.get('node', step.on).setWorker(step.worker);
  }

  'spi-of'(step) {
    const spi = iiptran.spiOf(fromHex(step.packet));
    return spi === undefined ? {} : { spi };
  }

  seal(step) {
    const { sequence, iv, outer, ...rest } = step.options ?? {};
    const options = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name === 'flow-padding' ? 'flowPadding' : name, value]),
    );
    if (sequence !== undefined) options.sequence = BigInt(sequence);
    if (iv !== undefined) options.iv = fromHex(iv);
    if (outer !== undefined) options.outer = fromHex(outer);
    const { buffer, ...place } = placed(step);
    const before = Buffer.from(buffer);
    try {
      const sealed = this.get('outbound-sa', step.on).seal(buffer, { ...place, now: now(step), ...options });
      return { packet: hex(buffer, sealed), sequence: String(sealed.sequence), 'pad-length': sealed.padLength };
    } catch (error) {
      assert.deepEqual(Buffer.from(buffer), before, 'nothing is half-written');
      throw error;
    }
  }

  open(step) {
    const packet = packetOf(step);
    return opened(packet, this.get('inbound-sa', step.on).open(packet, { now: now(step) }));
  }

  'sad-open'(step) {
    const packet = packetOf(step);
    const found = this.get('sad', step.on).open(packet, { now: now(step) });
    return { spi: found.id.spi, ...opened(packet, found) };
  }

  'sad-insert'(step) {
    this.get('sad', step.on).insert(this.get('inbound-sa', step.with));
  }

  'sad-remove'(step) {
    this.keep('inbound-sa', step.with, this.get('sad', step.on).remove(step.spi));
  }

  'spd-lookup'(step) {
    const { name, action } = this.get('spd', step.on).lookup(step.direction ?? 'outbound', fromHex(step.packet));
    return { policy: name, action };
  }

  'fib-lookup'(step) {
    const { link, address } = this.get('fib', step.on).lookup(fromHex(step.packet));
    return { link, 'next-hop': address };
  }

  send(step) {
    const { buffer, ...place } = placed(step);
    const node = this.get('node', step.on);
    return verdict(node.send(step.network, buffer, { ...place, now: now(step) }), buffer);
  }

  'send-via'(step) {
    const { buffer, ...place } = placed(step);
    const node = this.get('node', step.on);
    return verdict(node.sendVia(step.link, buffer, { ...place, now: now(step) }), buffer);
  }

  receive(step) {
    const { buffer, ...place } = placed(step);
    const node = this.get('node', step.on);
    return verdict(node.receive(step.link, buffer, { ...place, now: now(step) }), buffer);
  }

  install(step) {
    this.get('node', step.on).install(step.document);
  }

  'install-tables'(step) {
    this.get('node', step.on).installTables(this.get('node', step.with).tables());
  }

  'insert-inbound-sa'(step) {
    this.get('node', step.on).insertInboundSa(this.get('inbound-sa', step.with));
  }

  'remove-inbound-sa'(step) {
    this.keep('inbound-sa', step.with, this.get('node', step.on).removeInboundSa(step.network, step.spi));
  }

  'set-link-up'(step) {
    this.get('node', step.on).setLinkUp(step.link, step.up ?? true);
  }

  counters(step) {
    return { document: this.get('node', step.on).counters() };
  }

  'poll-event'(step) {
    return { document: this.get('node', step.on).pollEvent() ?? null };
  }

  'network-run'(step) {
    this.get('network', step.on).runUntil(now(step));
  }

  'network-step'(step) {
    return { sequence: String(this.get('network', step.on).step()) };
  }

  'network-reset'(step) {
    this.get('network', step.on).reset(step.seed);
  }

  'network-send'(step) {
    const options = step.network === undefined ? {} : { network: step.network };
    return { sequence: String(this.get('network', step.on).send(step.with, fromHex(step.packet), options)) };
  }

  'network-wire'(step) {
    this.get('network', step.on).setWireUp(step.link, step.up);
  }

  'network-link'(step) {
    this.get('network', step.on).setLinkUp(step.with, step.link, step.up);
  }

  'network-ends'(step) {
    const ends = this.get('network', step.on).takeEnds();
    return { document: ends.map(({ time, number, packet, ...rest }) => ({
      ...rest, time: Number(time), number: Number(number), packet: Buffer.from(packet).toString('hex'),
    })) };
  }

  'network-trace'(step) {
    return { document: this.get('network', step.on).takeTrace() };
  }

  'network-report'(step) {
    return { document: this.get('network', step.on).report() };
  }

  'network-keys'(step) {
    return { document: this.get('network', step.on).keys() };
  }

  'network-tables'(step) {
    return { document: this.get('network', step.on).tables(step.with) };
  }

  'network-capture'(step) {
    return { packet: Buffer.from(this.get('network', step.on).takeCapture(step.link)).toString('hex') };
  }
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
assert.ok(files.length >= 4);
for (const file of files) {
  const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const { name, steps } of cases) {
    test(`${file}: ${name}`, () => {
      const runner = new Runner();
      steps.forEach((step, number) => {
        const expect = { ...step.expect };
        if ('document' in expect) expect.document = expect.document ? JSON.parse(expect.document) : null;
        assert.deepEqual(runner.call(step), expect, `step ${number}: ${step.call}`);
      });
    });
  }
}
