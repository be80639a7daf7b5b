import type { Random } from '../base/random.ts';
import type { ScenarioCall } from '../model/scenario.ts';
import { ArgumentSource } from './call-streams.ts';
import type { Caller, Calls } from './calls.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Task } from './event-store.ts';

/** A call that the scenario itself makes at a moment. A client that is down then makes none. */
export class ScheduledCall implements Caller, Task {
  readonly host: DeploymentHost;
  readonly operation: number;
  private readonly source: ArgumentSource;

  constructor(
    private readonly calls: Calls,
    readonly call: ScenarioCall,
    readonly client: number,
    private readonly random: Random,
    unique: { next: number },
  ) {
    this.host = calls.kernel.hosts[call.deployment] as DeploymentHost;
    this.operation = this.host.program.operations.findIndex((candidate) => candidate.name === call.operation);
    this.source = new ArgumentSource(this.host.program, this.operation, call, random, unique);
  }

  run(): void {
    if (!this.calls.kernel.status.isDown(this.client)) this.calls.invoke(this, this.source.next());
  }

  target(attempt: number): number {
    const { targets, inTurn } = this.call;
    const at = inTurn ? attempt % targets.length : targets.length === 1 ? 0 : this.random.nextInt(targets.length);
    return targets[at] as number;
  }

  /** Nothing follows a single call. */
  ended(): void {}
}
