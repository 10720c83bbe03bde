// The module that makes the calls of the behaviour vectors, under Node and in a browser.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch, serve } from './browser';

const CALLS = new URL('../../../target/wasm/calls/', import.meta.url).pathname;
const MODULE = 'iiptran_calls';

export interface Module {
  default: (options?: { module_or_path: Uint8Array | string }) => Promise<unknown>;
  Calls: new () => { call(step: string): string; free(): void };
}

export async function underNode(): Promise<Module> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(`${CALLS}${MODULE}.js`).href)) as Module;
  await module.default({ module_or_path: readFileSync(`${CALLS}${MODULE}_bg.wasm`) });
  return module;
}

/** Sends a function to a browser, so that it may name nothing outside itself, and tells what it gives for each input. */
export async function inBrowser<I, O>(inputs: I[], run: (module: Module, input: I) => O): Promise<O[]> {
  const server = await serve({ folder: CALLS });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}${MODULE}.js`);
    const outputs: O[] = [];
    for (const input of inputs) {
      const script = `(async () => {
        const module = await import('./${MODULE}.js');
        await module.default({ module_or_path: '${MODULE}_bg.wasm' });
        return (${run.toString()})(module, ${JSON.stringify(input)});
      })()`;
      outputs.push(await page.evaluate(script));
    }
    return outputs;
  } finally {
    await browser.close();
    server.close();
  }
}
