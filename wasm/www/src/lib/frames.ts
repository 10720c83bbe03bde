// A journey as a row of frames: what the timeline steps through.
import type { Journey, Leg } from './core';
import type { Change, EspReport, Layer, Lookup, Outcome, WindowReport } from '../schema/walkthrough';

export interface Frame {
  kind: 'step' | 'wire' | 'end' | 'received';
  /** The leg of the journey, and the station or wire that it is about. */
  leg: number;
  place: string;
  stage: string;
  title: string;
  clause: string;
  network: string;
  time: number;
  notes: string[];
  packet: string;
  layers: Layer[];
  changes: Change[];
  removed: [number, number][];
  lookup?: Lookup;
  esp?: EspReport;
  window?: WindowReport;
  outcome?: Outcome;
  /** For a wire: who sent it. */
  from?: string;
  /** Whether the packet's way ends here, against the sender's wish. */
  stopped: boolean;
}

/** What people call the kinds of steps. */
export const STAGES: Record<string, string> = {
  arrive: 'Arrive',
  reassemble: 'Reassemble',
  route: 'Route',
  hop: 'Hop',
  policy: 'SPD',
  'choose-sa': 'SA',
  encapsulate: 'Encapsulate',
  seal: 'Seal',
  'find-sa': 'SAD',
  open: 'Open',
  restore: 'Restore',
  selectors: 'Selectors',
  'find-tunnel': 'Tunnel',
  decapsulate: 'Decapsulate',
  demand: 'Demand',
  firewall: 'Firewall',
  wire: 'Wire',
  end: 'Verdict',
  received: 'Received',
};

const LOSSES: Record<string, string> = {
  random: 'The wire loses it by chance',
  'queue-full': 'Too many packets wait for the slow wire',
  'too-big': 'It is larger than the wire takes',
  'wire-down': 'The wire is cut',
  'no-neighbour': 'Nobody on the wire has the next hop’s address',
};

export function frames(journey: Journey): Frame[] {
  return journey.legs.flatMap((leg, number) => ofLeg(leg, number));
}

function ofLeg(leg: Leg, number: number): Frame[] {
  const nothing = { notes: [], changes: [], removed: [], stopped: false, network: '', clause: '' };
  if (leg.leg === 'wire') {
    const lost = leg.lost ? (LOSSES[leg.lost] ?? leg.lost) : undefined;
    return [
      {
        ...nothing,
        kind: 'wire',
        leg: number,
        place: leg.wire,
        from: leg.from,
        stage: 'wire',
        title: lost ? `${lost}: the packet is lost` : `On the wire from ${leg.from} to ${leg.to}`,
        time: leg.time,
        notes: leg.notes ?? [],
        packet: leg.packet,
        layers: leg.layers,
        changes: leg.changes ?? [],
        stopped: lost !== undefined,
      },
    ];
  }
  if (leg.leg === 'received') {
    return [
      {
        ...nothing,
        kind: 'received',
        leg: number,
        place: leg.station,
        stage: 'received',
        title: leg.expected
          ? `${leg.station} receives the packet`
          : `${leg.station} receives a packet that is for somebody else`,
        time: leg.time,
        packet: leg.packet,
        layers: leg.layers,
        stopped: !leg.expected,
      },
    ];
  }
  const steps: Frame[] = leg.walkthrough.steps.map((step) => ({
    kind: 'step',
    leg: number,
    place: leg.station,
    stage: step.stage,
    title: step.title,
    clause: step.clause,
    network: step.network,
    time: leg.time,
    notes: step.notes ?? [],
    packet: step.packet,
    layers: step.layers,
    changes: step.changes ?? [],
    removed: (step.removed ?? []) as [number, number][],
    lookup: step.lookup ?? undefined,
    esp: step.esp ?? undefined,
    window: step.window ?? undefined,
    stopped: false,
  }));
  const outcome = leg.walkthrough.outcome;
  const last = steps.at(-1);
  if (outcome && last) {
    steps.push({
      ...last,
      kind: 'end',
      stage: 'end',
      title: verdict(leg.station, outcome),
      clause: outcome.verdict === 'drop' ? outcome.clause : '',
      notes: [],
      changes: [],
      removed: [],
      lookup: undefined,
      esp: undefined,
      window: undefined,
      outcome,
      stopped: outcome.verdict === 'drop',
    });
  }
  return steps;
}

function verdict(station: string, outcome: Outcome): string {
  switch (outcome.verdict) {
    case 'transmit':
      return `${station} sends it out of ${outcome.link} to ${outcome['next-hop']}`;
    case 'deliver':
      return `The packet is for ${station} itself`;
    case 'hold':
      return `${station} keeps the fragment until the others are there`;
    case 'drop':
      return `${station} drops the packet: ${outcome.reason}`;
  }
}

/** What became of a journey, in a few words. */
export function fate(all: Frame[]): { text: string; good: boolean } {
  const last = all.at(-1);
  if (!last) return { text: 'no packet', good: false };
  if (last.kind === 'received') return { text: last.stopped ? 'misdelivered' : 'delivered', good: !last.stopped };
  if (last.kind === 'wire') return { text: 'lost on the wire', good: false };
  switch (last.outcome?.verdict) {
    case 'transmit':
      return { text: 'on its way to the host', good: true };
    case 'deliver':
      return { text: 'delivered', good: true };
    case 'drop':
      return { text: `dropped: ${last.outcome.reason}`, good: false };
    default:
      return { text: 'held', good: false };
  }
}
