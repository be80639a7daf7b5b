import type { Expression, ProtocolCode } from '../../model/code.ts';
import { protocolEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import { isQuorum } from '../../model/value-operations.ts';
import type { QuorumSystem, Value } from '../../model/values.ts';
import { mentioned } from '../mentions.ts';

/** A deployment that a protocol's own text admits: its size, its parameters and what its names mean there. */
export interface SmallDeployment {
  readonly n: number;
  /** Values of the parameters that were tried, by name; those with a default have it. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly environment: Environment;
}

/** Sizes that are tried. Beyond them nothing new happens to thresholds that are linear in n and the parameters. */
const largest = 16;

/**
 * Deployments of one to sixteen nodes that the requirements do not rule out, smallest first: parameters with a default
 * have it, the whole-number parameters among `free` take every value from 1 to n. Clauses whose value depends on faults or the network are
 * taken to hold.
 */
export function* smallDeployments(protocol: ProtocolCode, free: ReadonlySet<string>): Generator<SmallDeployment> {
  const tried = protocol.parameters.filter(({ name, type, value }) => free.has(name) && value === null && type.kind === 'Int');
  if (tried.length > 2) return;
  for (let n = 1; n <= largest; n++) {
    for (const values of combinations(tried.length, n)) {
      const parameters = new Map(tried.map(({ name }, at) => [name, values[at] as number]));
      const environment = environmentOf(protocol, n, parameters);
      if (admitted(protocol, environment)) yield { n, parameters: numbersOf(protocol, free, environment), environment };
    }
  }
}

function* combinations(count: number, most: number): Generator<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = 1; first <= most; first++) for (const rest of combinations(count - 1, most)) yield [first, ...rest];
}

/** What a protocol's names mean in a deployment of `n` nodes, with parameters as given or by default. */
export function environmentOf(protocol: ProtocolCode, n: number, given: ReadonlyMap<string, number>): Environment {
  const values = new Map<string, Value>(given);
  const quorums = new Map<string, QuorumSystem | undefined>();
  const members = Array.from({ length: n }, (_, node) => node);
  const environment = protocolEnvironment(
    protocol,
    // Every role is as large as the deployment: a threshold is held against one of them.
    {
      members,
      roles: protocol.roles.map(({ name }) => ({ name, nodes: members })),
      delay: null,
      parameter: (name) => values.get(name),
      quorum: (name) => quorumOf(name),
    },
    {},
  );
  for (const { name, value } of protocol.parameters) {
    if (values.has(name) || value === null) continue;
    const known = valueIn(value, environment);
    if (known !== undefined) values.set(name, known);
  }
  // Only when asked: a quorum system of many members is long.
  const quorumOf = (name: string): QuorumSystem | undefined => {
    if (quorums.has(name)) return quorums.get(name);
    quorums.set(name, undefined);
    const value = protocol.quorums.find((quorum) => quorum.name === name)?.value;
    const known = value ? valueIn(value, environment) : undefined;
    if (known !== undefined && isQuorum(known)) quorums.set(name, known);
    return quorums.get(name);
  };
  return environment;
}

function valueIn(expression: Expression, environment: Environment): Value | undefined {
  try {
    return evaluate(expression, environment);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function admitted(protocol: ProtocolCode, environment: Environment): boolean {
  return protocol.requirements.every(({ condition }) => clauses(condition).every((clause) => valueIn(clause, environment) !== false));
}

function clauses(condition: Expression): Expression[] {
  if (condition.kind === 'binary' && condition.operator === 'and') return [...clauses(condition.left), ...clauses(condition.right)];
  return [condition];
}

function numbersOf(protocol: ProtocolCode, names: ReadonlySet<string>, environment: Environment): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { name } of protocol.parameters) {
    const value = names.has(name) ? environment.parameter?.(name) : undefined;
    if (typeof value === 'number') numbers.set(name, value);
  }
  return numbers;
}

/** The parameters that an expression names, through constants too. */
export function parametersIn(expression: Expression, protocol: ProtocolCode): Set<string> {
  const names = mentioned(expression, 'parameter');
  for (const constant of mentioned(expression, 'constant')) {
    const value = protocol.constants.find(({ name }) => name === constant)?.value;
    if (value) mentioned(value, 'parameter', names);
  }
  return names;
}
