import { describe, expect, it } from 'vitest';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { linesOf, sectionsOf } from './card-of.ts';

const section = (text: string): CardSection | undefined => sectionsOf(text).find(({ id }) => id === 'timing');
const row = (found: CardSection | undefined, label: string) => found?.rows.find((each) => each.label === label);

describe('the timing section', () => {
  const etcd = `import Raft from "dsys/consensus/raft"
system S {
  node a[3] (cpu: 1ms, drift: 1%)
  node c
  link a -- a with (latency: 4ms)
  link c -- a with (latency: 2ms)
  timing partially_synchronous(delay: 20ms, gst: 0s)
  run Raft(heartbeat: 50ms, election: 150ms..300ms) on a
  workload w on c { call Submit(command: unique) to any(a) with (rate: 1/s, timeout: 30ms, retries: 2) }
}`;

  it('measures the slowest pair and holds bound, timers, calls and clocks against it', () => {
    const found = section(etcd);
    expect(found?.headline).toBe('time-outs 15 × the 99.9% round trip');
    expect(row(found, 'slowest message')?.value).toBe('always 5ms');
    expect(row(found, 'slowest round trip')?.data).toMatchObject({ median: 10e6, '99.9%': 10e6, error: 0, from: 'a[0]', to: 'a[1]' });
    expect(row(found, 'Δ')?.value).toBe('20ms, 4 × the slowest message at 99.9%: no message exceeds it');
    const timers = found?.rows.filter(({ label }) => label === 'timer `election_timer`').map(({ value }) => value);
    expect(timers).toEqual([
      '150ms to 300ms, 15 × the slowest round trip at 99.9%',
      '150ms to 300ms, 3 periods of `heartbeat_timer` (50ms)',
    ]);
    const call = row(found, 'call `Submit` of `w`');
    expect(call?.value).toBe('3 attempts of 30ms, 90ms in all');
    expect(call?.notes?.[0]).toContain('3 times the load');
    expect(call?.notes?.[1]).toContain('for which one attempt has no room');
    expect(row(found, 'clock drift')?.value).toContain('up to 2% of it apart');
  });

  it('says how often a link exceeds Δ', () => {
    const found = section(etcd.replace('latency: 4ms', 'latency: exponential(10ms)'));
    // P(link + 1 ms > 20 ms) = e^-1.9.
    expect(row(found, 'Δ')?.data).toMatchObject({ delay: 20e6, exceeds: Math.exp(-1.9) });
    expect(row(found, 'Δ')?.notes?.[0]).toContain('cut');
  });

  it('is not there for one member, and says when members cannot reach each other', () => {
    expect(section('protocol P { }\nsystem S { node a  run P on a }')).toBeUndefined();
    const apart = section('protocol P { }\nsystem S { node a[3]  link a[0] -- a[1] with (latency: 1ms)  run P on a }');
    expect(linesOf(apart)).toContain('never arrives');
  });
});
