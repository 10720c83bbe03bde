/* A network on a virtual clock: run, disturbed, and read. Compiles as C99. */
#include <iiptran.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scenario[] =
    "arrangement = \"iiptran\"\n"
    "duration = \"1s\"\n"
    "networks = [{ name = \"base\" }, { name = \"vn\" }]\n"
    "hosts = [{ name = \"X\", addresses = [\"10.1.0.5/24\"] }, { name = \"Y\", addresses = [\"10.2.0.5/24\"] }]\n"
    "wires = [{ name = \"x\", ends = [\"X\", \"A.x\"] }, { name = \"wan\", ends = [\"A.w\", \"B.w\"], delay = \"5ms\" },\n"
    "  { name = \"y\", ends = [\"B.y\", \"Y\"] }]\n"
    "[[nodes]]\nname = \"A\"\n"
    "links = [{ name = \"x\", network = \"vn\", side = \"protected\", addresses = [\"10.1.0.1/24\"] },\n"
    "  { name = \"w\", addresses = [\"192.0.2.1/30\"] }]\n"
    "routes = [{ network = \"vn\", prefix = \"10.2.0.0/24\", link = \"t\" }]\n"
    "[[nodes]]\nname = \"B\"\n"
    "links = [{ name = \"y\", network = \"vn\", side = \"protected\", addresses = [\"10.2.0.1/24\"] },\n"
    "  { name = \"w\", addresses = [\"192.0.2.2/30\"] }]\n"
    "routes = [{ network = \"vn\", prefix = \"10.1.0.0/24\", link = \"t\" }]\n"
    "[[virtual-links]]\nname = \"t\"\nnetwork = \"vn\"\ntransform = \"aes-128-gcm-16\"\n"
    "ends = [{ node = \"A\", local = \"192.0.2.1\" }, { node = \"B\", local = \"192.0.2.2\" }]\n";

/* From 10.1.0.5 to 10.2.0.5, TTL 64, protocol 253, two bytes. */
static const uint8_t packet[] = {0x45, 0, 0, 22, 0, 0, 0,    0, 64, 253, 0x65, 0xdf, 10,  1,
                                 0,    5, 10, 2, 0, 5, 0xaa, 0xbb};

static void expect(iiptran_status_t status, iiptran_status_t expected, int line) {
  if (status != expected) {
    iiptran_words_t text = iiptran_status_text(status);
    fprintf(stderr, "line %d: 0x%x, %.*s\n", line, (unsigned)status, (int)text.length, text.text);
    exit(1);
  }
}
#define EXPECT(call, status) expect((call), (status), __LINE__)
#define DONE(call) EXPECT(call, IIPTRAN_OK)
#define HOLDS(condition) DONE((condition) ? IIPTRAN_OK : IIPTRAN_BAD_ARGUMENT)

/* Whether a document has these words in it; it is freed. */
static int has(iiptran_text_t *text, const char *words) {
  iiptran_words_t all = iiptran_text_words(text);
  size_t length = strlen(words);
  int found = 0;
  for (size_t i = 0; i + length <= all.length && !found; i++) found = !memcmp(all.text + i, words, length);
  iiptran_text_free(text);
  return found;
}

static void delivered_and_lost(void) {
  iiptran_network_t *network;
  iiptran_text_t *text;
  iiptran_capture_t *capture;
  iiptran_bytes_t file;
  iiptran_address_t far = {4, {10, 2, 0, 5}};
  uint64_t number, now, seed = 7;
  DONE(iiptran_network_new(scenario, sizeof scenario - 1, NULL, &network));
  DONE(iiptran_network_send(network, "X", 1, NULL, 0, packet, sizeof packet, &number));
  HOLDS(number == 1);
  DONE(iiptran_network_run_until(network, 1000000000));
  DONE(iiptran_network_now(network, &now));
  HOLDS(now == 1000000000);
  DONE(iiptran_network_take_ends(network, &text));
  /* The wire takes 5 ms; two routers each take one off the TTL. */
  HOLDS(has(text, "{\"time\":5000000,\"number\":1,\"verdict\":\"deliver\",\"place\":\"Y\","
                  "\"packet\":\"45000016000000003efd67df0a0100050a020005aabb\"}"));
  DONE(iiptran_network_take_capture(network, "wan", 3, &capture));
  file = iiptran_capture_bytes(capture);
  HOLDS(file.length > 40 + 9 + 1 && file.first[40 + 9] == 50); /* ESP alone is seen outside. */
  iiptran_capture_free(capture);
  DONE(iiptran_network_set_wire_up(network, "wan", 3, false));
  DONE(iiptran_network_send(network, "X", 1, NULL, 0, packet, sizeof packet, &number));
  DONE(iiptran_network_run_until(network, 2000000000));
  DONE(iiptran_network_take_ends(network, &text));
  HOLDS(has(text, "\"verdict\":\"drop\""));
  DONE(iiptran_network_take_trace(network, &text));
  HOLDS(has(text, "\"event\":\"wire\",\"wire\":\"wan\",\"up\":false"));
  DONE(iiptran_network_way(network, "A", 1, "vn", 2, &far, &text));
  iiptran_text_free(text);
  DONE(iiptran_network_tables(network, "A", 1, &text));
  HOLDS(has(text, "10.2.0.0/24"));
  DONE(iiptran_network_report(network, &text));
  HOLDS(has(text, "\"time\":2000000000"));
  DONE(iiptran_network_keys(network, &text));
  HOLDS(has(text, "\"sas\""));
  DONE(iiptran_network_nodes(network, &text));
  HOLDS(has(text, "[\"A\",\"B\"]"));
  DONE(iiptran_network_wires(network, &text));
  HOLDS(has(text, "[\"x\",\"wan\",\"y\"]"));
  DONE(iiptran_network_reset(network, &seed, NULL));
  DONE(iiptran_network_seed(network, &number));
  DONE(iiptran_network_now(network, &now));
  HOLDS(number == 7 && now == 0);
  DONE(iiptran_network_step(network, &now));
  HOLDS(now == IIPTRAN_NEVER); /* Nothing happens here that was not asked for. */
  DONE(iiptran_network_watch(network, false, false, false));
  DONE(iiptran_network_send(network, "A", 1, "vn", 2, packet, sizeof packet, &number));
  DONE(iiptran_network_run_until(network, 1000000000));
  DONE(iiptran_network_take_ends(network, &text));
  HOLDS(has(text, "[]"));
  iiptran_network_free(network);
}

static void wrong_calls(void) {
  iiptran_network_t *network;
  iiptran_text_t *text = NULL;
  iiptran_capture_t *capture = NULL;
  uint64_t number = 77;
  EXPECT(iiptran_network_new("figure-33", 9, NULL, &network), IIPTRAN_CONFIG_ERROR);
  EXPECT(iiptran_network_new(NULL, 9, NULL, &network), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_network_new("\xff", 1, NULL, &network), IIPTRAN_NOT_UTF8);
  DONE(iiptran_network_new("figure-3", 8, NULL, &network));
  EXPECT(iiptran_network_send(network, "?", 1, NULL, 0, packet, 22, &number), IIPTRAN_UNKNOWN_STATION);
  EXPECT(iiptran_network_send(network, "A", 1, "?", 1, packet, 22, &number), IIPTRAN_UNKNOWN_NETWORK);
  EXPECT(iiptran_network_send(network, "X", 1, NULL, 0, packet, 7, &number), IIPTRAN_NOT_IP);
  EXPECT(iiptran_network_send(network, "X", 1, NULL, 0, NULL, 7, &number), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_network_set_wire_up(network, "?", 1, false), IIPTRAN_UNKNOWN_WIRE);
  EXPECT(iiptran_network_set_link_up(network, "A", 1, "?", 1, false), IIPTRAN_UNKNOWN_LINK);
  EXPECT(iiptran_network_take_capture(network, "?", 1, &capture), IIPTRAN_UNKNOWN_WIRE);
  EXPECT(iiptran_network_tables(network, "?", 1, &text), IIPTRAN_UNKNOWN_STATION);
  EXPECT(iiptran_network_now(network, NULL), IIPTRAN_BAD_POINTER);
  EXPECT(iiptran_network_run_until(NULL, 5), IIPTRAN_BAD_POINTER);
  HOLDS(number == 77 && text == NULL && capture == NULL);
  HOLDS(iiptran_capture_bytes(NULL).length == 0);
  iiptran_capture_free(NULL);
  iiptran_network_free(network);
  iiptran_network_free(NULL);
}

int main(void) {
  iiptran_text_t *names;
  delivered_and_lost();
  wrong_calls();
  DONE(iiptran_scenarios(&names));
  HOLDS(has(names, "\"figure-3\""));
  puts("packets came to the ends that they should");
  return 0;
}
