import type { Expression, FunctionCode, Statement } from '../../model/code.ts';
import type { FieldType, Type } from '../../model/types.ts';
import type { FunctionDeclaration } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { ERROR, typeToString, UNIT } from '../types/type.ts';
import { elaborateArguments, type FormalParameter } from './arguments.ts';
import { Body } from './body.ts';
import { type Declaration, type Elaboration, errorExpression } from './context.ts';
import { inferExpression } from './expressions.ts';
import { declareLocal } from './locals.ts';
import type { NamedSymbol, Scope, Setting, UseSite } from './scope.ts';
import { elaborateBlock } from './statements.ts';

/** How deep in expressions, added up over the functions on the way, a function may be elaborated because it is called there. */
const DEMAND_DEPTH_MAX = 300;
let demandedDepth = 0;

export interface FunctionParameter extends FormalParameter {
  readonly type: Type;
  /** What stands for it where it is not given; null when it must be. */
  readonly value: Expression | null;
}

/** Settings whose code changes nothing and reads no node's own state. */
const pure: ReadonlySet<Setting> = new Set(['initial', 'constant', 'property', 'requirement', 'system']);

/**
 * A `fun`. It is elaborated when it is first called or at the latest when its protocol is done: then its result type is
 * known, what it assigns, and whether it has effects.
 */
export class FunctionInfo {
  readonly body: Body;
  private state: 'new' | 'running' | 'done' = 'new';
  private code: FunctionCode | null = null;
  private resultType: Type | null;
  private summary: { readonly writes: ReadonlySet<string>; readonly effect: { what: string } | null } | null = null;

  constructor(
    readonly node: FunctionDeclaration,
    readonly role: string | null,
    readonly declaration: Declaration,
    readonly parameters: readonly FunctionParameter[],
    declared: Type | null,
    private readonly scope: Scope,
    private readonly setting: Setting,
    private readonly context: Elaboration,
    /** The functions that this one may call, by name. */
    private readonly functions: ReadonlyMap<string, FunctionInfo>,
  ) {
    // A block without a written result gives nothing; that of `= expression` is the expression's.
    this.resultType = declared ?? (node.expression ? null : UNIT);
    this.body = new Body({ kind: 'nothing', because: 'a function answers no message by itself' }, this.resultType, declaration, role);
  }

  /** The function as code; elaborates it if that has not been done. */
  finish(): FunctionCode {
    this.demand();
    return this.code!;
  }

  /** Null while it is being elaborated and not written. */
  get result(): Type | null {
    return this.resultType;
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  demand(): void {
    const { depth } = this.context;
    if (this.state !== 'new' || demandedDepth + depth > DEMAND_DEPTH_MAX) return;
    this.state = 'running';
    demandedDepth += depth;
    // Its own nesting counts, not that of the place that happened to call it first.
    this.context.depth = 0;
    this.code = this.elaborate();
    this.context.depth = depth;
    demandedDepth -= depth;
    this.state = 'done';
  }

  private elaborate(): FunctionCode {
    const { node, context } = this;
    const scope = this.scope.child(this.setting, this.body);
    const fields: FieldType[] = [];
    node.parameters.forEach((parameter, at) => {
      const { type } = this.parameters[at]!;
      declareLocal(parameter, type, `parameter of ${node.name}`, scope, context);
      fields.push({ name: parameter.name, type });
    });
    const body = node.expression ? this.expressionBody(scope) : node.body ? this.blockBody(scope) : [];
    return {
      name: node.name,
      role: this.role,
      parameters: fields,
      result: this.resultType ?? ERROR,
      body,
      span: spanOf(node),
      nameSpan: nameSpanOf(node),
    };
  }

  private expressionBody(scope: Scope): Statement[] {
    const { context, resultType } = this;
    let value = inferExpression(this.node.expression!, resultType, scope, context);
    const { span } = value;
    if (resultType === null) {
      this.resultType = value.type.kind === 'Never' ? this.openResult() : value.type;
    } else if (resultType.kind !== 'Unit') {
      value = convert(value, resultType, context);
    }
    return value.type.kind === 'Unit' ? [{ kind: 'do', call: value, span }] : [{ kind: 'return', value, span }];
  }

  private openResult(): Type {
    this.context.error('DS1026', nameSpanOf(this.node), `the result type of \`${this.node.name}\` cannot be told from \`none\``, {
      help: `write it: \`fun ${this.node.name}(…): Node? = …\``,
    });
    return ERROR;
  }

  private blockBody(scope: Scope): Statement[] {
    const { node, context } = this;
    const { statements, ends } = elaborateBlock(node.body!, scope, context);
    if (!ends && this.resultType && this.resultType.kind !== 'Unit' && this.resultType.kind !== 'Error') {
      const end = spanOf(node.body!).end;
      context.error('DS1025', nameSpanOf(node), `not every path through \`${node.name}\` returns a value`, {
        why: `its result is ${typeToString(this.resultType)}`,
        help: 'end it with a `return`',
        labels: [{ span: { uri: context.uri, start: end - 1, end }, message: 'a path ends here' }],
      });
    }
    return statements;
  }

  /** What a call of it assigns and does, over everything that it calls in turn; null while some of that is not known yet. */
  summarise(): { readonly writes: ReadonlySet<string>; readonly effect: { what: string } | null } | null {
    if (this.summary) return this.summary;
    const writes = new Set<string>();
    let effect: { what: string } | null = null;
    const seen = new Set<FunctionInfo>([this]);
    for (const info of seen) {
      if (info.state !== 'done') return null;
      if (info.summary) {
        for (const name of info.summary.writes) writes.add(name);
        effect ??= info.summary.effect;
        continue;
      }
      for (const name of info.body.writes) writes.add(name);
      effect ??= info.body.effects[0] ?? null;
      for (const name of info.body.calls) {
        const callee = info.functions.get(name);
        if (callee) seen.add(callee);
      }
    }
    this.summary = { writes, effect };
    return this.summary;
  }
}

export function functionSymbol(info: FunctionInfo): NamedSymbol {
  return {
    name: info.node.name,
    declaration: info.declaration,
    callable: true,
    use: (site) => callFunction(info, site),
    writes: () => {
      info.demand();
      return info.summarise()?.writes ?? null;
    },
  };
}

function callFunction(info: FunctionInfo, { node, span, scope, context }: UseSite): Expression {
  const { name } = info.node;
  const whole = spanOf(node);
  if (!node.arguments) {
    context.error('DS1013', span, `function \`${name}\` is not called`, {
      help: `write \`${name}(${info.parameters.map((each) => each.name).join(', ')})\``,
      fixes: info.parameters.length === 0 ? [{ title: `Write \`${name}()\``, edits: [{ span, text: `${name}()` }] }] : [],
    });
    return errorExpression(whole);
  }
  info.demand();
  const values = elaborateArguments(info.parameters, node.arguments, `function \`${name}\``, span, scope, context);
  const { body } = scope;
  body?.calls.add(name);
  const summary = info.summarise();
  if (body && body.facts.size > 0) forgetWritten(body, summary?.writes ?? null, scope);
  if (pure.has(scope.setting) && summary?.effect) {
    context.error('DS1029', whole, `\`${name}\` cannot be called here, because it ${summary.effect.what}`, {
      why: 'only a node that acts has state, a clock and messages',
      help: 'give what it needs as parameters',
      labels: [{ span: info.declaration.nameSpan, message: 'declared here' }],
    });
    return errorExpression(whole);
  }
  const type = info.result;
  if (!type) {
    const why = info.isRunning ? 'calls itself' : 'stands at the end of a long chain of functions';
    context.error('DS1026', whole, `\`${name}\` ${why}, so its result type must be written`, {
      labels: [{ span: info.declaration.nameSpan, message: 'here' }],
      help: `\`fun ${name}(…): Int = …\``,
    });
    return errorExpression(whole);
  }
  if (!values) return errorExpression(whole);
  const given = values.map((value, at) => value ?? info.parameters[at]!.value ?? errorExpression(whole));
  return { kind: 'call', function: name, arguments: given, type, span: whole };
}

/** After a call, what it may have assigned is as unknown as before. `writes` null: it may have assigned any state. */
export function forgetWritten(body: Body, writes: ReadonlySet<string> | null, scope: Scope): void {
  const roots = new Set([...body.facts.keys()].map((path) => path.split('.', 1)[0] as string));
  for (const root of roots) {
    if (writes ? writes.has(root) : scope.find(root)?.declaration.kind === 'state') body.forget(root);
  }
}
