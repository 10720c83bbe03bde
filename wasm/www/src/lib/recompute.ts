// A line for another tool that computes again what the core has computed.
import type { Keys } from './core';
import type { EspReport } from '../schema/walkthrough';

const SALT = 4; // bytes, RFC 4106 section 4, RFC 7634 section 2

/** A line of Python that opens the packet; none for algorithms without an AEAD. `packet` is the packet as it is
 *  on the wire. */
export function python(esp: EspReport, packet: string, keys: Keys[]): string | undefined {
  const name = /gcm-16$/.test(esp.transform)
    ? 'AESGCM'
    : /chacha20-poly1305/.test(esp.transform)
      ? 'ChaCha20Poly1305'
      : undefined;
  const found = keys.find(({ spi }) => spi === esp.spi);
  if (!name || !found) return undefined;
  const cut = found.key.length - SALT * 2;
  const [key, salt] = [found.key.slice(0, cut), found.key.slice(cut)];
  const sealed = packet.slice((esp.body[0] ?? 0) * 2, (esp.icv[1] ?? 0) * 2);
  const hex = (text: string) => `h("${text}")`;
  return [
    `python3 -c 'from cryptography.hazmat.primitives.ciphers.aead import ${name}; h = bytes.fromhex;`,
    `print(${name}(${hex(key)}).decrypt(${hex(salt + esp.iv)}, ${hex(sealed)}, ${hex(esp.associated)}).hex())'`,
  ].join(' ');
}
