// RFC 3884 in eight pages, each on top of a live view.
import type { NetworkState } from './network.svelte';
import type { WalkState } from './walk.svelte';

/** Something to try on a page. */
export interface Try {
  label: string;
  network?: Partial<NetworkState>;
  walk?: Partial<WalkState>;
  /** The kind of step to go to; `end` for the last. */
  stage?: string;
}

export interface TourPage {
  title: string;
  text: string[];
  clause: string;
  network?: Partial<NetworkState>;
  walk?: Partial<WalkState>;
  /** The kind of step that is shown first. */
  stage?: string;
  tries?: Try[];
}

const side = ['iiptran', 'tunnel-mode'];

export const TOUR: TourPage[] = [
  {
    title: 'Transport mode: two hosts',
    text: [
      'Two hosts protect what they say to each other. ESP goes behind the packet’s own IP header; the header stays, so routers in between need to know nothing.',
      'Watch the ESP header appear at A. The keys and counters for it are a security association, SA for short. Its ends are the packet’s ends, so it serves these two hosts and nobody else.',
    ],
    clause: 'RFC 3884 section 2.1',
    network: { scenario: 'figure-1', arrangements: ['transport'], at: 0.5 },
    stage: 'seal',
    tries: [
      { label: 'Before ESP', network: {}, stage: 'policy' },
      { label: 'With ESP', network: {}, stage: 'seal' },
      { label: 'Opened at the far end', network: {}, stage: 'end' },
    ],
  },
  {
    title: 'Tunnel mode: two gateways',
    text: [
      'Gateways protect packets of others, so they put a new IP header in front. In tunnel mode IPsec does all of it by itself: a policy looks at the packet’s own header and picks an SA, and the SA says where the tunnel ends.',
      'You are at the step “SPD” of A, the security policy database: the policy decides where the packet goes, before any route was asked. Remember this step, for it is where the trouble begins.',
    ],
    clause: 'RFC 3884 section 2.1',
    network: { scenario: 'figure-2', arrangements: ['tunnel-mode'], at: 0.5 },
    stage: 'policy',
    tries: [
      { label: 'The policy decides', network: {}, stage: 'policy' },
      { label: 'New header and ESP, in one step', network: {}, stage: 'seal' },
    ],
  },
  {
    title: 'Problem one: routing can’t see the tunnels',
    text: [
      'A has two tunnels that lead towards D, one by B and one by C. Which one? In tunnel mode both policies match the same packets, so the first in the list always wins.',
      'Below are A’s tables with tunnel mode: no route leads into a tunnel, because a tunnel-mode SA is no interface. No routing protocol can speak over it, and the two ways are never weighed. Then see the same A with IIPtran: there, routes lead by link-3 and link-4.',
    ],
    clause: 'RFC 3884 sections 2.2 and 2.3',
    network: { scenario: 'figure-3', arrangements: side, at: 10, active: 1, opened: 'A' },
    tries: [
      { label: 'A’s tables with tunnel mode', network: { active: 1, opened: 'A' } },
      { label: 'A’s tables with IIPtran', network: { active: 0, opened: 'A' } },
    ],
  },
  {
    title: 'The wire breaks',
    text: [
      'At 15 s the wire between A and B is cut. With IIPtran, routing inside the virtual network notices the silence, and three seconds later the packets go by C: they arrive.',
      'With tunnel mode the policy still says “tunnel to B”. No route was asked, so none could change: the strip stays red until somebody edits policies by hand. That is why RFC 3884 was written.',
    ],
    clause: 'RFC 3884 sections 2.3 and 3.2',
    network: { scenario: 'figure-3', arrangements: side, at: 20 },
    stage: 'end',
    tries: [
      { label: 'Before the cut', network: { at: 14 }, stage: 'end' },
      { label: 'Just after it', network: { at: 15.5 }, stage: 'end' },
      { label: 'Five seconds later', network: { at: 20 }, stage: 'end' },
    ],
  },
  {
    title: 'Problem two: which source address?',
    text: [
      'Now gateway A itself sends into the virtual network, as a routing daemon does. Which of its addresses goes on the packet? A host looks for the interface towards the destination and takes the address of that.',
      'A tunnel-mode SA is no interface, so the search ends at the way to the base network, with an address that means nothing inside. With IIPtran the tunnel is an interface and has an address of its own.',
    ],
    clause: 'RFC 3884 sections 2.4 and 3.3',
    walk: { arrangement: 'tunnel-mode', own: true },
    tries: [
      { label: 'With tunnel mode', walk: { arrangement: 'tunnel-mode', own: true } },
      { label: 'With IIPtran', walk: { arrangement: 'iiptran', own: true } },
    ],
  },
  {
    title: 'IPIP: a tunnel that routing sees',
    text: [
      'Take the encapsulation out of IPsec. An IP-in-IP tunnel (IPIP, RFC 2003) is an interface like any other: a route leads into it, and the interface puts an outer header on.',
      'Routing works now. What is missing is the protection: look at the bytes, the inner packet stands in clear behind the outer header. Anybody on the way could read or change it.',
    ],
    clause: 'RFC 3884 section 3.1',
    network: { scenario: 'figure-4', arrangements: ['iiptran'], at: 0.5 },
    stage: 'encapsulate',
    tries: [
      { label: 'The route picks the tunnel', network: {}, stage: 'route' },
      { label: 'The tunnel puts a header on', network: {}, stage: 'encapsulate' },
    ],
  },
  {
    title: 'IIPtran: the two together',
    text: [
      'Now protect what comes out of the tunnel interface, in transport mode: by then it is a packet of the gateway’s own, with the gateway’s address on it. Routing picks the interface, the interface picks the outer header, the outer header picks the SA.',
      'Compare the bytes on the wire with tunnel mode beside it: the same headers, the same ESP. So each end may choose for itself which of the two it does, and the far end need not change.',
    ],
    clause: 'RFC 3884 section 3.1',
    network: { scenario: 'figure-5', arrangements: side, at: 0.5 },
    stage: 'seal',
    tries: [
      { label: '1: the route', network: {}, stage: 'route' },
      { label: '2: the outer header', network: {}, stage: 'encapsulate' },
      { label: '3: the policy, on the outer header', network: {}, stage: 'policy' },
      { label: '4: ESP', network: {}, stage: 'seal' },
    ],
  },
  {
    title: 'A node appears',
    text: [
      'At 10 s N joins: its wire and a virtual link come up at A. Virtual links are interfaces, so B and C hear of N by routing, and packets from B find their way to N without a single new policy.',
      'Tunnel mode beside it gets there too, but only because somebody had written N into the policies beforehand: until N came, packets went into the tunnel and were lost at A. Let time run, and cut wires as you like.',
    ],
    clause: 'RFC 3884 section 4.2.3.2',
    network: { scenario: 'figure-6', arrangements: side, at: 15, flow: 1 },
    stage: 'end',
    tries: [
      { label: 'Before N is there', network: { at: 5 }, stage: 'end' },
      { label: 'Five seconds after it came', network: { at: 15 }, stage: 'end' },
    ],
  },
];
