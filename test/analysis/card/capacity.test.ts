import { describe, expect, it } from 'vitest';
import { linesOf, sectionsOf } from './card-of.ts';

/** The section on cost and load, as people read it. */

const section = (text: string) => sectionsOf(text).find(({ id }) => id === 'capacity');

const store = (more = '', call = '') => `import Register from "dsys/replication/register"
  system Store {
    node replica[5] (cpu: 1ms)
    node client[2]
    faults Two { crash 2 of replica }
    run Register on replica
    ${more}
    ${call}
  }`;

describe('what a deployment costs and carries', () => {
  it('counts messages and delays, and says how busy the members are now and after the worst outage', () => {
    const found = section(
      store('', 'workload w on client { call Write(v: unique) to any(replica) with (rate: 30/s, timeout: 1s, retries: 5) }'),
    );
    expect(linesOf(found)).toMatchInlineSnapshot(`
      "[busiest node 20% loaded]
      \`Read\`: 16 messages, answered after 6 message delays, 13ms
        \`Query\` 4 (called to others), \`State\` 4 (others to called), \`Store\` 4 (called to others), \`Stored\` 4 (others to called).
        By the code alone: 8 to 40 messages, exactly 6 delays.
      \`Write\`: 16 messages, answered after 6 message delays, 13ms
        \`Query\` 4 (called to others), \`State\` 4 (others to called), \`Store\` 4 (called to others), \`Stored\` 4 (others to called).
        By the code alone: 8 to 40 messages, exactly 6 delays.
      busiest members: all 5 about 20%
        \`replica[0]\`: \`Write\` of \`w\`: 60/s × 3.4 messages × 1ms = 20%.
      \`Write\` under this load: answered after 13.64ms in the mean, 0.818 under way at once
      highest stable rate: below 4.9 times what the workloads ask for: then \`replica[0]\` has no time left
        \`Write\` of \`w\`: up to 147/s a client, 2 clients.
      with \`replica[0]\` and \`replica[1]\` crashed: all 3 about 18%"
    `);
  });

  it('tells what a slow member would have to do', () => {
    const text = store('', 'workload w on client { call Write(v: unique) to any(replica) with (rate: 30/s) }');
    const found = section(text.replace('crash 2 of replica', 'timing 1 of replica with (slowdown: 8)'));
    expect(found?.rows.at(-1)).toMatchObject({
      label: 'with `replica[0]` 8 times slower',
      value: 'it has 163% of the work that it can do',
      data: { node: 'replica[0]', slowdown: 8 },
    });
  });

  it('tells of no load where the worst outage leaves no quorum', () => {
    const call = 'workload w on client { call Write(v: unique) to any(replica) with (rate: 30/s) }';
    const found = section(store('', call).replace('crash 2', 'crash 3'));
    expect(found?.rows.at(-1)).toMatchObject({
      label: 'with `replica[0]`, `replica[1]` and `replica[2]` crashed',
      value: 'nothing that waits for a quorum of `Read` gets on: none is left',
      data: { noQuorum: 'Read' },
    });
  });

  it('says nothing of load where nothing is called', () => {
    const found = section(store());
    expect(found?.rows.map(({ label }) => label)).toEqual(['`Read`', '`Write`']);
    expect(found?.headline).toBeUndefined();
  });

  it('tells how far a protocol scales by what it says of itself', () => {
    const found = section(`protocol P { scales with (serial: 5%, crosstalk: 0.1%) } system S { node r[10] run P on r }`);
    expect(linesOf(found)).toMatchInlineSnapshot(`
      "speed-up by its serial share: 6.9 with 10 members; no number of members reaches 20
        Of a fixed amount of work; 9.55 where the work grows with the members (Gustafson 1988).
      throughput, crosstalk included: 6.49 times that of one member; the most is 9.04 with 31 members"
    `);
  });

  it('has nothing to say of a protocol that nobody can call and that does not scale', () => {
    expect(section('protocol P { } system S { node r[3] run P on r }')).toBeUndefined();
  });

  it('keeps machines from infinities', () => {
    const found = section(`import Raft from "dsys/consensus/raft"
      system S { node r[3] (cpu: 1ms) node c timing partially_synchronous(delay: 10ms, gst: 0s) run Raft on r
        workload w on c { call Submit(command: unique) to any(r) with (rate: 10/s) } }`);
    expect(JSON.stringify(found)).not.toMatch(/Infinity|NaN/);
    expect(found?.rows.map(({ label }) => label)).toEqual([
      '`Submit`',
      'without any call',
      'busiest members',
      '`Submit` under this load',
      'highest stable rate',
    ]);
    expect(JSON.parse(JSON.stringify(found?.rows[0]?.data))).toMatchObject({ operation: 'Submit', total: { least: 0, most: null } });
  });
});
