/** The texts of the language's design, one construct of each kind at least. */
export const samples: Readonly<Record<string, string>> = {
  system: `import Raft from "dsys/consensus/raft"

system Bank {
  zone eu { zone eu1  zone eu2 }
  zone us

  node replica[5] in [eu1, eu1, eu2, us, us] (availability: 99.9%, cpu: 20us)
  node client[3]  in [eu1, eu2, us]

  link replica -- replica with (latency: normal(2ms, 0.5ms), bandwidth: 1Gbps)
  link client  -- replica with (latency: 5ms)
  channel eu -- us with (latency: lognormal(80ms, 0.2), loss: 0.01%)

  timing partially_synchronous(delay: 200ms, gst: 5s)

  faults Production {
    crash 2 of replica
    outage 1 of [eu1, eu2, us]
    partition with (heals: 30s)
  }

  run Raft(heartbeat: 50ms) on replica

  workload writers on client {
    call Submit(command: unique) to any(replica) with (rate: 50/s, timeout: 1s, retries: 3)
  }

  scenario LeaderCrash under Production (duration: 30s, seeds: 100) {
    at 5s  crash(replica[0], for: 7s)
    at 15s partition(eu, us, for: 5s)
    expect count(Committed) >= 100
    expect p99(latency(Submit)) <= 500ms
  }
}
`,
  protocol: `/** Leader election and log replication (Ongaro & Ousterhout, USENIX ATC 2014). */
protocol Raft(heartbeat: Duration = 50ms, election: Range<Duration> = 150ms..300ms) {
  quorum Majority = majority(members)
  requires safety   byzantine == 0           because "Raft tolerates crashes, not lies"
  requires safety   intersect(Majority)
  requires liveness available(Majority)      because "a majority must stay up (§5.1)"
  requires liveness 2 * delay < election.min because "broadcast time must stay well below the election timeout (§5.6)"

  enum Role { Follower, Candidate, Leader }
  record Entry(term: Int, command: String)

  durable term = 0                     // survives a crash
  durable votedFor: Node? = none
  durable log: List<Entry> = []
  var role = Role.Follower             // lost in a crash
  var votes: Set<Node> = {}

  message RequestVote(term: Int, lastIndex: Int, lastTerm: Int)
  message Vote(term: Int, granted: Bool)
  timer election_timer
  operation Submit(command: String): Int
  event Elected(term: Int)

  on start   { await_leader() }
  on recover { await_leader() }

  on timeout election_timer {
    term += 1
    role = Role.Candidate
    votedFor = self
    votes = {self}
    broadcast RequestVote(term, log.size, last_term())
    await_leader()
  }

  on m: RequestVote from candidate {
    observe(m.term)
    let current = m.lastTerm > last_term() or (m.lastTerm == last_term() and m.lastIndex >= log.size)
    let granted = m.term == term and current and (votedFor == none or votedFor == candidate)
    if granted { votedFor = candidate  await_leader() }
    reply Vote(term, granted)
  }

  on m: Vote from voter {
    observe(m.term)
    if role != Role.Candidate or m.term != term or not m.granted { return }
    votes += voter
    if Majority.met(votes) { role = Role.Leader  emit Elected(term) }
  }

  fun observe(t: Int) { if t > term { term = t  role = Role.Follower  votedFor = none } }
  fun await_leader() { set election_timer after random(election) }
  fun last_term(): Int = if log.size == 0 then 0 else log.last.term

  invariant ElectionSafety {
    forall a, b in members: a.role == Role.Leader and b.role == Role.Leader and a.term == b.term implies a == b
  }
  eventually LeaderElected within 5s { exists m in correct: m.role == Role.Leader }
}
`,
  adversary: `adversary DoubleVoter for Raft {
  on m: RequestVote from candidate { for p in peers { send Vote(m.term, true) to p } }
}
`,
  specification: `specification Register {
  var value = 0
  operation Write(v: Int) { value = v }
  operation Read(): Int { reply value }
}
`,
  gossip: `/** Push gossip: every period, a node that knows a rumour tells \`fanout\` random others (Kermarrec, Massoulié & Ganesh 2003). */
protocol Gossip(fanout: Int = 12, period: Duration = 100ms) {
  requires safety   fanout >= 1 and fanout < n
  requires liveness fanout >= log(n) + 7 because "P(all reached) → e^(−e^(−c)) with fanout ln n + c; 99.9 % at c = 7"

  record Rumour(origin: Node, number: Int)
  var known: Set<Rumour> = {}
  message Tell(rumours: Set<Rumour>)
  event Learned(rumour: Rumour)
  operation Publish(number: Int)
  timer tick

  on start { set tick after random(0ms..period) }
  on op: Publish {
    learn({Rumour(self, op.number)})
    reply
  }
  on timeout tick {
    if known.size > 0 { send Tell(known) to choose(peers, fanout) }
    set tick after period
  }
  on m: Tell { learn(m.rumours) }

  fun learn(rumours: Set<Rumour>) {
    for r in rumours \\ known { emit Learned(r) }
    known = known | rumours
  }
  eventually Reached within 5s { forall a, b in correct: a.known == b.known }
}
`,
  register: `/** Atomic multi-writer register over a majority (Attiya, Bar-Noy & Dolev, JACM 1995; Lynch & Shvartsman 1997). */
protocol Register {
  quorum Majority = majority(members)
  requires safety   byzantine == 0          because "replicas are trusted to keep the newest tag"
  requires safety   intersect(Majority)     because "a read must meet every completed write"
  requires liveness available(Majority)

  record Tag(time: Int, writer: Node)
  record Pending(op: Call, write: Int?, phase: Phase, best: Tag, value: Int, heard: Set<Node>)
  enum Phase { Query, Propagate }

  durable tag = Tag(0, members.first)
  durable value = 0
  var pending: Map<Int, Pending> = {}
  var round = 0

  message Query(round: Int)
  message State(round: Int, tag: Tag, value: Int)
  message Store(round: Int, tag: Tag, value: Int)
  message Stored(round: Int)
  operation Read(): Int
  operation Write(v: Int)

  on op: Read  { begin(op, none) }
  on op: Write { begin(op, op.v) }

  on m: Query from p { reply State(m.round, tag, value) }
  on m: Store from p {
    if m.tag > tag { tag = m.tag  value = m.value }
    reply Stored(m.round)
  }
  on m: State from p {
    if m.round in pending and pending[m.round].phase == Phase.Query {
      let seen = pending[m.round]
      let newer = m.tag > seen.best
      pending[m.round] = seen.with(best: if newer then m.tag else seen.best, value: if newer then m.value else seen.value, heard: seen.heard | {p})
      if Majority.met(pending[m.round].heard) { propagate(m.round) }
    }
  }
  on m: Stored from p {
    if m.round in pending and pending[m.round].phase == Phase.Propagate {
      pending[m.round].heard += p
      if Majority.met(pending[m.round].heard) {
        let done = pending[m.round]
        pending -= m.round
        if done.write == none { reply done.value to done.op } else { reply to done.op }
      }
    }
  }

  fun begin(op: Call, write: Int?) {
    round += 1
    pending[round] = Pending(op, write, Phase.Query, tag, value, {self})
    broadcast Query(round)
  }
  fun propagate(r: Int) {
    let p = pending[r]
    let tagged = if p.write == none then p else p.with(best: Tag(p.best.time + 1, self), value: p.write.or(0))
    pending[r] = tagged.with(phase: Phase.Propagate, heard: {self})
    if tagged.best > tag { tag = tagged.best  value = tagged.value }
    broadcast Store(r, tagged.best, tagged.value)
  }
}

specification SharedInt {
  var value = 0
  operation Read(): Int { reply value }
  operation Write(v: Int) { value = v }
}
`,
  service: `import Heartbeat from "dsys/membership/heartbeat"

/** Client-side load balancing with health checks and a circuit breaker a backend. */
protocol Proxy(strategy: Strategy = Strategy.LeastConnections, trip: Int = 5, cool: Duration = 2s) {
  uses health: Heartbeat
  enum Strategy { RoundRobin, LeastConnections, Random, TwoChoices }
  message Work(key: Int, ticket: Int)
  message Done(ticket: Int)

  role proxy {
    enum Circuit { Closed, Open }
    var turn = 0
    var calls: Map<Int, Call> = {}
    var served_by: Map<Int, Node> = {}
    var open: Map<Node, Int> = {}
    var failures: Map<Node, Int> = {}
    var circuit: Map<Node, Circuit> = {}
    timer half_open
    operation Request(key: Int)

    on op: Request {
      let usable = backends.filter(b => b in health.alive and circuit.get(b, Circuit.Closed) == Circuit.Closed)
      if usable.size == 0 { return }
      match strategy {
        Strategy.RoundRobin => { turn += 1  forward(op, usable[turn mod usable.size]) }
        Strategy.LeastConnections => { forward(op, usable.min_by(b => open.get(b, 0))) }
        Strategy.TwoChoices => { forward(op, choose(usable, 2).min_by(b => open.get(b, 0))) }
        else => { forward(op, choose(usable)) }
      }
    }
    on m: Done from b {
      open[b] -= 1
      failures[b] = 0
      if m.ticket in calls { reply to calls[m.ticket]  calls -= m.ticket }
    }
    on e: health.Suspected {
      failures[e.node] = failures.get(e.node, 0) + 1
      if failures[e.node] >= trip { circuit[e.node] = Circuit.Open  set half_open after cool }
    }
    on timeout half_open { circuit = {} }

    fun forward(op: Call, b: Node) {
      turn += 1
      calls[turn] = op
      open[b] = open.get(b, 0) + 1
      send Work(op.key, turn) to b
    }
  }

  role backends {
    var served = 0
    on m: Work { served += 1  reply Done(m.ticket) }
  }
}

system Mesh {
  const users = 100
  node proxy[2]
  node backend[5] (cpu: 2ms)
  node user[users]

  run Heartbeat(period: 100ms) on proxy + backend
  run Proxy on proxy: proxy, backends: backend

  workload requests on user {
    call Request(key: zipf(1000, 1.1)) to any(proxy) with (rate: 2/s, timeout: 200ms, retries: 2)
  }
  faults Chaos {
    crash 2 of backend with (recovers: true)
    timing 1 of backend with (slowdown: 20)
  }
  scenario RetryStorm under Chaos (duration: 60s, seeds: 50) {
    vary users in [10, 100, 1000]
    at 10s slow(backend[0..2], factor: 50, for: 20s)
    expect success(Request) >= 99%
    expect p99(latency(Request)) <= 250ms
  }
}
`,
};
