import type { ProtocolCode } from '../model/code.ts';
import { flowQuestions } from '../model/flow-questions.ts';
import type { SystemCode } from '../model/system-code.ts';
import type { SystemAnalysis } from './analyze.ts';
import { AnchoredMemo, anchored } from './anchored.ts';
import type { SystemUnderCheck } from './checks.ts';
import { mentioned } from './mentions.ts';
import { requirementFindings } from './requirements.ts';

const answers = new AnchoredMemo<SystemAnalysis>(60);

/**
 * What the requirements of a system's deployments come to. What handlers do is no part of that, so while one of them is
 * edited the answers stand, unless a clause asks what calls of operations cost.
 *
 * @param circumstances what the answers depend on besides the code; undefined: nothing is remembered.
 */
export function rememberedRequirements(checked: SystemUnderCheck, circumstances: string | undefined): SystemAnalysis {
  const compute = (): SystemAnalysis => {
    const trials = checked.trials.anew();
    return { ...requirementFindings({ ...checked, trials }), leftOpen: trials.leftOpen };
  };
  if (circumstances === undefined || checked.code.protocols.some(asksForFlow)) return compute();
  const bare = bareSystem(checked.code);
  return answers.get(anchored(bare, bare.protocols), circumstances, compute);
}

/** The system without what only runs of it are about. */
function bareSystem(code: SystemCode): SystemCode {
  return { ...code, protocols: code.protocols.map(bareProtocol), adversaries: [], specifications: [] };
}

const bareProtocols = new WeakMap<ProtocolCode, ProtocolCode>();

/** The same object for the same protocol, so that it is taken apart once. */
function bareProtocol(protocol: ProtocolCode): ProtocolCode {
  let bare = bareProtocols.get(protocol);
  if (bare === undefined) {
    bare = { ...protocol, handlers: [], state: [], invariants: [], eventualities: [], responses: [], persistences: [] };
    bareProtocols.set(protocol, bare);
  }
  return bare;
}

/** Whether a clause, or what it is made of, speaks of load, messages or delays, which follow from what handlers do. */
function asksForFlow({ requirements, constants, functions }: ProtocolCode): boolean {
  const clauses = [requirements, constants, functions];
  if (mentioned(clauses, 'given').has('utilisation')) return true;
  return [...mentioned(clauses, 'intrinsic')].some((name) => Object.hasOwn(flowQuestions, name));
}
