import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem, Hover } from 'vscode-languageserver-protocol';
import {
  budgetAttributes,
  callAttributes,
  linkAttributes,
  nodeAttributes,
  scenarioAttributes,
  scenarioCallAttributes,
  timingAttributes,
  zoneAttributes,
} from '../../src/language/elaborate/attribute-rules.ts';
import { actionRules, behaviors } from '../../src/language/elaborate/fault-action-rules.ts';
import { expectationWords } from '../../src/language/elaborate/metrics.ts';
import { strategies } from '../../src/language/elaborate/schedule-strategies.ts';
import { shapes } from '../../src/language/elaborate/system-network.ts';
import { criteria } from '../../src/model/consistency.ts';
import { LspClient } from '../support/lsp-client.ts';

/*
 * The words of systems and scenarios in the editor: what the elaboration knows is offered where it may stand, and nothing else; each
 * word tells what it means. `|` marks the cursor.
 */

let client: LspClient;
beforeAll(async () => {
  client = await LspClient.start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
});

const file = (
  system: string,
) => `specification Register { var kept = 0  operation Put(value: Int) { kept = value  reply }  operation Get(): Int { reply kept } }
protocol Store {
  var value = 0
  message Copy(value: Int)
  event Stored(value: Int)
  operation Put(value: Int)
  operation Get(): Int
  on op: Put { value = op.value  emit Stored(value)  broadcast Copy(value)  reply }
  on op: Get { reply value }
  on m: Copy { value = m.value }
  invariant Positive { forall m in members: m.value >= 0 }
  eventually Known within 1s { forall m in members: m.value > 0 leads_to m.value > 1 }
  always Stays after 1s { forall m in members: m.value >= 0 }
}
protocol Other { message Elsewhere  invariant Foreign { true } }
adversary Liar for Store { on op: Get { reply 0 } }
system S {
  const size = 3
  zone north
  zone south
  node server[size] in spread(north, south)
  node user in north
  ${system}
}`;
const scenario = (members: string, attributes = 'duration: 5s') =>
  file(`faults F { crash 1 of server }
  run Store on server
  workload Calls on user { call Put(value: unique) to any(server) with (rate: 1/s) }
  scenario Test under F (${attributes}) {
    ${members}
  }`);

let files = 0;
async function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const uri = `file:///words/${++files}.dsys`;
  const diagnostics = await client.open(uri, text);
  const before = text.slice(0, offset).split('\n');
  return {
    diagnostics,
    place: { textDocument: { uri }, position: { line: before.length - 1, character: (before.at(-1) as string).length } },
  };
}
const items = async (marked: string) => client.request<CompletionItem[]>('textDocument/completion', (await at(marked)).place);
const labels = async (marked: string) => (await items(marked)).map(({ label }) => label);
const hover = async (marked: string) => {
  const found = await client.request<Hover | null>('textDocument/hover', (await at(marked)).place);
  return (found?.contents as { value: string } | undefined)?.value ?? '';
};
const actions = Object.entries(actionRules);
const named = (rules: readonly { readonly name: string }[]) => rules.map(({ name }) => name);

describe('fault actions', () => {
  test('a member of a scenario begins with each of them, or with one of the other words', async () => {
    expect((await labels(scenario('|'))).toSorted()).toEqual(
      ['at', 'call', 'expect', 'vary', 'when', ...actions.map(([name]) => name)].toSorted(),
    );
  });

  test('behind a time they and `call` and `when` are offered, without the words that take no time', async () => {
    expect((await labels(scenario('at 5s |'))).toSorted()).toEqual(['call', 'when', ...actions.map(([name]) => name)].toSorted());
    expect(await labels(scenario('at 5s cr|'))).toContain('crash');
  });

  test('behind a `when` and its `after` they are offered too', async () => {
    expect(await labels(scenario('when exists m in members: m.value > 3 |'))).toContain('crash');
    expect(await labels(scenario('at 1s when exists m in members: m.value > 3 after 10ms |'))).toContain('partition');
    expect(await labels(scenario('at 1s when |'))).not.toContain('partition');
  });

  test('their snippets speak of the nodes and zones of the system, and each is right as it is unfolded', async () => {
    const offered = await items(scenario('|'));
    const snippets = offered.filter(({ label }) => label in actionRules).map(({ insertText }) => insertText ?? '');
    expect(snippets).toContain(`crash(\${1:server[0]}, for: \${2:5s})`);
    expect(snippets).toContain(`outage(\${1:north}, for: \${2:5s})`);
    const unfolded = snippets.map((snippet) => `at 1s ${snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1')}`);
    const { diagnostics } = await at(`${scenario(unfolded.join('\n'))}|`);
    expect(diagnostics.filter(({ code }) => /^DS[01]/.test(String(code)))).toEqual([]);
  });

  test.each(actions)('%s: each argument that is not given yet, and only those', async (name, rule) => {
    const inner = rule.positional.length > 0 ? 'server, ' : '';
    const offered = await labels(scenario(`at 1s ${name}(${inner}|)`));
    expect(offered).toEqual(expect.arrayContaining(named(rule.options)));
    const [first] = rule.options;
    if (!first) return;
    const left = await labels(scenario(`at 1s ${name}(${inner}${first.name}: 1, |)`));
    expect(left).not.toContain(first.name);
    expect(left).toEqual(expect.arrayContaining(named(rule.options.slice(1))));
    // One that stands behind the cursor is given as well.
    expect(await labels(scenario(`at 1s ${name}(${inner}|, ${first.name}: 1)`))).not.toContain(first.name);
  });

  test('values: words, messages of the protocols that run, behaviors and adversaries, zones', async () => {
    expect(await labels(scenario('at 1s omit(server, side: |)'))).toEqual(['send', 'receive', 'both']);
    expect(await labels(scenario('at 1s crash(server, loses: |)'))).toEqual(['unsynced', 'all']);
    expect(await labels(scenario('at 1s lose(message: |)'))).toEqual(['Copy']);
    expect(await labels(scenario('at 1s outage(|)'))).toEqual(['north', 'south', 'for']);
    const lies = await labels(scenario('at 1s byzantine(server[0], |)'));
    expect(lies.toSorted()).toEqual(['Liar', 'for', ...Object.keys(behaviors)].toSorted());
  });

  test('in the braces of a workload or an adversary begins what belongs there', async () => {
    expect(await labels(file('workload W on user { | }'))).toEqual(['call']);
    expect(await labels('protocol P { }\nadversary A for P {\n  |\n}')).toContain('on message');
  });

  test('an action in an expression or a call is none', async () => {
    expect(await labels(scenario('expect count(|)'))).not.toContain('for');
    expect(await labels(scenario('at 1s crash(server.filter(m => |))'))).not.toContain('for');
  });

  test.each(actions)('%s tells what it does, with its arguments and an example', async (name, rule) => {
    const text = await hover(scenario(`at 1s |${rule.example.replaceAll('replica', 'server').replaceAll('client', 'user')}`));
    expect(text).toContain(`${name}(`);
    expect(text).toContain(rule.documentation);
    expect(text).toContain(rule.example);
  });

  test('one of some nodes', async () => {
    expect(await labels(scenario('at 1s crash(|)'))).toEqual(expect.arrayContaining(['any', 'server', 'north', 'for']));
    expect(await hover(scenario('at 1s crash(an|y(server), for: 1s)'))).toContain('One of the nodes, drawn');
  });

  test('so do their arguments and the words that these take', async () => {
    expect(await hover(scenario('at 1s omit(server, si|de: send)'))).toContain('side: send | receive | both');
    expect(await hover(scenario('at 1s omit(server, side: se|nd)'))).toContain('What the node sends is lost.');
    expect(await hover(scenario('at 1s lose(mess|age: Copy)'))).toContain('The one message type');
    expect(await hover(scenario('at 1s lose(fr|om: server, to: user)'))).toContain('one end of the links');
    expect(await hover(scenario('at 1s byzantine(server[0], equi|vocate)'))).toContain('A random half');
  });
});

describe('calls of a scenario', () => {
  test('the operations of what runs, with their arguments', async () => {
    const offered = await items(scenario('at 1s call |'));
    expect(offered.map(({ label }) => label)).toEqual(['Put', 'Get']);
    expect(offered[0]?.insertText).toBe(`Put(value: \${1:value})`);
  });

  test('arguments and attributes that are not given yet', async () => {
    expect(await labels(scenario('at 1s call Put(|)'))).toEqual(expect.arrayContaining(['value', 'unique', 'zipf']));
    expect(await labels(scenario('at 1s call Put(value: 1) from user to server[0] with (|)'))).toEqual(named(scenarioCallAttributes));
  });
});

describe('attributes', () => {
  test.each<[string, string, readonly { readonly name: string }[]]>([
    ['a scenario', scenario('', '|'), scenarioAttributes],
    ['a link', file('link server -- user with (|)'), linkAttributes],
    ['a channel', file('channel server -- user with (|)'), linkAttributes],
    ['a node', file('node more[2] in north (|)'), nodeAttributes],
    ['a zone', file('zone west (|)'), zoneAttributes],
    ['a workload’s call', file('run Store on server\n workload W on user { call Get() to any(server) with (|) }'), callAttributes],
    ...Object.entries(timingAttributes).map(([model, rules]): [string, string, typeof rules] => [model, file(`timing ${model}(|)`), rules]),
    ...Object.entries(budgetAttributes).map(([kind, rules]): [string, string, typeof rules] => [
      kind,
      file(`faults G { ${kind === 'partition' ? kind : `${kind} 1 of ${kind === 'outage' ? '[north]' : 'server'}`} with (|) }`),
      rules,
    ]),
  ])('of %s: all that there are', async (_, text, rules) => {
    expect((await labels(text)).toSorted()).toEqual(named(rules).toSorted());
  });

  test.each(Object.entries(shapes))('of the shape %s', async (shape, { options }) => {
    expect(await labels(file(`link ${shape}(server, |)`))).toEqual(expect.arrayContaining(named(options)));
  });

  test('in the middle, what is given already is left out', async () => {
    const left = await labels(scenario('', 'seeds: 5, |, duration: 5s'));
    expect(left).toEqual(named(scenarioAttributes).filter((name) => name !== 'seeds' && name !== 'duration'));
  });

  test('their values', async () => {
    expect(await labels(scenario('', 'duration: 5s, schedule: |'))).toEqual([...strategies.keys()]);
    expect(await labels(scenario('', 'duration: 5s, delays: |'))).toEqual(['drawn', 'mean']);
    expect(await labels(scenario('', 'duration: 5s, workloads: |'))).toEqual(['all', 'none']);
    const loss = await items(file('link server -- user with (loss: |)'));
    expect(loss.find(({ label }) => label === 'bursty')?.insertText).toBe(`bursty(\${1:5%}, length: \${2:10})`);
  });

  test('each tells its type, its unit and an example', async () => {
    expect(await hover(scenario('', 'dur|ation: 5s'))).toContain('duration: Duration');
    expect(await hover(scenario('', 'duration: 5s, sched|ule: pct(3)'))).toContain('latency | random | pct(depth)');
    expect(await hover(scenario('', 'duration: 5s, schedule: pc|t(3)'))).toContain('schedule: pct(3)');
    expect(await hover(scenario('', 'duration: 5s, workloads: no|ne'))).toContain('Only the calls of the scenario itself');
    expect(await hover(file('link server -- user with (loss: bur|sty(5%, length: 10))'))).toContain('Gilbert 1960');
    expect(await hover(file('link server -- user with (reor|der: 5%)'))).toContain('reorder: Real');
  });
});

describe('expectations', () => {
  test('every criterion and metric is offered, with the specification in scope', async () => {
    const offered = await items(scenario('expect |'));
    const words = expectationWords().filter(({ isMany }) => !isMany);
    expect(offered.map(({ label }) => label)).toEqual(expect.arrayContaining(words.map(({ declaration }) => declaration.name)));
    expect(offered.map(({ label }) => label)).toEqual(expect.arrayContaining(Object.keys(criteria)));
    expect(offered.find(({ label }) => label === 'causal')?.insertText).toBe(`causal(\${1:Register})`);
    expect(offered.find(({ label }) => label === 'p99')?.insertText).toBe(`p99(latency(\${1|Put,Get|}))`);
  });

  test('behind `not` a criterion', async () => {
    const offered = await labels(scenario('expect not |'));
    expect(offered).toEqual(expect.arrayContaining(Object.keys(criteria)));
    expect(offered).not.toContain('violated');
  });

  test('what they are of: properties of what runs, specifications, events, operations', async () => {
    expect(await labels(scenario('expect violated(|)'))).toEqual(['Positive', 'Known', 'Stays']);
    for (const name of Object.keys(criteria)) expect(await labels(scenario(`expect ${name}(|)`))).toEqual(['Register']);
    expect(await labels(scenario('expect count(|)'))).toEqual(['Stored']);
    expect(await labels(scenario('expect success(|)'))).toEqual(['Put', 'Get']);
    expect(await labels(scenario('expect p90(|)'))).toEqual(['latency', 'time_to']);
    expect(await labels(scenario('expect p90(latency(|))'))).toEqual(['Put', 'Get']);
  });

  test('behind the name of a run or its protocol, what that one has', async () => {
    const two = (scenario: string) =>
      file(`run Store as main on server  run Store as spare on user  run Other on user
      scenario Test (duration: 1s) { ${scenario} }`);
    expect(await labels(two('at 1s call main.|'))).toEqual(['Put', 'Get']);
    expect(await labels(two('expect violated(spare.|)'))).toEqual(['Positive', 'Known', 'Stays']);
    expect(await labels(two('expect violated(Other.|)'))).toEqual(['Foreign']);
    expect(await labels(two('expect count(main.St|)'))).toEqual(['Stored']);
  });

  test.each(Object.entries(criteria))('%s tells what there must be', async (name, { summary, why }) => {
    const text = await hover(scenario(`expect |${name}(Register)`));
    expect(text).toContain(summary);
    expect(text).toContain(why);
    expect(await hover(scenario(`expect not |${name}(Register)`))).toContain(`expect not ${name}(Register)`);
  });

  test.each(expectationWords())('$declaration.name tells what it is, with an example', async ({ of, declaration, isMany }) => {
    const subject = {
      property: 'Positive',
      specification: 'Register',
      event: 'Stored',
      operation: 'Put',
      spread: 'latency(Put)',
      nothing: '',
    }[of];
    const use = of === 'nothing' ? declaration.name : `${declaration.name}(${subject})`;
    const text = await hover(scenario(`expect ${isMany ? `max(|${use})` : `|${use}`} <= 1`));
    expect(text).toContain(declaration.detail);
    expect(text.match(/```dsys\n/g)?.length).toBe(2);
  });
});

describe('other words', () => {
  test('`vary` repeats with a constant', async () => {
    expect(await labels(scenario('vary |'))).toEqual(['size']);
  });

  test.each([
    ['at', scenario('|at 5s heal()'), 'from the start of the run'],
    ['when', scenario('wh|en exists m in members: m.value > 1 heal()'), 'happens once'],
    ['call', scenario('at 1s ca|ll Get() from user to server[0]'), 'one call of a client'],
    ['expect', scenario('exp|ect violated(Positive)'), 'every run must show'],
    ['vary', scenario('va|ry size in [3, 5]'), 'a constant changed'],
    ['leads_to', scenario('').replace('leads_to', 'lea|ds_to'), 'counted from GST and the last fault'],
    ['always', scenario('').replace('always', 'alw|ays'), 'some time after the last fault'],
    ['after', scenario('').replace('Stays after', 'Stays aft|er'), 'How much later'],
    ['eventually', scenario('').replace('eventually', 'eventu|ally'), 'at some moment'],
  ])('%s tells what it means, with an example', async (word, text, meaning) => {
    const told = await hover(text);
    expect(told).toContain(meaning);
    expect(told).toMatch(new RegExp(`\`\`\`dsys\n[^\`]*\\b${word}\\b`));
  });

  test('in comments, texts and names there is nothing to tell', async () => {
    expect(await hover(scenario('// at| five'))).toBe('');
    expect(await hover(scenario('').replace('var value', 'var cal|l'))).not.toContain('one call of a client');
  });
});

test('in an adversary `byzantine` is the set of those that lie, elsewhere a number', async () => {
  const handler = (head: string) => file('').replace(head, head.replace(/reply \w+|reply 0/, 'reply |'));
  const told = async (head: string) => (await items(handler(head))).find(({ label }) => label === 'byzantine')?.detail;
  expect(await told('adversary Liar for Store { on op: Get { reply 0 } }')).toBe('byzantine: Set<Node>');
  expect(await told('on op: Get { reply value }')).toBe('byzantine: Int');
});
