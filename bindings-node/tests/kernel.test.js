// Which implementation runs, chosen by call and by environment.
'use strict';
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const iiptran = require('iiptran');

const folder = join(__dirname, '..');

function inAnother(environment, program) {
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' });
}

test('every kernel that can be chosen seals the packets of a vector alike', () => {
  const { cases } = JSON.parse(readFileSync(join(folder, '..', 'tests', 'data', 'behaviour', 'sas.json'), 'utf8'));
  const { steps } = cases.find(({ name }) => name === 'aes-128-gcm-16');
  const [{ document }, , { packet, expect }] = steps;
  const before = iiptran.kernel();
  for (const name of ['avx512', 'avx2', 'aes-ni', 'portable']) {
    try {
      iiptran.chooseKernel(name);
    } catch (error) {
      assert.equal(error.code, 'ERR_OUT_OF_RANGE');
      assert.notEqual(name, 'portable');
      continue;
    }
    assert.equal(iiptran.kernel(), name);
    const sealed = iiptran.Packet.fromHex(packet);
    new iiptran.OutboundSa(document).seal(sealed);
    assert.equal(sealed.toHex(), expect.packet, name);
  }
  iiptran.chooseKernel(before);
});

test('a name that is none changes nothing, and says which there are', () => {
  const before = iiptran.kernel();
  assert.throws(() => iiptran.chooseKernel('avx1024'), { code: 'ERR_OUT_OF_RANGE', message: /portable.*'avx1024'/ });
  assert.throws(() => iiptran.chooseKernel(7), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.equal(iiptran.kernel(), before);
});

test('the environment names one', () => {
  const program = "process.stdout.write(require('./').kernel())";
  assert.equal(inAnother({ IIPTRAN_ACCEL: 'portable' }, program).stdout, 'portable');
  const wrong = inAnother({ IIPTRAN_ACCEL: 'avx1024' }, program);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stderr, /IIPTRAN_ACCEL: no kernel "avx1024" can run here; there are .*portable/);
});
