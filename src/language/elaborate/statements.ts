import type { Expression, Statement } from '../../model/code.ts';
import {
  type Block,
  type For,
  type If,
  isStatement,
  type Let,
  type Match,
  type MatchArm,
  type Return,
  type Statement as StatementNode,
} from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { resolveType } from '../types/resolve.ts';
import { BOOL, containsKind, ERROR, isError, typeToString } from '../types/type.ts';
import { elaborateAssignment } from './assign.ts';
import { both, NO_FACTS, together } from './body.ts';
import type { Elaboration } from './context.ts';
import { elaborateDomain, elaborateExpression, elaborateValue } from './expressions.ts';
import { forgetWritten } from './functions.ts';
import { declareLocal } from './locals.ts';
import { factsOf, pathOf } from './narrowing.ts';
import type { Scope } from './scope.ts';
import { elaborateBroadcast, elaborateEmit, elaborateReply, elaborateSend, elaborateSync, elaborateTimer } from './sending.ts';
import { elaborateCall } from './used-calls.ts';
import { assignedIn } from './walk.ts';

/** Statements, and whether every path through them ends in a `return`. */
export interface Elaborated {
  readonly statements: Statement[];
  readonly ends: boolean;
}

const STATEMENT_DEPTH_MAX = 250;

/** A block with a scope of its own. */
export function elaborateBlock(block: Block, scope: Scope, context: Elaboration): Elaborated {
  return elaborateStatements(block.statements, scope.child(), context);
}

function elaborateStatements(nodes: readonly StatementNode[], scope: Scope, context: Elaboration): Elaborated {
  const statements: Statement[] = [];
  let ends = false;
  for (const node of nodes) {
    const elaborated = elaborateStatement(node, scope, context);
    if (elaborated.statement) statements.push(elaborated.statement);
    ends ||= elaborated.ends;
  }
  return { statements, ends };
}

interface One {
  readonly statement: Statement | null;
  readonly ends: boolean;
}

const single = (statement: Statement | null): One => ({ statement, ends: false });

function elaborateStatement(node: StatementNode, scope: Scope, context: Elaboration): One {
  if (context.depth >= STATEMENT_DEPTH_MAX) {
    context.tooDeep(spanOf(node));
    return { statement: null, ends: true };
  }
  context.depth++;
  const one = byKind(node, scope, context);
  context.depth--;
  return one;
}

function byKind(node: StatementNode, scope: Scope, context: Elaboration): One {
  switch (node.$type) {
    case 'Let':
      return single(elaborateLet(node, scope, context));
    case 'If':
      return elaborateIf(node, scope, context);
    case 'For':
      return single(elaborateFor(node, scope, context));
    case 'Match':
      return elaborateMatch(node, scope, context);
    case 'Return':
      return { statement: elaborateReturn(node, scope, context), ends: true };
    case 'Assert': {
      if (!node.condition) return single(null);
      const condition = elaborateExpression(node.condition, BOOL, scope, context);
      return single({ kind: 'assert', condition, text: context.textOf(spanOf(node.condition)), span: spanOf(node) });
    }
    case 'Send':
      return single(elaborateSend(node, scope, context));
    case 'Broadcast':
      return single(elaborateBroadcast(node, scope, context));
    case 'Reply':
      return single(elaborateReply(node, scope, context));
    case 'SetTimer':
    case 'CancelTimer':
      return single(elaborateTimer(node, scope, context));
    case 'Sync':
      return single(elaborateSync(node, scope, context));
    case 'Emit':
      return single(elaborateEmit(node, scope, context));
    case 'CallService':
      return single(elaborateCall(node, scope, context));
    case 'Assignment':
      return single(elaborateAssignment(node, scope, context));
  }
}

function elaborateLet(node: Let, scope: Scope, context: Elaboration): Statement | null {
  const declared = node.type ? resolveType(node.type, scope, context) : null;
  if (!node.value) return null;
  let value = declared ? elaborateExpression(node.value, declared, scope, context) : elaborateValue(node.value, null, scope, context);
  if (!declared && containsKind(value.type, 'Never')) {
    reportOpenType(node, value, context);
    value = { ...value, type: ERROR };
  }
  const type = declared ?? value.type;
  declareLocal(node, type, 'local', scope, context, true);
  if (type.kind === 'Optional' && value.kind === 'convert') scope.body?.learn(node.name, type.of);
  return { kind: 'let', name: node.name, type, value, span: spanOf(node) };
}

/** `{}`, `[]` or `none` where nothing tells what they are of. */
export function reportOpenType(
  node: { readonly name: string } & Parameters<typeof nameSpanOf>[0],
  value: Expression,
  context: Elaboration,
): void {
  if (isError(value.type)) return;
  const example =
    value.type.kind === 'Never'
      ? 'Node?'
      : value.type.kind === 'List'
        ? 'List<Int>'
        : value.type.kind === 'Set'
          ? 'Set<Node>'
          : 'Map<Int, Node>';
  const written = context.textOf(value.span);
  const name = nameSpanOf(node);
  context.error('DS1011', name, `the type of \`${node.name}\` cannot be told from \`${written.length > 20 ? '…' : written}\``, {
    help: `write it: \`${node.name}: ${example} = ${written.length > 20 ? '…' : written}\``,
  });
}

function elaborateIf(node: If, scope: Scope, context: Elaboration): One {
  const { body } = scope;
  if (!node.condition || !node.then) return single(null);
  const condition = elaborateExpression(node.condition, BOOL, scope, context);
  const before = body?.facts ?? NO_FACTS;
  if (body) body.facts = together(before, factsOf(condition, true));
  const then = elaborateBlock(node.then, scope, context);
  const afterThen = body?.facts ?? NO_FACTS;
  if (body) body.facts = together(before, factsOf(condition, false));
  const otherwise = elaborateElse(node.otherwise, scope, context);
  if (body) {
    if (then.ends && !otherwise.ends) {
      // Only the other way goes on from here: what it knows holds.
    } else if (otherwise.ends) body.facts = afterThen;
    else body.facts = both(afterThen, body.facts);
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: the code's word for the branch; nobody awaits it
    statement: { kind: 'if', condition, then: then.statements, otherwise: otherwise.statements, span: spanOf(node) },
    ends: then.ends && otherwise.ends,
  };
}

function elaborateElse(node: If | Block | undefined, scope: Scope, context: Elaboration): Elaborated {
  if (!node) return { statements: [], ends: false };
  if (node.$type === 'Block') return elaborateBlock(node, scope, context);
  const { statement, ends } = elaborateStatement(node, scope, context);
  return { statements: statement ? [statement] : [], ends };
}

function elaborateFor(node: For, scope: Scope, context: Elaboration): Statement | null {
  const { body } = scope;
  if (!node.domain || !node.body || !node.variable) return null;
  const { domain, element } = elaborateDomain(node.domain, scope, context);
  // A later round sees what an earlier one assigned, here or in a function that it calls.
  const assigned = assignedIn(node.body);
  if (body && body.facts.size > 0) {
    for (const name of assigned.variables) body.forget(name);
    for (const name of assigned.calls) {
      const written = scope.find(name, true)?.writes?.();
      if (written !== undefined) forgetWritten(body, written, scope);
    }
  }
  const before = body?.facts ?? NO_FACTS;
  const inner = scope.child();
  declareLocal(node.variable, element, 'element of the loop', inner, context);
  const { statements } = elaborateBlock(node.body, inner, context);
  if (body) body.facts = both(before, body.facts);
  return { kind: 'for', variable: node.variable.name, domain, body: statements, span: spanOf(node) };
}

function elaborateMatch(node: Match, scope: Scope, context: Elaboration): One {
  const { body } = scope;
  if (!node.subject) return single(null);
  const subject = elaborateValue(node.subject, null, scope, context);
  const before = body?.facts ?? NO_FACTS;
  const path = subject.type.kind === 'Optional' ? pathOf(subject) : null;
  const arms: { patterns: Expression[]; body: Statement[] }[] = [];
  const seen = new Map<string, Expression>();
  let after: typeof before | null = null;
  let allEnd = true;
  let hasElse = false;
  for (const [at, arm] of node.arms.entries()) {
    if (body) body.facts = before;
    const patterns = arm.patterns.map((pattern) =>
      elaborateExpression(pattern, isError(subject.type) ? null : subject.type, scope, context),
    );
    for (const pattern of patterns) reportRepeated(pattern, seen, context);
    if (arm.otherwise) {
      hasElse = true;
      if (at < node.arms.length - 1) {
        context.error('DS1035', spanOf(node.arms[at + 1]!), 'this arm comes after `else` and is never reached', {
          help: 'put `else` last',
        });
      }
    }
    const isNone = (pattern: Expression): boolean => pattern.kind === 'literal' && pattern.value === null;
    const isValue = arm.otherwise ? [...seen.values()].some(isNone) : patterns.length > 0 && !patterns.some(isNone);
    if (body && path !== null && subject.type.kind === 'Optional' && isValue) body.learn(path, subject.type.of);
    const elaborated = elaborateArm(arm, scope, context);
    arms.push({ patterns, body: elaborated.statements });
    if (elaborated.ends) continue;
    allEnd = false;
    const facts = body?.facts ?? NO_FACTS;
    after = after === null ? facts : both(after, facts);
  }
  const covered = hasElse || isCovered(subject, seen, context);
  if (body) body.facts = !covered ? both(before, after ?? before) : (after ?? before);
  return { statement: { kind: 'match', subject, arms, span: spanOf(node) }, ends: covered && allEnd && node.arms.length > 0 };
}

function elaborateArm(arm: MatchArm, scope: Scope, context: Elaboration): Elaborated {
  if (!arm.body) return { statements: [], ends: false };
  if (!isStatement(arm.body)) return elaborateBlock(arm.body, scope, context);
  return elaborateStatements([arm.body], scope.child(), context);
}

/** What tells constant patterns apart; null for those that are computed. */
function patternKey(pattern: Expression): string | null {
  switch (pattern.kind) {
    case 'literal':
      return `${typeof pattern.value} ${String(pattern.value)}`;
    case 'enum':
      return pattern.member;
    case 'convert':
      return patternKey(pattern.value);
    default:
      return null;
  }
}

function reportRepeated(pattern: Expression, seen: Map<string, Expression>, context: Elaboration): void {
  const key = isError(pattern.type) ? null : patternKey(pattern);
  if (key === null) return;
  const first = seen.get(key);
  if (first) {
    context.error('DS1035', pattern.span, `\`${context.textOf(pattern.span)}\` is matched twice, and this arm is never reached`, {
      labels: [{ span: first.span, message: 'first here' }],
    });
  } else seen.set(key, pattern);
}

/** Whether the patterns name every value that the subject can have. */
function isCovered(subject: Expression, seen: ReadonlyMap<string, Expression>, context: Elaboration): boolean {
  const { type } = subject;
  if (type.kind === 'Bool') return seen.size === 2;
  if (type.kind !== 'Enum') return false;
  return context.types.enums.get(type.name)?.members.every((member) => seen.has(member)) ?? false;
}

function elaborateReturn(node: Return, scope: Scope, context: Elaboration): Statement {
  const span = spanOf(node);
  const wanted = scope.body?.result ?? null;
  const owner = scope.body?.owner;
  if (!node.value) {
    if (wanted && wanted.kind !== 'Unit' && wanted.kind !== 'Error') {
      context.error(
        'DS1025',
        span,
        `this \`return\` gives no value, but \`${owner?.name ?? 'the function'}\` has the result ${typeToString(wanted)}`,
      );
    }
    return { kind: 'return', value: null, span };
  }
  if (!wanted || wanted.kind === 'Unit') {
    const value = elaborateValue(node.value, null, scope, context);
    if (owner?.kind === 'function') {
      const type = isError(value.type) || containsKind(value.type, 'Never') ? null : typeToString(value.type);
      context.error('DS1026', span, `\`${owner.name}\` returns a value, so its result type must be written`, {
        help: `\`fun ${owner.name}(…): ${type ?? 'T'} { … }\``,
        labels: [{ span: owner.nameSpan, message: `write \`: ${type ?? 'T'}\` behind the parameters` }],
      });
    } else {
      context.error('DS1014', span, 'a handler returns no value', { help: 'write `reply …` to answer, or `return` alone to stop here' });
    }
    return { kind: 'return', value: null, span };
  }
  return { kind: 'return', value: elaborateExpression(node.value, wanted, scope, context), span };
}
