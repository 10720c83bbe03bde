// A capture is read and walked where it does not block the page.
import * as wasm from '../../../package/iiptran_wasm.js';
import { isBreakdown, load, reportOf } from './core';
import type { Answer, Question } from './capture';

const ready = load();
let capture: wasm.Capture | undefined;

function answer({ ask }: Question): unknown {
  if (ask.kind === 'keys') return wasm.Capture.keysIn(ask.name, ask.bytes);
  if (ask.kind === 'open') {
    // What is wrong with another capture leaves this one as it is.
    const next = ask.hex === undefined ? new wasm.Capture(ask.name, ask.bytes, ask.keys) : wasm.Capture.fromHex(ask.hex, ask.keys);
    capture?.free();
    capture = next;
    return capture.report();
  }
  if (!capture) throw new Error('no capture is open');
  switch (ask.kind) {
    case 'rows':
      return capture.rows(ask.from, ask.count);
    case 'walk':
      return capture.walk(ask.place);
    case 'export':
      return capture.pcapng(ask.comment);
  }
}

onmessage = async ({ data }: MessageEvent<Question>) => {
  await ready;
  let reply: Answer;
  try {
    reply = { number: data.number, value: answer(data) };
  } catch (error) {
    if (isBreakdown(error)) reply = { number: data.number, broken: reportOf(error) };
    else reply = { number: data.number, wrong: error instanceof Error ? error.message : String(error) };
  }
  postMessage(reply);
};
