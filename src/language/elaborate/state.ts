import type { Expression, StateVariable as StateCode } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { StateVariable } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { resolveType } from '../types/resolve.ts';
import { containsKind, ERROR, typeToString } from '../types/type.ts';
import { Body } from './body.ts';
import type { Declaration, Elaboration } from './context.ts';
import { errorExpression } from './context.ts';
import { elaborateExpression, elaborateValue } from './expressions.ts';
import { narrowed } from './narrowing.ts';
import type { NamedSymbol, Scope, UseSite } from './scope.ts';
import { reportOpenType } from './statements.ts';
import { noteEffect, refuseArguments } from './symbols.ts';

/** A state variable. Its type is written, or told by its initial value, which is then elaborated when it is first asked for. */
export class StateInfo implements NamedSymbol {
  readonly name: string;
  readonly declaration: { -readonly [Key in keyof Declaration]: Declaration[Key] };
  readonly callable = false;
  private known: Type | null;
  private initial: Expression | null = null;
  private running = false;

  constructor(
    readonly node: StateVariable,
    readonly role: string | null,
    private readonly scope: Scope,
    private readonly context: Elaboration,
  ) {
    this.name = node.name;
    this.known = node.type ? resolveType(node.type, scope, context) : null;
    this.declaration = context.declare('state', node, `${node.storage} ${node.name}`);
  }

  get type(): Type {
    if (this.known) return this.known;
    if (this.running) {
      this.context.error('DS1011', this.declaration.nameSpan, `the type of \`${this.name}\` depends on itself`, {
        help: `write it: \`${this.name}: Int = …\``,
      });
      return ERROR;
    }
    this.elaborateInitial();
    return this.known ?? ERROR;
  }

  get assignable() {
    return { root: { kind: 'state', name: this.name } as const, type: this.type };
  }

  private elaborateInitial(): Expression {
    if (this.initial) return this.initial;
    this.running = true;
    const { node, context } = this;
    const scope = this.scope.child(
      'initial',
      new Body({ kind: 'nothing', because: 'an initial value is computed once' }, null, this.declaration),
    );
    if (!node.value) this.initial = errorExpression(spanOf(node));
    else if (this.known) this.initial = elaborateExpression(node.value, this.known, scope, context);
    else this.initial = elaborateValue(node.value, null, scope, context);
    this.running = false;
    if (!this.known) {
      if (containsKind(this.initial.type, 'Never')) {
        reportOpenType(node, this.initial, context);
        this.known = ERROR;
      } else this.known = this.initial.type;
    }
    return this.initial;
  }

  /** The variable as code, once all names of its protocol are known. */
  finish(): StateCode {
    const { type } = this;
    const initial = this.elaborateInitial();
    this.declaration.type = type;
    this.declaration.detail = `${this.node.storage} ${this.name}: ${typeToString(type)}`;
    this.context.hover(this.declaration.nameSpan, type);
    return {
      name: this.name,
      type,
      durable: this.node.storage === 'durable',
      role: this.role,
      initial,
      span: this.declaration.span,
      nameSpan: this.declaration.nameSpan,
    };
  }

  use(site: UseSite): Expression {
    const { scope, span, context } = site;
    const refused = refuseArguments(site, 'a state variable');
    if (refused) return refused;
    switch (scope.setting) {
      case 'handler':
      case 'function':
      case 'specification':
        noteEffect(scope, `reads the state variable \`${this.name}\``, span);
        return narrowed({ kind: 'state', name: this.name, type: this.type, span }, scope);
      case 'property':
        context.error('DS1014', span, `every node has a \`${this.name}\` of its own: say whose is meant`, {
          help: `write \`m.${this.name}\` for a node m: \`forall m in members: … m.${this.name} …\``,
        });
        return errorExpression(span);
      default:
        context.error('DS1014', span, `the state variable \`${this.name}\` cannot be read here`, {
          why: scope.setting === 'initial' ? 'initial values are computed before there is any state' : 'state exists only while nodes run',
        });
        return errorExpression(span);
    }
  }
}
