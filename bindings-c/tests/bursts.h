/* The behaviour vectors once more: packets in a row, of one object at one moment, as a burst. */

enum { LONGEST_BURST = 256 };
static size_t burst_count;

static int alike(const char *one, const char *other) {
  return one == other || (one && other && strcmp(one, other) == 0);
}

static int has_burst(const struct step *step) {
  static const char *const calls[] = {"seal", "open", "send", "receive"};
  size_t i = 0;
  while (i < sizeof calls / sizeof *calls && !alike(step->call, calls[i])) i++;
  return i < sizeof calls / sizeof *calls && !step->has_sequence && !step->iv && !step->outer && !step->padding &&
         !step->flow_padding && !step->dummy;
}

/* How many steps from this one on are one burst; 0 if it is of none. */
static size_t together(const struct step *first) {
  const struct step *step = first, *end = steps + sizeof steps / sizeof *steps;
  while (step < end && step - first < LONGEST_BURST && !step->begins && has_burst(step) &&
         alike(step->call, first->call) && alike(step->on, first->on) && alike(step->link, first->link) &&
         alike(step->network, first->network) && step->now == first->now)
    step++;
  return (size_t)(step - first);
}

/* Moves packets into one buffer, which is the buffer of each. */
static uint8_t *share(iiptran_packet_t *packets, size_t count) {
  uint8_t *buffer;
  size_t capacity = 0, begin = 0;
  for (size_t i = 0; i < count; i++) capacity += packets[i].capacity;
  check((buffer = (uint8_t *)malloc(capacity)) != NULL, "memory");
  for (size_t i = 0; i < count; i++) {
    memcpy(buffer + begin, packets[i].buffer, packets[i].capacity);
    free(packets[i].buffer);
    packets[i].buffer = buffer;
    packets[i].offset += begin;
    begin += packets[i].capacity;
    packets[i].capacity = capacity;
  }
  return buffer;
}

/* Makes the calls of steps as one burst; statuses and verdicts are those of the single calls. */
static void call_burst(const struct step *first, iiptran_packet_t *packets, size_t count, iiptran_status_t *statuses,
                       iiptran_verdict_t *verdicts) {
  iiptran_node_t *node;
  uint32_t number;
  iiptran_status_t status;
  if (alike(first->call, "seal")) {
    status = iiptran_outbound_sa_seal_burst(object(OUTBOUND, first->on), first->now, packets, count, statuses);
    check(status == IIPTRAN_OK, "no burst");
    return;
  }
  if (alike(first->call, "open")) {
    status = iiptran_inbound_sa_open_burst(object(INBOUND, first->on), first->now, packets, count, statuses);
    check(status == IIPTRAN_OK, "no burst");
    return;
  }
  node = object(NODE, first->on);
  if (alike(first->call, "send")) {
    status = iiptran_node_network(node, first->network, strlen(first->network), &number);
    if (status == IIPTRAN_OK) {
      check(iiptran_node_send_burst(node, first->now, number, packets, count, verdicts) == IIPTRAN_OK, "no burst");
    }
  } else {
    status = iiptran_node_link(node, first->link, strlen(first->link), &number);
    if (status == IIPTRAN_OK) {
      check(iiptran_node_receive_burst(node, first->now, number, packets, count, verdicts) == IIPTRAN_OK, "no burst");
    }
  }
  for (size_t i = 0; i < count; i++) {
    statuses[i] = status;
    if (status == IIPTRAN_OK && verdicts[i].what > IIPTRAN_HOLD) statuses[i] = verdicts[i].what;
  }
}

static size_t run_burst(const struct step *first, size_t count, int is_shared) {
  static iiptran_packet_t packets[LONGEST_BURST];
  static size_t offsets[LONGEST_BURST];
  static iiptran_status_t statuses[LONGEST_BURST];
  static iiptran_verdict_t verdicts[LONGEST_BURST];
  uint8_t *buffer = NULL;
  for (size_t i = 0; i < count; i++) packets[i] = packet_of(first + i);
  if (is_shared) buffer = share(packets, count);
  for (size_t i = 0; i < count; i++) offsets[i] = packets[i].offset;
  call_burst(first, packets, count, statuses, verdicts);
  burst_count++;
  for (size_t i = 0; i < count; i++, step_number++) {
    const struct step *step = first + i;
    check_fault(step, statuses[i], NULL);
    if (statuses[i] != IIPTRAN_OK) {
      check(packets[i].offset == offsets[i], "the packet has moved");
    } else if (step->expect.verdict) {
      packets[i].offset -= offsets[i] - step->room[0];
      packets[i].buffer += offsets[i] - step->room[0];
      check_verdict(step, &verdicts[i], &packets[i]);
      packets[i].buffer -= offsets[i] - step->room[0];
    } else {
      check_packet(step, &packets[i]);
    }
    if (!is_shared) free(packets[i].buffer);
  }
  step_number -= count;
  free(buffer);
  return count;
}

static size_t in_bursts(const struct step *step) {
  size_t count = together(step);
  return count > 0 ? run_burst(step, count, 0) : alone(step);
}

/* Packets with little room stay alone, as the others' bytes would be room. */
static size_t in_bursts_of_one_buffer(const struct step *step) {
  size_t count = together(step), free_count = 0;
  while (free_count < count && step[free_count].room[0] >= 512 && step[free_count].room[1] >= 512) free_count++;
  return free_count > 0 ? run_burst(step, free_count, 1) : alone(step);
}
