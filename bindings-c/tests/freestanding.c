/* The freestanding library at work: its hooks are defined here, and count. */
#include <iiptran.h>
#include <iiptran_freestanding.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long taken, given_back;

void *iiptran_alloc(size_t size, size_t alignment) {
  void *memory = NULL;
  taken++;
  if (alignment <= sizeof(void *)) return malloc(size);
  return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}

void iiptran_free(void *memory, size_t size, size_t alignment) {
  (void)size;
  (void)alignment;
  given_back++;
  free(memory);
}

void iiptran_abort(void) {
  fprintf(stderr, "the library found a fault in itself\n");
  exit(1);
}

static void must(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "%s\n", what);
    exit(1);
  }
}

enum { PACKETS = 32, SIZE = IIPTRAN_HEADROOM + 22 + IIPTRAN_TAILROOM };
static uint8_t buffers[PACKETS][SIZE];
static iiptran_packet_t packets[PACKETS];

static void fill(void) {
  static const uint8_t clear[] = {0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0x65, 0xdf,
                                  10,   1, 0, 5,  10, 2, 0, 5, 0xaa, 0xbb};
  for (int i = 0; i < PACKETS; i++) {
    packets[i].buffer = buffers[i];
    packets[i].capacity = SIZE;
    packets[i].offset = IIPTRAN_HEADROOM;
    packets[i].length = sizeof clear;
    memcpy(buffers[i] + IIPTRAN_HEADROOM, clear, sizeof clear);
    uint32_t sum = 0;
    uint8_t *header = buffers[i] + IIPTRAN_HEADROOM;
    header[10] = header[11] = 0;
    for (int at = 0; at < 20; at += 2) sum += (uint32_t)(header[at] << 8 | header[at + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    header[10] = (uint8_t)(~sum >> 8);
    header[11] = (uint8_t)~sum;
  }
}

static const char gateway[] =
    "arrangement = \"iiptran\"\n"
    "networks = [{ name = \"base\" }, { name = \"vn\" }]\n"
    "links = [{ name = \"wan\", addresses = [\"192.0.2.1/24\"] },\n"
    "  { name = \"lan\", network = \"vn\", side = \"protected\", addresses = [\"10.1.0.1/16\"] }]\n"
    "routes = [{ network = \"vn\", prefix = \"10.2.0.0/16\", link = \"tunnel\" }]\n"
    "[[virtual-links]]\nname = \"tunnel\"\nnetwork = \"vn\"\nlocal = \"192.0.2.1\"\nremote = \"192.0.2.2\"\n"
    "[virtual-links.protection]\ntransform = \"null + hmac-sha2-256-128\"\n"
    "outbound = { spi = 0x1001, integrity-key = "
    "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\" }\n";

static void host_09_nothing_is_allocated_while_packets_pass(void) {
  static const uint8_t key[20] = {1, 2, 3};
  iiptran_sa_config_t config;
  iiptran_outbound_sa_t *sender;
  iiptran_inbound_sa_t *receiver;
  iiptran_node_t *node;
  iiptran_status_t statuses[PACKETS];
  iiptran_verdict_t verdicts[PACKETS];
  uint32_t lan;
  memset(&config, 0, sizeof config);
  config.spi = 0x1000;
  config.encryption = IIPTRAN_ENCR_AES_GCM_16;
  config.key_bits = 128;
  config.key = key;
  config.key_length = sizeof key;
  must(iiptran_outbound_sa_from_config(&config, NULL, &sender) == IIPTRAN_OK, "outbound SA");
  must(iiptran_inbound_sa_from_config(&config, NULL, &receiver) == IIPTRAN_OK, "inbound SA");
  must(iiptran_node_new(gateway, sizeof gateway - 1, NULL, &node) == IIPTRAN_OK, "node");
  must(iiptran_node_link(node, "lan", 3, &lan) == IIPTRAN_OK, "link");
  must(taken > 0, "the hook was not called");
  long before = taken + given_back;
  fill();
  must(iiptran_outbound_sa_seal_burst(sender, 0, packets, PACKETS, statuses) == IIPTRAN_OK, "seal");
  must(iiptran_inbound_sa_open_burst(receiver, 0, packets, PACKETS, statuses) == IIPTRAN_OK, "open");
  for (int i = 0; i < PACKETS; i++) must(statuses[i] == IIPTRAN_OK && packets[i].length == 22, "opened");
  must(iiptran_node_receive_burst(node, 0, lan, packets, PACKETS, verdicts) == IIPTRAN_OK, "receive");
  for (int i = 0; i < PACKETS; i++) must(verdicts[i].what == IIPTRAN_TRANSMIT, "transmitted");
  /* Packets that meet their end, too. */
  must(iiptran_inbound_sa_open_burst(receiver, 0, packets, PACKETS, statuses) == IIPTRAN_OK, "open");
  for (int i = 0; i < PACKETS; i++) must(statuses[i] != IIPTRAN_OK, "dropped");
  must(taken + given_back == before, "the data path allocated");
  iiptran_outbound_sa_free(sender);
  iiptran_inbound_sa_free(receiver);
  iiptran_node_free(node);
  must(taken == given_back, "memory was not given back");
}

int main(void) {
  host_09_nothing_is_allocated_while_packets_pass();
  printf("the freestanding library took memory %ld times, none of them for a packet\n", taken);
  return 0;
}
