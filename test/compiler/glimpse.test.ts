/* A trace asks of each variable whether it still reads as before, and must neither miss a change nor leave a mark on the run. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Glimpse } from '../../src/compiler/program.ts';
import { StringWriter } from '../../src/compiler/runtime/writer.ts';
import { compileText, RecordingHost } from '../support/compile-text.ts';

const text = `protocol P {
  record Point(x: Int, name: String)
  record Cell(list: List<Int>, votes: Map<Int, Set<Node>>, seen: Set<Int>, best: Point?)
  var cells: Map<Int, Cell> = {}
  var byPoint: Map<Point, List<Int>> = {}
  var points: Set<Point> = {}
  var lists: List<List<Int>> = []
  var one = Cell([], {}, {}, none)
  var perhaps: Set<Int>? = none
  var kept: List<Int> = []
  var names: Map<String, Bool> = {}
  var nodes: Set<Node> = {}
  message Do(what: Int, key: Int, value: Int)
  on m: Do {
    let point = Point(m.key, "p")
    if not (m.key in cells) { cells[m.key] = Cell([], {}, {}, none) }
    if m.what == 0 { cells[m.key].list += m.value }
    if m.what == 1 { cells[m.key].votes[m.value] = cells[m.key].votes.get(m.value, {}) | {members.first} }
    if m.what == 2 { cells[m.key].seen += m.value  cells[m.key].best = point }
    if m.what == 3 { cells -= m.key }
    if m.what == 4 { byPoint[point] = byPoint.get(point, []) + [m.value]  names["n" + (if m.value > 2 then "a" else "b")] = m.key > 3 }
    if m.what == 5 { points += point  lists += [[m.value]] }
    if m.what == 6 and lists.size > 0 { lists[m.value mod lists.size] += m.key }
    if m.what == 7 { one.list += m.value  one.seen += m.key  one.best = point }
    if m.what == 8 { kept = cells[m.key].list  cells[m.key].list += m.value }
    if m.what == 9 { perhaps = if m.value == 0 then none else {m.value}  points -= point }
    if m.what == 10 { one = cells[m.key]  nodes = nodes + members.last }
    if m.what == 11 { kept += m.value  byPoint -= point }
  }
}`;

it.each([3, 40])('what a trace of %i nodes shows of a variable is how it reads, and costs the run no step', (count) => {
  const { program } = compileText(text, { nodes: count });
  const step = fc.tuple(fc.nat(11), fc.nat(7), fc.nat(5));
  let kept = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(12, 40, 200), (steps, most) => {
      const [watchedHost, host] = [new RecordingHost(count), new RecordingHost(count)];
      const watched = program.instantiate(0, watchedHost);
      const alone = program.instantiate(0, host);
      const look = (variable: number, glimpse: Glimpse & { text: string }) => {
        const out = new StringWriter(most);
        program.glimpse(variable, watched.read(variable), out, glimpse);
        glimpse.text = out.finish();
      };
      const glimpses = program.state.map((_, variable) => {
        const glimpse = { text: '', parts: [], whole: true };
        look(variable, glimpse);
        return glimpse;
      });
      for (const fields of steps) {
        for (const instance of [watched, alone]) instance.message(0, program.makeMessage(0, fields), 0);
        expect(watchedHost.fuel).toBe(host.fuel);
        program.state.forEach(({ type, name }, variable) => {
          const value = watched.read(variable);
          const glimpse = glimpses[variable] as Glimpse & { text: string };
          const same = glimpse.text !== 'none' && value !== null && program.readsAs(variable, value, glimpse);
          if (same) kept += 1;
          else look(variable, glimpse);
          expect(glimpse.text, name).toBe(program.format(alone.read(variable), type, most));
        });
      }
    }),
    { numRuns: 150 },
  );
  expect(kept).toBeGreaterThan(1000);
});
