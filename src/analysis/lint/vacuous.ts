import type { Finding } from '../../base/finding.ts';
import type { Expression, Property, ProtocolCode } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';
import { asWritten, formatValue } from '../print.ts';
import { joined } from '../words.ts';
import { type Decision, decide } from './decide.ts';
import { possibleValues } from './possible-values.ts';

/**
 * DS4019: an invariant that reads nothing of a run. DS4020: a property that holds in every state. DS4021: one that holds in
 * none.
 */
export function vacuousProperties(protocol: ProtocolCode): Finding[] {
  const invariants = protocol.invariants.flatMap((property) => {
    if (!readsRun(property.condition, protocol)) return [stateless(property)];
    const { decision, answer } = outcome(property, protocol);
    if (answer === true) return isProof(decision, protocol) ? [] : [alwaysHolds(property, 'invariant', because(decision, protocol))];
    return answer === false ? [neverHolds(property, 'invariant', because(decision, protocol))] : [];
  });
  const temporal = [...protocol.eventualities, ...protocol.responses, ...protocol.persistences];
  const later = temporal.flatMap((property) => {
    if (!readsRun(property.condition, protocol)) return [];
    const { decision, answer } = outcome(property, protocol);
    if (answer === true) return [alwaysHolds(property, 'eventually', because(decision, protocol))];
    return answer === false ? [neverHolds(property, 'eventually', because(decision, protocol))] : [];
  });
  return [...invariants, ...later];
}

/**
 * Whether an invariant is true because all that is assigned is as it says: `phase in [Idle, Busy]` of a variable that is
 * now one, now the other. Such an invariant is worth its place: it guards the code against changes.
 */
function isProof({ decidedBy }: Decision, protocol: ProtocolCode): boolean {
  const values = possibleValues(protocol);
  return decidedBy.some(({ part, how, isAntecedent }) => {
    if (how !== 'values' || isAntecedent) return false;
    let varies = false;
    walkExpression(part, (inner) => {
      if (inner.kind === 'remote-state' && (values(inner.name, null)?.length ?? 0) > 1) varies = true;
    });
    return varies;
  });
}

/** What a property comes to in every state that honest nodes can reach. */
function outcome(property: Property, protocol: ProtocolCode): { readonly decision: Decision; readonly answer: boolean | null } {
  const decision = decide(property.condition, protocol, possibleValues(protocol));
  return { decision, answer: decision.answer };
}

/** Whether nothing that a run does can break the invariant of that name. */
export function cannotBeViolated(property: Property, protocol: ProtocolCode): boolean {
  return outcome(property, protocol).answer === true || !readsRun(property.condition, protocol);
}

function stateless(property: Property): Finding {
  return {
    code: 'DS4019',
    severity: 'warning',
    span: property.nameSpan,
    message: `\`${property.name}\` reads no state, so nothing that happens in a run can break it.`,
    why: 'An invariant is checked after every step. What depends on the deployment alone is a requirement, which is checked before any run.',
    help: `Write \`requires safety ${property.text}\`, or state what must hold of the nodes' state.`,
  };
}

function alwaysHolds(property: Property, kind: 'invariant' | 'eventually', reason: string): Finding {
  return {
    code: 'DS4020',
    severity: 'warning',
    span: property.nameSpan,
    message:
      kind === 'invariant'
        ? `Nothing can violate \`${property.name}\`: ${reason}.`
        : `\`${property.name}\` holds from the start: ${reason}.`,
    why: 'A property that every state has tests nothing, and reads as if it did.',
    help: 'State what could go wrong, assign what it waits for, or remove it.',
  };
}

function neverHolds(property: Property, kind: 'invariant' | 'eventually', reason: string): Finding {
  return {
    code: 'DS4021',
    severity: 'warning',
    span: property.nameSpan,
    message: `\`${property.name}\` can never hold: ${reason}.`,
    why:
      kind === 'invariant'
        ? 'An invariant that no state has is broken before the first step.'
        : 'What no state has does not come about, however long a run is.',
    help: 'Assign what it asks for somewhere, or correct the condition.',
  };
}

/** Whether a condition depends on state or on who is correct. */
function readsRun(condition: Expression, protocol: ProtocolCode, visited = new Set<string>()): boolean {
  let reads = false;
  const look = (part: Expression): void => {
    if (part.kind === 'state' || part.kind === 'remote-state') reads = true;
    if (part.kind === 'given' && part.name === 'correct') reads = true;
    if (part.kind !== 'call' || visited.has(part.function)) return;
    visited.add(part.function);
    const code = protocol.functions.find(({ name }) => name === part.function);
    if (code) walkStatements(code.body, () => {}, look);
  };
  walkExpression(condition, look);
  return reads;
}

/** "`role` is only ever `Follower` or `Candidate`", "`x <= x` is true of any x". */
function because({ decidedBy }: Decision, protocol: ProtocolCode): string {
  const reasons = new Set<string>();
  for (const { part, how } of decidedBy) {
    if (how === 'empty') reasons.add(`\`${asWritten(part)}\` is empty`);
    else if (how === 'same') reasons.add(`both sides of \`${asWritten(part)}\` are the same`);
    else if (how === 'connectives') reasons.add('its parts make it so, whatever they are');
    else for (const reason of valueReasons(part, protocol)) reasons.add(reason);
  }
  return joined([...reasons]) || 'it follows from its constants';
}

function valueReasons(part: Expression, protocol: ProtocolCode): string[] {
  const values = possibleValues(protocol);
  const names = new Set<string>();
  walkExpression(part, (inner) => {
    if (inner.kind === 'state' || inner.kind === 'remote-state') names.add(inner.name);
  });
  const reasons = [...names].flatMap((name) => {
    const variable = protocol.state.find((candidate) => candidate.name === name);
    const held = values(name, null);
    if (held === null || variable === undefined) return [];
    const shown = held.map((value) => `\`${formatValue(value, variable.type, {})}\``);
    return [`\`${name}\` is only ever ${shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : shown[0]}`];
  });
  return reasons.length > 0 ? reasons : [`\`${asWritten(part)}\` is so of any values`];
}
