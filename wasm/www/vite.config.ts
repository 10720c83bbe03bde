import { svelteTesting } from '@testing-library/svelte/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { atFirst, between, request } from './src/lib/request.ts';

/** The module is asked for at once, not when the scripts have come that need it; but behind the script, which shows the
 *  first walk. */
const early: Plugin = {
  name: 'early-module',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => ({ tag: 'link', injectTo: 'head', attrs: { rel: 'preload', as: 'fetch', fetchpriority: 'low', type: 'application/wasm', crossorigin: '', href: `./${name}` } })),
  },
};

/** The walk that the page begins with, asked of the same core by the build: the page shows it while the browser
 *  still compiles the core. */
const firstWalk: Plugin = {
  name: 'first-walk',
  resolveId: (id) => (id === 'virtual:first-walk' ? `\0${id}` : undefined),
  async load(id) {
    if (id !== '\0virtual:first-walk') return undefined;
    const folder = new URL('../package/', import.meta.url);
    const core = await import(new URL('iiptran_wasm.js', folder).href);
    core.initSync({ module: readFileSync(new URL('iiptran_wasm_bg.wasm', folder)) });
    const router = readFileSync(new URL('src/lib/router.toml', import.meta.url), 'utf8');
    const documents = between(core.gateways(), router);
    const report = core.walk(JSON.stringify(request(atFirst(documents))));
    const schema = JSON.parse(readFileSync(new URL('../../core/schema/node.json', import.meta.url), 'utf8'));
    const words: { const: string; description: string }[] = schema.$defs.ArrangementName.oneOf;
    const arrangements = Object.fromEntries(words.map(({ const: word, description }) => [word, description]));
    // As a string it is read faster than as a program.
    return `export default JSON.parse(${JSON.stringify(JSON.stringify({ documents, report, arrangements }))});`;
  },
};

export default defineConfig({
  base: './',
  plugins: [svelte(), svelteTesting(), early, firstWalk],
  // The module is a file of its own, so that a browser compiles it while it comes.
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { fs: { allow: ['..'] } },
  test: { include: ['src/**/*.test.ts'] },
});
