// The hold model on a 4-ary heap of (time, order, slot): what `simulator-queue` compares with. Arguments: how many are queued,
// how many operations, and how many rounds; delays come as doubles on standard input. Prints ns per operation of the best round.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

struct Event {
  double time;
  uint64_t order;
  int32_t slot;
};

static inline bool before(const Event &a, const Event &b) { return a.time < b.time || (a.time == b.time && a.order < b.order); }

struct Heap {
  std::vector<Event> events;
  uint64_t inserted = 0;

  void push(int32_t slot, double time) {
    Event event{time, inserted++, slot};
    size_t at = events.size();
    events.push_back(event);
    while (at > 0) {
      size_t parent = (at - 1) / 4;
      if (!before(event, events[parent])) break;
      events[at] = events[parent];
      at = parent;
    }
    events[at] = event;
  }

  Event pop() {
    Event top = events[0];
    Event last = events.back();
    events.pop_back();
    size_t size = events.size(), at = 0;
    if (size == 0) return top;
    for (;;) {
      size_t least = 4 * at + 1;
      if (least >= size) break;
      size_t end = least + 4 < size ? least + 4 : size;
      for (size_t child = least + 1; child < end; child++)
        if (before(events[child], events[least])) least = child;
      if (!before(events[least], last)) break;
      events[at] = events[least];
      at = least;
    }
    events[at] = last;
    return top;
  }
};

int main(int count, char **arguments) {
  if (count < 4) return 1;
  const int pending = std::atoi(arguments[1]), operations = std::atoi(arguments[2]), rounds = std::atoi(arguments[3]);
  std::vector<double> delays(65536);
  if (std::fread(delays.data(), sizeof(double), delays.size(), stdin) != delays.size()) return 1;
  double best = 1e300;
  uint64_t check = 0;
  for (int round = 0; round < rounds; round++) {
    Heap heap;
    for (int slot = 0; slot < pending; slot++) heap.push(slot, 1 + delays[slot & 65535]);
    auto begin = std::chrono::steady_clock::now();
    for (int operation = 0; operation < operations; operation++) {
      Event event = heap.pop();
      check += event.slot;
      heap.push(event.slot, event.time + delays[operation & 65535]);
    }
    double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / operations;
    if (ns < best) best = ns;
  }
  std::printf("%.3f %llu\n", best, (unsigned long long)check);
}
