// A capture of Linux, its keys, and what was inside; and captures made here.
import { readFileSync } from 'node:fs';

export const ROOT = new URL('../../../', import.meta.url).pathname;
const DATA = `${ROOT}tests/data/captures/`;
const CASE = 'iiptran-4in4-aes128gcm16';
export const WIRE = readFileSync(`${DATA}${CASE}.wire.pcap`);
export const INNER = readFileSync(`${DATA}${CASE}.inner.pcap`);

export interface Sa {
  source: string;
  destination: string;
  spi: number;
  encryption_key: string;
}
const manifest = JSON.parse(readFileSync(`${DATA}manifest.json`, 'utf8')) as { cases: { name: string; sas: Sa[] }[] };
export const sas = manifest.cases.find(({ name }) => name === CASE)?.sas ?? [];
/** The keys as Wireshark's table has them. */
export const KEYS = sas
  .map(({ source, destination, spi, encryption_key }) =>
    ['IPv4', source, destination, `0x${spi.toString(16).padStart(8, '0')}`, 'AES-GCM with 16 octet ICV [RFC4106]', `0x${encryption_key}`, 'NULL', '']
      .map((field) => `"${field}"`)
      .join(','),
  )
  .join('\n');

/** The IP packets of a pcap file that holds nothing else. */
export function packets(file: Buffer): string[] {
  const all: string[] = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    all.push(file.subarray(at + 16, at + 16 + length).toString('hex'));
    at += 16 + length;
  }
  return all;
}

/** An IPv4 header (RFC 791 section 3.1). */
export function header(source: string, destination: string, protocol: number, total: number): Buffer {
  const bytes = Buffer.from([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0, ...source.split('.').map(Number), ...destination.split('.').map(Number)]);
  bytes.writeUInt16BE(total, 2);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, 10);
  return bytes;
}

/** A pcap file of IP packets. */
export function pcap(all: Buffer[]): Buffer {
  const record = (packet: Buffer, index: number) => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(index, 0);
    head.writeUInt32LE(packet.length, 8);
    head.writeUInt32LE(packet.length, 12);
    return Buffer.concat([head, packet]);
  };
  const head = Buffer.alloc(24);
  [0xa1b2c3d4, 2 | (4 << 16), 0, 0, 65535, 101].forEach((word, index) => head.writeUInt32LE(word, 4 * index));
  return Buffer.concat([head, ...all.map(record)]);
}
