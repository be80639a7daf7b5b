import type { Span } from '../base/source.ts';
import type { CompiledProperty } from '../compiler/program.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';
import { codeAround } from './places.ts';
import type { Violation } from './result.ts';
import type { TemporalOutcome } from './temporal-monitors.ts';
import { EventKind } from './trace.ts';

/** The properties that broke in a run, each once, in order of time. */
export class ViolationLog {
  readonly all: Violation[] = [];
  private readonly broken = new Set<string>();

  constructor(private readonly kernel: Kernel) {}

  invariant(host: DeploymentHost, property: CompiledProperty, detail: string): void {
    this.add(host, property.name, 'invariant', property.span, this.kernel.now, detail);
  }

  /** A property that speaks of time and was missed; known only when the run is over, for a fault would have let it begin anew. */
  missed(host: DeploymentHost, { property, kind, time, detail, event }: TemporalOutcome): void {
    this.add(host, property.name, kind, property.span, time, detail, event);
  }

  /** Each failing `assert` counts once, wherever it fails first. */
  assertion(host: DeploymentHost, node: number, text: string, span: Span): void {
    const { system } = this.kernel;
    const place = codeAround(system, host.deployment, span);
    this.add(host, place, 'assert', span, this.kernel.now, `${text} at ${system.nodes[node]?.name ?? node}`);
  }

  isBroken(host: DeploymentHost, { name, span }: CompiledProperty): boolean {
    return this.broken.has(key(host, name, span));
  }

  private add(
    host: DeploymentHost,
    property: string,
    kind: Violation['kind'],
    span: Span,
    time: number,
    detail: string,
    event: number | null = null,
  ): void {
    const id = key(host, property, span);
    if (this.broken.has(id)) return;
    this.broken.add(id);
    const { recorder, digest } = this.kernel;
    // Without the place: a comment above a property does not make another run of it.
    digest.addText(`${host.index} ${property}`);
    recorder?.note(EventKind.violation, -1, property, detail);
    this.all.push({ property, deployment: host.index, kind, span, time, detail, event: event ?? recorder?.lastRow ?? -1 });
  }
}

function key(host: DeploymentHost, property: string, span: Span): string {
  return `${host.index} ${property} ${span.start}`;
}
