/**
 * Runs against formulas: queues, order statistics, gossip and the race of two chains. Every estimate is a mean over independent
 * seeds; it must lie within 4.5 standard errors of the formula, and be sharp enough to mean something.
 */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { RunResult } from '../../src/simulator/result.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { EventKind } from '../../src/simulator/trace.ts';

interface Estimate {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
}

/** Runs the only scenario of a text over seeds 1, 2, … and takes the mean of what `measure` says. */
function estimate(text: string, seeds: number, measure: (result: RunResult) => number, trace = false): Estimate {
  const uri = 'file:///formula.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const { system } = expand(systems[0]!);
  const programs = system!.deployments.map(({ index }) => compileDeployment(system!, index));
  const values = Array.from({ length: seeds }, (_, at) => {
    const result = runOnce(system!, programs, system!.scenarios[0]!, at + 1, { trace });
    expect(result.error).toBeNull();
    return measure(result);
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
  return { mean, error: Math.sqrt(variance / seeds) };
}

/** @param sharp the most that the standard error may be, as a share of the formula's value. */
function expectFormula({ mean, error }: Estimate, formula: number, sharp: number): void {
  expect(error / formula).toBeLessThan(sharp);
  expect(Math.abs(mean - formula)).toBeLessThan(4.5 * error);
}

/** Mean time from a call to its answer, s. */
function meanLatency(result: RunResult): number {
  const [operation] = result.metrics.operations;
  return (operation?.latency?.mean ?? Number.NaN) / 1e9;
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
const harmonic = (n: number): number => (n === 0 ? 0 : 1 / n + harmonic(n - 1));

describe('queues', () => {
  it.each([50, 80, 90])('M/M/1: a server that takes 10 ms in the mean, asked %i times a second', (rate) => {
    const text = `
      protocol Serve { operation Ask()  on op: Ask { reply } }
      system Queue {
        node server (cpu: exponential(10ms))
        node client
        link client -- server with (latency: 0ms)
        run Serve on server
        workload load on client { call Ask() to server with (rate: ${rate}/s, arrival: poisson) }
        scenario Long (duration: 300s) { }
      }`;
    // Kleinrock, Queueing Systems I, 1975: T = 1 / (μ − λ).
    expectFormula(estimate(text, 8, meanLatency), 1 / (100 - rate), 0.05);
  });

  it('M/M/3: three servers that take 30 ms in the mean behind one queue', () => {
    const text = `
      protocol Pool {
        role front {
          var waiting: List<Call> = []
          var idle: List<Node> = []
          var working: Map<Node, Call> = {}
          operation Ask()
          on start { idle = server.to_list() }
          on op: Ask { waiting += op  assign() }
          on m: Done from p {
            reply to working[p]
            idle += p
            assign()
          }
          fun assign() {
            if waiting.size > 0 and idle.size > 0 {
              let p = idle.first
              working[p] = waiting.first
              waiting = waiting.drop(1)
              idle = idle.drop(1)
              send Work to p
            }
          }
        }
        role server { on m: Work from p { reply Done } }
        message Work
        message Done
      }
      system Queue {
        node desk
        node worker[3] (cpu: exponential(30ms))
        node client
        link client -- desk with (latency: 0ms)
        link desk -- worker with (latency: 0ms)
        run Pool on front: desk, server: worker
        workload load on client { call Ask() to desk with (rate: 80/s, arrival: poisson) }
        scenario Long (duration: 300s) { }
      }`;
    // Erlang C (Erlang 1917; Kleinrock 1975, section 3.5).
    const [servers, arrivals, service] = [3, 80, 1 / 0.03];
    const load = arrivals / service;
    const all = load ** servers / factorial(servers) / (1 - load / servers);
    const some = [0, 1, 2].reduce((sum, k) => sum + load ** k / factorial(k), 0);
    const wait = all / (some + all) / (servers * service - arrivals);
    expectFormula(estimate(text, 8, meanLatency), wait + 1 / service, 0.05);
  });
});

describe('quorums', () => {
  it.each([
    [3, 1],
    [5, 3],
    [7, 7],
  ])('of %i answers, each after an exponential time, the one numbered %i comes after its order statistic', (n, k) => {
    const text = `
      protocol Poll {
        role asker {
          var round = 0
          var heard = 0
          var asked: Call? = none
          operation Ask()
          on op: Ask {
            round += 1
            heard = 0
            asked = op
            send Question(round) to voter
          }
          on m: Answer {
            if m.round == round {
              heard += 1
              if heard == ${k} and asked != none { reply to asked }
            }
          }
        }
        role voter { on m: Question { reply Answer(m.round) } }
        message Question(round: Int)
        message Answer(round: Int)
      }
      system Votes {
        node leader
        node replica[${n}]
        node client
        link client -- leader with (latency: 0ms)
        link leader -> replica with (latency: 1ms)
        link replica -> leader with (latency: exponential(10ms))
        run Poll on asker: leader, voter: replica
        workload load on client { call Ask() to leader with (think: 1s) }
        scenario Long (duration: 1000s) { }
      }`;
    // Rényi 1953: of n exponential times the k-th smallest has the mean (H(n) − H(n − k)) times theirs.
    expectFormula(estimate(text, 8, meanLatency), 0.001 + 0.01 * (harmonic(n) - harmonic(n - k)), 0.02);
  });
});

describe('gossip', () => {
  /** Expected rounds until all of n know, exactly: each who knows tells one other at random (Frieze & Grimmett 1985; Pittel 1987). */
  function expectedRounds(n: number): number {
    const left = new Array<number>(n + 1).fill(0);
    for (let informed = n - 1; informed >= 1; informed -= 1) {
      const ignorant = n - informed;
      // How many distinct ignorant nodes so many calls reach.
      let reached = [1];
      for (let call = 0; call < informed; call += 1) {
        const next = new Array<number>(reached.length + 1).fill(0);
        reached.forEach((probability, already) => {
          const fresh = (ignorant - already) / (n - 1);
          next[already] = (next[already] as number) + probability * (1 - fresh);
          next[already + 1] = (next[already + 1] as number) + probability * fresh;
        });
        reached = next.slice(0, ignorant + 1);
      }
      const later = reached.slice(1).reduce((sum, probability, at) => sum + probability * (left[informed + at + 1] as number), 0);
      left[informed] = (1 + later) / (1 - (reached[0] as number));
    }
    return left[1] as number;
  }

  it.each([16, 64])('push reaches %i nodes in as many rounds as it must', (n) => {
    const text = `
      protocol Push {
        var knows = false
        message Tell
        event Learned
        timer next_round
        on start { knows = self == members.first  set next_round after 1s }
        on timeout next_round {
          if knows { send Tell to choose(peers) }
          set next_round after 1s
        }
        on m: Tell { if not knows { knows = true  emit Learned } }
      }
      system Rumour {
        node person[${n}]
        link person -- person with (latency: 1ms)
        run Push on person
        scenario Long (duration: 60s) { }
      }`;
    const rounds = (result: RunResult): number => {
      const { kind, time, length } = result.trace!;
      const learned = [...Array(length).keys()].filter((row) => kind[row] === EventKind.emit);
      expect(learned).toHaveLength(n - 1);
      return Math.floor((time[learned.at(-1) as number] as number) / 1e9);
    };
    const formula = expectedRounds(n);
    // Pittel 1987: log2 n + ln n + O(1).
    expect(Math.abs(formula - Math.log2(n) - Math.log(n))).toBeLessThan(1);
    expectFormula(estimate(text, 150, rounds, true), formula, 0.02);
  });
});

describe('a race of two chains', () => {
  it.each([
    [0.1, 2],
    [0.3, 5],
  ])('an attacker with %d of the power catches up with %i confirmations as often as it should', (q, z) => {
    const text = `
      protocol Race {
        var honest = 0
        var secret = 0
        event Won
        event Lost
        timer next_block
        on start { set next_block after 1ms }
        on timeout next_block {
          if random(1..1000000) <= ${q * 1e6} { secret += 1 } else { honest += 1 }
          if honest >= ${z} and secret >= honest { emit Won  honest = 0  secret = 0 }
          else if honest >= ${z} and honest - secret > 40 { emit Lost  honest = 0  secret = 0 }
          set next_block after 1ms
        }
      }
      system Chains {
        node miner
        run Race on miner
        scenario Long (duration: 100s) { }
      }`;
    // Rosenfeld, Analysis of hashrate-based double-spending, 2014 (the negative binomial in place of Nakamoto's Poisson).
    const p = 1 - q;
    const choose = (n: number, k: number): number => factorial(n) / factorial(k) / factorial(n - k);
    const lost = Array.from({ length: z }, (_, k) => (p ** z * q ** k - q ** z * p ** k) * choose(k + z - 1, k));
    const formula = 1 - lost.reduce((sum, value) => sum + value, 0);
    const share = ({ metrics }: RunResult): number => {
      const { Won = 0, Lost = 0 } = metrics.counts;
      return Won / (Won + Lost);
    };
    expectFormula(estimate(text, 12, share), formula, 0.05);
  });
});
