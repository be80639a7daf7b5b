import type { Program } from '../../compiler/program.ts';
import type { Generator, WorkloadCall } from '../../model/system.ts';
import type { Type } from '../../model/types.ts';
import type { Value } from '../../model/values.ts';

/** Makes the arguments of an operation's calls: as a workload draws them, or plain ones of their type where none calls it. */
export class CallArguments {
  private made = 0;

  constructor(
    private readonly program: Program,
    private readonly operation: number,
    private readonly call: WorkloadCall | null,
    private readonly node: number,
  ) {}

  next(): object {
    this.made += 1;
    const fields = this.program.operations[this.operation]?.fields ?? [];
    const values = fields.map(({ name, type }) => {
      const generator = this.call?.arguments.find((argument) => argument.name === name)?.generator;
      return generator === undefined ? this.plain(type) : this.drawn(generator, type);
    });
    return this.program.makeOperation(this.operation, values);
  }

  private drawn(generator: Generator, type: Type): unknown {
    switch (generator.kind) {
      case 'constant':
        return this.program.fromValue(generator.value, type);
      case 'unique':
        return generator.of === 'Int' ? this.made : `v${this.made}`;
      case 'zipf':
      case 'uniform_key': {
        const key = this.made % Math.max(1, generator.keys);
        return generator.of === 'Int' ? key : `k${key}`;
      }
      case 'data': {
        const value = this.drawn(generator.of, generator.type) as number | string;
        return this.program.fromValue({ kind: 'data', type: generator.type, value }, type);
      }
      case 'uniform_range':
        return Math.floor((generator.min + generator.max) / 2);
    }
  }

  private plain(type: Type): unknown {
    if (type.kind === 'Int') return this.made;
    if (type.kind === 'String') return `v${this.made}`;
    if (type.kind === 'Data') return this.program.fromValue({ kind: 'data', type: { kind: 'String' }, value: `v${this.made}` }, type);
    return this.program.fromValue(plainValue(type, this.node), type);
  }
}

/** Some value of a type that a client may send; `null` where only a protocol makes such values. */
function plainValue(type: Type, node: number): Value {
  switch (type.kind) {
    case 'Bool':
      return false;
    case 'Int':
    case 'Real':
    case 'Duration':
    case 'Rate':
    case 'Size':
    case 'Bandwidth':
      return 1;
    case 'String':
      return '';
    case 'Node':
      return node;
    case 'List':
      return { kind: 'list', items: [] };
    case 'Set':
      return { kind: 'set', items: [] };
    case 'Map':
      return { kind: 'map', entries: [] };
    case 'Range':
      return { kind: 'range', min: 1, max: 1 };
    default:
      return null;
  }
}
