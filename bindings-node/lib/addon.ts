// The module of Rust.
import type * as Native from './native';

export const addon: typeof Native = load();

function load(): typeof Native {
  try {
    return require('../iiptran.node') as typeof Native;
  } catch (cause) {
    const machine = `${process.platform} ${process.arch}`;
    throw new Error(`there is no iiptran.node for ${machine}; build it: npm run build (needs Rust)`, { cause });
  }
}
