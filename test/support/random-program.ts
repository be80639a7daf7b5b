/** Draws for a random program: small whole numbers from a seed. */
export class Draws {
  constructor(private state: number) {}
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

type Kind =
  | 'Int'
  | 'List<Int>'
  | 'Set<Int>'
  | 'Set<Node>'
  | 'Leaf'
  | 'Tree'
  | 'List<Leaf>'
  | 'Map<Int, Leaf>'
  | 'List<Tree>'
  | 'Map<Int, Tree>';

const fields: Readonly<Record<string, readonly (readonly [string, Kind])[]>> = {
  Leaf: [
    ['n', 'Int'],
    ['items', 'List<Int>'],
    ['nodes', 'Set<Node>'],
  ],
  Tree: [
    ['n', 'Int'],
    ['leaf', 'Leaf'],
    ['leaves', 'List<Leaf>'],
    ['by', 'Map<Int, Leaf>'],
    ['marks', 'Set<Int>'],
  ],
};
const state: readonly (readonly [string, Kind])[] = [
  ['tree', 'Tree'],
  ['other', 'Tree'],
  ['trees', 'List<Tree>'],
  ['forest', 'Map<Int, Tree>'],
  ['leaf', 'Leaf'],
  ['leaves', 'List<Leaf>'],
  ['items', 'List<Int>'],
  ['marks', 'Set<Int>'],
  ['nodes', 'Set<Node>'],
  ['n', 'Int'],
];
const kinds: readonly Kind[] = [
  'Int',
  'List<Int>',
  'Set<Int>',
  'Set<Node>',
  'Leaf',
  'Tree',
  'List<Leaf>',
  'Map<Int, Leaf>',
  'List<Tree>',
  'Map<Int, Tree>',
];

/** A program of assignments deep into values that are stored in many places: what aliasing would show in. */
export class RandomProgram {
  private readonly draws: Draws;
  private locals: (readonly [string, Kind, boolean])[] = [];
  private counter = 0;
  private functions: (readonly [name: string, parameter: Kind, result: Kind])[] = [];

  constructor(seed: number) {
    this.draws = new Draws(seed);
  }

  text(): string {
    const texts: string[] = [];
    for (let i = 0; i < 6; i++) {
      const parameter = this.draws.of(kinds);
      const result = this.draws.of(kinds);
      this.locals = [['p', parameter, false]];
      const body = this.block(1 + this.draws.below(4), 2);
      // The parameter after whatever the body did to its owner, and something that stays where it is.
      const [variable] = this.draws.of(state.filter(([, of]) => of === parameter || fields[of]?.some(([, inner]) => inner === parameter)));
      const kept = variable === undefined ? '' : this.storing(variable, parameter, 'p');
      texts.push(
        `  fun f${i}(p: ${parameter}): ${result} {\n${body}\n${kept}\n    return ${this.inside(result) ?? this.value(result, 2)}\n  }`,
      );
      // Only those before may be called: no recursion.
      this.functions.push([`f${i}`, parameter, result]);
    }
    this.locals = [];
    const body = this.block(4 + this.draws.below(10), 2);
    const variables = state.map(([name, kind]) => `  var ${name}: ${kind} = ${initial(kind)}`);
    return `protocol P {
  record Leaf(n: Int, items: List<Int>, nodes: Set<Node>)
  record Tree(n: Int, leaf: Leaf, leaves: List<Leaf>, by: Map<Int, Leaf>, marks: Set<Int>)
${variables.join('\n')}
${texts.join('\n')}
  on start {
${body}
  }
}`;
  }

  private block(count: number, depth: number): string {
    const before = this.locals;
    const lines = Array.from({ length: count }, () => (this.draws.below(4) === 0 ? this.alias() : this.statement(depth)));
    // What a name still holds at the end of its block shows only where it is stored.
    for (const [name, kind] of this.locals.slice(before.length)) {
      const [variable] = this.draws.of(state.filter(([, of]) => of === kind || fields[of]?.some(([, inner]) => inner === kind)));
      if (variable !== undefined && this.draws.below(2) === 0) lines.push(this.storing(variable, kind, name));
    }
    this.locals = before;
    return lines.join('\n');
  }

  private storing(variable: string, kind: Kind, name: string): string {
    const of = state.find(([each]) => each === variable)?.[1] as Kind;
    return of === kind ? `${variable} = ${name}` : `${variable}.${fields[of]?.find(([, inner]) => inner === kind)?.[0]} = ${name}`;
  }

  /** A name for something in a variable, and then a change there. */
  private alias(): string {
    const { draws } = this;
    const [root, rootKind] = draws.of(state);
    let text = root;
    let kind = rootKind;
    for (let depth = draws.below(3); depth > 0; depth--) [text, kind] = this.path(text, kind, 1);
    const name = `l${this.counter++}`;
    const [place, placeKind] = this.path(text, kind, draws.below(3));
    if (kind === 'Tree' && draws.below(2) === 0) text += '.with(n: 4)';
    const called = this.functions.find(([, parameter]) => parameter === kind);
    if (called !== undefined && draws.below(2) === 0) {
      this.locals = [...this.locals, [name, called[2], false]];
      return `let ${name} = ${called[0]}(${text})\n${this.assignment(place, placeKind)}`;
    }
    this.locals = [...this.locals, [name, kind, draws.below(4) === 0]];
    return `let ${name}: ${kind} = ${text}\n${this.assignment(place, placeKind)}`;
  }

  private statement(depth: number): string {
    const { draws } = this;
    switch (draws.below(depth > 0 ? 12 : 9)) {
      case 0:
      case 1: {
        const kind = draws.of(kinds);
        const value = this.value(kind, 2);
        const name = `l${this.counter++}`;
        this.locals = [...this.locals, [name, kind, true]];
        return `let ${name}: ${kind} = ${value}`;
      }
      case 9:
        return `if ${this.value('Int', 1)} < ${this.value('Int', 1)} {\n${this.block(2, depth - 1)}\n}`;
      case 10:
      case 11: {
        const kind = draws.of(['List<Int>', 'List<Leaf>', 'Set<Int>', 'List<Tree>', 'Map<Int, Leaf>'] as const);
        const element: Kind = kind === 'List<Leaf>' ? 'Leaf' : kind === 'List<Tree>' ? 'Tree' : 'Int';
        const domain = this.value(kind, 1);
        const name = `e${this.counter++}`;
        const before = this.locals;
        this.locals = [...this.locals, [name, element, false]];
        const body = this.block(2, depth - 1);
        this.locals = before;
        return `for ${name} in ${domain} {\n${body}\n}`;
      }
      default: {
        const [place, kind] = this.place();
        return this.assignment(place, kind);
      }
    }
  }

  private assignment(place: string, kind: Kind): string {
    const { draws } = this;
    if (draws.below(3) === 0) return `${place} = ${this.value(kind, 2)}`;
    switch (kind) {
      case 'Int':
        return `${place} ${draws.of(['+=', '-='])} ${draws.below(5)}`;
      case 'List<Int>':
        return `${place} += ${draws.below(2) === 0 ? this.value('Int', 1) : this.value(kind, 1)}`;
      case 'Set<Int>':
        return `${place} ${draws.of(['+=', '-='])} ${draws.below(2) === 0 ? this.value('Int', 1) : this.value(kind, 1)}`;
      case 'Set<Node>':
        return `${place} ${draws.of(['+=', '-='])} ${draws.of(['self', '{self}', this.value(kind, 1)])}`;
      case 'List<Leaf>':
        return `${place} += ${draws.below(2) === 0 ? this.value('Leaf', 1) : this.value(kind, 1)}`;
      case 'List<Tree>':
        return `${place} += ${this.value('Tree', 1)}`;
      case 'Map<Int, Leaf>':
        return draws.below(3) === 0 ? `${place} -= ${draws.below(4)}` : `${place}[${draws.below(4)}] = ${this.value('Leaf', 2)}`;
      case 'Map<Int, Tree>':
        return draws.below(3) === 0 ? `${place} -= ${draws.below(4)}` : `${place}[${draws.below(4)}] = ${this.value('Tree', 2)}`;
      default:
        return `${place} = ${this.value(kind, 2)}`;
    }
  }

  /** A variable, or something in it. Lets can be assigned into as well as state, where the language allows it. */
  private place(): [string, Kind] {
    const lets = this.locals.filter(([, , assignable]) => assignable).map(([name, kind]) => [name, kind] as const);
    return this.path(...this.draws.of([...state, ...lets]), 3);
  }

  private path(text: string, kind: Kind, depth: number): [string, Kind] {
    const { draws } = this;
    if (depth === 0 || draws.below(4) === 0) return [text, kind];
    const record = fields[kind];
    if (record !== undefined) {
      const [name, of] = draws.of(record);
      return this.path(`${text}.${name}`, of, depth - 1);
    }
    const of: Kind | null =
      kind === 'List<Int>'
        ? 'Int'
        : kind === 'List<Leaf>' || kind === 'Map<Int, Leaf>'
          ? 'Leaf'
          : kind === 'List<Tree>' || kind === 'Map<Int, Tree>'
            ? 'Tree'
            : null;
    return of === null ? [text, kind] : this.path(`${text}[${draws.below(2)}]`, of, depth - 1);
  }

  /** An expression of a type, rarely one that fails. */
  private value(kind: Kind, depth: number): string {
    const { draws } = this;
    const choice = draws.below(10);
    if (choice < 3) {
      const known = [...this.locals.map(([name, of]) => [name, of] as const), ...state].filter(([, of]) => of === kind);
      if (known.length > 0) return draws.of(known)[0];
    }
    if (choice < 6) {
      const text = this.inside(kind);
      if (text !== null) return text;
    }
    if (depth > 0 && choice < 7 && this.functions.length > 0) {
      const fitting = this.functions.filter(([, , result]) => result === kind);
      if (fitting.length > 0) {
        const [name, parameter] = draws.of(fitting);
        return `${name}(${this.value(parameter, depth - 1)})`;
      }
    }
    if (depth > 0 && choice === 7)
      return `(if ${this.value('Int', 0)} < ${draws.below(4)} then ${this.value(kind, depth - 1)} else ${this.value(kind, depth - 1)})`;
    return depth > 0 ? this.made(kind, depth - 1) : initial(kind);
  }

  /** Something of a type inside of what there is. */
  private inside(kind: Kind): string | null {
    for (let attempt = 0; attempt < 8; attempt++) {
      const root = this.draws.of([...this.locals.map(([name, of]) => [name, of] as const), ...state]);
      const [text, of] = this.path(root[0], root[1], 3);
      if (of === kind) return text;
    }
    return null;
  }

  private made(kind: Kind, depth: number): string {
    const { draws } = this;
    const value = (of: Kind) => this.value(of, depth);
    switch (kind) {
      case 'Int':
        return draws.of([String(draws.below(9)), `${value('List<Int>')}.size`, `(${value('Int')} + 1)`, `${value('List<Int>')}.get(1, 5)`]);
      case 'List<Int>':
        return draws.of([
          `[${value('Int')}, ${value('Int')}]`,
          `(${value(kind)} + ${value(kind)})`,
          `${value(kind)}.map(x => x + 1)`,
          `${value('Set<Int>')}.to_list`,
          `${value(kind)}.reversed`,
        ]);
      case 'Set<Int>':
        return draws.of([
          `{${value('Int')}, 3}`,
          `(${value(kind)} | ${value(kind)})`,
          `(${value(kind)} \\ ${value(kind)})`,
          `${value('List<Int>')}.to_set`,
        ]);
      case 'Set<Node>':
        return draws.of(['{self}', 'members', `(${value(kind)} | {self})`, `(${value(kind)} & ${value(kind)})`]);
      case 'Leaf':
        return draws.of([
          `Leaf(${value('Int')}, ${value('List<Int>')}, ${value('Set<Node>')})`,
          `${value(kind)}.with(items: ${value('List<Int>')})`,
          `${value('List<Leaf>')}.first`,
          `${value('Map<Int, Leaf>')}.get(1, ${value(kind)})`,
        ]);
      case 'Tree':
        return draws.of([
          `Tree(${value('Int')}, ${value('Leaf')}, ${value('List<Leaf>')}, ${value('Map<Int, Leaf>')}, ${value('Set<Int>')})`,
          `${value(kind)}.with(leaf: ${value('Leaf')})`,
          `${value('List<Tree>')}.last`,
        ]);
      case 'List<Leaf>':
        return draws.of([
          `[${value('Leaf')}, ${value('Leaf')}]`,
          `(${value(kind)} + ${value('Leaf')})`,
          `${value('Map<Int, Leaf>')}.values`,
          `${value(kind)}.filter(x => x.n < 6)`,
          `${value('List<Tree>')}.map(t => t.leaf)`,
          `${value(kind)}.take(3)`,
          `${value(kind)}.sorted_by(x => x.n)`,
        ]);
      case 'Map<Int, Leaf>':
        return draws.of([`{0: ${value('Leaf')}, 1: ${value('Leaf')}}`, `${value('Tree')}.by`]);
      case 'List<Tree>':
        return draws.of([`[${value('Tree')}, ${value('Tree')}]`, `${value('Map<Int, Tree>')}.values`, `${value(kind)}.drop(1)`]);
      case 'Map<Int, Tree>':
        return `{0: ${value('Tree')}, 1: ${value('Tree')}}`;
    }
  }
}

function initial(kind: Kind): string {
  switch (kind) {
    case 'Int':
      return '1';
    case 'List<Int>':
      return '[1, 2]';
    case 'Set<Int>':
      return '{1, 2}';
    case 'Set<Node>':
      return '{self}';
    case 'Leaf':
      return 'Leaf(1, [1, 2], {self})';
    case 'Tree':
      return 'Tree(1, Leaf(2, [3, 4], {self}), [Leaf(5, [6], {self}), Leaf(7, [], {self})], {0: Leaf(8, [9], {self}), 1: Leaf(3, [1], {self})}, {4})';
    case 'List<Leaf>':
      return '[Leaf(1, [2], {self}), Leaf(3, [4, 5], {self})]';
    case 'Map<Int, Leaf>':
      return '{0: Leaf(1, [1], {self}), 1: Leaf(2, [2], {self})}';
    case 'List<Tree>':
      return `[${initial('Tree')}, ${initial('Tree')}]`;
    case 'Map<Int, Tree>':
      return `{0: ${initial('Tree')}, 1: ${initial('Tree')}}`;
  }
}
