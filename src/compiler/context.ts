import type { Span } from '../base/source.ts';
import type { ProtocolCode, Statement } from '../model/code.ts';
import type { Deployment, System } from '../model/system.ts';
import type { FieldType, Type } from '../model/types.ts';
import type { CoveragePoint, CoveragePoints } from './coverage.ts';
import type { Declarations, Scope } from './declarations.ts';
import type { Effects } from './effects.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { Names } from './names.ts';
import { MASK_NODES } from './runtime/node-set.ts';
import type { TypeTable } from './runtime/type-operations.ts';
import type { LocalTrigger } from './used.ts';

/** What the generated source is made of: its table of constants, its top-level declarations, and what they refer to. */
export class Module {
  readonly constants: unknown[] = [];
  /** Top-level declarations after the record and payload classes, in order. */
  readonly top: string[] = [];
  readonly smallNodes: boolean;
  private readonly constantNames = new Map<unknown, string>();
  private counter = 0;

  constructor(
    readonly system: System,
    readonly deployment: Deployment,
    readonly protocol: ProtocolCode,
    readonly declarations: Declarations,
    readonly effects: Effects,
    readonly types: TypeTable,
    readonly names: Names,
    readonly localTriggers: readonly LocalTrigger[] = [],
    /** Null where nothing is counted. */
    readonly coverage: CoveragePoints | null = null,
  ) {
    this.smallNodes = system.nodes.length <= MASK_NODES;
  }

  /** A name that no other has. Names are numbers behind a letter: nothing of the user's text gets into them. */
  fresh(prefix: string): string {
    return `${prefix}${this.counter++}_`;
  }
  constant(value: unknown): string {
    return this.named(value, value);
  }
  span(span: Span): string {
    return this.named(`${span.start} ${span.end} ${span.uri}`, span);
  }
  operations(type: Type): string {
    return this.constant(this.types.of(type));
  }
  /** The type as a Data names it. */
  carried(type: Type): string {
    return this.constant(this.types.carriedAs(type));
  }
  layout(type: Type): Layout {
    return layoutOf(type, this.smallNodes);
  }

  private named(key: unknown, value: unknown): string {
    let name = this.constantNames.get(key);
    if (name === undefined) {
      name = `K${this.constants.length}`;
      this.constants.push(value);
      this.constantNames.set(key, name);
    }
    return name;
  }
}

/** What a local name of the source stands for in the generated one. */
export interface Local {
  readonly js: string;
  /** For a node that a property's quantifier binds: the expression of its instance. */
  readonly instance: string | null;
  /** For a handler's variable: the fields of what it handles. */
  readonly payload:
    | { readonly fields: readonly FieldType[]; readonly kind: 'message' | 'event' | 'operation' }
    /** From a protocol that is used, by its qualified name. */
    | { readonly used: string }
    | null;
}

/** A name that looks at a value which a variable still owns: marked before something writes that variable. */
export interface Lent {
  readonly name: string;
  readonly js: string;
  readonly type: Type;
  readonly roots: { readonly state: ReadonlySet<number>; readonly locals: ReadonlySet<string> };
  /** Its own place in Context.following: what lies there or further in may still use it. */
  readonly depth: number;
}

/**
 * Where code is being generated: a handler or function of a node (`this` is the instance), or a property or constant
 * (no node; the instances are in the module's variable `I`).
 */
export type Mode = 'node' | 'property' | 'constant';

/** One function under construction. */
export class Context {
  readonly captured: string[] = [];
  private readonly temps: string[] = [];
  private scopes: Map<string, Local>[] = [new Map()];
  /** Statements that may run after the one at hand, by block from the outermost in; a loop's body stands there as a whole. */
  readonly following: (readonly Statement[])[] = [];
  lent: Lent[] = [];

  constructor(
    readonly module: Module,
    readonly mode: Mode,
    readonly scope: Scope,
    /** Where functions go that this one needs: members of the class in `node` mode, else top-level declarations. */
    readonly sink: string[],
    private readonly parent: Context | null = null,
  ) {}

  /** Counts that a node comes by; nothing where nothing is counted, and in properties. */
  hit(kind: CoveragePoint['kind'], name: string, span: Span): string {
    return this.mode === 'node' ? (this.module.coverage?.hit(kind, name, span) ?? '') : '';
  }

  /** What carries the fuel (and, in `node` mode, all that a handler may ask for). */
  get host(): string {
    return this.mode === 'node' ? 'this.h' : 'G';
  }

  /** What is lent here, to functions around this one too. */
  lentNames(): readonly Lent[] {
    return this.parent === null ? this.lent : [...this.parent.lentNames(), ...this.lent];
  }

  lookup(name: string): Local {
    const own = this.find(name);
    if (own !== null) return own;
    if (this.parent === null) throw new Error(`unknown local ${name}`);
    const local = this.parent.lookup(name);
    for (const js of [local.js, local.instance]) {
      if (js === null) continue;
      // `p.fields.f0` is reached by way of `p`.
      const name = js.split('.')[0] as string;
      if (!this.captured.includes(name)) this.captured.push(name);
    }
    return local;
  }
  private find(name: string): Local | null {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = (this.scopes[i] as Map<string, Local>).get(name);
      if (local !== undefined) return local;
    }
    return null;
  }
  declare(name: string, details: Partial<Local> = {}): string {
    const js = details.js ?? this.module.fresh('l');
    (this.scopes[this.scopes.length - 1] as Map<string, Local>).set(name, {
      js,
      instance: details.instance ?? null,
      payload: details.payload ?? null,
    });
    return js;
  }
  /** Runs `emit` in a block of its own: what it declares ends with it. */
  block<T>(emit: () => T): T {
    const { lent } = this;
    this.scopes.push(new Map());
    const result = emit();
    this.scopes.pop();
    this.lent = lent;
    return result;
  }
  /** A variable for a value within one expression, declared at the head of the function. */
  temp(): string {
    const name = this.module.fresh('t');
    this.temps.push(name);
    return name;
  }

  /** The text of a function with this context's variables around `body`. */
  functionText(head: string, parameters: readonly string[], body: string): string {
    const temps = this.temps.length === 0 ? '' : `let ${this.temps.join(',')};`;
    return `${head}(${parameters.join(',')}){${temps}${body}}`;
  }

  /**
   * Moves code with statements in it (a loop inside an expression) into a function of its own and returns the call.
   * Locals that it uses become parameters: no closure is made at run time.
   */
  lift(build: (inner: Context) => string): string {
    const inner = new Context(this.module, this.mode, this.scope, this.sink, this);
    const body = build(inner);
    const name = this.module.fresh('q');
    // Captured names are looked up in this context too, so that a function around this one passes them on.
    const text = inner.functionText(this.mode === 'node' ? name : `function ${name}`, inner.captured, body);
    this.sink.push(text);
    return `${this.mode === 'node' ? 'this.' : ''}${name}(${inner.captured.join(',')})`;
  }
}
