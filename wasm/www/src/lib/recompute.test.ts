import { expect, test } from 'vitest';
import { python } from './recompute';

const esp = {
  sa: 'x',
  spi: '0x00001000',
  transform: 'aes-128-gcm-16',
  mode: 'transport',
  sequence: 1,
  extended: false,
  iv: '0102030405060708',
  associated: '0000100000000001',
  body: [2, 4] as [number, number],
  icv: [4, 6] as [number, number],
  'pad-length': 0,
  'next-header': 'ipv4',
};
const keys = [{ spi: '0x00001000', key: '00112233445566778899aabbccddeeff' + 'a1a2a3a4', 'integrity-key': '' }];

test('the nonce is the salt and the IV, and ciphertext and ICV go in together', () => {
  const line = python(esp, 'aaaa' + 'c1c2' + 'f1f2', keys)!;
  expect(line).toContain('AESGCM(h("00112233445566778899aabbccddeeff"))');
  expect(line).toContain('decrypt(h("a1a2a3a40102030405060708"), h("c1c2f1f2"), h("0000100000000001"))');
});

test('without the key, or for other algorithms, there is no line', () => {
  expect(python(esp, '', [])).toBeUndefined();
  expect(python({ ...esp, transform: 'aes-256-cbc + hmac-sha2-256-128' }, '', keys)).toBeUndefined();
});
