// What a node tells: verdicts in bursts as alone, walkthroughs, and what it says of itself.
'use strict';
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const { DropReason, explain, Misuse, Node, Packet } = require('iiptran');

const file = join(__dirname, '..', '..', 'tests', 'data', 'behaviour', 'nodes.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8'));

test('a walkthrough ends with the verdict, and a burst gives the same', () => {
  let walks = 0;
  for (const { steps } of cases) {
    const [made] = steps;
    const step = steps.find(({ call, expect }) => call === 'receive' && !expect.misuse);
    if (made.call !== 'node' || made.expect.config || step === undefined || step.on !== made.on) continue;
    const options = { now: BigInt(step.now ?? 0) };
    const packet = () => Packet.fromHex(step.packet, { headroom: step.room?.[0] ?? 512, tailroom: step.room?.[1] ?? 512 });
    const { verdict, walkthrough } = new Node(made.document).walkReceive(step.link, packet(), options);
    assert.deepEqual(new Node(made.document).receiveBurst(step.link, [packet()], options), [verdict]);
    // Where the case begins with other steps, the node is another one, and only the two ways are the same.
    if (steps[1] === step) assert.equal(verdict.kind, step.expect.drop ? 'drop' : step.expect.verdict);
    assert.equal(walkthrough.outcome.verdict, verdict.kind);
    const lines = String(walkthrough).split('\n');
    assert.equal(lines.length, walkthrough.length + 1);
    assert.match(lines.at(-1), new RegExp(`^  =>   ${verdict.kind}`));
    lines.slice(0, -1).forEach((line, index) => {
      const { title, stage, network, clause } = walkthrough.steps[index];
      assert.equal(line, `${String(index + 1).padStart(4)}   ${title}  [${stage} in ${network}, ${clause}]`);
    });
    walks += 1;
  }
  assert.ok(walks > 5, `${walks} walks`);
});

test('a misuse of one packet leaves the others of a burst alone', () => {
  const { document } = cases.flatMap(({ steps }) => steps).find(({ call, expect }) => call === 'node' && !expect.config);
  const node = new Node(document);
  const link = node.linkName(0);
  assert.equal(node.link(link), 0);
  const results = node.receiveBurst(link, [{ buffer: new Uint8Array(8), offset: 4, length: 5 }, new Uint8Array(20)]);
  assert.deepEqual(results.map(({ kind }) => kind), ['misuse', 'drop']);
  assert.equal(node.drops(results[1].reason), 1n);
  assert.throws(() => node.receive('nowhere', new Uint8Array(20)), (error) => error instanceof Misuse && error.code === 'unknown-link');
});

test('reasons are those of the core', () => {
  const list = JSON.parse(readFileSync(join(__dirname, '..', '..', 'core', 'schema', 'drop-reasons.json'), 'utf8'));
  assert.deepEqual(list['drop-reasons'], Object.values(DropReason).map((reason) => ({ ...explain(reason) })));
  assert.throws(() => explain(0), { code: 'ERR_OUT_OF_RANGE' });
});
