import { svelteTesting } from '@testing-library/svelte/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The module is asked for at once, not when the scripts have come that need it. */
const early: Plugin = {
  name: 'early-module',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => ({ tag: 'link', injectTo: 'head-prepend', attrs: { rel: 'preload', as: 'fetch', type: 'application/wasm', crossorigin: '', href: `./${name}` } })),
  },
};

export default defineConfig({
  base: './',
  plugins: [svelte(), svelteTesting(), early],
  // The module is a file of its own, so that a browser compiles it while it comes.
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { fs: { allow: ['..'] } },
  test: { include: ['src/**/*.test.ts'] },
});
