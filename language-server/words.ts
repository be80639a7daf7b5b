import { actionRules } from '../src/language/elaborate/fault-action-rules.ts';
import type { BlockKind } from './completion-context.ts';
import { snippetOf } from './snippets.ts';

/** A word that may begin something, with what it is for and the snippet that it unfolds to. */
export interface Word {
  readonly label: string;
  readonly about: string;
  readonly snippet: string;
}

const word = (label: string, about: string, snippet: string): Word => ({ label, about, snippet });

/** Fault actions, as they may stand in a scenario or behind its `at` and `when`. */
export const faultActions: readonly Word[] = Object.entries(actionRules).map(([name, { documentation, example }]) =>
  word(name, documentation, snippetOf(example)),
);

const state = [
  word('var', 'state lost in a crash', 'var ${1:name} = ${0:0}'),
  word('fun', 'a function of the protocol', 'fun ${1:name}(${2}) {\n\t$0\n}'),
];
const handlers = [
  word('on message', 'what to do when a message arrives', 'on ${1:m}: ${2:Message} from ${3:sender} {\n\t$0\n}'),
  word('on timeout', 'what to do when a timer runs out', 'on timeout ${1:timer} {\n\t$0\n}'),
];
const protocolMembers = [
  word(
    'uses',
    'another protocol on the same nodes, whose state is read, events are handled and operations called',
    'uses ${1:name}: ${0:Protocol}',
  ),
  word(
    'requires safety',
    'what a deployment must offer so that nothing bad happens',
    'requires safety ${1:intersect(Quorum)} because "${0}"',
  ),
  word(
    'requires liveness',
    'what a deployment must offer so that something good happens',
    'requires liveness ${1:available(Quorum)} because "${0}"',
  ),
  word('solves', 'the problem that it is for: what is proved of that problem is checked', 'solves ${0:consensus}'),
  word('scales with', 'the serial share and the crosstalk of its work', 'scales with (serial: ${1:5%}, crosstalk: ${0:0.1%})'),
  word('quorum', 'a named quorum system', 'quorum ${1:Majority} = ${0:majority(members)}'),
  word('durable', 'state that survives a crash', 'durable ${1:name} = ${0:0}'),
  ...state,
  word('enum', 'a type with named values', 'enum ${1:Name} { ${0} }'),
  word('record', 'a type with fields', 'record ${1:Name}(${0})'),
  word('message', 'a message type', 'message ${1:Name}(${0})'),
  word('event', 'something that runs count', 'event ${1:Name}(${0})'),
  word('operation', 'what clients may call', 'operation ${1:Name}(${2}): ${0:Int}'),
  word('timer', 'a timer', 'timer ${0:name}'),
  ...handlers,
  word('on start', 'what to do first', 'on start {\n\t$0\n}'),
  word('on recover', 'what to do after a crash', 'on recover {\n\t$0\n}'),
  word('on operation', 'what to do when a client calls', 'on ${1:op}: ${2:Operation} {\n\t$0\n}'),
  word('invariant', 'what must hold after every step', 'invariant ${1:Name} {\n\t$0\n}'),
  word('eventually', 'what must hold at some moment', 'eventually ${1:Name} within ${2:5s} {\n\t$0\n}'),
  word(
    'eventually … leads_to',
    'what must follow whenever something holds',
    'eventually ${1:Name} within ${2:5s} {\n\tforall m in members: ${3:m.waiting} leads_to ${0:not m.waiting}\n}',
  ),
  word('always', 'what must hold from some time after the last fault on', 'always ${1:Name} after ${2:5s} {\n\t$0\n}'),
  word('role', 'state and handlers of some of the nodes', 'role ${1:name} {\n\t$0\n}'),
];

/** The words that may begin a member or statement of a block. */
export const beginnings: Record<BlockKind, readonly Word[]> = {
  file: [
    word('import', 'take names from another file or the standard library', 'import ${1:Name} from "${0:dsys/}"'),
    word('system', 'nodes, links, faults and what runs on them', 'system ${1:Name} {\n\t$0\n}'),
    word('protocol', 'how nodes behave', 'protocol ${1:Name}(${2}) {\n\t$0\n}'),
    word('adversary', 'how a Byzantine node behaves', 'adversary ${1:Name} for ${2:Protocol} {\n\t$0\n}'),
    word('specification', 'the sequential behaviour that runs are compared with', 'specification ${1:Name} {\n\t$0\n}'),
    word('const', 'a named value', 'const ${1:name} = ${0}'),
  ],
  system: [
    word('zone', 'a failure domain', 'zone ${0:name}'),
    word('node', 'a group of nodes', 'node ${1:replica}[${2:3}] in [${3:zone}]'),
    word('link', 'physical links', 'link ${1:replica} -- ${2:replica} with (latency: ${3:1ms})'),
    word('channel', 'attributes of the links between two sets', 'channel ${1:a} -- ${2:b} with (latency: ${3:10ms})'),
    word('timing', 'the timing model', 'timing partially_synchronous(delay: ${1:200ms}, gst: ${2:0s})'),
    word('faults', 'which faults the system must survive', 'faults ${1:Name} {\n\tcrash ${2:1} of ${3:replica}\n}'),
    word('run', 'deploy a protocol', 'run ${1:Protocol} on ${2:replica}'),
    word(
      'workload',
      'calls that clients make',
      'workload ${1:name} on ${2:client} {\n\tcall ${3:Operation}() to any(${4:replica}) with (rate: ${5:10/s}, timeout: ${6:1s})\n}',
    ),
    word(
      'scenario',
      'a test: a schedule of faults and what to expect',
      'scenario ${1:Name} under ${2:Faults} (duration: ${3:30s}, seeds: ${4:20}) {\n\t$0\n}',
    ),
    word('const', 'a named value', 'const ${1:name} = ${0}'),
    word('quorum', 'a named quorum system', 'quorum ${1:Name} = ${0}'),
    word('expect finding', 'a finding that a check must report', 'expect finding ${0:DS3004}'),
    word('seed', 'the seed of random shapes', 'seed ${0:1}'),
  ],
  protocol: protocolMembers,
  role: protocolMembers,
  adversary: [...state, ...handlers],
  specification: [...state, word('operation', 'what a call does', 'operation ${1:Name}(${2}): ${3:Int} { reply ${0:value} }')],
  faults: [
    word('crash', 'nodes that may stop', 'crash ${1:1} of ${0:replica}'),
    word('byzantine', 'nodes that may lie', 'byzantine ${1:1} of ${0:replica}'),
    word('omission', 'nodes that may lose messages', 'omission ${1:1} of ${0:replica} with (side: send)'),
    word('timing', 'nodes that may be slow', 'timing ${1:1} of ${2:replica} with (slowdown: ${0:10})'),
    word('outage', 'zones that may go down as a whole', 'outage ${1:1} of [${0}]'),
    word('partition', 'the network may fall apart', 'partition with (heals: ${0:30s})'),
    word('loss', 'messages that get lost', 'loss ${0:1%}'),
    word('duplicate', 'messages that arrive twice', 'duplicate ${0:1%}'),
  ],
  workload: [
    word('call', 'a call that clients make', 'call ${1:Operation}(${2}) to any(${3:replica}) with (rate: ${4:10/s}, timeout: ${0:1s})'),
  ],
  scenario: [
    word('at', 'something happens at a moment, counted from the start of the run', 'at ${1:5s} ${0:crash(replica[0], for: 5s)}'),
    word(
      'when',
      'a fault that happens once, as soon as the condition over the states of nodes holds',
      'when ${1:exists m in members: m.leading} after ${2:10ms} ${0:crash(replica[0], for: 5s)}',
    ),
    word('call', 'one call of a client, beside those of the workloads', 'call ${1:Operation}(${2}) from ${3:client[0]} to ${0:replica[0]}'),
    word('expect', 'what every run must show, or some run where it is `violated` or `not` …', 'expect ${0}'),
    word('vary', 'repeat the scenario with a constant changed', 'vary ${1:n} in [${0:3, 5, 7}]'),
    ...faultActions,
  ],
  statements: [
    word('let', 'a local value', 'let ${1:name} = ${0}'),
    word('if', 'a condition', 'if ${1:condition} {\n\t$0\n}'),
    word('for', 'a loop', 'for ${1:x} in ${2:xs} {\n\t$0\n}'),
    word('match', 'a choice among values', 'match ${1:x} {\n\t${2:A} => { $0 }\n\telse => { }\n}'),
    word('return', 'leave the handler or function', 'return ${0}'),
    word('assert', 'what must hold here', 'assert ${0}'),
    word('send', 'send to one or some', 'send ${1:Message}() to ${0:node}'),
    word('broadcast', 'send to all members but oneself', 'broadcast ${0:Message}()'),
    word('reply', 'answer', 'reply ${0}'),
    word('set', 'start a timer', 'set ${1:timer} after ${0:100ms}'),
    word('cancel', 'stop a timer', 'cancel ${0:timer}'),
    word('sync', 'what was written to durable variables is safe', 'sync'),
    word('emit', 'report an event', 'emit ${0:Event}()'),
    word('call', 'an operation of a protocol that is used; the answer comes to `on r: …`', 'call ${1:log}.${2:Operation}(${3}) as ${0:c}'),
  ],
  expression: [],
  names: [],
};

/** Words that join parts of a member, with what they mean there; `example` as one would write it. */
export const joiningWords: Readonly<Record<string, { readonly about: string; readonly example: string }>> = {
  leads_to: {
    about:
      'Whenever the left side holds, the right side holds then or at most `within` later, counted from GST and the last fault on. It stands only in an `eventually`.',
    example: 'eventually Answered within 5s {\n  forall m in members: m.waiting leads_to not m.waiting\n}',
  },
  as: {
    about:
      'The value that a Data carries, as one of the type behind it; an error of the run where it is of another type. In an import: under another name.',
    example: 'if m.command is Put { apply(m.command as Put) }\nimport Raft as Log from "dsys/consensus/raft"',
  },
  is: { about: 'Whether a Data carries a value of the type.', example: 'if m.command is Put { apply(m.command as Put) }' },
  within: {
    about: 'How long it may take, counted from GST or the last fault, whichever is later. Left out: to the end of the run.',
    example: 'eventually Elected within 10s { exists m in members: m.leading }',
  },
  after: {
    about: 'How much later: an `always` from then on, a timer, or a fault that waits for its `when`.',
    example: 'always Stable after 5s { exists m in members: m.leading }\nset heartbeat after 50ms\nwhen n > 2 after 10ms heal()',
  },
  under: { about: 'The fault model whose budgets the scenario spends.', example: 'scenario Chaos under Production (duration: 30s) { }' },
  from: {
    about: 'Who sent a message, or which clients make a call.',
    example: 'at 1s call Submit(command: 7) from client[0] to replica[1]',
  },
};

/** Words that may stand inside an expression. */
export const expressionWords = [
  'true',
  'false',
  'none',
  'and',
  'or',
  'not',
  'implies',
  'leads_to',
  'in',
  'mod',
  'as',
  'is',
  'if',
  'then',
  'else',
  'forall',
  'exists',
];
