import type { Span } from '../../base/source.ts';
import type { Expression, GivenName } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { spanOf } from '../syntax.ts';
import type { StateSymbol } from '../types/environment.ts';
import { DURATION, INT, NODE, NODES, REAL } from '../types/type.ts';
import { type Declaration, errorExpression, givenDeclaration } from './context.ts';
import { intrinsicSymbols } from './intrinsics.ts';
import { narrowed } from './narrowing.ts';
import { type NamedSymbol, Scope, type Setting, type UseSite } from './scope.ts';

/** A name that stands for a value: a constant, parameter, node group. With arguments it is an error. */
export function valueSymbol(declaration: Declaration, value: (span: Span) => Expression): NamedSymbol {
  return {
    name: declaration.name,
    declaration,
    callable: false,
    use: (site) => refuseArguments(site, `a ${declaration.kind}`) ?? narrowed(value(site.span), site.scope),
  };
}

/** Reports arguments behind a name that takes none; null when there are none. */
export function refuseArguments(site: UseSite, what: string): Expression | null {
  if (!site.node.arguments) return null;
  site.context.error('DS1012', site.span, `\`${site.node.name}\` is ${what} and cannot be called`);
  return errorExpression(spanOf(site.node));
}

/** Notes that the body does what a pure place cannot. */
export function noteEffect(scope: Scope, what: string, span: Span): void {
  const { body } = scope;
  if (body && body.effects.length === 0) body.effects.push({ what, span });
}

/** Where a name may stand, in words, for its message. */
interface Allowed {
  readonly settings: ReadonlySet<Setting>;
  readonly words: string;
}

const everywhere: Allowed = {
  settings: new Set(['handler', 'function', 'initial', 'constant', 'property', 'requirement']),
  words: 'within a protocol',
};
const acting: Allowed = { settings: new Set(['handler', 'function']), words: 'in handlers and functions' };
const standing: Allowed = { settings: new Set(['handler', 'function', 'initial']), words: 'in handlers, functions and initial values' };
const properties: Allowed = { settings: new Set(['property']), words: 'in invariants and `eventually`' };
const requirements: Allowed = { settings: new Set(['requirement']), words: 'in `requires`' };

const givens: readonly [GivenName, Type, Allowed, string][] = [
  ['n', INT, everywhere, 'The number of members.'],
  ['members', NODES, everywhere, 'All nodes that the protocol is deployed on.'],
  ['self', NODE, standing, 'The node that acts.'],
  ['peers', NODES, standing, 'All members but `self`.'],
  ['neighbors', NODES, standing, 'The nodes that a direct link leads to.'],
  ['now', DURATION, acting, "The node's own clock, since its start; clocks drift apart."],
  ['correct', NODES, properties, 'The members that are neither Byzantine nor down at this moment.'],
  ['crashed', INT, requirements, 'The most members that can be down at once, zone outages counted in.'],
  ['omitting', INT, requirements, 'The most members that can lose messages at once.'],
  ['byzantine', INT, requirements, 'The most members that can lie at once.'],
  ['faulty', INT, requirements, 'The most members that can fail at once, in whichever way.'],
  ['crashed_weight', REAL, requirements, 'The heaviest set of members that can be down at once.'],
  ['byzantine_weight', REAL, requirements, 'The heaviest set of members that can lie at once.'],
  ['timing', INT, requirements, 'The most members that can be slow at once.'],
  ['delay', DURATION, requirements, 'The bound Δ on message delay that the timing model promises.'],
  ['gst', DURATION, requirements, 'From when on `delay` holds; 0s where the timing is synchronous.'],
  ['connectivity', INT, requirements, 'Vertex connectivity among the members: how many nodes must fail to cut two of them off.'],
  ['edge_connectivity', INT, requirements, 'Edge connectivity among the members: how many links must fail to cut two of them off.'],
  ['degree', INT, requirements, 'The fewest direct neighbours that a member has.'],
  ['diameter', INT, requirements, 'The longest of the shortest paths between members, in links.'],
  [
    'worst_diameter',
    INT,
    requirements,
    'The diameter among the members that are left after the worst admissible faults, in links. It has no value where some can be cut off.',
  ],
  [
    'peak_members',
    REAL,
    requirements,
    'With how many members the protocol does most, by what it `scales with`; infinite when it declares no crosstalk.',
  ],
  [
    'utilisation',
    REAL,
    requirements,
    'The share of its time that the busiest member works on messages under the workloads, an estimate; 1 or more: it cannot keep up. 0 where no `cpu` is given.',
  ],
  [
    'drift',
    REAL,
    requirements,
    'The largest clock drift bound among the members: 1% for clocks that gain or lose a hundredth at the most.',
  ],
  [
    'longest_partition',
    DURATION,
    requirements,
    'The longest that a partition of the fault model may last; 0s where there is none. It has no value where one never heals.',
  ],
  [
    'message_loss',
    REAL,
    requirements,
    'The largest share of messages that a link between two members may lose, what the fault model adds counted in.',
  ],
];

function givenSymbol([name, type, allowed, documentation]: (typeof givens)[number]): NamedSymbol {
  const declaration = givenDeclaration(name, `${name}: ${type.kind === 'Set' ? 'Set<Node>' : type.kind}`, documentation, type);
  return {
    name,
    declaration,
    callable: false,
    given: true,
    use(site) {
      const refused = refuseArguments(site, 'a value');
      if (refused) return refused;
      const { scope, span, context } = site;
      if (!allowed.settings.has(scope.setting)) {
        context.error('DS1014', span, `\`${name}\` can be named only ${allowed.words}`, { why: documentation });
        return errorExpression(span);
      }
      if (allowed.settings.has('handler') && !allowed.settings.has('property')) noteEffect(scope, `reads \`${name}\``, span);
      return { kind: 'given', name, type, span };
    },
  };
}

/** In adversaries `byzantine` is the set of those that lie; elsewhere a number that requirements ask for. */
export const LIARS = givenSymbol([
  'byzantine',
  NODES,
  { settings: acting.settings, words: 'in handlers and functions of an adversary' },
  'The members that lie at this moment, `self` among them. Their state may be read: `m.term`.',
]);

/** A scope for an adversary's code within that of its protocol; `own` are the variables that it declares, once it has. */
export function adversaryScope(protocol: Scope, own: ReadonlyMap<string, StateSymbol>): Scope {
  const scope = protocol.child();
  scope.reveal(own);
  // A protocol's own name stays what it is to an adversary.
  if (protocol.find('byzantine')?.given) scope.declare(LIARS);
  return scope.child();
}

let shared: Scope | null = null;

/** Made at first use: the modules of intrinsics and symbols need each other. */
function sharedScope(): Scope {
  if (shared) return shared;
  shared = new Scope(null, 'constant', null, null);
  for (const given of givens) shared.declare(givenSymbol(given));
  for (const symbol of intrinsicSymbols) shared.declare(symbol);
  return shared;
}

/** The outermost scope of a place: the functions and names that the language gives there (`log`, `majority`, `self`, …). */
export function baseScope(setting: Setting): Scope {
  return new Scope(sharedScope(), setting, null, null);
}
