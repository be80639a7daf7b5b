import { compileDeployment } from '../../src/compiler/compile.ts';
import { type CallHandle, type Host, type Instance, type Payload, type Program, RuntimeFailure } from '../../src/compiler/program.ts';
import { emptyLibrary } from '../../src/language/library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';

/** A protocol's text, checked, deployed on `nodes` nodes and compiled. Throws what the language stage finds wrong. */
export function compileText(
  text: string,
  options: { readonly nodes?: number; readonly system?: string } = {},
): { program: Program; system: System } {
  const system = systemOf(text, options);
  return { program: compileDeployment(system, 0), system };
}

/** The whole text of the last system, for what spans point at. */
export let lastSource = '';

export function systemOf(text: string, options: { readonly nodes?: number; readonly system?: string } = {}): System {
  const uri = 'file:///test.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
  const name = /protocol (\S+?)[ ({]/.exec(text)?.[1] ?? 'P';
  const system = options.system ?? `system Test { node r[${options.nodes ?? 3}] run ${name} on r }`;
  lastSource = `${text}\n${system}`;
  workspace.setText(uri, lastSource);
  const checked = workspace.check(uri);
  const wrong = checked.findings.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0)
    throw new Error(wrong.map(({ message, span }) => `${message} at ${checked.text.slice(span.start, span.end)}`).join('\n'));
  const code = checked.systems[0];
  if (code === undefined) throw new Error('no system');
  const expanded = expand(code);
  if (expanded.system === null) throw new Error(expanded.findings.map(({ message }) => message).join('\n'));
  return expanded.system;
}

export interface Sent {
  readonly from: number;
  readonly to: number;
  readonly message: number;
  readonly payload: Payload;
}

/** A host that writes down what it is asked for. Random draws come from a list, in turn. */
export class RecordingHost implements Host {
  fuel = 1_000_000;
  readonly sent: Sent[] = [];
  readonly emitted: { readonly node: number; readonly event: number; readonly payload: Payload }[] = [];
  readonly replies: { readonly call: CallHandle; readonly value: unknown }[] = [];
  readonly timers: (readonly [timer: number, delay: number | null])[] = [];
  readonly failed: string[] = [];
  draws: readonly number[] = [0.5];
  private drawn = 0;

  constructor(readonly nodes: number) {}

  send(node: number, target: number, message: number, payload: Payload): void {
    this.sent.push({ from: node, to: target, message, payload });
  }
  broadcast(node: number, message: number, payload: Payload): void {
    for (let to = 0; to < this.nodes; to++) if (to !== node) this.send(node, to, message, payload);
  }
  setTimer(_node: number, timer: number, delay: number): void {
    this.timers.push([timer, delay]);
  }
  cancelTimer(_node: number, timer: number): void {
    this.timers.push([timer, null]);
  }
  emit(node: number, event: number, payload: Payload): void {
    this.emitted.push({ node, event, payload });
  }
  replyCall(_node: number, call: CallHandle, value: unknown): void {
    this.replies.push({ call, value });
  }
  now(): number {
    return 0;
  }
  random(): number {
    return this.draws[this.drawn++ % this.draws.length] as number;
  }
  draw(): number {
    return 7;
  }
  assertionFailed(_node: number, text: string): void {
    this.failed.push(text);
  }
  liars(): readonly number[] {
    return [];
  }
  liar(): undefined {
    return undefined;
  }
  canSync(): boolean {
    return true;
  }
  neighbors(node: number): readonly number[] {
    return Array.from({ length: this.nodes }, (_, i) => i).filter((i) => i !== node);
  }
}

/** What a state variable holds, as the language writes it. */
export function shown(program: Program, instance: Instance, variable: string): string {
  const index = program.state.findIndex(({ name }) => name === variable);
  const declared = program.state[index];
  if (declared === undefined) throw new Error(`no state ${variable}`);
  return program.format(instance.read(index), declared.type);
}

let calls = 0;
export function callOf(program: Program, name: string, ...fields: unknown[]): CallHandle {
  const operation = program.operations.findIndex((each) => each.name === name);
  return { id: calls++, operation, fields: program.makeOperation(operation, fields), client: 0 };
}

export function failureOf(action: () => void): RuntimeFailure {
  try {
    action();
  } catch (error) {
    if (error instanceof RuntimeFailure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}
