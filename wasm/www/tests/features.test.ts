// What the picture, the documents and links do together, in a real browser.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { button, picture, step, view, visits } from './browser';

const { here, on } = visits();

const scenario = (page: Page) => page.getByLabel('Document of the scenario');
const centre = async (page: Page, name: string) => {
  const box = await page.getByRole('button', { name: `Tables of ${name}` }).first().boundingBox();
  return [box!.x + box!.width / 2, box!.y + box!.height / 2] as const;
};

test('the router between the gateways is on the way, and sees the outer header alone', async () => {
  await on(async (page) => {
    expect(await page.locator('.leg .place').allTextContents()).toEqual(['Gateway A', 'wire', 'Router', 'wire', 'Gateway B']);
    await page.locator('.leg').nth(2).getByRole('button', { name: 'Hop' }).click();
    await page.getByText('Forwarding takes one hop off the TTL').waitFor();
    // TTL in byte 8, checksum in bytes 10 and 11 (RFC 791 section 3.1).
    const changed = await page.locator('.hex button').evaluateAll((all) => all.flatMap((byte, at) => (byte.classList.contains('changed') ? [at] : [])));
    expect(changed.every((at) => [8, 10, 11].includes(at))).toBe(true);
    expect(changed).toContain(8);
    await page.locator('.hex button').nth(8).hover();
    await page.getByText('before: 40').waitFor();
    await picture(page, '2-router');
  });
});

test('pointing at nodes and wires shows tables and states', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await page.getByRole('button', { name: 'Tables of A' }).first().hover();
    await page.locator('.hover').getByText('10.2.0.0/24 by link-3').waitFor();
    await picture(page, '3-tables-on-hover');
    await page.getByLabel('Time').fill('16');
    await page.getByRole('button', { name: 'Wire a-b, cut: mend it' }).first().focus();
    await page.locator('.hover').getByText('Wire a-b').waitFor();
    expect(await page.locator('.hover').first().textContent()).toContain('cut');
  });
});

test('what is done in the picture is written into the document, and taken back', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await page.getByText('The scenario’s document').click();
    const before = await scenario(page).inputValue();
    await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).first().click();
    expect(await scenario(page).inputValue()).toContain('action = { wire-down = "b-d" }');
    await page.getByRole('button', { name: 'Tables of B' }).first().scrollIntoViewIfNeeded();
    const [from, to] = [await centre(page, 'B'), await centre(page, 'C')];
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => scenario(page).inputValue()).toContain('name = "link-b-c"');
    await page.getByRole('button', { name: 'Tables of A' }).first().focus();
    await page.keyboard.press('Enter');
    const tables = page.getByRole('region', { name: 'Tables of A' });
    await tables.getByLabel('link-3').fill('10.0.3.1/29');
    await tables.getByLabel('link-3').press('Enter');
    await expect.poll(() => scenario(page).inputValue()).toContain('"10.0.3.1/29"');
    await picture(page, '9-picture-writes');
    for (let count = 0; count < 3; count += 1) await button(page, 'Undo').click();
    expect(await scenario(page).inputValue()).toBe(before);
    // And the other way: a wire in the document is a wire in the picture.
    await scenario(page).fill(before.replaceAll('"a-c"', '"a-to-c"'));
    await page.getByRole('button', { name: 'Wire a-to-c, up: cut it' }).first().waitFor();
  });
});

test('the editor offers what the schema allows', async () => {
  await on(async (page) => {
    await page.getByText('The documents of the nodes').click();
    const editor = page.getByLabel('Document of Gateway A');
    const text = await editor.inputValue();
    await editor.fill(text.replace('side = "protected"\n', 'side = ""\n'));
    const place = (await editor.inputValue()).indexOf('side = "') + 8;
    await editor.evaluate((area, at) => (area as HTMLTextAreaElement).setSelectionRange(at, at), place);
    await editor.press('Control+Space');
    await page.getByRole('option', { name: /^protected/ }).waitFor();
    await picture(page, '9-completion');
    expect(await page.getByRole('option').locator('code').allTextContents()).toEqual(['protected', 'unprotected']);
    await editor.press('Enter');
    expect(await editor.inputValue()).toBe(text);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await editor.press('Control+End');
    await editor.pressSequentially('\n[[fire');
    await page.getByRole('option', { name: /\[\[firewall\]\]|\[firewall\]/ }).first().waitFor();
  });
});

/** The document of gateway A, core/gateways/a.toml, in JSON. */
const JSON_A = `{
  "arrangement": "iiptran",
  "insecure-test-keys": true,
  "networks": [{ "name": "base" }, { "name": "vn" }],
  "links": [
    { "name": "lan", "network": "vn", "side": "protected", "addresses": ["10.1.0.1/16"] },
    { "name": "wan", "network": "base", "side": "unprotected", "addresses": ["192.0.2.1/24"] }
  ],
  "virtual-links": [
    {
      "name": "to-b",
      "network": "vn",
      "base": "base",
      "local": "192.0.2.1",
      "remote": "198.51.100.1",
      "addresses": ["10.255.0.1/30"],
      "traffic": [{ "local": ["10.1.0.0/16"], "remote": ["10.2.0.0/16"] }],
      "protection": {
        "transform": "aes-128-gcm-16",
        "extended-sequence": true,
        "outbound": { "spi": "0x0000b001", "key": "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfb5a17b01" },
        "inbound": { "spi": "0x0000a001", "key": "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb5a17a01" }
      }
    }
  ],
  "routes": [
    { "network": "vn", "prefix": "10.2.0.0/16", "link": "to-b" },
    { "network": "base", "prefix": "0.0.0.0/0", "link": "wan", "via": "192.0.2.254" }
  ],
  "policies": [
    { "name": "ike", "network": "base", "action": "bypass", "selectors": [{ "protocol": "udp", "local-ports": [500, 4500], "remote-ports": [500, 4500] }] }
  ]
}
`;

test('a document in JSON is walked, completed, linked and faulted as one in TOML', async () => {
  await on(async (page) => {
    await step(page, 'Wire').first().click();
    const bytes = await page.locator('.hex').textContent();
    await page.getByText('The documents of the nodes').click();
    const editor = page.getByLabel('Document of Gateway A');
    await editor.fill(JSON_A);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(await page.locator('.hex').textContent()).toBe(bytes);
    // A byte leads to its line, and the line to its bytes (RFC 791 section 3.1: the source is in bytes 12 to 15).
    await step(page, 'Encapsulate').first().click();
    await page.locator('.hex button').nth(12).click();
    await page.locator('.told').getByRole('button', { name: /decided by local in line/ }).click();
    const line = JSON_A.slice(0, JSON_A.indexOf('"local": "192')).split('\n').length;
    await expect.poll(() => page.locator('.numbers .marked').textContent()).toBe(String(line));
    const at = (place: number) => editor.evaluate((area, at) => (area as HTMLTextAreaElement).setSelectionRange(at, at), place);
    await at(JSON_A.indexOf('"198.51.100.1"'));
    await editor.press('ArrowRight');
    await page.getByText(/decided: destination 198.51.100.1/).waitFor();
    expect(await page.locator('.hex .line').allTextContents()).toEqual(['c6', '33', '64', '01']);
    // A fault is at its line and column.
    await editor.fill(JSON_A.replace('"extended-sequence": true', '"extended-sequence": 7'));
    const before = JSON_A.slice(0, JSON_A.indexOf('true,\n        "outbound"')).split('\n');
    await page.locator('details').getByText(`Line ${before.length}, column ${before.at(-1)!.length + 1}`).waitFor();
    expect(await page.locator('.numbers .bad').textContent()).toBe(String(before.length));
    await editor.fill(JSON_A.replace('"side": "protected"', '"side": ""'));
    await page.locator('details').getByText('unknown variant').waitFor();
    expect(await page.locator('.numbers .bad').textContent()).toBe(String(JSON_A.slice(0, JSON_A.indexOf('"side": "protected"')).split('\n').length));
    await at(JSON_A.indexOf('"side": "') + '"side": "'.length);
    await editor.press('Control+Space');
    await page.getByRole('option', { name: /^protected/ }).waitFor();
    await picture(page, '9-json');
    await editor.press('Enter');
    expect(await editor.inputValue()).toBe(JSON_A);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    // A key, with its quotes and colon, and then what it may be.
    await at(JSON_A.indexOf('{ "name": "lan"') + 1);
    await editor.pressSequentially(' mt');
    await page.getByRole('option', { name: /^mtu/ }).waitFor();
    await editor.press('Enter');
    await editor.pressSequentially('1400,');
    await expect.poll(() => editor.inputValue()).toBe(JSON_A.replace('{ "name": "lan"', '{ "mtu": 1400, "name": "lan"'));
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    // What is no JSON at all is told at its place, and the walk from before stays.
    await editor.fill(JSON_A.replace('"10.1.0.1/16"]', '"10.1.0.1/16"'));
    await page.locator('details').getByText(/Line \d+, column/).waitFor();
    expect(await page.locator('.hex').count()).toBe(1);
    await editor.fill(JSON_A);
    // And "Make it pass" writes JSON.
    await button(page, 'Reorder').click();
    await page.getByText('dropped: left-of-window').waitFor();
    await editor.fill(JSON_A.replace('"10.2.0.0/16", "link"', '"10.3.0.0/16", "link"'));
    await page.getByText('dropped: no-route').waitFor();
    await button(page, 'dropped: no-route').click();
    await button(page, 'Reorder').click();
    await page.getByText('dropped: no-route').waitFor();
    await button(page, 'Make it pass').click();
    await page.getByText('gets a route: 10.2.0.5/32 by to-b').waitFor();
    const routes = (JSON.parse(await editor.inputValue()) as { routes: object[] }).routes;
    expect(routes).toContainEqual({ network: 'vn', prefix: '10.2.0.5/32', link: 'to-b' });
  });
});

/** Two routers with a wire and a flow. */
const JSON_SCENARIO = JSON.stringify(
  {
    title: 'Two',
    arrangement: 'iiptran',
    duration: '20s',
    nodes: ['A', 'B'].map((name, place) => ({ name, links: [{ name: 'wan', addresses: [`192.0.2.${place + 1}/24`] }] })),
    wires: [{ name: 'a-b', ends: ['A.wan', 'B.wan'], delay: '1ms' }],
    flows: [{ from: 'A', to: 'B' }],
  },
  null,
  2,
);

test('a scenario in JSON is changed by the picture', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await page.getByText('The scenario’s document').click();
    await scenario(page).fill(JSON_SCENARIO);
    // In both arrangements.
    await expect.poll(() => page.getByRole('button', { name: /^Wire/ }).count()).toBe(2);
    await page.getByRole('button', { name: 'Wire a-b, up: cut it' }).first().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => scenario(page).inputValue()).toContain('"wire-down": "a-b"');
    expect((JSON.parse(await scenario(page).inputValue()) as { events: object[] }).events).toHaveLength(1);
    await page.getByRole('button', { name: 'Wire a-b, cut: mend it' }).first().waitFor({ state: 'attached' });
    // While it is no JSON, the picture changes nothing.
    const broken = (await scenario(page).inputValue()).slice(0, -3);
    await scenario(page).fill(broken);
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('button', { name: /^Wire a-b/ }).first().focus();
    await page.keyboard.press('Enter');
    expect(await scenario(page).inputValue()).toBe(broken);
  });
});

test.each([
  ['Flip a bit', 'bad-icv'],
  ['Replay', 'replayed'],
  ['Reorder', 'left-of-window'],
  ['Truncate', 'truncated'],
  ['Spoof in clear', 'unprotected'],
])('in a network, %s ends with %s at the node that opens, and is made to pass', async (name, reason) => {
  await on(async (page) => {
    await view(page, 'Network');
    await button(page, name).click();
    const stop = page.locator('article.stopped');
    await stop.getByText(reason, { exact: true }).waitFor();
    expect(await stop.locator('h3').first().textContent()).toBe('B');
    if (name === 'Flip a bit') await picture(page, '6-network');
    await button(page, 'Make it pass').click();
    await page.getByRole('status').getByText('It passes').waitFor();
  });
});

test('in a network, a smaller MTU and deleted SAs are events of its document', async () => {
  await on(async (page) => {
    await view(page, 'Network');
    await button(page, 'Expire the SA').click();
    await page.getByText(/dropped: (unknown-spi|no-outbound-sa)/).first().waitFor();
    await button(page, 'Undo').click();
    await button(page, 'Cut the MTU').click();
    await page.getByText(/dropped: packet-too-big|lost on the wire/).first().waitFor();
    await page.getByText('The scenario’s document').click();
    expect(await scenario(page).inputValue()).toMatch(/action = \{ mtu = \{ wire = "a-b", mtu = \d+ \} \}/);
  });
});

test('time runs by itself, and the strips show how long nothing arrives', async () => {
  await on(async (page) => {
    await view(page, 'Tour');
    await page.getByRole('button', { name: 'Page 4: The wire breaks' }).click();
    await page.getByText(/none from 15\.0 s to 18\.\d s/).waitFor();
    await page.getByText(/none from 15\.0 s to the end/).waitFor();
    await button(page, 'Just after it').click();
    await page.getByText('dropped: link-down').nth(1).waitFor();
    await button(page, '▶ Let time run').click();
    await page.getByText('by A – C – D – Y').waitFor({ timeout: 20_000 });
    await button(page, '❚❚ Stop time').click();
  });
});

test('a link holds all of a network, and of the replay window', async () => {
  await on(async (page) => {
    await view(page, 'Replay window');
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await view(page, 'Network');
    await page.getByLabel('Time').fill('12');
    await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).nth(1).click();
    await page.getByRole('button', { name: 'Tables of D' }).nth(1).focus();
    await page.keyboard.press('Enter');
    await button(page, 'Flip a bit').click();
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
    const link = await page.getByLabel('A link').inputValue();
    const other = await here.browser.newPage();
    await other.goto(link);
    await other.getByRole('region', { name: 'Tables of D' }).waitFor();
    expect(await other.getByLabel('Time').inputValue()).toBe('12');
    expect(await other.getByRole('button', { name: 'Flip a bit' }).getAttribute('aria-pressed')).toBe('true');
    expect(await other.getByRole('button', { name: 'tunnel-mode', exact: true }).getAttribute('aria-pressed')).toBe('true');
    expect(await other.getByRole('button', { name: 'Wire b-d, cut: mend it' }).count()).toBe(2);
    await view(other, 'Replay window');
    await other.locator('.packets').getByText('accepted').waitFor();
    await other.close();
  });
});

test('a link whose parts are of another kind is told, and what was there stays', async () => {
  await on(async (page) => {
    await button(page, 'Replay').click();
    await page.getByText('dropped: replayed').waitFor();
    const fragment = await page.evaluate(async () => {
      const stream = new Blob([JSON.stringify({ view: 'walk', walk: { documents: 7 } })]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
      return '#1.' + btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    });
    await page.evaluate((hash) => (location.hash = hash), fragment);
    await page.getByText('its part “walk.documents” is of another kind').waitFor();
    await page.getByText('dropped: replayed').waitFor();
  });
});

test('the small form fits into a frame of another page', async () => {
  await on(async (page) => {
    await step(page, 'Seal').click();
    await button(page, 'Share').click();
    await page.getByRole('dialog').waitFor();
    const html = await page.getByLabel(/frame for another page/).inputValue();
    const around = await here.browser.newPage({ viewport: { width: 900, height: 900 } });
    await around.setContent(`<!doctype html><title>A lesson</title><p>A lesson</p>${html}`);
    const frame = around.frameLocator('iframe');
    await frame.getByText('to-b seals the packet').waitFor();
    expect(await frame.getByRole('navigation').count()).toBe(0);
    await frame.getByRole('button', { name: 'One step on' }).click();
    await frame.getByText(/^step 8 of/).waitFor();
    await picture(around, '10-frame');
    await around.close();
  });
});

test('on paper there is the step, and nothing that one could press', async () => {
  await on(async (page) => {
    await step(page, 'Seal').click();
    await page.emulateMedia({ media: 'print' });
    await picture(page, '10-print');
    for (const gone of ['Share', 'Flip a bit', '▶ Play']) expect(await button(page, gone).isVisible(), gone).toBe(false);
    expect(await page.getByText('to-b seals the packet').isVisible()).toBe(true);
    expect(await page.locator('.hex').isVisible()).toBe(true);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

test('the point is told at once, and leads to where it shows', async () => {
  await on(async (page) => {
    await page.getByRole('region', { name: 'The point of RFC 3884' }).waitFor();
    await picture(page, '1-first');
    await button(page, 'See a wire break, both ways').click();
    await page.getByText('4. The wire breaks').waitFor();
    await page.getByText('by A – C – D – Y').waitFor();
  });
});
