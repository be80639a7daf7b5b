import type { Span } from '../base/source.ts';
import type { Expression, FunctionCode, GivenName, Metric, Statement } from './code.ts';
import { evaluateIntrinsic } from './evaluate-intrinsics.ts';
import { evaluateMethod } from './evaluate-methods.ts';
import { evaluateBinary } from './evaluate-operators.ts';
import type { QuestionName } from './questions.ts';
import { federated, QuorumError, toQuorum } from './quorum-values.ts';
import { qualifiedTypeName, typeText } from './type-text.ts';
import type { Type } from './types.ts';
import { isRange, keyOf, listOf, mapOf, setOf } from './value-operations.ts';
import type { DataValue, QuorumSystem, Value } from './values.ts';

/** A use of a function of `questions.ts`. */
export interface Question {
  readonly name: QuestionName;
  readonly arguments: readonly Value[];
  readonly expression: Expression & { readonly kind: 'intrinsic' };
}

/**
 * What an expression means before a run. Every callback is optional: a name whose callback is absent or answers
 * undefined cannot be known, and using it is an EvaluationError of kind `missing`.
 */
export interface Environment {
  readonly constant?: (name: string) => Value | undefined;
  readonly parameter?: (name: string) => Value | undefined;
  readonly given?: (name: GivenName) => Value | undefined;
  readonly role?: (name: string) => readonly number[] | undefined;
  readonly quorum?: (name: string) => QuorumSystem | undefined;
  /** Nodes of a group in order of position. */
  readonly group?: (name: string) => readonly number[] | undefined;
  /** Nodes of a zone and the zones in it. */
  readonly zone?: (name: string) => readonly number[] | undefined;
  readonly allNodes?: () => readonly number[];
  readonly weight?: (node: number) => number;
  readonly nodeName?: (node: number) => string;
  /** Field names of a record in declared order. */
  readonly recordFields?: (record: string) => readonly string[] | undefined;
  readonly enumMembers?: (name: string) => readonly string[] | undefined;
  readonly function?: (name: string) => FunctionCode | undefined;
  /** Answers what only an analysis knows; arguments are evaluated, quorums among them are QuorumSystems. */
  readonly ask?: (question: Question) => Value | undefined;
  readonly metric?: (metric: Metric) => Value | undefined;
}

/**
 * Why an expression has no value. `error`: it is wrong (division by zero, index out of range, overflow). `limit`: it
 * takes more than the step budget. `run-time`: only a run knows it (`now`, `random`, state). `missing`: it uses a name
 * that has no value here, which is reported where that name is declared.
 */
export class EvaluationError extends Error {
  constructor(
    message: string,
    readonly span: Span,
    readonly kind: 'error' | 'limit' | 'run-time' | 'missing' = 'error',
  ) {
    // It is an answer that many ask for: where in our code it came up is of no use, and takes longest to find out.
    const frames = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = frames;
    this.name = 'EvaluationError';
  }
}

/** Steps that one evaluation may take: an expression, an element of a collection or a call is one. */
export const evaluationFuel = 1_000_000;

/** Calls of functions within functions; deeper ones would exhaust the host's stack before the fuel. */
const deepestCall = 200;

/** The value of a checked expression. Pure and total: every failure is an EvaluationError. */
export function evaluate(expression: Expression, environment: Environment): Value {
  return new Evaluation(environment).value(expression, null);
}

/** Bound variables, innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | null;
}

/** One evaluation with its fuel. Methods of the other evaluate-*.ts files call back into it. */
export class Evaluation {
  private fuel = evaluationFuel;
  private depth = 0;

  constructor(readonly environment: Environment) {}

  /** Spends `steps`, so that no collection can be walked for free. */
  spend(steps: number, span: Span): void {
    this.fuel -= steps;
    if (this.fuel < 0) {
      throw new EvaluationError(`this takes more than ${evaluationFuel.toLocaleString('en')} steps to compute`, span, 'limit');
    }
  }

  readonly enumOrder = (name: string, member: string): number => this.environment.enumMembers?.(name)?.indexOf(member) ?? -1;

  number(expression: Expression, scope: Scope | null): number {
    const value = this.value(expression, scope);
    if (typeof value === 'number') return value;
    throw new EvaluationError('a number is needed here', expression.span);
  }

  boolean(expression: Expression, scope: Scope | null): boolean {
    const value = this.value(expression, scope);
    if (typeof value === 'boolean') return value;
    throw new EvaluationError('a Boolean is needed here', expression.span);
  }

  /** The elements of a list, set, range (ends included, one by one) or the keys of a map. */
  *elements(value: Value, span: Span): Iterable<Value> {
    if (typeof value === 'object' && value !== null) {
      if (value.kind === 'list' || value.kind === 'set') {
        for (const item of value.items) {
          this.spend(1, span);
          yield item;
        }
        return;
      }
      if (value.kind === 'range') {
        for (let i = Math.ceil(value.min); i <= value.max; i++) {
          this.spend(1, span);
          yield i;
        }
        return;
      }
      if (value.kind === 'map') {
        for (const [key] of value.entries) {
          this.spend(1, span);
          yield key;
        }
        return;
      }
    }
    throw new EvaluationError('a collection is needed here', span);
  }

  /** Applies a lambda expression to values. */
  apply(lambda: Expression, values: readonly Value[], scope: Scope | null): Value {
    if (lambda.kind !== 'lambda') throw new EvaluationError('a function is needed here', lambda.span);
    let inner = scope;
    lambda.parameters.forEach((name, i) => {
      inner = { name, value: values[i] ?? null, outer: inner };
    });
    return this.value(lambda.body, inner);
  }

  value(expression: Expression, scope: Scope | null): Value {
    const { span } = expression;
    this.spend(1, span);
    const environment = this.environment;
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'local': {
        for (let at = scope; at !== null; at = at.outer) if (at.name === expression.name) return at.value;
        throw missing(expression.name, span);
      }
      case 'parameter':
        return known(environment.parameter?.(expression.name), expression.name, span);
      case 'constant':
        return known(environment.constant?.(expression.name), expression.name, span);
      case 'given':
        if (expression.name === 'now' || expression.name === 'self' || expression.name === 'peers' || expression.name === 'neighbors') {
          const value = environment.given?.(expression.name);
          if (value === undefined) throw runTime(`\`${expression.name}\``, span);
          return value;
        }
        return known(environment.given?.(expression.name), expression.name, span);
      case 'role':
        return this.nodes(environment.role?.(expression.name), expression.name, span);
      case 'zone':
        return this.nodes(environment.zone?.(expression.name), expression.name, span);
      case 'group': {
        const nodes = environment.group?.(expression.name);
        if (expression.type.kind === 'Node' && nodes?.length === 1) return nodes[0] as number;
        return this.nodes(nodes, expression.name, span);
      }
      case 'all-nodes':
        return this.nodes(environment.allNodes?.(), 'nodes', span);
      case 'quorum':
        return known(environment.quorum?.(expression.name), expression.name, span);
      case 'slices': {
        const entries = expression.entries.map(({ nodes, needs }) => ({
          nodes: this.value(nodes, scope),
          needs: this.value(needs, scope),
        }));
        return inPlace(() => federated(entries), span);
      }
      case 'metric':
        return known(environment.metric?.(expression.metric), expression.metric.kind, span);
      case 'state':
      case 'remote-state':
        throw runTime(`the state \`${expression.name}\``, span);
      case 'unary':
        if (expression.operator === 'not') return !this.boolean(expression.operand, scope);
        return -this.number(expression.operand, scope) + 0;
      case 'binary':
        return evaluateBinary(this, expression, scope);
      case 'conditional':
        return this.value(this.boolean(expression.condition, scope) ? expression.then : expression.otherwise, scope);
      case 'quantifier': {
        const exists = expression.quantifier === 'exists';
        for (const item of this.elements(this.value(expression.domain, scope), expression.domain.span)) {
          const holds = this.boolean(expression.body, { name: expression.variable, value: item, outer: scope });
          if (holds === exists) return exists;
        }
        return !exists;
      }
      case 'lambda':
        throw new EvaluationError('a function is no value by itself', span);
      case 'call':
        return this.call(expression, scope);
      case 'intrinsic':
        return evaluateIntrinsic(this, expression, scope);
      case 'method':
        return evaluateMethod(this, expression, scope);
      case 'field': {
        const object = this.value(expression.object, scope);
        if (typeof object === 'object' && object !== null && object.kind === 'record') {
          return known(object.fields[expression.name], expression.name, span);
        }
        throw new EvaluationError(`there is no field \`${expression.name}\` here`, span);
      }
      case 'index':
        return this.index(expression, scope);
      case 'record': {
        const names = environment.recordFields?.(expression.record);
        if (names === undefined) throw missing(expression.record, span);
        const fields: Record<string, Value> = {};
        expression.fields.forEach((field, i) => {
          fields[names[i] ?? String(i)] = this.value(field, scope);
        });
        return { kind: 'record', record: expression.record, fields };
      }
      case 'with': {
        const object = this.value(expression.object, scope);
        if (typeof object !== 'object' || object === null || object.kind !== 'record') {
          throw new EvaluationError('only records have changed copies', span);
        }
        const fields: Record<string, Value> = { ...object.fields };
        for (const update of expression.updates) fields[update.name] = this.value(update.value, scope);
        return { ...object, fields };
      }
      case 'enum':
        return { kind: 'enum', enum: expression.enum, member: expression.member };
      case 'list':
        return listOf(expression.items.map((item) => this.value(item, scope)));
      case 'set':
        return setOf(
          expression.items.map((item) => this.value(item, scope)),
          this.enumOrder,
        );
      case 'map':
        return mapOf(
          expression.entries.map(({ key, value }) => [this.value(key, scope), this.value(value, scope)] as const),
          this.enumOrder,
        );
      case 'convert':
        return this.convert(expression, scope);
      case 'carries':
        return carries(this.value(expression.value, scope), expression.of);
    }
  }

  private nodes(nodes: readonly number[] | undefined, name: string, span: Span): Value {
    if (nodes === undefined) throw missing(name, span);
    this.spend(nodes.length, span);
    return { kind: 'set', items: nodes };
  }

  private convert(expression: Expression & { readonly kind: 'convert' }, scope: Scope | null): Value {
    const value = this.value(expression.value, scope);
    switch (expression.conversion) {
      case 'node-to-quorum':
        return inPlace(() => toQuorum(value), expression.span);
      case 'to-distribution':
        return typeof value === 'number' ? { kind: 'constant', value } : value;
      case 'range-to-list':
        return isRange(value) ? listOf([...this.elements(value, expression.span)]) : value;
      case 'to-data':
        return { kind: 'data', type: expression.value.type, value };
      case 'from-data':
        if (carries(value, expression.type)) return value.value;
        throw new EvaluationError(wrongData(value, expression.type), expression.span);
      case 'int-to-real':
      case 'to-optional':
        return value;
    }
  }

  private index(expression: Expression & { readonly kind: 'index' }, scope: Scope | null): Value {
    const object = this.value(expression.object, scope);
    const at = this.value(expression.index, scope);
    const { span } = expression.index;
    if (typeof object === 'number' && at === 0) return object;
    if (typeof object !== 'object' || object === null) throw new EvaluationError('this cannot be indexed', expression.span);
    if (object.kind === 'map') {
      const key = keyOf(at);
      const entry = object.entries.find(([candidate]) => keyOf(candidate) === key);
      if (!entry) throw new EvaluationError('the map has no such key', span);
      return entry[1];
    }
    if (object.kind !== 'list' && object.kind !== 'set') throw new EvaluationError('this cannot be indexed', expression.span);
    const { items } = object;
    const name = expression.object.kind === 'group' ? `\`${expression.object.name}\`` : 'it';
    const outside = (index: number): EvaluationError =>
      new EvaluationError(
        items.length === 0
          ? `index ${index} is outside: ${name} is empty`
          : `index ${index} is outside: ${name} has 0..${items.length - 1}`,
        span,
      );
    if (isRange(at)) {
      if (object.kind === 'list' && at.max < at.min) return listOf([]);
      if (at.min < 0 || at.min > at.max) throw outside(at.min);
      if (at.max >= items.length) throw outside(at.max);
      return { kind: object.kind, items: items.slice(at.min, at.max + 1) };
    }
    if (typeof at !== 'number') throw new EvaluationError('an index is a whole number or a range', span);
    if (!Number.isInteger(at) || at < 0 || at >= items.length) throw outside(at);
    return items[at] as Value;
  }

  private call(expression: Expression & { readonly kind: 'call' }, scope: Scope | null): Value {
    const code = this.environment.function?.(expression.function);
    if (!code) throw missing(expression.function, expression.span);
    let inner: Scope | null = null;
    code.parameters.forEach((parameter, i) => {
      const argument = expression.arguments[i];
      if (argument) inner = { name: parameter.name, value: this.value(argument, scope), outer: inner };
    });
    this.depth++;
    if (this.depth > deepestCall) {
      throw new EvaluationError(`functions call each other more than ${deepestCall} deep`, expression.span, 'limit');
    }
    const result = this.body(code.body, inner);
    this.depth--;
    return result.returned ?? null;
  }

  /** Runs statements that only compute: `let`, `if`, `match`, `return`. */
  private body(statements: readonly Statement[], outer: Scope | null): { returned?: Value } {
    let scope = outer;
    for (const statement of statements) {
      this.spend(1, statement.span);
      let result: { returned?: Value } = {};
      if (statement.kind === 'let') scope = { name: statement.name, value: this.value(statement.value, scope), outer: scope };
      else if (statement.kind === 'return') return { returned: statement.value ? this.value(statement.value, scope) : null };
      else if (statement.kind === 'if') {
        result = this.body(this.boolean(statement.condition, scope) ? statement.then : statement.otherwise, scope);
      } else if (statement.kind === 'match') {
        const subject = keyOf(this.value(statement.subject, scope));
        const arm = statement.arms.find(
          ({ patterns }) => patterns.length === 0 || patterns.some((pattern) => keyOf(this.value(pattern, scope)) === subject),
        );
        if (arm) result = this.body(arm.body, scope);
      } else throw runTime('what this statement does', statement.span);
      if (result.returned !== undefined) return result;
    }
    return {};
  }
}

function carries(value: Value, type: Type): value is DataValue {
  return typeof value === 'object' && value?.kind === 'data' && typeText(value.type) === typeText(type);
}

function wrongData(value: Value, wanted: Type): string {
  const found = typeof value === 'object' && value?.kind === 'data' ? qualifiedTypeName(value.type) : 'no Data';
  return `this Data carries a value of type ${found}, not ${qualifiedTypeName(wanted)}`;
}

/** Gives an error without a place the place of the expression that it came from. */
export function inPlace<T>(compute: () => T, span: Span): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof QuorumError) throw new EvaluationError(error.message, span);
    throw error;
  }
}

export function runTime(what: string, span: Span): EvaluationError {
  return new EvaluationError(`${what} is known only while the system runs`, span, 'run-time');
}

function known<T extends Value>(value: T | undefined, name: string, span: Span): T {
  if (value === undefined) throw missing(name, span);
  return value;
}

function missing(name: string, span: Span): EvaluationError {
  return new EvaluationError(`\`${name}\` has no value here`, span, 'missing');
}
