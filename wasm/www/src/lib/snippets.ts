// Programs that repeat a walk: the receiver's document, and the packets that it receives, the last of
// which is the one in question. Each prints the verdict's effect: the packet as it is then.

export interface Receipt {
  document: string;
  link: string;
  time: number;
  packets: string[];
}

export const LANGUAGES = { python: 'Python', rust: 'Rust', c: 'C', node: 'Node' } as const;
export type Language = keyof typeof LANGUAGES;

const lines = (packets: string[], indent: string) => packets.map((packet) => `${indent}"${packet}",`).join('\n');
/** A document as the string literals of C, one on each line. */
const literal = (text: string) => text.split('\n').map((line) => `    ${JSON.stringify(`${line}\n`)}`).join('\n');

export function snippet(language: Language, { document, link, time, packets }: Receipt): string {
  switch (language) {
    case 'python':
      return `import iiptran

DOCUMENT = r"""
${document}
"""
PACKETS = [
${lines(packets, '    ')}
]

node = iiptran.Node(DOCUMENT)
for digits in PACKETS:
    packet = iiptran.Packet.fromhex(digits)
    verdict, walkthrough = node.walk_receive("${link}", packet, now=${time})
print(verdict)
print(packet.hex())
`;
    case 'rust':
      return `use iiptran::config::NodeConfig;
use iiptran::walkthrough::{Hex, Recorder};
use iiptran::{Instant, PacketBuffer};

const DOCUMENT: &str = r#"
${document}
"#;
const PACKETS: &[&str] = &[
${lines(packets, '    ')}
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut node = NodeConfig::from_json(DOCUMENT)?.node()?;
    let link = node.tables().find_link("${link}").ok_or("no such link")?;
    for digits in PACKETS {
        let packet: Hex = digits.parse()?;
        let mut buffer = PacketBuffer::new(&packet.0);
        let mut steps = Recorder::new();
        let verdict = buffer
            .process(|packet| node.receive(Instant::from_nanos(${time}), link, packet, &mut steps));
        println!("{verdict:?}");
        println!("{}", Hex(buffer.bytes().to_vec()));
    }
    Ok(())
}
`;
    case 'c':
      return `#include <iiptran.h>

#include <stdio.h>
#include <string.h>

static const char document[] =
${literal(document)};
static const char *const packets[] = {
${lines(packets, '    ')}
};

int main(void) {
  static uint8_t buffer[IIPTRAN_HEADROOM + 65536 + IIPTRAN_TAILROOM];
  iiptran_config_error_t *error = NULL;
  iiptran_node_t *node;
  iiptran_verdict_t verdict;
  iiptran_packet_t packet = {buffer, sizeof buffer, 0, 0};
  uint32_t link;
  size_t place, at;
  if (iiptran_node_new(document, strlen(document), &error, &node) != IIPTRAN_OK) return 1;
  if (iiptran_node_link(node, "${link}", strlen("${link}"), &link) != IIPTRAN_OK) return 1;
  for (place = 0; place < sizeof packets / sizeof *packets; place++) {
    packet.offset = IIPTRAN_HEADROOM;
    packet.length = strlen(packets[place]) / 2;
    for (at = 0; at < packet.length; at++) {
      unsigned byte;
      sscanf(packets[place] + 2 * at, "%2x", &byte);
      buffer[packet.offset + at] = (uint8_t)byte;
    }
    iiptran_node_receive(node, ${time}u, link, &packet, &verdict);
  }
  for (at = 0; at < packet.length; at++) printf("%02x", buffer[packet.offset + at]);
  printf("\\n");
  iiptran_node_free(node);
  return 0;
}
`;
    case 'node':
      return `import { Node, Packet } from 'iiptran';

const document = ${JSON.stringify(document)};
const packets = [
${lines(packets, '  ')}
];

const node = new Node(document);
for (const digits of packets) {
  const packet = Packet.fromHex(digits);
  const { verdict } = node.walkReceive('${link}', packet, { now: ${time}n });
  console.log(verdict);
  console.log(packet.toHex());
}
`;
  }
}
