import type { CallHandle, Glimpse, Instance, Payload, Program } from '../compiler/program.ts';
import { Category } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import type { SimulatorLimits } from './limits.ts';
import { EventKind, type EventKindValue, type Trace, type TraceSink } from './trace.ts';
import { TraceBuilder } from './trace-builder.ts';

/** Writes a run's trace: what the kernel and the hosts do, in the language's own words. Exists only when asked for. */
export class Recorder {
  private readonly builder: TraceBuilder;
  private readonly names: readonly ProgramNames[];
  /** A broadcast's payload is one object: its text is made once. */
  private lastPayload: unknown = null;
  private lastDetail = -1;
  private lastPart = 0;

  constructor(
    private readonly kernel: Kernel,
    programs: readonly Program[],
    limits: SimulatorLimits,
    sink: TraceSink | null = null,
  ) {
    this.builder = new TraceBuilder(kernel.system, limits, sink && ((part) => this.handOut(part, sink)));
    this.names = programs.map((program) => new ProgramNames(program, this.builder, kernel.system.nodes.length));
  }

  /** The trace as it stands. */
  finish(): Trace {
    return this.builder.finish();
  }

  /** Index of the last row, -1 before the first. */
  get lastRow(): number {
    return this.builder.length - 1;
  }

  sent(category: number, deployment: number, from: number, to: number, index: number, number: number, payload: unknown): void {
    const detail = this.messageDetail(category, deployment, index, payload);
    this.builder.add(this.kernel.now, EventKind.send, from, to, this.messageName(category, deployment, index), number, detail);
  }

  delivered(category: number, deployment: number, from: number, to: number, index: number, number: number): void {
    this.builder.add(this.kernel.now, EventKind.deliver, to, from, this.messageName(category, deployment, index), number);
  }

  lost(category: number, deployment: number, from: number, to: number, index: number, number: number): void {
    this.builder.add(this.kernel.now, EventKind.lose, to, from, this.messageName(category, deployment, index), number);
  }

  duplicated(category: number, deployment: number, from: number, to: number, index: number, number: number): void {
    this.builder.add(this.kernel.now, EventKind.duplicate, from, to, this.messageName(category, deployment, index), number);
  }

  timeout(deployment: number, node: number, timer: number): void {
    this.builder.add(this.kernel.now, EventKind.timeout, node, -1, this.of(deployment).timers[timer]);
  }

  emitted(deployment: number, node: number, event: number, payload: Payload): void {
    const { program, events } = this.of(deployment);
    program.writeFields('event', event, payload, this.builder.texts.begin());
    this.builder.add(this.kernel.now, EventKind.emit, node, -1, events[event], -1, this.builder.detail());
  }

  /** A call (`call` or `nodeCall`) that `peer` is asked. */
  called(kind: EventKindValue, deployment: number, call: CallHandle, peer: number): void {
    const { program, operations } = this.of(deployment);
    program.writeFields('operation', call.operation, call.fields, this.builder.texts.begin());
    this.builder.add(this.kernel.now, kind, call.client, peer, operations[call.operation], call.id, this.builder.detail());
  }

  /** An answer of `peer` to a call (`reply` or `nodeAnswer`). */
  answered(kind: EventKindValue, deployment: number, call: CallHandle, peer: number, value: unknown): void {
    const { program, operations } = this.of(deployment);
    program.writeAnswer(call.operation, value, this.builder.texts.begin());
    this.builder.add(this.kernel.now, kind, call.client, peer, operations[call.operation], call.id, this.builder.detail());
  }

  gaveUp(deployment: number, call: CallHandle): void {
    this.builder.add(this.kernel.now, EventKind.giveUp, call.client, -1, this.of(deployment).operations[call.operation], call.id);
  }

  /** A step that another protocol on the node has caused: an event of it, or its call. */
  local(deployment: number, node: number, kind: 'event' | 'call', index: number, link: number): void {
    const names = this.of(deployment);
    const name = kind === 'event' ? names.localTriggers[index] : names.operations[index];
    this.builder.add(this.kernel.now, EventKind.local, node, -1, name, link);
  }

  /** Anything about nodes or the whole system that has a name and a text at the most. */
  note(kind: EventKindValue, node: number, name: string, text = '', link = -1): void {
    const nameIndex = name === '' ? -1 : this.builder.nameOf(name);
    this.builder.texts.begin().text(text);
    this.builder.add(this.kernel.now, kind, node, -1, nameIndex, link, this.builder.detail());
  }

  /**
   * Adds a row for each variable of the node that reads otherwise than before. Values are written out only as far as the
   * trace keeps them, and only where something in that part has changed: a long log after each append would cost the square of
   * its length.
   */
  stateChanged(deployment: number, node: number, instance: Instance, dirty: number): void {
    if (this.builder.full) return;
    const names = this.of(deployment);
    const { program, variables } = names;
    const known = names.shownOf(node);
    const { length } = program.state;
    // Bit 31 stands for the 32nd variable and all after it.
    for (let rest = dirty; rest !== 0; rest &= rest - 1) {
      const first = 31 - Math.clz32(rest & -rest);
      const last = first === 31 ? length : Math.min(first + 1, length);
      for (let variable = first; variable < last; variable += 1) {
        const shown = known[variable] as Shown;
        const value = instance.read(variable);
        if (readsAsBefore(program, variable, shown, value)) continue;
        shown.value = value;
        program.glimpse(variable, value, this.builder.texts.begin(), shown);
        if (this.showsAsBefore(shown)) continue;
        this.builder.add(this.kernel.now, EventKind.state, node, -1, variables[variable], -1, shown.detail);
      }
    }
  }

  /** Whether the text at hand is what the trace has last shown; remembers it. */
  private showsAsBefore(shown: Shown): boolean {
    const { builder } = this;
    const detail = builder.detail();
    if (detail >= 0 && shown.detail >= 0) {
      if (detail === shown.detail) return true;
      shown.detail = detail;
      return false;
    }
    const before = shown.detail >= 0 ? builder.texts.textOf(shown.detail) : shown.text;
    const text = detail >= 0 ? builder.texts.textOf(detail) : builder.texts.read();
    shown.detail = detail;
    shown.text = detail >= 0 ? '' : text;
    return text === before;
  }

  /** The texts' numbers end with the part. */
  private handOut(part: Trace, sink: TraceSink): void {
    for (const names of this.names)
      for (const each of names.allShown()) {
        if (each.detail < 0) continue;
        each.text = part.details[each.detail] as string;
        each.detail = -1;
      }
    sink(part);
  }

  private of(deployment: number): ProgramNames {
    return this.names[deployment] as ProgramNames;
  }

  private messageName(category: number, deployment: number, index: number): number {
    const names = this.of(deployment);
    return (category === Category.protocol ? names.messages : names.operations)[index] ?? -1;
  }

  private messageDetail(category: number, deployment: number, index: number, payload: unknown): number {
    if (payload === this.lastPayload && this.builder.part === this.lastPart) return this.lastDetail;
    const { program } = this.of(deployment);
    const out = this.builder.texts.begin();
    if (category === Category.protocol) program.writeFields('message', index, payload as Payload, out);
    else if (category === Category.request) program.writeFields('operation', index, (payload as CallHandle).fields, out);
    else program.writeAnswer(index, (payload as { readonly value: unknown }).value, out);
    this.lastPayload = payload;
    this.lastPart = this.builder.part;
    this.lastDetail = this.builder.detail();
    return this.lastDetail;
  }
}

/** What a trace last showed of a variable. */
interface Shown extends Glimpse {
  value: unknown;
  /** The text's number in the part at hand, or -1 and the text itself. */
  detail: number;
  text: string;
}

function readsAsBefore(program: Program, variable: number, shown: Shown, value: unknown): boolean {
  // Collections change in place: of them only the parts tell.
  if (typeof value !== 'object' || value === null) return shown.value === value;
  return typeof shown.value === 'object' && shown.value !== null && program.readsAs(variable, value, shown);
}

/** Numbers of a program's names in the trace. */
class ProgramNames {
  readonly messages: readonly number[];
  readonly operations: readonly number[];
  readonly events: readonly number[];
  readonly timers: readonly number[];
  readonly variables: readonly number[];
  readonly localTriggers: readonly number[];
  /** By node: what its variables read like when they last changed. */
  private readonly shown: (Shown[] | undefined)[];

  constructor(
    readonly program: Program,
    builder: TraceBuilder,
    nodes: number,
  ) {
    const numbers = (items: readonly { readonly name: string }[]): readonly number[] => items.map((item) => builder.nameOf(item.name));
    this.messages = numbers(program.messages);
    this.operations = numbers(program.operations);
    this.events = numbers(program.events);
    this.timers = program.timers.map((timer) => builder.nameOf(timer));
    this.variables = numbers(program.state);
    this.localTriggers = numbers(program.localTriggers);
    this.shown = new Array<Shown[] | undefined>(nodes).fill(undefined);
  }

  shownOf(node: number): Shown[] {
    let shown = this.shown[node];
    if (shown === undefined) {
      shown = this.program.state.map(() => ({ value: undefined, parts: [], whole: true, detail: -1, text: '' }));
      this.shown[node] = shown;
    }
    return shown;
  }

  allShown(): readonly Shown[] {
    return this.shown.flatMap((shown) => shown ?? []);
  }
}
