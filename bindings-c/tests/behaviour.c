/* The behaviour vectors in C; vectors.h is made from tests/data/behaviour by cargo xtask. */
#include <iiptran.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expect {
  const char *drop, *misuse, *packet, *verdict, *next_hop, *policy, *action, *document, *path, *cause;
  uint64_t sequence;
  size_t pad_length, line, column;
  uint32_t link, spi;
  uint8_t next_header;
};

struct step {
  const char *begins; /* The name of a case that begins here. */
  const char *call, *on, *with, *document, *packet, *link, *network, *direction, *iv, *outer;
  uint64_t now, sequence, seed;
  size_t room[2], flow_padding;
  uint32_t spi, worker;
  uint8_t has_worker, has_sequence, padding, dummy, up;
  struct expect expect;
};

#include "vectors.h"

enum kind { OUTBOUND, INBOUND, SAD, SPD, FIB, NODE, NETWORK };

static struct {
  enum kind kind;
  char name[32];
  void *handle;
} objects[128];
static size_t object_count;
static const char *case_name = "";
static size_t step_number;

static void fail(const char *what) {
  fprintf(stderr, "%s, step %zu, %s %s: %s\n", case_name, step_number, steps[step_number].call,
          steps[step_number].on, what);
  exit(1);
}

static void check(int holds, const char *what) {
  if (!holds) fail(what);
}

static void free_object(enum kind kind, void *handle) {
  switch (kind) {
    case OUTBOUND: iiptran_outbound_sa_free(handle); break;
    case INBOUND: iiptran_inbound_sa_free(handle); break;
    case SAD: iiptran_sad_free(handle); break;
    case SPD: iiptran_spd_free(handle); break;
    case FIB: iiptran_fib_free(handle); break;
    case NODE: iiptran_node_free(handle); break;
    case NETWORK: iiptran_network_free(handle); break;
  }
}

static size_t place_of(enum kind kind, const char *name) {
  size_t i = 0;
  while (i < object_count && (objects[i].kind != kind || strcmp(objects[i].name, name) != 0)) i++;
  return i;
}

static void *object(enum kind kind, const char *name) {
  size_t place = place_of(kind, name);
  check(place < object_count, "there is no such object");
  return objects[place].handle;
}

/* Keeps a handle under a name; one that had the name before is freed. */
static void keep(enum kind kind, const char *name, void *handle) {
  size_t place = place_of(kind, name);
  if (place < object_count) {
    free_object(kind, objects[place].handle);
  } else {
    check(object_count < sizeof objects / sizeof *objects, "too many objects");
    check(strlen(name) < sizeof objects->name, "too long a name");
    strcpy(objects[object_count++].name, name);
  }
  objects[place].kind = kind;
  objects[place].handle = handle;
}

/* Forgets a handle that the library took. */
static void forget(enum kind kind, const char *name) {
  size_t place = place_of(kind, name);
  objects[place] = objects[--object_count];
}

static void free_all(void) {
  for (size_t i = 0; i < object_count; i++) free_object(objects[i].kind, objects[i].handle);
  object_count = 0;
}

static int same(iiptran_words_t words, const char *text) {
  return words.length == strlen(text) && memcmp(words.text, text, words.length) == 0;
}

static size_t from_hex(const char *hex, uint8_t *bytes) {
  size_t length = hex ? strlen(hex) / 2 : 0;
  for (size_t i = 0; i < length; i++) {
    unsigned value;
    check(sscanf(hex + 2 * i, "%2x", &value) == 1, "hexadecimal digits");
    bytes[i] = (uint8_t)value;
  }
  return length;
}

static iiptran_packet_t packet_of(const struct step *step) {
  size_t length = step->packet ? strlen(step->packet) / 2 : 0;
  iiptran_packet_t packet;
  packet.capacity = step->room[0] + length + step->room[1];
  packet.buffer = calloc(packet.capacity ? packet.capacity : 1, 1);
  packet.offset = step->room[0];
  packet.length = from_hex(step->packet, packet.buffer + packet.offset);
  return packet;
}

static void check_packet(const struct step *step, const iiptran_packet_t *packet) {
  static uint8_t expected[70000];
  size_t length = from_hex(step->expect.packet, expected);
  check(packet->length == length, "another length");
  check(memcmp(packet->buffer + packet->offset, expected, length) == 0, "other bytes");
}

static void check_address(const char *expected, const iiptran_address_t *address) {
  uint8_t bytes[16] = {0};
  int family = strchr(expected, ':') != NULL ? AF_INET6 : AF_INET;
  check(inet_pton(family, expected, bytes) == 1, "an address");
  check(address->version == (family == AF_INET6 ? 6 : 4), "a neighbour of another version");
  check(memcmp(address->bytes, bytes, sizeof bytes) == 0, "another neighbour");
}

static void check_fault(const struct step *step, iiptran_status_t status, iiptran_config_error_t *error) {
  const struct expect *expect = &step->expect;
  iiptran_explanation_t explanation;
  if (expect->drop) {
    check(iiptran_explain(status, &explanation) == IIPTRAN_OK, "no drop reason");
    check(same(explanation.name, expect->drop), "another drop reason");
  } else if (expect->misuse) {
    static const struct {
      const char *name;
      iiptran_status_t status;
    } misuses[] = {
        {"outside-buffer", IIPTRAN_OUTSIDE_BUFFER}, {"unknown-link", IIPTRAN_UNKNOWN_LINK},
        {"virtual-link", IIPTRAN_VIRTUAL_LINK},     {"unknown-network", IIPTRAN_UNKNOWN_NETWORK},
        {"iv-length", IIPTRAN_IV_LENGTH},           {"sequence-too-large", IIPTRAN_SEQUENCE_TOO_LARGE},
        {"duplicate-sa", IIPTRAN_DUPLICATE_SA},     {"unknown-sa", IIPTRAN_UNKNOWN_SA},
        {"tunnel-mode-sa", IIPTRAN_TUNNEL_MODE_SA}, {"unknown-station", IIPTRAN_UNKNOWN_STATION},
        {"unknown-wire", IIPTRAN_UNKNOWN_WIRE},     {"not-ip", IIPTRAN_NOT_IP},
        {"outer-header", IIPTRAN_OUTER_HEADER},     {"no-outer-header", IIPTRAN_NO_OUTER_HEADER},
    };
    size_t i = 0;
    while (i < sizeof misuses / sizeof *misuses && strcmp(misuses[i].name, expect->misuse) != 0) i++;
    check(i < sizeof misuses / sizeof *misuses, "an unknown misuse");
    check(status == misuses[i].status, "another misuse");
  } else if (expect->cause) {
    check(status == IIPTRAN_CONFIG_ERROR && error != NULL, "no config error");
    check(same(iiptran_config_error_path(error), expect->path), "another path");
    check(same(iiptran_config_error_cause(error), expect->cause), "another cause");
    check(iiptran_config_error_line(error) == expect->line, "another line");
    check(iiptran_config_error_column(error) == expect->column, "another column");
  } else if (status != IIPTRAN_OK) {
    iiptran_words_t text = iiptran_status_text(status);
    fprintf(stderr, "%.*s\n", (int)text.length, text.text);
    fail("a failure");
  }
  iiptran_config_error_free(error);
}

static iiptran_status_t make(const struct step *step, iiptran_config_error_t **error) {
  const char *document = step->document;
  size_t length = document ? strlen(document) : 0;
  iiptran_status_t status;
  if (strcmp(step->call, "outbound-sa") == 0) {
    iiptran_outbound_sa_t *sa;
    status = iiptran_outbound_sa_new(document, length, error, &sa);
    if (status == IIPTRAN_OK) keep(OUTBOUND, step->on, sa);
  } else if (strcmp(step->call, "inbound-sa") == 0) {
    iiptran_inbound_sa_t *sa;
    status = iiptran_inbound_sa_new(document, length, error, &sa);
    if (status == IIPTRAN_OK) keep(INBOUND, step->on, sa);
  } else if (strcmp(step->call, "sad") == 0) {
    iiptran_sad_t *sad;
    status = iiptran_sad_new(&sad);
    if (status == IIPTRAN_OK) keep(SAD, step->on, sad);
  } else if (strcmp(step->call, "spd") == 0) {
    iiptran_spd_t *spd;
    status = iiptran_spd_new(document, length, error, &spd);
    if (status == IIPTRAN_OK) keep(SPD, step->on, spd);
  } else if (strcmp(step->call, "fib") == 0) {
    iiptran_fib_t *fib;
    status = iiptran_fib_new(document, length, error, &fib);
    if (status == IIPTRAN_OK) keep(FIB, step->on, fib);
  } else if (strcmp(step->call, "network") == 0) {
    iiptran_network_t *network;
    status = iiptran_network_new(document, length, error, &network);
    if (status == IIPTRAN_OK) keep(NETWORK, step->on, network);
  } else {
    iiptran_node_t *node;
    iiptran_tables_t *tables;
    if (strcmp(step->call, "node") == 0) {
      status = iiptran_node_new(document, length, error, &node);
    } else if (strcmp(step->call, "for-worker") == 0) {
      status = iiptran_node_for_worker(object(NODE, step->with), step->worker, &node);
    } else {
      check(iiptran_node_tables(object(NODE, step->with), &tables) == IIPTRAN_OK, "tables");
      status = iiptran_node_with_tables(tables, &node);
      iiptran_tables_free(tables);
    }
    if (status == IIPTRAN_OK) keep(NODE, step->on, node);
  }
  return status;
}

static iiptran_status_t esp(const struct step *step) {
  iiptran_packet_t packet = packet_of(step);
  iiptran_status_t status;
  if (strcmp(step->call, "seal") == 0) {
    uint8_t iv[64], outer[64];
    iiptran_seal_options_t options;
    iiptran_sealed_t sealed;
    memset(&options, 0, sizeof options);
    options.has_sequence = step->has_sequence;
    options.sequence = step->sequence;
    options.padding = step->padding;
    options.flow_padding = step->flow_padding;
    options.dummy = step->dummy;
    options.iv_length = from_hex(step->iv, iv);
    options.iv = step->iv ? iv : NULL;
    options.outer_length = from_hex(step->outer, outer);
    options.outer = step->outer ? outer : NULL;
    status = iiptran_outbound_sa_seal(object(OUTBOUND, step->on), step->now, &options, &packet, &sealed);
    if (status == IIPTRAN_OK) {
      check_packet(step, &packet);
      check(sealed.sequence == step->expect.sequence, "another sequence number");
      check(sealed.pad_length == step->expect.pad_length, "another pad length");
    }
  } else {
    iiptran_opened_t opened;
    iiptran_sa_id_t id;
    if (strcmp(step->call, "open") == 0) {
      status = iiptran_inbound_sa_open(object(INBOUND, step->on), step->now, &packet, &opened);
    } else {
      status = iiptran_sad_open(object(SAD, step->on), step->now, &packet, &id, &opened);
      check(status != IIPTRAN_OK || id.spi == step->expect.spi, "another SA");
    }
    if (status == IIPTRAN_OK) {
      check_packet(step, &packet);
      check(opened.sequence == step->expect.sequence, "another sequence number");
      check(opened.pad_length == step->expect.pad_length, "another pad length");
      check(opened.next_header == step->expect.next_header, "another next header");
    }
  }
  if (status != IIPTRAN_OK) check(packet.offset == step->room[0], "the packet has moved");
  free(packet.buffer);
  return status;
}

static iiptran_status_t lookup(const struct step *step) {
  iiptran_packet_t packet = packet_of(step);
  const uint8_t *bytes = packet.buffer + packet.offset;
  iiptran_status_t status;
  if (strcmp(step->call, "spd-lookup") == 0) {
    uint32_t direction = strcmp(step->direction, "inbound") == 0 ? IIPTRAN_INBOUND : IIPTRAN_OUTBOUND;
    iiptran_policy_t policy;
    status = iiptran_spd_lookup(object(SPD, step->on), direction, bytes, packet.length, &policy);
    if (status == IIPTRAN_OK) {
      check(same(policy.name, step->expect.policy), "another policy");
      check(same(policy.action, step->expect.action), "another action");
    }
  } else {
    iiptran_next_hop_t hop;
    status = iiptran_fib_lookup(object(FIB, step->on), bytes, packet.length, &hop);
    if (status == IIPTRAN_OK) {
      check(hop.link == step->expect.link, "another link");
      check_address(step->expect.next_hop, &hop.address);
    }
  }
  free(packet.buffer);
  return status;
}

static iiptran_status_t spi_of(const struct step *step) {
  iiptran_packet_t packet = packet_of(step);
  uint32_t spi;
  iiptran_status_t status = iiptran_spi_of(packet.buffer + packet.offset, packet.length, 4500, &spi);
  if (status == IIPTRAN_OK) check(spi == step->expect.spi, "another SPI");
  free(packet.buffer);
  return status;
}

static iiptran_status_t move_sa(const struct step *step) {
  int is_sad = strncmp(step->call, "sad-", 4) == 0;
  void *owner = object(is_sad ? SAD : NODE, step->on);
  iiptran_inbound_sa_t *sa;
  iiptran_status_t status;
  if (strstr(step->call, "insert") != NULL) {
    sa = object(INBOUND, step->with);
    status = is_sad ? iiptran_sad_insert(owner, sa) : iiptran_node_insert_inbound_sa(owner, sa);
    if (status == IIPTRAN_OK) forget(INBOUND, step->with);
    return status;
  }
  iiptran_sa_id_t id;
  memset(&id, 0, sizeof id);
  id.spi = step->spi;
  if (is_sad) {
    status = iiptran_sad_remove(owner, &id, &sa);
  } else {
    uint32_t network;
    status = iiptran_node_network(owner, step->network, strlen(step->network), &network);
    if (status == IIPTRAN_OK) status = iiptran_node_remove_inbound_sa(owner, network, &id, &sa);
  }
  if (status == IIPTRAN_OK) keep(INBOUND, step->with, sa);
  return status;
}

static void check_verdict(const struct step *step, const iiptran_verdict_t *verdict, const iiptran_packet_t *packet) {
  static const char *const words[] = {"", "transmit", "deliver", "hold"};
  check(strcmp(words[verdict->what & 3], step->expect.verdict) == 0, "another verdict");
  if (verdict->what == IIPTRAN_HOLD) {
    check(packet->offset == step->room[0], "the packet has moved");
  } else {
    check_packet(step, packet);
  }
  check(verdict->link == step->expect.link, "another link");
  if (verdict->what == IIPTRAN_TRANSMIT) check_address(step->expect.next_hop, &verdict->next_hop);
}

static iiptran_status_t pass(const struct step *step, iiptran_node_t *node) {
  iiptran_packet_t packet = packet_of(step);
  iiptran_verdict_t verdict;
  uint32_t number;
  iiptran_status_t status;
  if (strcmp(step->call, "send") == 0) {
    status = iiptran_node_network(node, step->network, strlen(step->network), &number);
    if (status == IIPTRAN_OK) status = iiptran_node_send(node, step->now, number, &packet, &verdict);
  } else {
    status = iiptran_node_link(node, step->link, strlen(step->link), &number);
    if (status == IIPTRAN_OK && strcmp(step->call, "send-via") == 0) {
      status = iiptran_node_send_via(node, step->now, number, &packet, &verdict);
    } else if (status == IIPTRAN_OK) {
      status = iiptran_node_receive(node, step->now, number, &packet, &verdict);
    }
  }
  if (status == IIPTRAN_OK) check_verdict(step, &verdict, &packet);
  free(packet.buffer);
  return status;
}

static iiptran_status_t on_node(const struct step *step, iiptran_config_error_t **error) {
  iiptran_node_t *node = object(NODE, step->on);
  iiptran_status_t status;
  if (strcmp(step->call, "install") == 0) {
    return iiptran_node_install(node, step->document, strlen(step->document), error);
  }
  if (strcmp(step->call, "install-tables") == 0) {
    iiptran_tables_t *tables;
    check(iiptran_node_tables(object(NODE, step->with), &tables) == IIPTRAN_OK, "tables");
    status = iiptran_node_install_tables(node, tables);
    iiptran_tables_free(tables);
    return status;
  }
  if (strcmp(step->call, "set-worker") == 0) {
    return iiptran_node_set_worker(node, step->has_worker ? step->worker : IIPTRAN_NO_WORKER);
  }
  if (strcmp(step->call, "set-link-up") == 0) {
    uint32_t link;
    status = iiptran_node_link(node, step->link, strlen(step->link), &link);
    return status == IIPTRAN_OK ? iiptran_node_set_link_up(node, link, step->up) : status;
  }
  if (strcmp(step->call, "counters") == 0 || strcmp(step->call, "poll-event") == 0) {
    iiptran_text_t *text;
    status = strcmp(step->call, "counters") == 0 ? iiptran_node_counters(node, &text)
                                                 : iiptran_node_poll_event(node, &text);
    if (status == IIPTRAN_OK) {
      check(same(iiptran_text_words(text), step->expect.document), "another document");
      iiptran_text_free(text);
    }
    return status;
  }
  return pass(step, node);
}

static size_t length_of(const char *text) { return text ? strlen(text) : 0; }

static iiptran_status_t capture(const struct step *step, iiptran_network_t *network) {
  iiptran_capture_t *capture;
  iiptran_status_t status = iiptran_network_take_capture(network, step->link, length_of(step->link), &capture);
  if (status == IIPTRAN_OK) {
    iiptran_bytes_t file = iiptran_capture_bytes(capture);
    iiptran_packet_t found = {(uint8_t *)file.first, file.length, 0, file.length};
    check_packet(step, &found);
    iiptran_capture_free(capture);
  }
  return status;
}

static iiptran_status_t on_network(const struct step *step, iiptran_config_error_t **error) {
  static const struct {
    const char *call;
    iiptran_status_t (*ask)(iiptran_network_t *, iiptran_text_t **);
  } takes[] = {{"ends", iiptran_network_take_ends}, {"trace", iiptran_network_take_trace}};
  iiptran_network_t *network = object(NETWORK, step->on);
  const char *call = step->call + strlen("network-");
  const char *with = step->with, *link = step->link;
  iiptran_status_t status = IIPTRAN_BAD_ARGUMENT;
  iiptran_text_t *text = NULL;
  if (strcmp(call, "run") == 0) return iiptran_network_run_until(network, step->now);
  if (strcmp(call, "reset") == 0) return iiptran_network_reset(network, &step->seed, error);
  if (strcmp(call, "wire") == 0) return iiptran_network_set_wire_up(network, link, strlen(link), step->up);
  if (strcmp(call, "capture") == 0) return capture(step, network);
  if (strcmp(call, "link") == 0) {
    return iiptran_network_set_link_up(network, with, strlen(with), link, strlen(link), step->up);
  }
  if (strcmp(call, "step") == 0 || strcmp(call, "send") == 0) {
    uint64_t number;
    iiptran_packet_t packet = packet_of(step);
    status = strcmp(call, "step") == 0
                 ? iiptran_network_step(network, &number)
                 : iiptran_network_send(network, with, length_of(with), step->network, length_of(step->network),
                                        packet.buffer + packet.offset, packet.length, &number);
    free(packet.buffer);
    if (status == IIPTRAN_OK) check(number == step->expect.sequence, "another number");
    return status;
  }
  for (size_t i = 0; i < sizeof takes / sizeof *takes; i++) {
    if (strcmp(call, takes[i].call) == 0) status = takes[i].ask(network, &text);
  }
  if (strcmp(call, "report") == 0) status = iiptran_network_report(network, &text);
  if (strcmp(call, "keys") == 0) status = iiptran_network_keys(network, &text);
  if (strcmp(call, "tables") == 0) status = iiptran_network_tables(network, with, strlen(with), &text);
  if (status == IIPTRAN_OK) {
    check(same(iiptran_text_words(text), step->expect.document), "another document");
    iiptran_text_free(text);
  }
  return status;
}

static size_t alone(const struct step *step) {
  iiptran_config_error_t *error = NULL;
  iiptran_status_t status;
  if (strcmp(step->call, "seal") == 0 || strcmp(step->call, "open") == 0 || strcmp(step->call, "sad-open") == 0) {
    status = esp(step);
  } else if (strncmp(step->call, "network-", 8) == 0) {
    status = on_network(step, &error);
  } else if (strstr(step->call, "-lookup") != NULL) {
    status = lookup(step);
  } else if (strstr(step->call, "insert") != NULL || strstr(step->call, "remove") != NULL) {
    status = move_sa(step);
  } else if (step->document && strcmp(step->call, "install") != 0) {
    status = make(step, &error);
  } else if (strcmp(step->call, "spi-of") == 0) {
    status = spi_of(step);
  } else if (strcmp(step->call, "sad") == 0 || strcmp(step->call, "node-with-tables") == 0 ||
             strcmp(step->call, "for-worker") == 0) {
    status = make(step, &error);
  } else {
    status = on_node(step, &error);
  }
  check_fault(step, status, error);
  return 1;
}

/* All steps of the vectors; each call of `next` makes some, beginning with the one that it is given. */
static size_t all(size_t (*next)(const struct step *)) {
  size_t calls = 0;
  for (step_number = 0; step_number < sizeof steps / sizeof *steps;) {
    if (steps[step_number].begins) {
      free_all();
      case_name = steps[step_number++].begins;
      continue;
    }
    size_t made = next(&steps[step_number]);
    step_number += made;
    calls += made;
  }
  free_all();
  return calls;
}

#include "bursts.h"

int main(void) {
  /* HOST-01: every call gives what the vectors say. */
  size_t calls = all(alone);
  /* HOST-10: as bursts, in buffers of their own and in one that they share. */
  size_t bursts = all(in_bursts) == calls ? burst_count : 0;
  size_t shared = all(in_bursts_of_one_buffer) == calls ? burst_count - bursts : 0;
  printf("%zu calls gave what they should, and so did %zu bursts, %zu of one buffer\n", calls, bursts, shared);
  return calls > 1000 && bursts > 100 && shared > 100 ? 0 : 1;
}
