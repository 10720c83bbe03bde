// Lines for other tools that compute again what the core has computed.
import type { Keys } from './core';
import type { EspReport } from '../schema/walkthrough';

const SALT = 4; // bytes, RFC 4106 section 4, RFC 7634 section 2
/** How many hexadecimal digits of an HMAC's result are sent (RFC 4868 section 2.6). */
const DIGEST = /hmac-sha2-(256|384|512)-(\d+)/;

interface Material {
  key: string;
  salt: string;
  integrity: string;
}

function material(esp: EspReport, keys: Keys[]): Material | undefined {
  const found = keys.find(({ spi }) => spi === esp.spi);
  if (!found) return undefined;
  const cut = isAead(esp) ? found.key.length - SALT * 2 : found.key.length;
  return { key: found.key.slice(0, cut), salt: found.key.slice(cut), integrity: found['integrity-key'] };
}

const isAead = (esp: EspReport) => /gcm-16$|chacha20-poly1305/.test(esp.transform);
const part = (packet: string, start = 0, end = 0) => packet.slice(start * 2, end * 2);

/** The nonce of an AEAD; none for other algorithms. */
export function nonce(esp: EspReport, keys: Keys[]): string | undefined {
  const found = isAead(esp) ? material(esp, keys) : undefined;
  return found && found.salt + esp.iv;
}

/** A line of Python that opens the packet; none for algorithms without an AEAD. `packet` is the packet as it is
 *  on the wire. */
export function python(esp: EspReport, packet: string, keys: Keys[]): string | undefined {
  const found = material(esp, keys);
  if (!found || !isAead(esp)) return undefined;
  const name = /gcm-16$/.test(esp.transform) ? 'AESGCM' : 'ChaCha20Poly1305';
  const hex = (text: string) => `h("${text}")`;
  const sealed = part(packet, esp.body[0], esp.icv[1]);
  return [
    `python3 -c 'from cryptography.hazmat.primitives.ciphers.aead import ${name}; h = bytes.fromhex;`,
    `print(${name}(${hex(found.key)}).decrypt(${hex(found.salt + esp.iv)}, ${hex(sealed)}, ${hex(esp.associated)}).hex())'`,
  ].join(' ');
}

/** A line for openssl. It has no AEAD on its command line: for AES-GCM it computes the plaintext in counter mode
 *  with the counter that GCM begins with (NIST SP 800-38D section 7.1), for an HMAC it computes the ICV. */
export function openssl(esp: EspReport, packet: string, keys: Keys[]): string | undefined {
  const found = material(esp, keys);
  if (!found) return undefined;
  const hex = (text: string) => `printf ${text} | xxd -r -p |`;
  if (/gcm-16$/.test(esp.transform)) {
    const counter = `${found.salt}${esp.iv}00000002`;
    return `${hex(part(packet, ...esp.body))} openssl enc -d -aes-${found.key.length * 4}-ctr -K ${found.key} -iv ${counter} | xxd -p`;
  }
  const [, hash, bits] = DIGEST.exec(esp.transform) ?? [];
  if (!hash || !bits || !found.integrity) return undefined;
  // The ESP header is in front of the IV; the high half of an extended number is told behind the rest
  // (RFC 4303 section 2.8), and associated here is only that.
  const start = (esp.body[0] ?? 0) - esp.iv.length / 2 - 8;
  const told = part(packet, start, esp.body[1]) + esp.associated;
  return `${hex(told)} openssl dgst -sha${hash} -mac HMAC -macopt hexkey:${found.integrity} | cut -d" " -f2 | cut -c1-${Number(bits) / 4}`;
}
