import type { Span } from '../base/source.ts';
import type { ProtocolCode, UseCode } from './code.ts';
import type { ExpandContext } from './expand-context.ts';
import type { Deployment } from './system.ts';
import type { RunCode } from './system-code.ts';
import type { QuorumSystem, Value } from './values.ts';

/** A use of a deployment: which deployment of the used protocol each node is bound to. */
export type BoundUse = Deployment['uses'][number];

/** What a name with a use's name before it stands for in the names of the used deployment; null for a name without. */
export function usedName(name: string): { readonly use: string; readonly member: string } | null {
  const dot = name.indexOf('.');
  return dot < 0 ? null : { use: name.slice(0, dot), member: name.slice(dot + 1) };
}

/** The nodes that use it: those of the role, or all members. */
export function usersOf(use: Pick<UseCode, 'role'>, members: readonly number[], roles: Deployment['roles']): readonly number[] {
  return use.role === null ? members : (roles.find(({ name }) => name === use.role)?.nodes ?? []);
}

/** Values that belong to what is used, by names with the use's name before them. Undefined where the nodes are bound to several deployments. */
export interface UsedValues {
  readonly parameter: (name: string) => Value | undefined;
  readonly quorum: (name: string) => QuorumSystem | undefined;
  readonly role: (name: string) => readonly number[] | undefined;
}

/** `deployment` is asked for the deployment of an index, which has been expanded. */
export function usedValues(uses: readonly BoundUse[], deployment: (index: number) => Deployment | undefined): UsedValues {
  const used = (name: string): { readonly of: Deployment; readonly member: string } | null => {
    const parts = usedName(name);
    const use = parts && uses.find((each) => each.name === parts.use);
    const of = use && use.single >= 0 ? deployment(use.single) : undefined;
    return parts && of ? { of, member: parts.member } : null;
  };
  return {
    parameter: (name) => {
      const found = used(name);
      return found?.of.arguments.find((argument) => argument.name === found.member)?.value;
    },
    quorum: (name) => {
      const found = used(name);
      return found?.of.quorums.find((quorum) => quorum.name === found.member)?.system ?? undefined;
    },
    role: (name) => {
      const found = used(name);
      return found ? rolesOf(found.of, found.member) : undefined;
    },
  };
}

/** `members`, or the nodes of a role. */
export function rolesOf(deployment: Deployment, name: string): readonly number[] | undefined {
  return name === 'members' ? deployment.members : deployment.roles.find((role) => role.name === name)?.nodes;
}

/** How many deployments stand below one of a protocol, one upon the other; `protocol` is an index into System.protocols. */
export function usedHeight(protocol: number, deployments: readonly Deployment[]): number {
  const uses = deployments.find((each) => each.protocol === protocol)?.uses ?? [];
  return uses.reduce((most, use) => Math.max(most, usedHeight(use.protocol, deployments) + 1), 0);
}

/** Runs in an order in which what is used stands before those who use it; else as written. */
export function usedFirst(runs: readonly RunCode[], protocols: readonly ProtocolCode[]): readonly number[] {
  const heights = new Map<string, number>();
  const heightOf = (name: string): number => {
    const known = heights.get(name);
    if (known !== undefined) return known;
    // Circles are reported where they are written, and cut there.
    heights.set(name, 0);
    const uses = protocols.find((protocol) => protocol.name === name)?.uses ?? [];
    const height = uses.reduce((most, use) => Math.max(most, heightOf(use.protocol) + 1), 0);
    heights.set(name, height);
    return height;
  };
  return runs.map((_, index) => index).sort((a, b) => heightOf(runs[a]?.protocol ?? '') - heightOf(runs[b]?.protocol ?? '') || a - b);
}

/**
 * Binds each node of a run to the deployment of each used protocol that the same node is a member of. Where the node needs one
 * and runs none (DS2018) or several (DS2019), or nodes that share something are bound to different ones (DS2020), it is reported at the `run`.
 */
export function bindUses(
  context: ExpandContext,
  code: RunCode,
  protocol: ProtocolCode,
  members: readonly number[],
  roles: Deployment['roles'],
  deployments: readonly (Deployment | undefined)[],
): BoundUse[] {
  return protocol.uses.map((use) => {
    const index = context.code.protocols.findIndex((each) => each.name === use.protocol);
    const candidates = deployments.filter((each): each is Deployment => each?.protocol === index);
    const bound = new Array<number>(context.nodes.length).fill(-1);
    const users = usersOf(use, members, roles);
    const without: number[] = [];
    const torn: number[] = [];
    for (const node of members) {
      const own = candidates.filter((each) => each.members.includes(node));
      if (own.length === 1) bound[node] = (own[0] as Deployment).index;
      if (!users.includes(node)) continue;
      if (own.length === 0) without.push(node);
      else if (own.length > 1) torn.push(node);
    }
    const distinct = new Set(users.map((node) => bound[node] as number));
    const [first] = distinct;
    const single = distinct.size === 1 && first !== undefined && first >= 0 ? first : -1;
    if (use.local !== null && without.length > 0) reportMissing(context, code, use, without, users.length);
    else if (use.local !== null && torn.length > 0) reportSeveral(context, code, use, torn, candidates);
    else if (use.single !== null && single < 0 && users.length > 0) reportDivided(context, code, use, use.single, candidates);
    return { name: use.name, protocol: index, bound, single };
  });
}

const listed = (context: ExpandContext, nodes: readonly number[]): string => {
  const names = nodes.map((node) => `\`${context.nodes[node]?.name ?? node}\``);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
};

const why = (use: UseCode): string =>
  `\`${use.name}\` is the \`${use.protocol}\` on the same node: its state is read, its events are handled and its operations called there.`;

const label = (span: Span | null, message: string) => (span ? [{ span, message }] : []);

function reportMissing(context: ExpandContext, code: RunCode, use: UseCode, without: readonly number[], users: number): void {
  const proposed = code.uses.find(({ name }) => name === use.name);
  const whom =
    without.length === users
      ? users === 1
        ? 'its node runs'
        : 'its nodes run'
      : `${listed(context, without)} run${without.length === 1 ? 's' : ''}`;
  const message = `\`${code.protocol}\` uses \`${use.protocol}\`, but ${whom} no \`${use.protocol}\`.`;
  const whole = proposed && without.length === users ? proposed : undefined;
  context.report('DS2018', 'error', code.nameSpan, message, {
    why: why(use),
    help: whole ? `add \`${whole.run}\`` : `let ${listed(context, without)} be among the nodes of a \`run ${use.protocol}\``,
    labels: label(use.local, 'needed here'),
    fixes: whole && whole.edits.length > 0 ? [{ title: `Add \`${whole.run}\``, edits: whole.edits, preferred: true }] : [],
    witness: { kind: 'nodes', nodes: without.map((node) => context.nodes[node]?.name ?? String(node)) },
  });
}

function reportSeveral(
  context: ExpandContext,
  code: RunCode,
  use: UseCode,
  torn: readonly number[],
  candidates: readonly Deployment[],
): void {
  const runs = candidates.filter((each) => each.members.includes(torn[0] as number));
  const whom = `${listed(context, torn)} run${torn.length === 1 ? 's' : ''}`;
  context.report(
    'DS2019',
    'error',
    code.nameSpan,
    `${whom} \`${use.protocol}\` more than once, so that \`${use.name}\` could be any of them.`,
    {
      why: why(use),
      help: `let each node of this run be a member of one \`run ${use.protocol}\` alone`,
      labels: [...runs.map(({ nameSpan }) => ({ span: nameSpan, message: 'one of them' })), ...label(use.local, 'needed here')],
    },
  );
}

function reportDivided(context: ExpandContext, code: RunCode, use: UseCode, place: Span, candidates: readonly Deployment[]): void {
  context.report('DS2020', 'error', code.nameSpan, `The nodes of this run do not all use the same \`run ${use.protocol}\`.`, {
    why: `\`${code.protocol}\` says something of \`${use.name}\` that holds for all of its nodes at once.`,
    help: `let one \`run ${use.protocol}\` have all nodes of this run among its members, or read it in a handler, where each node means its own`,
    labels: [
      { span: place, message: 'asked for here' },
      ...candidates.map(({ nameSpan }) => ({ span: nameSpan, message: 'a deployment' })),
    ],
  });
}
