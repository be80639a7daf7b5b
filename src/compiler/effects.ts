import type { Expression, Statement } from '../model/code.ts';
import { childrenOf, walkExpression, walkStatements } from '../model/walk.ts';
import type { Declarations, FunctionEntry, Scope } from './declarations.ts';
import { unqualified } from './declarations.ts';

/** What a stretch of code may write: state variables by index, locals by name. */
export interface Writes {
  readonly state: ReadonlySet<number>;
  readonly locals: ReadonlySet<string>;
}

function saysSync(body: readonly Statement[]): boolean {
  let says = false;
  walkStatements(body, ({ kind }) => {
    says ||= kind === 'sync';
  });
  return says;
}

const NOTHING: ReadonlySet<number> = new Set();

/**
 * Which code writes what, functions followed. A value read from a variable needs no protection against later writes
 * (the `shared` flag of the runtime) where nothing writes that variable while the value is in use.
 */
export class Effects {
  /** Whether `sync` is said anywhere: in the protocol or in an adversary for it. */
  readonly syncs: boolean;
  private readonly functions: ReadonlySet<number>[];
  private readonly recursive: ReadonlySet<number>;
  private readonly writtenRecords: ReadonlySet<string>;
  private readonly calling = new WeakMap<Expression, boolean>();

  constructor(
    private readonly declarations: Declarations,
    /** Code of other protocols that values of the same records go through. */
    private readonly kin: readonly (readonly Statement[])[] = [],
  ) {
    this.syncs = declarations.bodies().some((body) => saysSync(body));
    const calls = declarations.functions.map((entry) => this.calledBy(entry));
    const direct = declarations.functions.map((entry) => this.directWrites(entry.code.body, scopeOf(entry)));
    const reachable = calls.map((_, index) => closure(index, calls));
    this.recursive = new Set(reachable.flatMap((set, index) => ((calls[index] as Set<number>).size > 0 && set.has(index) ? [index] : [])));
    this.functions = reachable.map((set, index) => {
      const writes = new Set(direct[index]);
      for (const called of set) for (const variable of direct[called] as Set<number>) writes.add(variable);
      return writes;
    });
    this.writtenRecords = this.findWrittenRecords();
  }

  isRecursive(index: number): boolean {
    return this.recursive.has(index);
  }

  /** Whether some assignment changes a field of such a record in place; all others never change once made. */
  isWrittenInPlace(record: string): boolean {
    return this.writtenRecords.has(unqualified(record));
  }

  /** State that a function writes, with all that it calls. */
  writesOfFunction(index: number): ReadonlySet<number> {
    return this.functions[index] as ReadonlySet<number>;
  }

  /** State that evaluating an expression may write, through calls. */
  writesOfExpression(expression: Expression, scope: Scope): ReadonlySet<number> {
    if (!this.hasCalls(expression)) return NOTHING;
    const writes = new Set<number>();
    walkExpression(expression, (part) => {
      if (part.kind === 'call')
        for (const v of this.writesOfFunction(this.declarations.function(part.function, scope).index)) writes.add(v);
    });
    return writes;
  }

  private hasCalls(expression: Expression): boolean {
    let known = this.calling.get(expression);
    if (known === undefined) {
      known = expression.kind === 'call' || childrenOf(expression).some((part) => this.hasCalls(part));
      this.calling.set(expression, known);
    }
    return known;
  }

  writesOf(statements: readonly Statement[], scope: Scope): Writes {
    const locals = new Set<string>();
    walkStatements(statements, (statement) => {
      if (statement.kind === 'assign' && statement.place.root.kind === 'local') locals.add(statement.place.root.name);
    });
    return { state: this.directWrites(statements, scope, true), locals };
  }

  private directWrites(statements: readonly Statement[], scope: Scope, followCalls = false): Set<number> {
    const writes = new Set<number>();
    walkStatements(
      statements,
      (statement) => {
        if (statement.kind === 'assign' && statement.place.root.kind === 'state')
          writes.add(this.declarations.stateVariable(statement.place.root.name, scope).index);
      },
      (part) => {
        if (followCalls && part.kind === 'call')
          for (const variable of this.writesOfFunction(this.declarations.function(part.function, scope).index)) writes.add(variable);
      },
    );
    return writes;
  }

  private calledBy(entry: FunctionEntry): Set<number> {
    const called = new Set<number>();
    walkStatements(
      entry.code.body,
      () => {},
      (part) => {
        if (part.kind === 'call') called.add(this.declarations.function(part.function, scopeOf(entry)).index);
      },
    );
    return called;
  }

  private findWrittenRecords(): Set<string> {
    const { protocol, adversaries } = this.declarations;
    const written = new Set<string>();
    const bodies = [
      ...protocol.handlers,
      ...protocol.functions,
      ...adversaries.flatMap((adversary) => [...adversary.handlers, ...adversary.functions]),
    ].map(({ body }) => body);
    for (const body of [...bodies, ...this.kin])
      walkStatements(body, (statement) => {
        if (statement.kind !== 'assign') return;
        for (const step of statement.place.steps) if (step.kind === 'field') written.add(unqualified(step.record));
      });
    return written;
  }
}

export function scopeOf(entry: FunctionEntry): Scope {
  return { role: entry.code.role, adversary: entry.adversary };
}

/** All that can be reached from `start` over one call or more. */
function closure(start: number, calls: readonly ReadonlySet<number>[]): Set<number> {
  const reached = new Set<number>();
  const open = [...(calls[start] as ReadonlySet<number>)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(calls[next] as ReadonlySet<number>));
  }
  return reached;
}
