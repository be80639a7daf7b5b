import type { Finding } from '../base/finding.ts';
import { compileDeployment } from '../compiler/compile.ts';
import { type Program, RuntimeFailure } from '../compiler/program.ts';
import { expand } from '../model/expand.ts';
import type { System } from '../model/system.ts';
import type { RunRequest } from './api.ts';

type Constants = RunRequest['constants'];

/** A system as its scenarios run it: expanded with some constants, and compiled once that is asked for. */
export class PreparedSystem {
  /** Null where errors keep it from being expanded. */
  readonly system: System | null;
  readonly findings: readonly Finding[];
  private readonly coverage: boolean;
  private compiled: readonly Program[] | Finding | null = null;

  constructor({ code, coverage = false }: Pick<RunRequest, 'code' | 'coverage'>, constants: Constants) {
    const { system, findings } = expand(code, { constants });
    this.system = system;
    this.findings = findings;
    this.coverage = coverage;
  }

  /** One for each deployment; or why there are none: a constant of a protocol may fail as a handler may. */
  get programs(): readonly Program[] | Finding {
    this.compiled ??= this.compile();
    return this.compiled;
  }

  private compile(): readonly Program[] | Finding {
    const { system, coverage } = this;
    try {
      return system?.deployments.map(({ index }) => compileDeployment(system, index, { coverage })) ?? [];
    } catch (failure) {
      if (!(failure instanceof RuntimeFailure)) throw failure;
      return constantFailed(failure);
    }
  }
}

function constantFailed({ message, span }: RuntimeFailure): Finding {
  return {
    code: 'DS5001',
    severity: 'error',
    span,
    message: `${message}, where the constants of the protocol are computed`,
    why: 'a constant is computed before anything runs, so there is no run',
    help: 'mend the value, or the parameters that it is computed from',
  };
}

/** Systems that are kept: the one at hand, and those that take turns with it. */
const systemsMost = 4;

/**
 * The systems that requests were about last. What the engine has learnt of a system's compiled code is worth a fifth of a
 * second of work, as long as fifty short runs take: it serves the next scenario of the system, and the next request.
 */
export class PreparedSystems {
  /** By code, constants and coverage; the one used last at the end. */
  private readonly kept = new Map<string, PreparedSystem>();

  /** Of a request whose code has the number `code`: equal for the same code only. */
  of(code: number, request: Pick<RunRequest, 'code' | 'coverage'>, constants: Constants): PreparedSystem {
    const key = `${code} ${request.coverage ?? false} ${JSON.stringify(constants, exactly)}`;
    const prepared = this.kept.get(key) ?? new PreparedSystem(request, constants);
    this.kept.delete(key);
    this.kept.set(key, prepared);
    const oldest = this.kept.size > systemsMost ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    return prepared;
  }
}

/** Tells apart the numbers that JSON does not. */
function exactly(_: string, value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? { number: Object.is(value, -0) ? '-0' : String(value) }
    : value;
}
