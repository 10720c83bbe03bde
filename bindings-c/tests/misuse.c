/* Calls that are wrong: a status, nothing written, no harm. Compiles as C99 and as C++17. */
#include <iiptran.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char document[] =
    "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"key\": \"000102030405060708090a0b0c0d0e0f10111213\" }";
static const char node_document[] =
    "arrangement = \"iiptran\"\nlinks = [{ name = \"eth\", addresses = [\"192.0.2.1/24\"] }]";

static int failures;

static void expect(iiptran_status_t status, iiptran_status_t expected, int line) {
  if (status != expected) {
    iiptran_words_t text = iiptran_status_text(status);
    fprintf(stderr, "line %d: 0x%x, %.*s\n", line, (unsigned)status, (int)text.length, text.text);
    failures++;
  }
}
#define EXPECT(call, status) expect((call), (status), __LINE__)
#define HOLDS(condition) EXPECT((condition) ? IIPTRAN_OK : IIPTRAN_BAD_ARGUMENT, IIPTRAN_OK)

static void host_04_null_everywhere(void) {
  iiptran_outbound_sa_t *none = (iiptran_outbound_sa_t *)&failures;
  iiptran_outbound_sa_t *out = none;
  iiptran_packet_t packet;
  iiptran_verdict_t verdict;
  iiptran_text_t *text = NULL;
  uint32_t number = 77;
  memset(&packet, 0, sizeof packet);
  EXPECT(iiptran_outbound_sa_new(NULL, 5, NULL, &out), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_outbound_sa_new(document, sizeof document - 1, NULL, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_outbound_sa_new(document, 3, NULL, &out), IIPTRAN_CONFIG_ERROR);
  EXPECT(iiptran_outbound_sa_new("\xff\xfe", 2, NULL, &out), IIPTRAN_NOT_UTF8);
  EXPECT(iiptran_outbound_sa_new(document, (size_t)-1, NULL, &out), IIPTRAN_BAD_POINTER);
  HOLDS(out == none);
  EXPECT(iiptran_outbound_sa_seal(NULL, 0, NULL, &packet, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_outbound_sa_seal_burst(NULL, 0, NULL, 0, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_inbound_sa_open(NULL, 0, &packet, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_sad_insert(NULL, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_node_receive(NULL, 0, 0, &packet, &verdict), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_node_receive_burst(NULL, 0, 0, &packet, 1, &verdict), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_node_walk_receive(NULL, 0, 0, &packet, &verdict, &text), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_node_link(NULL, "eth", 3, &number), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_explain(0, NULL), IIPTRAN_BAD_POINTER);
  HOLDS(number == 77 && text == NULL);
  HOLDS(iiptran_outbound_sa_spi(NULL) == 0 && iiptran_fib_len(NULL) == 0);
  HOLDS(iiptran_text_words(NULL).length == 0 && iiptran_config_error_cause(NULL).length == 0);
  iiptran_outbound_sa_free(NULL);
  iiptran_inbound_sa_free(NULL);
  iiptran_sad_free(NULL);
  iiptran_spd_free(NULL);
  iiptran_fib_free(NULL);
  iiptran_node_free(NULL);
  iiptran_tables_free(NULL);
  iiptran_text_free(NULL);
  iiptran_config_error_free(NULL);
}

static void host_04_wrong_places(void) {
  iiptran_outbound_sa_t *sa = NULL;
  uint8_t buffer[64] = {0};
  iiptran_packet_t packet = {buffer, sizeof buffer, 60, 5};
  iiptran_seal_options_t options;
  EXPECT(iiptran_outbound_sa_new(document, sizeof document - 1, NULL, &sa), IIPTRAN_OK);
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, &packet, NULL), IIPTRAN_OUTSIDE_BUFFER);
  packet.offset = (size_t)-1;
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, &packet, NULL), IIPTRAN_OUTSIDE_BUFFER);
  packet.offset = 0;
  packet.capacity = (size_t)-1;
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, &packet, NULL), IIPTRAN_BAD_POINTER);
  packet.buffer = NULL;
  packet.capacity = 64;
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, &packet, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, NULL, NULL), IIPTRAN_BAD_POINTER);
  memset(&options, 0, sizeof options);
  options.iv = (const uint8_t *)document;
  options.iv_length = 7;
  packet.buffer = buffer;
  EXPECT(iiptran_outbound_sa_seal(sa, 0, &options, &packet, NULL), IIPTRAN_IV_LENGTH);
  HOLDS(iiptran_outbound_sa_sequence(sa) == 0);
  /* A pointer to the middle of a handle. */
  EXPECT(iiptran_outbound_sa_seal((iiptran_outbound_sa_t *)((char *)sa + 1), 0, NULL, &packet, NULL),
         IIPTRAN_BAD_POINTER);
  iiptran_outbound_sa_free(sa);
}

static void host_03_wrong_arguments_write_nothing(void) {
  iiptran_node_t *node = NULL;
  iiptran_sad_t *sad = NULL;
  iiptran_sa_id_t id;
  iiptran_inbound_sa_t *sa = NULL;
  uint32_t link = 77;
  uint64_t drops = 77;
  iiptran_address_t address;
  memset(&address, 0, sizeof address);
  memset(&id, 0, sizeof id);
  EXPECT(iiptran_node_new(node_document, sizeof node_document - 1, NULL, &node), IIPTRAN_OK);
  EXPECT(iiptran_sad_new(&sad), IIPTRAN_OK);
  EXPECT(iiptran_node_link(node, "lan", 3, &link), IIPTRAN_UNKNOWN_LINK);
  EXPECT(iiptran_node_set_link_up(node, 9, true), IIPTRAN_UNKNOWN_LINK);
  EXPECT(iiptran_node_drops(node, IIPTRAN_PANIC, &drops), IIPTRAN_BAD_ARGUMENT);
  EXPECT(iiptran_node_remove_inbound_sa(node, 9, &id, &sa), IIPTRAN_UNKNOWN_NETWORK);
  EXPECT(iiptran_node_remove_inbound_sa(node, 0, &id, &sa), IIPTRAN_UNKNOWN_SA);
  id.source.version = 5;
  EXPECT(iiptran_sad_remove(sad, &id, &sa), IIPTRAN_BAD_ARGUMENT);
  EXPECT(iiptran_sad_lookup(sad, 4096, &address, &address, &id), IIPTRAN_BAD_ARGUMENT);
  HOLDS(link == 77 && drops == 77 && sa == NULL);
  HOLDS(iiptran_status_text(0xdead).length > 0 && iiptran_version().length > 0);
  iiptran_node_free(node);
  iiptran_sad_free(sad);
}

/* Rows and buffers that lie in one another. */
static void host_04_overlaps_are_refused(void) {
  iiptran_outbound_sa_t *sa = NULL;
  iiptran_packet_t packets[2], before;
  iiptran_status_t statuses[2] = {77, 77};
  iiptran_seal_options_t options;
  uint8_t buffer[64] = {0};
  EXPECT(iiptran_outbound_sa_new(document, sizeof document - 1, NULL, &sa), IIPTRAN_OK);
  memset(packets, 0, sizeof packets);
  before = packets[0];
  /* The statuses where the packets are. */
  EXPECT(iiptran_outbound_sa_seal_burst(sa, 0, packets, 2, (iiptran_status_t *)(void *)packets), IIPTRAN_BAD_POINTER);
  HOLDS(memcmp(&packets[0], &before, sizeof before) == 0);
  /* A packet whose buffer is the row of packets, and one whose buffer is that of statuses. */
  packets[0].buffer = (uint8_t *)packets;
  packets[0].capacity = sizeof packets;
  packets[1].buffer = (uint8_t *)statuses;
  packets[1].capacity = sizeof statuses;
  EXPECT(iiptran_outbound_sa_seal_burst(sa, 0, packets, 2, statuses), IIPTRAN_OK);
  HOLDS(statuses[0] == IIPTRAN_BAD_POINTER && statuses[1] == IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_outbound_sa_seal(sa, 0, NULL, &packets[0], NULL), IIPTRAN_BAD_POINTER);
  /* An IV may be in the buffer: it is read before. What is there is no packet. */
  packets[0].buffer = buffer;
  packets[0].capacity = sizeof buffer;
  memset(&options, 0, sizeof options);
  options.iv = buffer + 56;
  options.iv_length = 8;
  EXPECT(iiptran_outbound_sa_seal(sa, 0, &options, &packets[0], NULL), IIPTRAN_DROP_TRUNCATED);
  /* None of nothing is a burst. */
  EXPECT(iiptran_outbound_sa_seal_burst(sa, 0, NULL, 0, NULL), IIPTRAN_OK);
  EXPECT(iiptran_outbound_sa_seal_burst(sa, 0, packets, (size_t)-1, statuses), IIPTRAN_BAD_POINTER);
  HOLDS(iiptran_outbound_sa_sequence(sa) == 0);
  iiptran_outbound_sa_free(sa);
}

/* A packet of each length, all bytes alike: whatever it is, it is dropped. */
static void host_03_garbage_is_dropped(void) {
  iiptran_node_t *node = NULL;
  iiptran_verdict_t verdict;
  EXPECT(iiptran_node_new(node_document, sizeof node_document - 1, NULL, &node), IIPTRAN_OK);
  for (unsigned value = 0; value < 256; value += 5) {
    for (size_t length = 0; length < 80; length++) {
      uint8_t *buffer = (uint8_t *)malloc(length + 1);
      iiptran_packet_t packet;
      packet.buffer = buffer;
      packet.capacity = packet.length = length;
      packet.offset = 0;
      memset(buffer, (int)value, length + 1);
      HOLDS(iiptran_node_receive(node, 0, 0, &packet, &verdict) != IIPTRAN_PANIC);
      free(buffer);
    }
  }
  iiptran_node_free(node);
}

static int runs(const char *kernel) {
  iiptran_words_t name = iiptran_kernel();
  return name.length == strlen(kernel) && memcmp(name.text, kernel, name.length) == 0;
}

static void a_kernel_that_is_none_changes_nothing(void) {
  EXPECT(iiptran_choose_kernel("portable", 8), IIPTRAN_OK);
  HOLDS(runs("portable"));
  EXPECT(iiptran_choose_kernel("avx1024", 7), IIPTRAN_BAD_ARGUMENT);
  EXPECT(iiptran_choose_kernel("", 0), IIPTRAN_BAD_ARGUMENT);
  EXPECT(iiptran_choose_kernel("\xff\xfe", 2), IIPTRAN_NOT_UTF8);
  HOLDS(runs("portable"));
}

int main(void) {
  host_04_null_everywhere();
  host_04_wrong_places();
  host_03_wrong_arguments_write_nothing();
  host_04_overlaps_are_refused();
  host_03_garbage_is_dropped();
  a_kernel_that_is_none_changes_nothing();
  if (failures == 0) printf("every mistake has its status\n");
  return failures != 0;
}
