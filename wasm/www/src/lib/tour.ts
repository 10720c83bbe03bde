// RFC 3884 in eight pages, each on top of a live view.
import type { NetworkState } from './network.svelte';
import type { WalkState } from './walk.svelte';

export interface TourPage {
  title: string;
  text: string[];
  clause: string;
  network?: Partial<NetworkState>;
  walk?: Partial<WalkState>;
}

export const TOUR: TourPage[] = [
  {
    title: 'Transport mode: two hosts',
    text: [
      'Two hosts protect what they say to each other. ESP goes behind the packet’s own IP header; the header stays, and routers in between need to know nothing.',
      'Step through it and watch the ESP header appear at A. It works between two hosts only: nobody else may use the SA.',
    ],
    clause: 'RFC 3884 section 2',
    network: { scenario: 'figure-1', arrangements: ['transport'], at: 0.5 },
  },
  {
    title: 'Tunnel mode: two gateways',
    text: [
      'Gateways protect packets of others, so they put a new IP header in front. In tunnel mode IPsec does all of it: a policy looks at the inner header, picks an SA, and the SA says where the tunnel ends.',
      'See step “SPD” at A: the policy, not a route, decides where the packet goes.',
    ],
    clause: 'RFC 3884 section 2',
    network: { scenario: 'figure-2', arrangements: ['tunnel-mode'], at: 0.5 },
  },
  {
    title: 'Problem one: routing can’t see the tunnels',
    text: [
      'A has two tunnels that lead to D, by B and by C. Which one? Both policies match the same packets, so the first in the list always wins.',
      'Look at A’s tables on the right-hand side: no route leads into a tunnel, for a tunnel-mode SA is no interface. No routing protocol can speak over it, and the two ways are never weighed.',
    ],
    clause: 'RFC 3884 section 2.3',
    network: { scenario: 'figure-3', arrangements: ['iiptran', 'tunnel-mode'], at: 10 },
  },
  {
    title: 'The wire breaks',
    text: [
      'At 15 s the wire between A and B is cut. On the left, routing inside the virtual network noticed the silence and moved the packets to C: they arrive.',
      'On the right the policy still says “tunnel to B”. Nobody asked a route, so nothing could change. Packets are lost until somebody edits policies by hand.',
    ],
    clause: 'RFC 3884 section 2.3',
    network: { scenario: 'figure-3', arrangements: ['iiptran', 'tunnel-mode'], at: 20 },
  },
  {
    title: 'Problem two: which source address?',
    text: [
      'Now gateway A itself sends into the virtual network, as a routing daemon does. Which of its addresses goes on the packet? It looks for an interface towards the destination. A tunnel-mode SA is none, so the search ends at the way to the base network, with an address that means nothing inside.',
      'See below which address A selects, and what becomes of the packet. Then change the arrangement to iiptran: the tunnel is an interface with an address of its own.',
    ],
    clause: 'RFC 3884 section 2.4',
    walk: { arrangement: 'tunnel-mode', own: true },
  },
  {
    title: 'IPIP: a tunnel that routing sees',
    text: [
      'Take the encapsulation out of IPsec. An IPIP tunnel is an interface like any other: a route leads into it, and it puts an outer header on. Routing works; protection is missing.',
    ],
    clause: 'RFC 3884 section 3',
    network: { scenario: 'figure-4', arrangements: ['iiptran'], at: 0.5 },
  },
  {
    title: 'IIPtran: the two together',
    text: [
      'Now protect what comes out of the tunnel interface, in transport mode: it is a packet of the gateway’s own by then, with the gateway’s address on it. Routing picks the interface, the interface picks the outer header, the outer header picks the SA.',
      'Compare the bytes on the wire with tunnel mode beside it: there is no difference. Each end may choose for itself.',
    ],
    clause: 'RFC 3884 section 3.1',
    network: { scenario: 'figure-5', arrangements: ['iiptran', 'tunnel-mode'], at: 0.5 },
  },
  {
    title: 'A node appears',
    text: [
      'N joins the virtual network: a wire and a virtual link come up at A. As interfaces, its neighbours hear of N by routing, and the packets find their way without a single new policy at B or C.',
      'Move the time back to before N came, and forth again. Then cut wires as you like.',
    ],
    clause: 'RFC 3884 section 3',
    network: { scenario: 'figure-6', arrangements: ['iiptran', 'tunnel-mode'], at: 15 },
  },
];
