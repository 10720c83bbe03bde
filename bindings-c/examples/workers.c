/*
 * One node for each thread. All of them share the tables and with those the outbound SAs, whose sequence
 * numbers none gives out twice; an inbound SA belongs to one thread and is handed over, window and all.
 *
 *   cc workers.c $(pkg-config --cflags --libs iiptran) -lpthread && ./a.out
 */
#include <iiptran.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS = 4, PACKETS = 250 };

/* A gateway of RFC 3884 and its peer; @ is this one's number and # the other's. */
static const char gateway[] =
    "arrangement = \"iiptran\"\n"
    "networks = [{ name = \"base\" }, { name = \"vn\" }]\n"
    "links = [\n"
    "  { name = \"wan\", addresses = [\"192.0.2.@/24\"] },\n"
    "  { name = \"lan\", network = \"vn\", side = \"protected\", addresses = [\"10.@.0.1/16\"] },\n"
    "]\n"
    "routes = [{ network = \"vn\", prefix = \"10.#.0.0/16\", link = \"tunnel\" }]\n"
    "[[virtual-links]]\n"
    "name = \"tunnel\"\n"
    "network = \"vn\"\n"
    "local = \"192.0.2.@\"\n"
    "remote = \"192.0.2.#\"\n"
    "[virtual-links.protection]\n"
    "transform = \"null + hmac-sha2-256-128\"\n"
    "outbound = { spi = 0x100@, integrity-key = \"$$$$$$$$\" }\n"
    "inbound = { spi = 0x100#, integrity-key = \"$$$$$$$$\" }\n";

struct worker {
  iiptran_node_t *node;
  pthread_t thread;
  uint32_t sequence[PACKETS];
};

static void fail(const char *what, iiptran_status_t status) {
  iiptran_words_t text = iiptran_status_text(status);
  fprintf(stderr, "%s: %.*s\n", what, (int)text.length, text.text);
  exit(1);
}

static void must(const char *what, iiptran_status_t status) {
  if (status != IIPTRAN_OK) fail(what, status);
}

static iiptran_node_t *new_node(char here, char there) {
  char document[2 * sizeof gateway];
  size_t length = 0;
  iiptran_node_t *node;
  for (const char *c = gateway; *c; c++) {
    if (*c == '$') {
      memcpy(document + length, "0123456789abcdef", 8);
      length += 8;
    } else {
      document[length++] = *c == '@' ? here : *c == '#' ? there : *c;
    }
  }
  must("node", iiptran_node_new(document, length, NULL, &node));
  return node;
}

/* An IPv4 packet from 10.FROM.0.5 to 10.TO.0.5 in a buffer with room. */
static iiptran_packet_t new_packet(uint8_t *buffer, size_t size, uint8_t from, uint8_t to) {
  const uint8_t bytes[] = {0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0, 0, 10, from, 0, 5, 10, to, 0, 5, 1, 2};
  iiptran_packet_t packet = {buffer, size, IIPTRAN_HEADROOM, sizeof bytes};
  uint32_t sum = 0;
  memcpy(buffer + packet.offset, bytes, sizeof bytes);
  for (size_t i = 0; i < 20; i += 2) sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
  sum = (sum & 0xffff) + (sum >> 16);
  buffer[packet.offset + 10] = (uint8_t)(~sum >> 8);
  buffer[packet.offset + 11] = (uint8_t)~sum;
  return packet;
}

static uint32_t link_of(iiptran_node_t *node, const char *name) {
  uint32_t link;
  must(name, iiptran_node_link(node, name, strlen(name), &link));
  return link;
}

/* What a worker does: forwards packets of the LAN into the tunnel. */
static void *work(void *argument) {
  struct worker *worker = argument;
  uint8_t buffer[IIPTRAN_HEADROOM + 22 + IIPTRAN_TAILROOM];
  uint32_t lan = link_of(worker->node, "lan");
  for (int i = 0; i < PACKETS; i++) {
    iiptran_packet_t packet = new_packet(buffer, sizeof buffer, 1, 2);
    iiptran_verdict_t verdict;
    must("receive", iiptran_node_receive(worker->node, 0, lan, &packet, &verdict));
    const uint8_t *sequence = packet.buffer + packet.offset + 24;
    worker->sequence[i] = (uint32_t)sequence[0] << 24 | (uint32_t)sequence[1] << 16 |
                          (uint32_t)sequence[2] << 8 | sequence[3];
  }
  return NULL;
}

static void share_outbound(struct worker workers[WORKERS]) {
  static uint8_t seen[WORKERS * PACKETS + 1];
  for (int i = 0; i < WORKERS; i++) {
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) exit(1);
  }
  for (int i = 0; i < WORKERS; i++) pthread_join(workers[i].thread, NULL);
  for (int i = 0; i < WORKERS; i++) {
    for (int n = 0; n < PACKETS; n++) {
      uint32_t sequence = workers[i].sequence[n];
      if (sequence == 0 || sequence > WORKERS * PACKETS || seen[sequence]++) {
        fprintf(stderr, "sequence number %u came twice, or is none\n", (unsigned)sequence);
        exit(1);
      }
    }
  }
  printf("%d threads sent %d packets; no sequence number came twice\n", WORKERS, WORKERS * PACKETS);
}

static iiptran_status_t receive(iiptran_node_t *node, const uint8_t *wire, size_t length) {
  uint8_t buffer[2048];
  iiptran_packet_t packet = {buffer, sizeof buffer, IIPTRAN_HEADROOM, length};
  iiptran_verdict_t verdict;
  memcpy(buffer + packet.offset, wire, length);
  return iiptran_node_receive(node, 0, link_of(node, "wan"), &packet, &verdict);
}

static void hand_over(iiptran_node_t *from, iiptran_node_t *to) {
  iiptran_node_t *peer = new_node('2', '1');
  uint8_t buffers[2][IIPTRAN_HEADROOM + 22 + IIPTRAN_TAILROOM];
  iiptran_packet_t wire[2];
  iiptran_verdict_t verdict;
  iiptran_inbound_sa_t *sa;
  iiptran_sa_id_t id;
  uint32_t base;
  for (int i = 0; i < 2; i++) {
    wire[i] = new_packet(buffers[i], sizeof buffers[i], 2, 1);
    must("peer", iiptran_node_receive(peer, 0, link_of(peer, "lan"), &wire[i], &verdict));
  }
  memset(&id, 0, sizeof id);
  id.spi = 0x1002;
  must("network", iiptran_node_network(from, "base", 4, &base));
  must("before", receive(from, wire[0].buffer + wire[0].offset, wire[0].length));
  must("remove", iiptran_node_remove_inbound_sa(from, base, &id, &sa));
  must("insert", iiptran_node_insert_inbound_sa(to, sa));
  iiptran_status_t replayed = receive(to, wire[0].buffer + wire[0].offset, wire[0].length);
  if (replayed != IIPTRAN_DROP_REPLAYED) fail("a replayed packet", replayed);
  must("after", receive(to, wire[1].buffer + wire[1].offset, wire[1].length));
  printf("the inbound SA was handed over with its window\n");
  iiptran_node_free(peer);
}

int main(void) {
  static struct worker workers[WORKERS];
  iiptran_tables_t *tables;
  workers[0].node = new_node('1', '2');
  must("tables", iiptran_node_tables(workers[0].node, &tables));
  for (int i = 1; i < WORKERS; i++) must("node", iiptran_node_with_tables(tables, &workers[i].node));
  iiptran_tables_free(tables);
  share_outbound(workers);
  hand_over(workers[0].node, workers[1].node);
  for (int i = 0; i < WORKERS; i++) iiptran_node_free(workers[i].node);
  return 0;
}
