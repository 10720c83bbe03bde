// Made by npm run build.
import iiptran from './dist/index.js';
export const { ConfigError, Drop, DropReason, Fib, IiptranError, InboundSa, Misuse, Network, Node, OutboundSa, Packet, Panic, Sad, Spd, Tables, Walkthrough, chooseKernel, explain, kernel, scenarios, spiOf, version } = iiptran;
