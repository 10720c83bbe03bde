// Every feature of the page, in a real browser.
import { execFileSync, spawnSync } from 'node:child_process';
import { createDecipheriv } from 'node:crypto';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { button, picture, ready, step, view, visits } from './browser';

const { here, on } = visits();


describe('a packet through two gateways', () => {
  test('is there at once, and asks nobody', async () => {
    const asked: string[] = [];
    const page = await here.browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(here.server.address);
    await page.getByText('The packet arrives by lan').waitFor();
    await ready(page);
    expect(asked.every((url) => url.startsWith(here.server.address))).toBe(true);
    await page.close();
  });

  test('is there before the core, to look at and to step through, and says so if the core does not come', async () => {
    for (const answer of ['later', 'never'] as const) {
      const page = await here.browser.newPage({ viewport: { width: 1360, height: 900 } });
      let go = () => {};
      const held = new Promise<void>((resolve) => (go = resolve));
      await page.route('**/*.wasm', async (route) => {
        await held;
        await (answer === 'later' ? route.continue() : route.fulfill({ status: 404 }));
      });
      await page.goto(here.server.address);
      await page.getByText('The packet arrives by lan').waitFor();
      await page.keyboard.press('End');
      await page.getByText(/^step (\d+) of \1$/).waitFor();
      // What would ask the core can't be pressed.
      expect(await page.locator('main').getAttribute('inert')).not.toBeNull();
      const box = (await button(page, 'Replay').boundingBox())!;
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      expect(await page.getByText('dropped: replayed').count()).toBe(0);
      go();
      if (answer === 'later') {
        await ready(page);
        await page.getByText(/^step (\d+) of \1$/).waitFor();
        await button(page, 'Replay').click();
        await page.getByText('dropped: replayed').waitFor();
      } else await page.getByText('The core of this page could not be loaded').waitFor();
      await page.close();
    }
  });

  test('is stepped through by keys, forth and back, and plays', async () => {
    await on(async (page) => {
      const place = page.getByText(/^step \d+ of \d+$/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => place.textContent()).toMatch(/^step 3 of/);
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => place.textContent()).toMatch(/^step 2 of/);
      await page.keyboard.press('End');
      await expect.poll(() => place.textContent()).toMatch(/^step (\d+) of \1$/);
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await expect.poll(() => place.textContent(), { timeout: 5000 }).toMatch(/^step 3 of/);
      await page.keyboard.press('Space');
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText('one step on').waitFor();
      await button(page, 'Close').click();
    });
  });

  test('bytes, fields and the document lead to each other', async () => {
    await on(async (page) => {
      await step(page, 'Encapsulate').first().click();
      await picture(page, '4-encapsulate');
      const told = page.locator('.told');
      // The ninth byte of an IPv4 header is its TTL (RFC 791 section 3.1).
      await page.locator('.hex button').nth(8).hover();
      await expect.poll(() => told.textContent()).toContain('IPv4 TTL');
      // The address of the tunnel's near end is in bytes 12 to 15, and in the document.
      await page.locator('.hex button').nth(12).click();
      await told.getByRole('button', { name: /decided by local in line/ }).click();
      expect(await page.locator('details').getAttribute('open')).not.toBeNull();
      expect(await page.locator('.numbers .marked').count()).toBe(1);
      const editor = page.getByLabel('Document of Gateway A');
      const lines = (await editor.inputValue()).split('\n');
      expect(lines[Number(await page.locator('.numbers .marked').textContent()) - 1]).toBe('local = "192.0.2.1"');
      // And back: the line of the far end marks bytes 16 to 19.
      const place = (await editor.inputValue()).indexOf('remote = "198');
      await editor.evaluate((area, at) => (area as HTMLTextAreaElement).setSelectionRange(at, at), place);
      await editor.press('ArrowRight');
      await page.getByText(/decided: destination 198.51.100.1/).waitFor();
      expect(await page.locator('.hex .line').allTextContents()).toEqual(['c6', '33', '64', '01']);
      await picture(page, '4-bytes-and-lines');
      await page.getByRole('button', { name: /^source 192.0.2.1/ }).click();
      expect(await page.locator('.hex .spot').allTextContents()).toEqual(['c0', '00', '02', '01']);
    });
  });

  test('another library opens what was sealed', async () => {
    await on(async (page) => {
      await step(page, 'Seal').click();
      await picture(page, '4-seal');
      const line = (await page.locator('.line code').first().textContent()) ?? '';
      const [key, nonce, sealed, associated] = [...line.matchAll(/h\("([0-9a-f]*)"\)/g)].map(([, hex]) => Buffer.from(hex ?? '', 'hex'));
      const open = createDecipheriv('aes-128-gcm', key!, nonce!);
      open.setAAD(associated!);
      open.setAuthTag(sealed!.subarray(-16));
      const clear = Buffer.concat([open.update(sealed!.subarray(0, -16)), open.final()]);
      expect(clear.subarray(0, 1).toString('hex')).toBe('45');
      expect(clear.at(-1)).toBe(4); // IPv4 inside (RFC 2003 section 3.1)
      expect(clear.includes('RFC 3884 in real life')).toBe(true);
      await step(page, 'Open').click();
      expect(await page.locator('.line code').first().textContent()).toBe(line);
      // The line for openssl decrypts to the same, in counter mode.
      const other = (await page.locator('.line code').nth(1).textContent()) ?? '';
      const [, hex, secret, counter] = /printf (\w+) .* -K (\w+) -iv (\w+)/.exec(other) ?? [];
      const stream = createDecipheriv('aes-128-ctr', Buffer.from(secret!, 'hex'), Buffer.from(counter!, 'hex'));
      expect(stream.update(Buffer.from(hex!, 'hex')).equals(clear)).toBe(true);
    });
  });

  test('the lines to compute it again are copied, and openssl and Python compute it', async (context) => {
    const has = (command: string) => spawnSync('bash', ['-c', command]).status === 0;
    const tools = [
      ['With Python', has('python3 -c "import cryptography"')],
      ['With openssl', has('command -v openssl xxd')],
    ] as const;
    if (tools.every(([, isThere]) => !isThere)) return context.skip('there are neither openssl nor Python with cryptography');
    await on(
      async (page) => {
        await step(page, 'Seal').click();
        for (const [name, isThere] of tools) {
          await page.getByRole('button', { name: `Copy the line: ${name}` }).click();
          await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/openssl|AESGCM/);
          const line = await page.evaluate(() => navigator.clipboard.readText());
          if (!isThere) console.warn(`SKIPPED: ${name}, it is not there`);
          else {
            const printed = execFileSync('bash', ['-c', line], { encoding: 'utf8' }).replace(/\s/g, '');
            expect(printed, name).toContain(Buffer.from('RFC 3884 in real life').toString('hex'));
          }
        }
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });

  test('the packet moves along the picture, and turns from IP to ESP and back', async () => {
    await on(
      async (page) => {
        const packet = page.locator('.packet');
        const middle = async (place: Locator) => {
          const box = (await place.boundingBox())!;
          return box.x + box.width / 2;
        };
        const places: number[] = [];
        for (const [name, text] of [['Arrive', 'IP'], ['Wire', 'ESP'], ['Hop', 'ESP'], ['Find', 'ESP'], ['Decapsulate', 'IP']] as const) {
          const chip = name === 'Find' ? step(page, 'SAD') : step(page, name);
          await (name === 'Hop' ? page.locator('.leg').nth(2).getByRole('button', { name }) : chip.first()).click();
          await expect.poll(() => packet.textContent()).toContain(text);
          places.push(await middle(packet));
        }
        expect(places).toEqual([...places].sort((one, other) => one - other));
        expect(new Set(places.map(Math.round)).size).toBe(4);
        const [a, b] = [page.locator('.station').filter({ hasText: 'Gateway A' }), page.locator('.station').filter({ hasText: 'Gateway B' })];
        expect(places[0]).toBeCloseTo(await middle(a), 0);
        expect(places[4]).toBeCloseTo(await middle(b), 0);
      },
      { reducedMotion: 'reduce' },
    );
  });

  test('layers lie inside each other, and have the colours of their bytes', async () => {
    await on(async (page) => {
      await step(page, 'Encapsulate').first().click();
      const layers = page.locator('.layers li');
      expect((await layers.locator('strong').allTextContents()).slice(0, 3)).toEqual(['IPv4', 'IPv4', 'ICMP']);
      const left = await layers.evaluateAll((all) => all.map((layer) => layer.getBoundingClientRect().left));
      expect(left[1]).toBeGreaterThan(left[0]!);
      expect(left[2]).toBeGreaterThan(left[1]!);
      const colour = (place: Locator) => place.evaluate((element) => getComputedStyle(element).backgroundColor);
      // Outer header, inner header, ICMP: 20 bytes each but the last (RFC 791 section 3.1).
      for (const [layer, byte] of [[0, 0], [0, 19], [1, 20], [1, 39], [2, 40]] as const) {
        expect(await colour(page.locator('.hex button').nth(byte)), String(byte)).toBe(await colour(layers.nth(layer).locator('.layer')));
      }
      expect(new Set(await Promise.all([0, 20, 40].map((byte) => colour(page.locator('.hex button').nth(byte))))).size).toBe(3);
    });
  });

  test.each([
    ['Flip a bit', 'bad-icv'],
    ['Replay', 'replayed'],
    ['Reorder', 'left-of-window'],
    ['Truncate', 'truncated'],
    ['Wrong key', 'bad-icv'],
    ['Cut the MTU', 'packet-too-big'],
    ['Mark CE', 'ecn-congestion-lost'],
    ['Expire the SA', 'sa-expired'],
    ['Spoof in clear', 'unprotected'],
  ])('%s ends with %s, and is made to pass again', async (name, reason) => {
    await on(async (page) => {
      await button(page, name).click();
      const stop = page.locator('article.stopped');
      await stop.getByText(reason, { exact: true }).waitFor();
      await stop.getByText('What to check').waitFor();
      // Counted under a code, by a clause of an RFC.
      expect(await stop.locator('dd').last().textContent()).toMatch(/code 0x[0-9a-f]+/);
      expect(await stop.getByRole('link').first().getAttribute('href')).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+/);
      if (name === 'Replay') await picture(page, '5-replayed');
      await button(page, 'Make it pass').click();
      await page.getByText('on its way to the host').waitFor();
      await page.getByRole('status').getByText('It passes').waitFor();
      if (name === 'Reorder') await picture(page, '5-made-to-pass');
      await button(page, 'Break it again').click();
      await stop.getByText(reason, { exact: true }).waitFor();
    });
  });

  test('the size ladder adds up, and the MTU decides', async () => {
    await on(async (page) => {
      const ladder = page.getByRole('region', { name: 'Size ladder' });
      const rungs = await ladder.locator('.key').allTextContents();
      const sum = rungs.reduce((total, bytes) => total + Number(bytes), 0);
      await ladder.getByText(`49 bytes in, ${sum} on the wire`).waitFor();
      await ladder.getByLabel(/MTU/).fill('90');
      await page.getByText('dropped: packet-too-big').waitFor();
      await ladder.getByLabel(/Bytes behind/).fill('4');
      await page.getByText('on its way to the host').waitFor();
    });
  });

  test('a wrong document, address or packet says where, and what was there stays', async () => {
    await on(async (page) => {
      const steps = await page.locator('[data-step]').count();
      await page.getByText('The documents of the nodes').click();
      const editor = page.getByLabel('Document of Gateway A');
      const text = await editor.inputValue();
      await editor.fill(text.replace('side = "protected"', 'side = "inside"'));
      await page.locator('details').getByText('Line 11, column 8').waitFor();
      expect(await page.locator('.wrong').count()).toBe(1);
      expect(await page.locator('.numbers .bad').textContent()).toBe('11');
      await picture(page, '9-fault');
      expect(await page.locator('[data-step]').count()).toBe(steps);
      await editor.fill(text.replace('10.2.0.0/16"\nlink', '10.3.0.0/16"\nlink'));
      await page.getByText('dropped: no-route').waitFor();
      await button(page, 'dropped: no-route').click();
      await button(page, 'Make it pass').click();
      await page.getByText('gets a route: 10.2.0.5/32 by to-b').waitFor();
      await expect.poll(() => editor.inputValue()).toContain('prefix = "10.2.0.5/32"');
      await button(page, 'As at first').click();
      await page.getByLabel('or a packet').fill('45 0g');
      await page.getByLabel('or a packet').press('Enter');
      await page.getByText('at place 5 is not a hexadecimal digit').waitFor();
      expect(await page.locator('[data-step]').count()).toBe(steps);
    });
  });

  test('tunnel mode has the same bytes on the wire', async () => {
    await on(async (page) => {
      await step(page, 'Wire').first().click();
      const before = await page.locator('.hex').textContent();
      await page.getByLabel('Compare with').selectOption('tunnel-mode');
      await page.getByText('✓ the same bytes on the wire').waitFor();
      await picture(page, '9-two-walks');
      await page.getByLabel('Compare with').selectOption('');
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await step(page, 'Wire').first().click();
      expect(await page.locator('.hex').textContent()).toBe(before);
    });
  });

  test('a gateway that sends itself selects a source, of the wrong network in tunnel mode', async () => {
    await on(async (page) => {
      await page.getByLabel('Sent by').selectOption('own');
      await page.getByText('an address of the network vn').waitFor();
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await page.getByText('an address of the network base').waitFor();
    });
  });

  test('a node opens its tables, by keys and by a click', async () => {
    await on(async (page) => {
      await page.getByRole('button', { name: 'Tables of Router' }).click();
      await page.getByRole('region', { name: 'Tables of Router' }).waitFor();
      await page.getByRole('button', { name: 'Tables of Gateway A' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Tables of Gateway A' }).getByText('10.2.0.0/16 by to-b').waitFor();
    });
  });
});

describe('a network', () => {
  test('moves packets to the other link, where virtual links are interfaces', async () => {
    await on(
      async (page) => {
        await view(page, 'Network');
        await page.getByText('by A – B – D – Y').nth(1).waitFor();
        await page.getByLabel('Time').fill('20');
        await page.getByText('by A – C – D – Y').waitFor();
        await page.getByText(/lost on the wire|dropped/).first().waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('heading', { level: 1 }).click();
        await page.keyboard.press('End');
        await picture(page, '3-route-flip');
      },
      { reducedMotion: 'reduce' },
    );
  });

  test('a wire is cut by hand, and routing finds another way', async () => {
    await on(async (page) => {
      await view(page, 'Network');
      await page.getByLabel('Time').fill('6');
      await page.getByRole('button', { name: 'Wire b-d, up: cut it' }).first().click();
      await page.getByLabel('Time').fill('14');
      await page.getByText('by A – C – D – Y').waitFor();
      await button(page, 'Undo').click();
      await page.getByText('by A – B – D – Y').first().waitFor();
    });
  });

  test('every scenario that comes with the core is drawn', async () => {
    await on(async (page) => {
      await view(page, 'Network');
      const scenarios = page.getByLabel('Scenario').first();
      const names = await scenarios.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
      expect(names.length).toBe(13);
      for (const name of names) {
        await scenarios.selectOption(name);
        expect(await page.locator('.station.node').count(), name).toBeGreaterThan(1);
        expect(await page.locator('[data-step]').count(), name).toBeGreaterThan(3);
      }
    });
  });
});

test('the replay window tells a replay, an old packet and a forgery apart', async () => {
  await on(async (page) => {
    await view(page, 'Replay window');
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.getByRole('button', { name: /^Deliver number 3 / }).click();
    await page.locator('.packets').getByText('repeated').waitFor();
    await button(page, 'Across 2³², with extended numbers').click();
    await page.getByRole('button', { name: `Deliver number ${2 ** 32 + 2}` }).click();
    await page.locator('.packets').getByText('accepted').waitFor();
    await button(page, 'Forge a new number').click();
    await page.getByText(/Forged number/).waitFor();
    await page.getByText('whoever has no key').waitFor();
    await button(page, 'Seal 100, deliver the last').click();
    await button(page, 'Deliver the first, too late').click();
    await page.locator('.packets').getByText('too old').waitFor();
    await page.getByRole('region', { name: 'Extended sequence numbers' }).getByText('the low half begins anew', { exact: false }).last().waitFor();
    await picture(page, '7-window');
  });
});

test('the tour has eight pages, each with something live', async () => {
  await on(async (page) => {
    await view(page, 'Tour');
    for (let number = 1; number <= 8; number += 1) {
      await page.getByText(`${number} of 8`).waitFor();
      expect(await page.locator('[data-step]').count(), String(number)).toBeGreaterThan(2);
      for (const change of await page.getByRole('region', { name: 'Tour' }).getByRole('button').all()) {
        if (/^(Before|Next|Page \d.*)$/.test((await change.textContent())!.trim())) continue;
        await change.click();
        await page.locator('[data-step][aria-current]').waitFor();
      }
      if (number < 8) await button(page, 'Next').click();
    }
  });
});

describe('a link', () => {
  test('holds the whole state', async () => {
    await on(async (page) => {
      await button(page, 'Replay').click();
      await page.getByLabel('Arrangement').selectOption('tunnel-mode');
      await step(page, 'Seal').click();
      // The address follows, and is the link that is handed out.
      await button(page, 'Share').click();
      await page.getByRole('dialog').waitFor();
      const url = await page.getByLabel('A link').inputValue();
      await button(page, 'Close').click();
      await expect.poll(() => page.url()).toBe(url);
      const place = await page.getByText(/^step \d+ of/).textContent();
      const other = await here.browser.newPage();
      await other.goto(url);
      await ready(other);
      await expect.poll(() => other.getByText(/^step \d+ of/).textContent()).toBe(place);
      expect(await other.getByLabel('Arrangement').inputValue()).toBe('tunnel-mode');
      await other.close();
    });
  });

  test('that is broken says so, and the page works', async () => {
    await on(
      async (page) => {
        await page.getByText('it may have been cut off').waitFor();
        await page.getByText('The packet arrives by lan').waitFor();
      },
      {},
      '#1.nonsense',
    );
  });
});
