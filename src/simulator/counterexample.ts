import type { CompiledProperty, Instance } from '../compiler/program.ts';
import type { Expression } from '../model/code.ts';
import { childrenOf } from '../model/walk.ts';

/**
 * Why an `eventually` does not hold yet. As long as the nodes of a counterexample keep their state, the property stays
 * false, and nobody else's step needs a look. That is so for `forall`s over members whose body reads the state of these
 * nodes alone; for other properties nothing is remembered.
 */
export class Counterexample {
  private nodes: readonly number[] = [];
  private readonly variables: readonly string[];

  /** `condition` null: unknown, nothing is remembered. */
  constructor(
    private readonly property: CompiledProperty,
    condition: Expression | null,
    private readonly nodeOf: ReadonlyMap<string, number>,
  ) {
    this.variables = condition ? localForalls(condition) : [];
  }

  forget(): void {
    this.nodes = [];
  }

  /** Takes down the nodes of a counterexample, by the text that the property gave. */
  remember(text: string): void {
    if (this.variables.length === 0) return;
    const nodes = this.variables.map((variable) => {
      const start = text.indexOf(`${variable} = `);
      const end = text.indexOf(', ', start);
      const name = text.slice(start + variable.length + 3, end < 0 ? undefined : end);
      return start < 0 ? undefined : this.nodeOf.get(name);
    });
    // A text that cannot be read costs time, not truth.
    this.nodes = nodes.every((node) => node !== undefined) ? [...new Set(nodes)].sort((a, b) => a - b) : [];
  }

  /** Whether it is still one after a step of `changed`. */
  stands(changed: number, instances: readonly (Instance | undefined)[], correct: readonly number[]): boolean {
    if (this.nodes.length === 0) return false;
    if (!this.nodes.includes(changed)) return true;
    const up = this.nodes.filter((node) => correct.includes(node));
    return this.property.check(instances, this.nodes, up, -1) !== null;
  }
}

/** The variables of the leading `forall`s over members, when what they range over can be told apart; else none. */
function localForalls(condition: Expression): readonly string[] {
  const variables: string[] = [];
  let body = condition;
  while (body.kind === 'quantifier' && body.quantifier === 'forall' && isMembers(body.domain) && !variables.includes(body.variable)) {
    variables.push(body.variable);
    body = body.body;
  }
  return readsOnly(body, variables) ? variables : [];
}

function isMembers(domain: Expression): boolean {
  return domain.kind === 'role' || (domain.kind === 'given' && (domain.name === 'members' || domain.name === 'correct'));
}

/** Whether the expression reads the state of the variables' nodes alone and speaks of no set of nodes. */
function readsOnly(expression: Expression, variables: readonly string[]): boolean {
  if (expression.kind === 'quantifier' || expression.kind === 'lambda' || expression.kind === 'call' || isMembers(expression)) return false;
  if (expression.kind === 'remote-state' && !(expression.node.kind === 'local' && variables.includes(expression.node.name))) return false;
  return childrenOf(expression).every((part) => readsOnly(part, variables));
}
