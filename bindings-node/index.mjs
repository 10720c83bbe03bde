// Made by npm run build.
import iiptran from './dist/index.js';
export const { ConfigError, Drop, DropReason, Fib, IiptranError, InboundSa, Misuse, Node, OutboundSa, Packet, Sad, Spd, Tables, Walkthrough, explain, version } = iiptran;
