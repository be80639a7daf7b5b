import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { callOf, compileText, failureOf, lastSource, RecordingHost, shown, systemOf } from '../support/compile-text.ts';

describe('handlers', () => {
  const text = `protocol P {
  durable kept = 0
  var lost = 0
  var list: List<Int> = []
  var lists: List<List<Int>> = []
  message Ping(items: List<Int>)
  message Pong(count: Int)
  event Seen(count: Int)
  timer tick
  on start { set tick after 10ms  broadcast Ping([1, 2])  cancel tick }
  on recover { lost = 7 }
  on timeout tick { kept += 1  lost += 1 }
  on m: Ping from p {
    lists += m.items
    list = m.items
    list += 9
    lists[0] += 8
    emit Seen(list.size)
    reply Pong(m.items.size)
    send Ping(list) to {self, p}
  }
  on m: Pong { assert m.count > 5 }
}`;

  it('send, broadcast, set timers and emit, with payloads that nobody changes', () => {
    const { program } = compileText(text);
    const host = new RecordingHost(3);
    const nodes = [0, 1, 2].map((node) => program.instantiate(node, host));
    nodes[0]?.start();
    expect(host.timers).toEqual([
      [0, 10e6],
      [0, null],
    ]);
    expect(host.sent.map(({ from, to, message }) => [from, to, message])).toEqual([
      [0, 1, 0],
      [0, 2, 0],
    ]);
    const ping = host.sent[0]?.payload as object;
    expect(host.sent[1]?.payload).toBe(ping);
    nodes[1]?.message(0, ping, 0);
    nodes[2]?.message(0, ping, 0);
    const node = nodes[2] as NonNullable<(typeof nodes)[0]>;
    expect(shown(program, node, 'list')).toBe('[1, 2, 9]');
    expect(shown(program, node, 'lists')).toBe('[[1, 2, 8]]');
    expect(program.format(ping, { kind: 'Message', name: 'Ping' })).toBe('Ping(items: [1, 2])');
    expect(program.sizeOf(0, ping)).toBe(16 + 16);
    expect(host.sent.slice(-3).map(({ to, message, payload }) => [to, message, program.fieldsOf(message, payload)].slice(0, 2))).toEqual([
      [0, 1],
      [0, 0],
      [2, 0],
    ]);
    expect(program.fieldsOfEvent(0, host.emitted[0]?.payload as object)).toEqual([3]);
    node.message(1, program.makeMessage(1, [2]), 0);
    expect(host.failed).toEqual(['m.count > 5']);
  });

  it('keep what is durable and lose the rest in a crash', () => {
    const { program } = compileText(text);
    const node = program.instantiate(0, new RecordingHost(3));
    node.timeout(0);
    node.timeout(0);
    node.crash();
    expect([shown(program, node, 'kept'), shown(program, node, 'lost')]).toEqual(['2', '0']);
    node.recover();
    expect(shown(program, node, 'lost')).toBe('7');
  });

  it('say which variables they wrote', () => {
    const { program } = compileText(text);
    const node = program.instantiate(0, new RecordingHost(3));
    node.dirty = 0;
    node.timeout(0);
    expect(node.dirty).toBe(0b11);
  });

  it('answer calls, at once or later', () => {
    const { program } = compileText(`protocol P {
  var waiting: Map<Int, Call> = {}
  var log: List<String> = []
  operation Put(key: Int, text: String): Int
  operation Flush
  on op: Put { waiting[op.key] = op  log += op.text }
  on op: Flush {
    for k in waiting { reply log.size + k to waiting[k] }
    waiting = {}
    reply
  }
}`);
    const host = new RecordingHost(3);
    const node = program.instantiate(0, host);
    const put = callOf(program, 'Put', 4, 'x');
    node.operation(0, put);
    const flush = callOf(program, 'Flush');
    node.operation(1, flush);
    expect(host.replies).toEqual([
      { call: put, value: 5 },
      { call: flush, value: null },
    ]);
    expect(program.fieldsOfOperation(0, put.fields)).toEqual([4, 'x']);
  });

  it('draw by the host alone', () => {
    const { program } = compileText(
      `protocol P {
  var drawn: List<Int> = []
  var some: Set<Node> = {}
  var one: Node? = none
  var delay = 0ms
  on start {
    drawn = [random(1..6), random(1..6), random(1..6)]
    some = choose(peers, 2)
    one = choose(members)
    delay = random(10ms..20ms)
  }
}`,
      { nodes: 5 },
    );
    const host = new RecordingHost(5);
    host.draws = [0, 0.999999, 0.5, 0.9, 0, 0.4, 0.25];
    const node = program.instantiate(1, host);
    node.start();
    expect(shown(program, node, 'drawn')).toBe('[1, 6, 4]');
    expect(shown(program, node, 'some')).toBe('{r[2], r[4]}');
    expect(shown(program, node, 'one')).toBe('r[2]');
    expect(shown(program, node, 'delay')).toBe('12.5ms');
  });

  it('sign as themselves', () => {
    const { program } = compileText(`protocol P {
  var mine: Signed<List<Int>>? = none
  var list: List<Int> = [1]
  message Vote(vote: Signed<List<Int>>)
  on start { mine = sign(list)  list += 2 }
  on m: Vote from p { if m.vote.signer == p { list = m.vote.value  list += 3 } }
}`);
    const node = program.instantiate(2, new RecordingHost(3));
    node.start();
    expect(shown(program, node, 'mine')).toBe('signed([1], r[2])');
    const vote = program.makeMessage(0, [node.read(0)]);
    node.message(0, vote, 1);
    expect(shown(program, node, 'list')).toBe('[1, 2]');
    node.message(0, vote, 2);
    expect(shown(program, node, 'list')).toBe('[1, 3]');
    expect(shown(program, node, 'mine')).toBe('signed([1], r[2])');
  });

  it('put a snapshot back, which later steps left alone', () => {
    const { program } = compileText(`protocol P {
  record Box(items: List<Int>)
  var boxes: Map<Int, Box> = {1: Box([1])}
  on start { boxes[1].items += 2 }
}`);
    const node = program.instantiate(0, new RecordingHost(3));
    const saved = node.save();
    node.start();
    node.start();
    expect(shown(program, node, 'boxes')).toBe('{1: Box(items: [1, 2, 2])}');
    node.restore(saved);
    expect(shown(program, node, 'boxes')).toBe('{1: Box(items: [1])}');
    node.start();
    expect(shown(program, node, 'boxes')).toBe('{1: Box(items: [1, 2])}');
  });
});

describe('roles', () => {
  it('have state and handlers of their own; a node may play two', () => {
    const system = systemOf(
      `protocol P {
  message Ask(count: Int)
  var asked = 0
  on recover { asked += 1 }
  role front { var sent = 0  on start { sent = backs.size  send Ask(1) to backs } }
  role backs { var got = 0  on m: Ask { got += m.count + fronts() }  fun fronts(): Int = front.size }
}`,
      { system: 'system S { node a[2] node b[3] run P on front: a, backs: a + b }' },
    );
    const program = compileDeployment(system, 0);
    const host = new RecordingHost(5);
    const both = program.instantiate(0, host);
    const back = program.instantiate(3, host);
    both.start();
    back.start();
    both.recover();
    back.recover();
    expect(host.sent.map(({ from, to }) => [from, to])).toEqual([0, 1, 2, 3, 4].map((to) => [0, to]));
    both.message(0, program.makeMessage(0, [1]), 1);
    back.message(0, program.makeMessage(0, [5]), 1);
    expect([shown(program, both, 'got'), shown(program, both, 'asked'), shown(program, both, 'sent')]).toEqual(['3', '1', '5']);
    expect([shown(program, back, 'got'), shown(program, back, 'asked'), shown(program, back, 'sent')]).toEqual(['7', '1', '0']);
  });
});

describe('adversaries', () => {
  it('replace the handlers that they name and keep their own state', () => {
    const { program, system } = compileText(`protocol P {
  var count = 0
  message Ask
  message Tell(count: Int)
  on m: Ask from p { count += 1  reply Tell(count) }
  on m: Tell { count = m.count }
}
adversary Liar for P {
  var lies = 10
  fun next(): Int { lies += 1  return lies }
  on m: Ask from p { for q in peers { send Tell(next()) to q } }
}`);
    expect(system.adversaries.length).toBe(1);
    const host = new RecordingHost(3);
    const liar = program.instantiateAdversary(0, host, 0);
    liar.message(0, program.makeMessage(0, []), 1);
    expect(host.sent.map(({ to, message, payload }) => [to, message, ...program.fieldsOf(message, payload)])).toEqual([
      [1, 1, 11],
      [2, 1, 12],
    ]);
    liar.message(1, program.makeMessage(1, [4]), 1);
    expect(shown(program, liar, 'count')).toBe('4');
  });
});

describe('steps are counted', () => {
  const stopped = (body: string, more = '') => {
    const { program } = compileText(`protocol P {
  var list: List<Int> = []
  var text = "x"
  var count = 0
  on start { ${body} }
  ${more}
}`);
    const host = new RecordingHost(3);
    host.fuel = 100_000;
    const node = program.instantiate(0, host);
    const failure = failureOf(() => node.start());
    // The next handler starts afresh.
    host.fuel = 100_000;
    return { failure, at: lastSource.slice(failure.span.start, failure.span.end), node, program };
  };

  it('a huge range is never made', () => {
    const { failure, at } = stopped('for i in 0..1000000000 { count += 1 }');
    expect(failure.kind).toBe('limit');
    expect(failure.message).toBe('this handler took more than 100000 steps');
    expect(at).toBe('for i in 0..1000000000 { count += 1 }');
    expect(stopped('count = (0..1000000000).map(x => x).size').failure.kind).toBe('limit');
    expect(stopped('if forall i in 0..1000000000: i >= 0 { count = 1 }').failure.kind).toBe('limit');
    expect(stopped('count = (0..1000000000).sum').failure.kind).toBe('limit');
  });

  it('growth ends', () => {
    expect(stopped('list = [1]  for i in 0..100 { list += list }').failure.kind).toBe('limit');
    expect(stopped('for i in 0..1000000 { list += i }').failure.kind).toBe('limit');
    expect(stopped('for i in 0..100 { text = text + text }').failure.message).toMatch(/String/);
  });

  it('recursion ends', () => {
    const { failure, node, program } = stopped('count = down(1)', 'fun down(k: Int): Int = 1 + down(k + 1)');
    expect(failure.kind).toBe('limit');
    expect(failure.message).toMatch(/`down` calls itself more than 1000 levels deep/);
    expect(program.state.length).toBe(3);
    expect(node.read(2)).toBe(0);
    const twice = stopped('count = split(60)', 'fun split(k: Int): Int = if k == 0 then 1 else split(k - 1) + split(k - 1)');
    expect(twice.failure.kind).toBe('limit');
  });
});

describe('no text of the user becomes code', () => {
  it.each([
    'constructor',
    'prototype',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'größe',
    '数',
    'this_',
    'arguments',
    'eval',
    'K0',
    'N',
    'await',
  ])('the name %s is a name like others', (name) => {
    const { program } = compileText(`protocol P {
  record Box(${name}: Int)
  enum Kind { ${name} }
  var ${name} = 1
  var box = Box(2)
  var kind = Kind.${name}
  var by: Map<String, Int> = {"${name}": 3}
  message Note(${name}: Int)
  on m: Note { let other = m.${name}  ${name} += other  box.${name} += 1  by["${name}"] += 1 }
  invariant Low { forall ${name}_ in members: ${name}_.${name} < 6 }
}`);
    const node = program.instantiate(0, new RecordingHost(3));
    node.message(0, program.makeMessage(0, [5]), 1);
    expect(shown(program, node, name)).toBe('6');
    expect(shown(program, node, 'box')).toBe(`Box(${name}: 3)`);
    expect(shown(program, node, 'kind')).toBe(`Kind.${name}`);
    expect(shown(program, node, 'by')).toBe(`{"${name}": 4}`);
    expect(program.invariants[0]?.check([node, node, node], [0], [0], -1)).toBe(`${name}_ = r[0]`);
  });

  it('strings may hold anything', () => {
    const nasty = '`${1}`\\u2028\u2028 \u2029 </script> \' \\" ; throw 1 //';
    const { program } = compileText(
      `protocol P {
  var text = "${nasty}"
  var set: Map<String, Int> = {"__proto__": 1, "constructor": 2}
  on start { assert text == "never */ \u2028" }
}`.replace('var set', 'var by'),
    );
    const host = new RecordingHost(3);
    const node = program.instantiate(0, host);
    node.start();
    expect(host.failed.length).toBe(1);
    expect(shown(program, node, 'by')).toBe('{"__proto__": 1, "constructor": 2}');
    expect(String(node.read(0))).toContain('throw 1 //');
    expect(String(node.read(0))).toContain('\u2029');
  });
});

describe('values as text', () => {
  it('are cut where nobody reads on', () => {
    const { program } = compileText(`protocol P {
  record Box(items: List<Int>)
  var boxes: Map<Int, Box> = {1: Box([1, 2, 3]), 2: Box([4])}
}`);
    const node = program.instantiate(0, new RecordingHost(3));
    const type = program.state[0]?.type;
    if (type === undefined) throw new Error('no state');
    expect(program.format(node.read(0), type)).toBe('{1: Box(items: [1, 2, 3]), 2: Box(items: [4])}');
    expect(program.format(node.read(0), type, 46)).toBe('{1: Box(items: [1, 2, 3]), 2: Box(items: [4])}');
    expect(program.format(node.read(0), type, 20)).toBe('{1: Box(items: [1, …');
    expect(program.format(node.read(0), type, 1)).toBe('…');
  });
});
