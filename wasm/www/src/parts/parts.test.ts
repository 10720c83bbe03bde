// @vitest-environment happy-dom
// The components by themselves.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Frame } from '../lib/frames';
import type { Schema } from '../lib/completion';
import Clause from './Clause.svelte';
import Bytes from './Bytes.svelte';
import Diff from './Diff.svelte';
import Editor from './Editor.svelte';
import History from './History.svelte';
import Palette from './Palette.svelte';
import Picture from './Picture.svelte';
import Step from './Step.svelte';
import Tables from './Tables.svelte';
import Timeline from './Timeline.svelte';
import Window from './Window.svelte';

afterEach(cleanup);

const frame = (change: Partial<Frame> = {}): Frame => ({
  kind: 'step', leg: 0, place: 'A', stage: 'route', title: 'A route', clause: 'RFC 4301 section 5.2', network: 'vn', time: 0,
  notes: [], packet: '4500', layers: [], changes: [], removed: [], stopped: false, ...change,
});
const ttl = { name: 'TTL', value: '64', start: 1, end: 2, setting: 'outer.ttl' };
const withField = frame({
  layers: [{ name: 'IPv4', start: 0, end: 2, clause: 'RFC 791 section 3.1', fields: [ttl] }],
  changes: [{ start: 1, end: 2, before: '3f' }],
});

test('a byte tells its field, its clause, its old value and the line that decided it', async () => {
  const onfield = vi.fn();
  const { container } = render(Bytes, { frame: withField, lines: () => 7, onfield });
  await fireEvent.click(container.querySelectorAll('.hex button')[1]!);
  const told = container.querySelector('.told')!;
  expect(told.textContent).toMatch(/IPv4 TTL.*64.*RFC 791 section 3\.1.*before: 3f.*outer\.ttl in line 7/s);
  await fireEvent.click(screen.getByText(/decided by/));
  expect(onfield).toHaveBeenCalledWith(ttl);
});

test('fields of a line of the document are marked in the bytes', () => {
  const { container } = render(Bytes, { frame: withField, chosenFields: [ttl] });
  expect([...container.querySelectorAll('.hex .line')].map((byte) => byte.textContent)).toEqual(['00']);
});

test('a drop is told with reason, clause, what to check, and a way out', async () => {
  const onfix = vi.fn();
  const outcome = { verdict: 'drop', reason: 'bad-icv', code: 0x52, clause: 'RFC 4303', meaning: 'It is wrong.', check: 'Compare keys.', stage: 'open' } as const;
  const { container } = render(Step, { frame: frame({ kind: 'end', stopped: true, outcome }), wire: '', keys: [], onfix });
  expect(container.textContent).toMatch(/bad-icv.*0x52/s);
  expect(container.textContent).toContain('Compare keys.');
  await fireEvent.click(screen.getByText('Make it pass'));
  expect(onfix).toHaveBeenCalledOnce();
});

test('of a table, the entry taken and those refused are told in words', () => {
  const lookup = { table: 'SPD', key: 'a packet', others: 3, candidates: [{ entry: 'ike', matches: false, why: 'not UDP' }, { entry: 'to-b', matches: true, why: 'all selectors match' }] };
  const { container } = render(Step, { frame: frame({ lookup }), wire: '', keys: [] });
  expect(container.textContent).toMatch(/not taken: *not UDP/);
  expect(container.textContent).toMatch(/taken: *all selectors match/);
  expect(container.textContent).toContain('and 3 more');
});

test('a step of the timeline is picked, and a stop has a sign besides its colour', async () => {
  Element.prototype.scrollTo ??= () => {};
  const onpick = vi.fn();
  render(Timeline, { frames: [frame(), frame({ stage: 'end', stopped: true })], at: 0, onpick });
  const stop = screen.getByText(/Verdict/).closest('button')!;
  expect(stop.textContent).toContain('✕');
  await fireEvent.click(stop);
  expect(onpick).toHaveBeenCalledWith(1);
});

const topology = {
  stations: [{ name: 'A', kind: 'node' as const }, { name: 'B', kind: 'node' as const }],
  wires: [{ name: 'a-b', ends: ['A', 'B'] }],
  virtual: [{ name: 'link-1', ends: ['A', 'B'] as [string, string], network: 'vn' }],
};

test('in the picture wires are cut and nodes opened by keys too, and what is down says so', async () => {
  const [onwire, onnode] = [vi.fn(), vi.fn()];
  render(Picture, { topology, frames: [frame()], at: 0, label: 'net', cut: ['a-b'], down: ['link-1'], onwire, onnode });
  expect(screen.getByText(/link-1 down/)).toBeTruthy();
  await fireEvent.keyDown(screen.getByRole('button', { name: 'Wire a-b, cut: mend it' }), { key: 'Enter' });
  await fireEvent.keyDown(screen.getByRole('button', { name: 'Tables of B' }), { key: 'Enter' });
  expect(onwire).toHaveBeenCalledWith('a-b');
  expect(onnode).toHaveBeenCalledWith('B');
});

test('a node shows its forwarding table when one comes to it', async () => {
  const hints = { A: { title: 'A', lists: [{ name: 'Routes in vn', entries: ['10.2.0.0/16 by to-b'] }] } };
  render(Picture, { topology, frames: [], at: 0, label: 'net', hints, onnode: () => {} });
  await fireEvent.focus(screen.getByRole('button', { name: 'Tables of A' }));
  expect(screen.getByText('10.2.0.0/16 by to-b')).toBeTruthy();
});

test('the editor offers what the schema allows, and takes it by keys', async () => {
  const schema = { properties: { side: { enum: ['protected', 'unprotected'], description: 'On which side.' } } } as Schema;
  const onchange = vi.fn();
  const { container } = render(Editor, { text: 'side = "pro', label: 'Document', schema: async () => schema, onchange });
  const area = container.querySelector('textarea')!;
  area.setSelectionRange(11, 11);
  await fireEvent.keyDown(area, { key: ' ', ctrlKey: true });
  const options = await screen.findAllByRole('option');
  expect(options.map((option) => option.querySelector('code')!.textContent)).toEqual(['protected', 'unprotected']);
  await fireEvent.keyDown(area, { key: 'Enter' });
  expect(onchange).toHaveBeenCalledWith('side = "protected');
  await Promise.resolve();
  expect(screen.queryByRole('listbox')).toBeNull();
});

test('a fault is at its line, and leads to its place', async () => {
  const fault = { message: '', part: '', cause: 'unknown word', line: 2, column: 3 };
  const { container } = render(Editor, { text: 'a\nb cd\nc', label: 'Document', fault, onchange: () => {} });
  expect(container.querySelector('.numbers .bad')?.textContent).toBe('2');
  expect(screen.getByRole('alert').textContent).toMatch(/Line 2, column 3.*unknown word/s);
  await fireEvent.click(screen.getByText('Line 2, column 3'));
  const area = container.querySelector('textarea')!;
  expect(area.value.slice(area.selectionStart)).toBe('cd\nc');
});

test('a history says for how long nothing arrives', () => {
  const part = (until: number, delivered: number) => ({ until: until * 1e9, sent: 10, delivered });
  render(History, { parts: [part(1, 10), part(2, 0), part(3, 0), part(4, 10)], at: 1, onpick: () => {} });
  expect(screen.getByText('The whole run: 20 of 40 arrive; none from 1.0 s to 3.0 s.')).toBeTruthy();
});

test('an address is changed, and a virtual link drawn, in the tables of a node', async () => {
  const [onaddress, onconnect] = [vi.fn(), vi.fn()];
  const station = { name: 'A', tables: { arrangement: 'iiptran', down: [], networks: [] } };
  render(Tables, { station, addresses: [{ link: 'x', address: '10.1.0.1/24' }], nodes: ['D'], onaddress, onconnect });
  await fireEvent.change(screen.getByLabelText('x'), { target: { value: '10.1.0.9/24' } });
  expect(onaddress).toHaveBeenCalledWith('10.1.0.1/24', '10.1.0.9/24');
  await fireEvent.change(screen.getByLabelText(/New virtual link/), { target: { value: 'D' } });
  expect(onconnect).toHaveBeenCalledWith('D');
});

test('two walks that differ say where, for eyes and for ears', () => {
  const { container } = render(Diff, { left: [frame(), frame({ stage: 'seal' })], right: [frame({ packet: '4600' })], names: ['one', 'other'] });
  expect(container.textContent).toContain('2 of 2 steps differ');
  expect(container.textContent).toMatch(/different.*1 byte/s);
  expect(container.textContent).toContain('only on the left');
});

test('the palette has the nine mishaps, and those that a view can do', async () => {
  const onbreak = vi.fn();
  render(Palette, { has: (mishap) => mishap === 'replay', onbreak });
  expect(screen.getAllByRole('button')).toHaveLength(9);
  expect(screen.getByText('Replay').getAttribute('aria-pressed')).toBe('true');
  await fireEvent.click(screen.getByText('Mark CE'));
  expect(onbreak).toHaveBeenCalledWith({ mishap: 'mark-ce' });
  cleanup();
  render(Palette, { kinds: ['flip'], has: () => false, onbreak });
  expect(screen.getAllByRole('button')).toHaveLength(1);
});

test('a window is told in words as well as drawn', () => {
  const { container } = render(Window, { window: { size: 64, top: 7, received: [5, 7] } });
  expect(container.querySelector('[role="img"]')!.getAttribute('aria-label')).toContain('5, 7');
  expect(container.querySelectorAll('.received')).toHaveLength(2);
});

test('a clause leads to its section, the first of several', () => {
  const href = (clause: string) => {
    const { container, unmount } = render(Clause, { clause });
    const found = container.querySelector('a')?.getAttribute('href');
    unmount();
    return found;
  };
  const rfc = 'https://www.rfc-editor.org/rfc/rfc3884';
  expect(href('RFC 3884 section 4.2.3.2')).toBe(`${rfc}#section-4.2.3.2`);
  expect(href('RFC 3884 sections 2.3 and 3.2')).toBe(`${rfc}#section-2.3`);
  expect(href('RFC 3884')).toBe(rfc);
  expect(href('measured')).toBeUndefined();
});
