import { describe, expect, it } from 'vitest';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';

function findingsOf(clause: string, system: string): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText('test:///a.dsys', `protocol P(patience: Duration = 50ms) { requires liveness ${clause} }\nsystem S {\n${system}\n}`);
  const { findings } = checkFile(workspace, 'test:///a.dsys');
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, notes, fixes }) => [code, message, ...(notes ?? []), ...(fixes ?? []).map(({ title }) => title)].join('\n'));
}

const pair = 'node a[2]\nlink a -- a with (latency: 20ms)\nrun P on a';

describe('questions about time', () => {
  it('message_time: the slowest pair over its path, with service at the receiver and none at relays', () => {
    const line = 'node a[3] (cpu: 1ms)\nlink a[0] -- a[1] with (latency: 10ms)\nlink a[1] -- a[2] with (latency: 20ms)\nrun P on a';
    expect(findingsOf('message_time(99%) == 31ms', line)).toEqual([]);
    expect(findingsOf('round_trip(99%) == 62ms', line)).toEqual([]);
    const [text] = findingsOf('round_trip(99%) < patience', line);
    expect(text).toContain('`P` on `a` does not keep liveness without'.slice(0, 20));
    expect(text).toContain('needs 62ms < 50ms');
    expect(text).toContain(
      'A round trip from `a[0]` to `a[2]` takes 62ms or less in 99% of the cases, the longest of any two members: a link of 10ms and a link of 20ms over `a[1]`, then 1ms of service at `a[2]`.',
    );
    expect(text).toContain('Change `patience` of the run to 100ms');
  });
  it('a direct link is taken though a detour is quicker, as in a run', () => {
    const triangle =
      'node a[3]\nlink a[0] -- a[1] with (latency: 1ms)\nlink a[1] -- a[2] with (latency: 1ms)\nlink a[0] -- a[2] with (latency: 9ms)\nrun P on a';
    expect(findingsOf('message_time(50%) == 9ms', triangle)).toEqual([]);
  });
  it('members that cannot reach each other never hear', () => {
    const found = findingsOf('round_trip(50%) < 1h', 'node a[3]\nlink a[0] -- a[1] with (latency: 1ms)\nrun P on a');
    expect(found.join('\n')).toContain('`a[0]` and `a[2]` cannot reach each other.');
  });
  it('one member waits for nobody', () => {
    expect(findingsOf('round_trip(99.9%) == 0ms', 'node a\nrun P on a')).toEqual([]);
  });
  it('rounds counts whole delays and needs a bound', () => {
    expect(findingsOf('rounds(patience) == 2', `${pair}\ntiming synchronous(delay: 20ms)`)).toEqual([]);
    expect(findingsOf('rounds(patience) >= 3', `${pair}\ntiming synchronous(delay: 20ms)`)[0]).toContain(
      '50ms leaves room for 2 message delays of 20ms.',
    );
    expect(findingsOf('rounds(patience) >= 3', pair)[0]).toContain('DS3006');
  });
  it('drift is that of the worst clock', () => {
    const clocks = 'node a[2] (drift: 1%)\nnode b[2] (drift: 2%)\nnode c (drift: 9%)\nrun P on a + b';
    expect(findingsOf('drift == 2%', clocks)).toEqual([]);
    expect(findingsOf('drift == 0', 'node a[2]\nrun P on a')).toEqual([]);
  });
  it('a quantile out of range is refused where it stands', () => {
    for (const bad of ['100%', '0', '1.5'])
      expect(findingsOf(`round_trip(${bad}) < 1s`, pair)[0]).toContain('a quantile lies between 0 and 1');
  });
  it('a thousand nodes in a sparse network are answered or left undecided soon', () => {
    const begin = process.cpuUsage().user;
    const ring = 'node a[1000]\nlink ring(a) with (latency: lognormal(2ms, 0.5))\nrun P on a';
    const found = findingsOf('round_trip(99.9%) > 1s', ring);
    expect(found.filter((text) => !text.startsWith('DS3090'))).toEqual([]);
    expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(5_000);
  });
  it('a thousand nodes without links are a few kinds', () => {
    expect(
      findingsOf('round_trip(99.9%) < 10ms', 'node a[1000] (cpu: 20us)\nchannel a -- a with (latency: lognormal(0.2ms, 0.5))\nrun P on a'),
    ).toEqual([]);
  });
});
