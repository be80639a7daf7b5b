import { ln, pow } from '../base/exact-math.ts';
import type { Random } from '../base/random.ts';
import type { Payload, Program } from '../compiler/program.ts';
import type { Generator, WorkloadCall } from '../model/system.ts';
import type { Type } from '../model/types.ts';

/** Makes the arguments of one workload's calls. */
export class ArgumentSource {
  private readonly makers: readonly (() => unknown)[];

  constructor(
    private readonly program: Program,
    private readonly operation: number,
    call: Pick<WorkloadCall, 'operation' | 'arguments'>,
    private readonly random: Random,
    private readonly unique: { next: number },
  ) {
    const fields = program.operations[operation]?.fields ?? [];
    this.makers = fields.map((field) => {
      const generator = call.arguments.find((argument) => argument.name === field.name)?.generator;
      if (!generator) throw new Error(`the call of ${call.operation} has no argument ${field.name}`);
      return this.maker(generator, program, field.type);
    });
  }

  /** A call's fields, an object of the operation's shape. */
  next(): Payload {
    return this.program.makeOperation(
      this.operation,
      this.makers.map((make) => make()),
    );
  }

  private maker(generator: Generator, program: Program, type: Type): () => unknown {
    switch (generator.kind) {
      case 'constant': {
        const value = program.fromValue(generator.value, type);
        return () => value;
      }
      case 'unique':
        return () => {
          this.unique.next += 1;
          return generator.of === 'Int' ? this.unique.next : `v${this.unique.next}`;
        };
      case 'uniform_key':
        return () => key(this.random.nextInt(generator.keys), generator.of);
      case 'zipf': {
        const below = zipfTable(generator.keys, generator.s);
        return () => key(rankOf(below, this.random.nextFloat()), generator.of);
      }
      case 'data': {
        const inner = this.maker(generator.of, program, generator.type);
        return () => program.fromValue({ kind: 'data', type: generator.type, value: inner() as number | string }, type);
      }
      case 'uniform_range': {
        const { min, max } = generator;
        if (type.kind === 'Real') return () => min + (max - min) * this.random.nextFloat();
        return () => min + Math.floor((max - min + 1) * this.random.nextFloat());
      }
    }
  }
}

function key(rank: number, of: 'Int' | 'String'): number | string {
  return of === 'Int' ? rank : `k${rank}`;
}

/** Cumulative probabilities of ranks 0..keys-1 under Zipf's law with exponent s. */
export function zipfTable(keys: number, s: number): Float64Array {
  const below = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank += 1) {
    sum += pow(rank + 1, -s);
    below[rank] = sum;
  }
  for (let rank = 0; rank < keys; rank += 1) below[rank] = (below[rank] as number) / sum;
  return below;
}

/** The first rank whose cumulative probability exceeds the draw. */
function rankOf(below: Float64Array, draw: number): number {
  let low = 0;
  let high = below.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((below[middle] as number) > draw) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** ns until the next call of an open workload with `rate` calls a second. */
export function interval(rate: number, arrival: 'constant' | 'poisson', random: Random): number {
  const mean = 1e9 / rate;
  return arrival === 'constant' ? mean : -mean * ln(1 - random.nextFloat());
}
