// The view of a capture: what was opened with which keys, and the walk of one of its packets.
import { Captures, type CaptureReport, type CaptureWalk, type Row } from './capture';
import { Breakdown } from './core';
import { frames } from './frames';
import { pack } from './link';
import { player } from './player.svelte';
import { LANGUAGES, type Language } from './snippets';

/** What goes into a link, besides the bytes of a file. */
export interface CaptureState {
  /** The name of the file. */
  name: string;
  /** Bytes of the file; 0 if the packets are in `hex`. */
  size: number;
  hex: string;
  keys: string;
  /** Whether it was opened, or only written down. */
  opened: boolean;
  /** The packet that is walked, from 1; 0 for none. */
  chosen: number;
  language: string;
}

interface File {
  name: string;
  bytes: Uint8Array;
}

/** How many rows of the list are asked for. */
export const ROWS = 24;

/** Where an error of the worker is no mistake of the program's own, what it says. */
function told(error: unknown): string {
  if (error instanceof Breakdown || (error instanceof Error && error.name !== 'Error')) throw error;
  return error instanceof Error ? error.message : String(error);
}

export class CaptureView {
  keys = $state('');
  hex = $state('');
  file: File | undefined = $state.raw();
  report: CaptureReport | undefined = $state.raw();
  rows: Row[] = $state.raw([]);
  walk: CaptureWalk | undefined = $state.raw();
  /** The packet that is walked, from 1; 0 for none. */
  chosen = $state(0);
  language = $state<Language>('python');
  wrong = $state('');
  busy = $state(false);
  /** The keys that the capture had in its comment. */
  found = $state('');
  frames = $derived(this.walk ? frames(this.walk.journey) : []);
  /** What was opened: what is written now may be something else. */
  #opened: { file?: File; hex: string; keys: string } | undefined = $state.raw();
  #packed: Promise<string | undefined> | undefined;
  #captures = new Captures();

  state: CaptureState = $derived.by(() => {
    const { file, hex, keys } = this.#opened ?? { hex: this.hex, keys: this.keys };
    const opened = this.#opened !== undefined;
    return { name: file?.name ?? '', size: file?.bytes.length ?? 0, hex, keys, opened, chosen: this.chosen, language: this.language };
  });

  /** The file of the capture as a part of a link; undefined if there is none, or if it is too large. */
  async packed(): Promise<string | undefined> {
    const file = this.#opened?.file;
    return file && (this.#packed ??= pack(file.bytes));
  }

  /** Does what may be wrong; then what was there before stays. */
  async #attempt(work: () => Promise<void>) {
    this.busy = true;
    try {
      await work();
      this.wrong = '';
    } catch (error) {
      this.wrong = told(error);
    } finally {
      this.busy = false;
    }
  }

  open() {
    return this.#attempt(async () => {
      const { file, hex, keys } = this;
      this.#take(await ask(this.#captures, file, hex, keys), { file, hex: file ? '' : hex, keys });
      await this.scroll(0);
    });
  }

  #take(report: CaptureReport, opened: { file?: File; hex: string; keys: string }) {
    this.report = report;
    this.#opened = opened;
    this.#packed = undefined;
    this.walk = undefined;
    this.chosen = 0;
  }

  /** The rows from one on, from 0. */
  async scroll(first: number) {
    this.rows = await this.#captures.rows(first, ROWS);
  }

  pick(number: number) {
    return this.#attempt(async () => {
      this.#show(await this.#captures.walk(number - 1), number);
      player.pause();
      player.go(0);
    });
  }

  #show(walk: CaptureWalk, number: number) {
    this.walk = walk;
    this.chosen = number;
    player.follow(this.frames.length);
  }

  async take(list: FileList | null | undefined) {
    let given = false;
    let file: File | undefined;
    for (const item of list ?? []) {
      const bytes = new Uint8Array(await item.arrayBuffer());
      // A text is keys, whatever its name.
      const isText = bytes.length < 1_000_000 && bytes.subarray(0, 4096).every((byte) => byte >= 32 || [9, 10, 13].includes(byte));
      if (isText) {
        this.keys = new TextDecoder().decode(bytes);
        given = true;
      } else file = { name: item.name, bytes };
    }
    this.file = file ?? this.file;
    if (!this.file) return;
    const { name, bytes } = this.file;
    // Keys that come with the capture; those that somebody gave stay.
    if (!given && (this.keys.trim() === '' || this.keys === this.found)) {
      await this.#attempt(async () => {
        const within = await this.#captures.keysIn(name, bytes);
        if (within !== undefined) this.keys = this.found = within;
      });
    }
    await this.open();
  }

  /** The capture as pcapng, with its keys. */
  export(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#captures.export(this.#opened?.keys ?? '');
  }

  /** What a link holds. What can't be opened leaves what was there, and is thrown. */
  async restore(saved: Partial<CaptureState>, bytes: Uint8Array | undefined) {
    const { name = 'capture', hex = '', keys = '', opened = false, chosen = 0, language = '' } = saved;
    const file = bytes && { name, bytes };
    const captures = new Captures();
    try {
      const report = opened ? await ask(captures, file, hex, keys) : undefined;
      const walk = report && chosen > 0 ? await captures.walk(chosen - 1) : undefined;
      const rows = report ? await captures.rows(Math.max(0, chosen - 5), ROWS) : [];
      this.#captures.close();
      this.#captures = captures;
      Object.assign(this, { file, hex, keys, found: '', wrong: '', rows, report });
      this.#opened = undefined;
      if (report) this.#take(report, { file, hex, keys });
      if (walk) this.#show(walk, chosen);
      this.language = language in LANGUAGES ? (language as Language) : 'python';
    } catch (error) {
      captures.close();
      throw new Error(`The capture of the link can’t be opened: ${told(error).replace(/\.$/, '')}.`);
    }
  }
}

const ask = (captures: Captures, file: File | undefined, hex: string, keys: string) =>
  file ? captures.open(file.name, file.bytes, keys) : captures.open('packets', new Uint8Array(), keys, hex);
