import type { Expression, FunctionCode, Place, ProtocolCode, Statement } from '../../src/model/code.ts';

/**
 * Runs checked code the slow and obvious way: every value that is read or stored is copied in full. What compiled code
 * does with its copy-on-write must be the same. Lists are arrays, sets `{set}` sorted, maps `{map}` sorted by key,
 * records `{record}` with fields in order.
 */
export type Naive =
  | number
  | string
  | boolean
  | null
  | Naive[]
  | { readonly set: Naive[] }
  | { readonly map: [Naive, Naive][] }
  | { readonly record: string; readonly fields: Record<string, Naive> };

class Returned {
  constructor(readonly value: Naive) {}
}
export class NaiveFailure extends Error {}
/** The program grows without end: nothing to learn from it. */
export class TooMuch extends Error {}

type Locals = Map<string, Naive>;

export class NaiveInterpreter {
  readonly state = new Map<string, Naive>();
  private steps = 0;
  private evaluations = 0;

  constructor(
    private readonly code: ProtocolCode,
    private readonly self: number,
    private readonly members: readonly number[],
  ) {
    for (const { name, initial } of code.state) this.state.set(name, this.value(initial, new Map()));
  }

  /** Runs the `on start` handler; false when it failed. */
  start(): boolean {
    try {
      const handler = this.code.handlers.find(({ trigger }) => trigger.kind === 'start');
      this.block(handler?.body ?? [], new Map());
      return true;
    } catch (error) {
      if (error instanceof Returned) return true;
      if (error instanceof NaiveFailure) return false;
      throw error;
    }
  }

  private block(statements: readonly Statement[], outer: Locals): void {
    const locals = new Map(outer);
    const before = new Set(outer.keys());
    const hidden = new Set<string>();
    for (const statement of statements) {
      this.statement(statement, locals);
      if (statement.kind === 'let') hidden.add(statement.name);
    }
    for (const name of before) if (!hidden.has(name)) outer.set(name, locals.get(name) as Naive);
  }

  private statement(s: Statement, locals: Locals): void {
    if (++this.steps > 3_000) throw new TooMuch();
    switch (s.kind) {
      case 'let':
        locals.set(s.name, this.value(s.value, locals));
        return;
      case 'assign':
        this.assign(s.place, s.operator, s.value, locals);
        return;
      case 'if':
        this.block(this.value(s.condition, locals) === true ? s.then : s.otherwise, locals);
        return;
      case 'for':
        for (const item of elements(this.value(s.domain, locals))) {
          const inner = new Map(locals);
          inner.set(s.variable, copy(item));
          this.block(s.body, inner);
          for (const name of locals.keys()) if (name !== s.variable) locals.set(name, inner.get(name) as Naive);
        }
        return;
      case 'return':
        throw new Returned(s.value === null ? null : this.value(s.value, locals));
      case 'do':
        this.value(s.call, locals);
        return;
      default:
        throw new Error(`no ${s.kind} here`);
    }
  }

  private assign(place: Place, operator: 'set' | 'add' | 'remove', expression: Expression, locals: Locals): void {
    const given = this.value(expression, locals);
    const frame = place.root.kind === 'state' ? this.state : locals;
    // The path is walked with copies and put together again from the inside.
    const write = (current: Naive, depth: number): Naive => {
      const step = place.steps[depth];
      if (step === undefined) return this.updated(current, operator, given, place, expression);
      const last = depth === place.steps.length - 1 && operator === 'set';
      if (step.kind === 'field') {
        const record = current as { record: string; fields: Record<string, Naive> };
        return { record: record.record, fields: { ...record.fields, [step.name]: write(record.fields[step.name] as Naive, depth + 1) } };
      }
      const index = this.value(step.index, locals);
      if (Array.isArray(current)) {
        if (typeof index !== 'number' || index < 0 || index >= current.length) throw new NaiveFailure('index');
        return current.map((item, i) => (i === index ? write(item, depth + 1) : item));
      }
      const entries = (current as { map: [Naive, Naive][] }).map;
      const at = entries.findIndex(([key]) => text(key) === text(index));
      if (at < 0 && !last) throw new NaiveFailure('key');
      if (at < 0) return mapOf([...entries, [index, given]]);
      return { map: entries.map(([key, item], i) => (i === at ? [key, write(item, depth + 1)] : [key, item])) };
    };
    frame.set(place.root.name, copy(write(copy(frame.get(place.root.name) as Naive), 0)));
  }

  private updated(current: Naive, operator: 'set' | 'add' | 'remove', given: Naive, place: Place, expression: Expression): Naive {
    if (operator === 'set') return given;
    const whole = expression.type.kind === place.type.kind;
    if (typeof current === 'number') return operator === 'add' ? current + (given as number) : current - (given as number);
    if (Array.isArray(current)) return whole ? [...current, ...(given as Naive[])] : [...current, given];
    if ('set' in (current as object)) {
      const items = (current as { set: Naive[] }).set;
      const others = whole ? (given as { set: Naive[] }).set : [given];
      return operator === 'add' ? setOf([...items, ...others]) : setOf(items.filter((item) => !others.some((o) => text(o) === text(item))));
    }
    const entries = (current as { map: [Naive, Naive][] }).map;
    return { map: entries.filter(([key]) => text(key) !== text(given)) };
  }

  private call(name: string, values: readonly Naive[]): Naive {
    const code = this.code.functions.find((each) => each.name === name) as FunctionCode;
    try {
      this.block(code.body, new Map(code.parameters.map((parameter, i) => [parameter.name, values[i] as Naive])));
      return null;
    } catch (error) {
      if (error instanceof Returned) return error.value;
      throw error;
    }
  }

  private value(e: Expression, locals: Locals): Naive {
    const value = this.evaluate(e, locals);
    if (Array.isArray(value) && value.length > 200) throw new TooMuch();
    if (++this.evaluations > 50_000) throw new TooMuch();
    return copy(value);
  }

  private evaluate(e: Expression, locals: Locals): Naive {
    const value = (part: Expression) => this.value(part, locals);
    switch (e.kind) {
      case 'literal':
        return e.value as Naive;
      case 'local':
        return locals.get(e.name) as Naive;
      case 'state':
        return this.state.get(e.name) as Naive;
      case 'given':
        return e.name === 'self' ? this.self : e.name === 'n' ? this.members.length : setOf([...this.members]);
      case 'list':
        return e.items.map(value);
      case 'set':
        return e.type.kind === 'Map' ? { map: [] } : setOf(e.items.map(value));
      case 'map':
        return mapOf(e.entries.map((entry) => [value(entry.key), value(entry.value)]));
      case 'record': {
        const fields = this.fields(e.record);
        return { record: e.record, fields: Object.fromEntries(e.fields.map((field, i) => [fields[i], value(field)])) };
      }
      case 'with': {
        const object = value(e.object) as { record: string; fields: Record<string, Naive> };
        const updates = Object.fromEntries(e.updates.map((update) => [update.name, value(update.value)]));
        return { record: object.record, fields: { ...object.fields, ...updates } };
      }
      case 'field':
        return (value(e.object) as { fields: Record<string, Naive> }).fields[e.name] as Naive;
      case 'index': {
        const object = value(e.object);
        const index = value(e.index);
        if (Array.isArray(object)) {
          if (typeof index !== 'number' || index < 0 || index >= object.length) throw new NaiveFailure('index');
          return object[index] as Naive;
        }
        const entry = (object as { map: [Naive, Naive][] }).map.find(([key]) => text(key) === text(index));
        if (entry === undefined) throw new NaiveFailure('key');
        return entry[1];
      }
      case 'conditional':
        return value(e.condition) === true ? value(e.then) : value(e.otherwise);
      case 'call':
        return this.call(e.function, e.arguments.map(value));
      case 'unary':
        return e.operator === 'not' ? value(e.operand) !== true : -(value(e.operand) as number);
      case 'convert':
        return value(e.value);
      case 'binary':
        return this.binary(e, locals);
      case 'method':
        return this.method(e, locals);
      default:
        throw new Error(`no ${e.kind} here`);
    }
  }

  private fields(record: string): string[] {
    const name = record.slice(record.lastIndexOf('.') + 1);
    const declared = this.code.records.find((each) => each.name.slice(each.name.lastIndexOf('.') + 1) === name);
    return declared?.fields.map((field) => field.name) ?? [];
  }

  private binary(e: Extract<Expression, { kind: 'binary' }>, locals: Locals): Naive {
    const left = this.value(e.left, locals);
    const right = this.value(e.right, locals);
    const whole = e.left.type.kind === e.right.type.kind;
    switch (e.operator) {
      case '==':
        return text(left) === text(right);
      case '!=':
        return text(left) !== text(right);
      case '<':
        return compare(left, right) < 0;
      case 'in': {
        const entries = (right as { map?: [Naive, Naive][] }).map;
        return (entries?.map(([key]) => key) ?? elements(right)).some((item) => text(item) === text(left));
      }
      case '+':
        if (typeof left === 'number') return left + (right as number);
        if (Array.isArray(left)) return whole ? [...left, ...(right as Naive[])] : [...left, right];
        return setOf([...elements(left), ...(whole ? elements(right) : [right])]);
      case '-':
        return (left as number) - (right as number);
      case '|':
        return setOf([...elements(left), ...elements(right)]);
      case '&':
        return setOf(elements(left).filter((item) => elements(right).some((other) => text(other) === text(item))));
      case '\\':
        return setOf(elements(left).filter((item) => !elements(right).some((other) => text(other) === text(item))));
      default:
        throw new Error(`no ${e.operator} here`);
    }
  }

  private method(e: Extract<Expression, { kind: 'method' }>, locals: Locals): Naive {
    const receiver = this.value(e.receiver, locals);
    const argument = (i: number) => this.value(e.arguments[i] as Expression, locals);
    const apply = (item: Naive) => {
      const lambda = e.arguments[0] as Extract<Expression, { kind: 'lambda' }>;
      return this.value(lambda.body, new Map([...locals, [lambda.parameters[0] as string, item]]));
    };
    switch (e.method) {
      case 'size':
        return Array.isArray(receiver) ? receiver.length : elements(receiver).length;
      case 'filter':
        return Array.isArray(receiver)
          ? receiver.filter((item) => apply(item) === true)
          : setOf(elements(receiver).filter((item) => apply(item) === true));
      case 'map':
        return elements(receiver).map(apply);
      case 'take':
        return (receiver as Naive[]).slice(0, Math.max(0, argument(0) as number));
      case 'drop':
        return (receiver as Naive[]).slice(Math.max(0, argument(0) as number));
      case 'reversed':
        return [...(receiver as Naive[])].reverse();
      case 'first':
      case 'last': {
        const items = receiver as Naive[];
        if (items.length === 0) throw new NaiveFailure(e.method);
        return items[e.method === 'first' ? 0 : items.length - 1] as Naive;
      }
      case 'get': {
        if (Array.isArray(receiver)) return receiver[argument(0) as number] ?? argument(1);
        const key = argument(0);
        const entry = (receiver as { map: [Naive, Naive][] }).map.find(([k]) => text(k) === text(key));
        return entry === undefined ? argument(1) : entry[1];
      }
      case 'values':
        return (receiver as { map: [Naive, Naive][] }).map.map(([, item]) => item);
      case 'sorted_by':
        return [...elements(receiver)].sort((a, b) => compare(apply(a), apply(b)));
      case 'to_list':
        return elements(receiver);
      case 'to_set':
        return setOf(elements(receiver));
      default:
        throw new Error(`no method ${e.method} here`);
    }
  }
}

function copy(value: Naive): Naive {
  return structuredClone(value);
}

function elements(value: Naive): Naive[] {
  if (Array.isArray(value)) return value;
  const { set, map } = value as { set?: Naive[]; map?: [Naive, Naive][] };
  return set ?? (map ?? []).map(([key]) => key);
}

function setOf(items: readonly Naive[]): Naive {
  const distinct = new Map(items.map((item) => [text(item), item]));
  return { set: [...distinct.values()].sort(compare) };
}

function mapOf(entries: readonly [Naive, Naive][]): Naive {
  const distinct = new Map(entries.map((entry) => [text(entry[0]), entry]));
  return { map: [...distinct.values()].sort((a, b) => compare(a[0], b[0])) };
}

function compare(a: Naive, b: Naive): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = Array.isArray(a) ? a : parts(a);
  const right = Array.isArray(b) ? b : parts(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compare(left[i] as Naive, right[i] as Naive);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function parts(value: Naive): Naive[] {
  if (typeof value === 'object' && value !== null && 'fields' in value) return Object.values(value.fields);
  return elements(value);
}

/** The canonical text that Program.canonical gives for the same value. */
export function text(value: Naive): string {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if ('set' in value) return `[${value.set.map(text).join(',')}]`;
  if ('map' in value) return `[${value.map.map(([key, item]) => `[${text(key)},${text(item)}]`).join(',')}]`;
  return `[${Object.values(value.fields).map(text).join(',')}]`;
}
