/**
 * Two chains of messages, a short and a long one, that visit the last node in turns; something breaks when the visits come in
 * one order: `[1]` the long chain first (a bug of depth 1), `[0, 1, 0]` in between the short one's two visits (depth 2),
 * `[0, 1, 0, 1]` alternating (depth 3). All links take about the same time, so latencies hardly ever give another order than
 * short, short, long, long.
 */
export function turns(order: readonly number[]): string {
  return `
protocol Turns {
  const wanted = [${order.join(', ')}]
  var at = 0
  message Hop(chain: Int, left: Int, visits: Int)
  message Visit(chain: Int, visits: Int)
  message Back(chain: Int, visits: Int)

  on start {
    if self == members[0] { send Hop(chain: 0, left: 1, visits: 1) to members[2] }
    if self == members[1] { send Hop(chain: 1, left: 9, visits: 1) to members[3] }
  }
  on m: Hop from p {
    if m.left > 0 { send Hop(chain: m.chain, left: m.left - 1, visits: m.visits) to p }
    else { send Visit(chain: m.chain, visits: m.visits) to members.last }
  }
  on m: Visit from p {
    if at < wanted.size { if wanted[at] == m.chain { at += 1 } else { at = 100 } }
    if m.visits < 2 { send Back(chain: m.chain, visits: m.visits + 1) to p }
  }
  on m: Back {
    let hops = if m.chain == 0 then 1 else 9
    send Hop(chain: m.chain, left: hops, visits: m.visits) to members[m.chain + 2]
  }
  invariant Right { forall m in members: m.at != wanted.size }
}

system Search {
  node n[5]
  link n -- n with (latency: uniform(9ms, 10ms))
  timing asynchronous
  run Turns on n
  scenario Find (duration: 10s) { expect violated(Right) }
}`;
}
