import type { CallHandle, Glimpse, Instance, Payload, Program } from '../compiler/program.ts';
import { Category } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { EventKind, type EventKindValue, type Trace, type TraceSink } from './trace.ts';
import { detailLengthMax, TraceBuilder } from './trace-builder.ts';

/** Characters of a value that are written out: one more than the trace keeps, so that it sees what it cuts. */
const formatMax = detailLengthMax + 1;

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
    lengthMax: number,
    sink: TraceSink | null = null,
  ) {
    this.builder = new TraceBuilder(kernel.system, lengthMax, sink);
    this.names = programs.map((program) => new ProgramNames(program, this.builder));
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
    const text = program.formatFields('event', event, payload, formatMax);
    this.builder.add(this.kernel.now, EventKind.emit, node, -1, events[event], -1, this.builder.detailOf(text));
  }

  /** `kind` is `call`, `reply` or `giveUp`; `peer` the member that is asked or has answered. */
  callEvent(kind: EventKindValue, deployment: number, call: CallHandle, peer: number, text: string): void {
    const name = this.of(deployment).operations[call.operation];
    this.builder.add(this.kernel.now, kind, call.client, peer, name, call.id, this.builder.detailOf(text));
  }

  /** A step that another protocol on the node has caused: an event of it, or its call. */
  local(deployment: number, node: number, kind: 'event' | 'call', index: number, link: number): void {
    const names = this.of(deployment);
    const name = kind === 'event' ? names.localTriggers[index] : names.operations[index];
    this.builder.add(this.kernel.now, EventKind.local, node, -1, name, link);
  }

  callText(deployment: number, call: CallHandle): string {
    const { program } = this.of(deployment);
    return program.formatFields('operation', call.operation, call.fields, formatMax);
  }

  valueText(deployment: number, operation: number, value: unknown): string {
    const program = this.of(deployment).program;
    const type = program.operations[operation]?.result;
    return !type || type.kind === 'Unit' || value === undefined ? '' : program.format(value, type);
  }

  /** Anything about nodes or the whole system that has a name and a text at the most. */
  note(kind: EventKindValue, node: number, name: string, text = '', link = -1): void {
    const nameIndex = name === '' ? -1 : this.builder.nameOf(name);
    this.builder.add(this.kernel.now, kind, node, -1, nameIndex, link, this.builder.detailOf(text));
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
        const text = changedText(program, known, variable, instance.read(variable));
        if (text === null) continue;
        this.builder.add(this.kernel.now, EventKind.state, node, -1, variables[variable], -1, this.builder.detailOf(text));
      }
    }
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
    let text: string;
    if (category === Category.protocol) {
      const { program } = this.of(deployment);
      text = program.formatFields('message', index, payload as Payload, formatMax);
    } else if (category === Category.request) text = this.callText(deployment, payload as CallHandle);
    else text = this.valueText(deployment, index, (payload as { readonly value: unknown }).value);
    this.lastPayload = payload;
    this.lastPart = this.builder.part;
    this.lastDetail = this.builder.detailOf(text);
    return this.lastDetail;
  }
}

/** What a trace last showed of a variable. */
interface Shown extends Glimpse {
  value: unknown;
}

/** How a variable reads, null where that has not changed; remembers it. */
function changedText(program: Program, known: (Shown | undefined)[], variable: number, value: unknown): string | null {
  let shown = known[variable];
  if (shown === undefined) {
    shown = { value, text: '', parts: [], whole: true };
    known[variable] = shown;
    program.glimpse(variable, value, formatMax, shown);
    return shown.text;
  }
  if (readsAsBefore(program, variable, shown, value)) return null;
  const before = shown.text;
  shown.value = value;
  program.glimpse(variable, value, formatMax, shown);
  return shown.text === before ? null : shown.text;
}

function readsAsBefore(program: Program, variable: number, shown: Shown, value: unknown): boolean {
  // Collections change in place: of them only the parts tell.
  if (typeof value !== 'object' || value === null) return shown.value === value;
  return shown.value !== null && program.readsAs(variable, value, shown);
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
  private readonly shown = new Map<number, (Shown | undefined)[]>();

  constructor(
    readonly program: Program,
    builder: TraceBuilder,
  ) {
    const numbers = (items: readonly { readonly name: string }[]): readonly number[] => items.map((item) => builder.nameOf(item.name));
    this.messages = numbers(program.messages);
    this.operations = numbers(program.operations);
    this.events = numbers(program.events);
    this.timers = program.timers.map((timer) => builder.nameOf(timer));
    this.variables = numbers(program.state);
    this.localTriggers = numbers(program.localTriggers);
  }

  shownOf(node: number): (Shown | undefined)[] {
    let shown = this.shown.get(node);
    if (!shown) {
      shown = this.program.state.map(() => undefined);
      this.shown.set(node, shown);
    }
    return shown;
  }
}
