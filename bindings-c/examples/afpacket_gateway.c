/*
 * A small gateway of RFC 3884 on Linux: AF_PACKET sockets outside, a node inside. IPv4 and ARP.
 *
 *   cc afpacket_gateway.c $(pkg-config --cflags --libs iiptran) -o gateway
 *   ./gateway node.toml wan=eth0:192.0.2.1 lan=eth1:10.1.0.1
 *
 * Each LINK=INTERFACE:ADDRESS binds a physical link of the document to an interface; the gateway answers
 * ARP for the address. The interface should have no address of the kernel's, which would answer too. The
 * gateway ends with SIGTERM or SIGINT, and prints its counters.
 */
#include <iiptran.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINKS = 8, MAX_NEIGHBOURS = 64, MTU = 65535 };

struct port {
  uint32_t link;
  int socket;
  int interface;
  uint8_t mac[ETH_ALEN];
  uint8_t address[4];
};

struct neighbour {
  uint32_t link;
  uint8_t address[4];
  uint8_t mac[ETH_ALEN];
};

struct __attribute__((packed)) arp {
  uint16_t hardware, protocol;
  uint8_t hardware_length, protocol_length;
  uint16_t operation;
  uint8_t sender_mac[ETH_ALEN], sender[4], target_mac[ETH_ALEN], target[4];
};

static struct port ports[MAX_LINKS];
static size_t port_count;
static struct neighbour neighbours[MAX_NEIGHBOURS];
static size_t neighbour_count;
static volatile sig_atomic_t ended;

static void end(int signal) {
  (void)signal;
  ended = 1;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* A node of the document in a file. */
static iiptran_node_t *read_node(const char *file) {
  static char document[1 << 16];
  iiptran_config_error_t *error = NULL;
  iiptran_node_t *node;
  FILE *stream = fopen(file, "r");
  if (stream == NULL) die(file);
  size_t length = fread(document, 1, sizeof document, stream);
  fclose(stream);
  if (iiptran_node_new(document, length, &error, &node) != IIPTRAN_OK) {
    iiptran_words_t path = iiptran_config_error_path(error);
    iiptran_words_t cause = iiptran_config_error_cause(error);
    fprintf(stderr, "%s: %.*s: %.*s\n", file, (int)path.length, path.text, (int)cause.length, cause.text);
    exit(1);
  }
  return node;
}

/* Opens the interface of LINK=INTERFACE:ADDRESS. */
static void open_port(iiptran_node_t *node, char *argument) {
  struct port *port = &ports[port_count];
  char *interface = strchr(argument, '=');
  char *address = interface ? strchr(interface, ':') : NULL;
  struct ifreq request;
  struct sockaddr_ll local;
  if (address == NULL || port_count == MAX_LINKS || inet_pton(AF_INET, address + 1, port->address) != 1) {
    fprintf(stderr, "%s is not LINK=INTERFACE:ADDRESS, or one too many\n", argument);
    exit(1);
  }
  *interface++ = *address = '\0';
  if (iiptran_node_link(node, argument, strlen(argument), &port->link) != IIPTRAN_OK) {
    fprintf(stderr, "the node has no link %s\n", argument);
    exit(1);
  }
  port->socket = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
  if (port->socket < 0) die("AF_PACKET socket");
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  if (ioctl(port->socket, SIOCGIFHWADDR, &request) != 0) die(interface);
  memcpy(port->mac, request.ifr_hwaddr.sa_data, ETH_ALEN);
  if (ioctl(port->socket, SIOCGIFINDEX, &request) != 0) die(interface);
  port->interface = request.ifr_ifindex;
  memset(&local, 0, sizeof local);
  local.sll_family = AF_PACKET;
  local.sll_protocol = htons(ETH_P_ALL);
  local.sll_ifindex = port->interface;
  if (bind(port->socket, (struct sockaddr *)&local, sizeof local) != 0) die(interface);
  port_count++;
}

static void transmit(const struct port *port, uint16_t protocol, const uint8_t mac[ETH_ALEN],
                     const void *bytes, size_t length) {
  struct sockaddr_ll to;
  memset(&to, 0, sizeof to);
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(protocol);
  to.sll_ifindex = port->interface;
  to.sll_halen = ETH_ALEN;
  memcpy(to.sll_addr, mac, ETH_ALEN);
  if (sendto(port->socket, bytes, length, 0, (struct sockaddr *)&to, sizeof to) < 0) perror("sendto");
}

static void send_arp(const struct port *port, uint16_t operation, const uint8_t target[4],
                     const uint8_t target_mac[ETH_ALEN]) {
  static const uint8_t everybody[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  struct arp arp;
  memset(&arp, 0, sizeof arp);
  arp.hardware = htons(ARPHRD_ETHER);
  arp.protocol = htons(ETH_P_IP);
  arp.hardware_length = ETH_ALEN;
  arp.protocol_length = 4;
  arp.operation = htons(operation);
  memcpy(arp.sender_mac, port->mac, ETH_ALEN);
  memcpy(arp.sender, port->address, 4);
  memcpy(arp.target, target, 4);
  if (target_mac != NULL) memcpy(arp.target_mac, target_mac, ETH_ALEN);
  transmit(port, ETH_P_ARP, target_mac ? target_mac : everybody, &arp, sizeof arp);
}

static struct neighbour *find_neighbour(uint32_t link, const uint8_t address[4]) {
  for (size_t i = 0; i < neighbour_count; i++) {
    if (neighbours[i].link == link && memcmp(neighbours[i].address, address, 4) == 0) return &neighbours[i];
  }
  return NULL;
}

/* Learns the sender of an ARP message, and answers a question for this port's address. */
static void receive_arp(const struct port *port, const uint8_t *bytes, size_t length) {
  struct arp arp;
  if (length < sizeof arp) return;
  memcpy(&arp, bytes, sizeof arp);
  if (arp.protocol != htons(ETH_P_IP) || memcmp(arp.target, port->address, 4) != 0) return;
  struct neighbour *neighbour = find_neighbour(port->link, arp.sender);
  if (neighbour == NULL) {
    if (neighbour_count == MAX_NEIGHBOURS) neighbour_count = 0;
    neighbour = &neighbours[neighbour_count++];
  }
  neighbour->link = port->link;
  memcpy(neighbour->address, arp.sender, 4);
  memcpy(neighbour->mac, arp.sender_mac, ETH_ALEN);
  if (arp.operation == htons(ARPOP_REQUEST)) send_arp(port, ARPOP_REPLY, arp.sender, arp.sender_mac);
}

/* Does what the node says. A packet for a neighbour that is not known yet is dropped after asking for it. */
static void obey(const iiptran_verdict_t *verdict, const iiptran_packet_t *packet) {
  if (verdict->what != IIPTRAN_TRANSMIT || verdict->next_hop.version != 4) return;
  for (size_t i = 0; i < port_count; i++) {
    if (ports[i].link != verdict->link) continue;
    struct neighbour *neighbour = find_neighbour(verdict->link, verdict->next_hop.bytes);
    if (neighbour == NULL) {
      send_arp(&ports[i], ARPOP_REQUEST, verdict->next_hop.bytes, NULL);
    } else {
      transmit(&ports[i], ETH_P_IP, neighbour->mac, packet->buffer + packet->offset, packet->length);
    }
  }
}

static void receive(iiptran_node_t *node, const struct port *port) {
  static uint8_t buffer[IIPTRAN_HEADROOM + MTU + IIPTRAN_TAILROOM];
  struct sockaddr_ll from;
  socklen_t from_length = sizeof from;
  ssize_t length = recvfrom(port->socket, buffer + IIPTRAN_HEADROOM, MTU, 0, (struct sockaddr *)&from,
                            &from_length);
  if (length < 0 || from.sll_pkttype == PACKET_OUTGOING || from.sll_pkttype == PACKET_OTHERHOST) return;
  if (from.sll_protocol == htons(ETH_P_ARP)) {
    receive_arp(port, buffer + IIPTRAN_HEADROOM, (size_t)length);
  } else if (from.sll_protocol == htons(ETH_P_IP)) {
    iiptran_packet_t packet = {buffer, sizeof buffer, IIPTRAN_HEADROOM, (size_t)length};
    iiptran_verdict_t verdict;
    if (iiptran_node_receive(node, now(), port->link, &packet, &verdict) == IIPTRAN_OK) {
      obey(&verdict, &packet);
    }
  }
}

int main(int count, char **arguments) {
  struct pollfd polled[MAX_LINKS];
  struct sigaction action;
  iiptran_text_t *counters;
  if (count < 3) {
    fprintf(stderr, "usage: %s DOCUMENT LINK=INTERFACE:ADDRESS...\n", arguments[0]);
    return 2;
  }
  iiptran_node_t *node = read_node(arguments[1]);
  for (int i = 2; i < count; i++) open_port(node, arguments[i]);
  for (size_t i = 0; i < port_count; i++) {
    polled[i].fd = ports[i].socket;
    polled[i].events = POLLIN;
  }
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  printf("ready\n");
  fflush(stdout);
  while (!ended) {
    if (poll(polled, port_count, -1) < 0 && errno != EINTR) die("poll");
    for (size_t i = 0; i < port_count && !ended; i++) {
      if (polled[i].revents & POLLIN) receive(node, &ports[i]);
    }
  }
  if (iiptran_node_counters(node, &counters) == IIPTRAN_OK) {
    iiptran_words_t words = iiptran_text_words(counters);
    printf("%.*s\n", (int)words.length, words.text);
    iiptran_text_free(counters);
  }
  iiptran_node_free(node);
  return 0;
}
