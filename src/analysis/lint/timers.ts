import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { emptyHandler, removal } from './fixes.ts';
import { statementsReached } from './reached.ts';
import { usesOf } from './uses.ts';

/**
 * DS4004: a timer that is set and has no handler.
 * DS4005: a timer with a handler that is never set.
 * DS4006: a timer that is neither set nor handled.
 */
export function unmatchedTimers(protocol: ProtocolCode): Finding[] {
  const { timersSet, timersHandled } = usesOf(protocol);
  const findings: Finding[] = [];
  for (const timer of protocol.timers) {
    const isSet = timersSet.has(timer.name);
    const isHandled = timersHandled.has(timer.name);
    const span = timer.nameSpan;
    if (isSet && !isHandled) {
      findings.push({
        code: 'DS4004',
        severity: 'warning',
        span,
        message: `\`${timer.name}\` is set, but nothing happens when it fires.`,
        why: 'A timer without `on timeout` fires into the void.',
        help: `Write \`on timeout ${timer.name} { … }\`, or do not set it.`,
        fixes: emptyHandler(protocol, timer.role, `on timeout ${timer.name}`),
      });
    } else if (!isSet && isHandled) {
      findings.push({
        code: 'DS4005',
        severity: 'warning',
        span,
        message: `\`${timer.name}\` is never set, so its \`on timeout\` never runs.`,
        why: 'Timers do not run by themselves: `set` starts them, each time anew.',
        help: `Write \`set ${timer.name} after …\`, for example in \`on start\`.`,
      });
    } else if (!isSet) {
      findings.push({
        code: 'DS4006',
        severity: 'hint',
        span,
        message: `\`${timer.name}\` is neither set nor handled.`,
        help: 'Remove the timer.',
        fixes: [removal(`Remove \`${timer.name}\``, timer.span)],
        tags: ['unnecessary'],
      });
    }
  }
  return findings;
}

/**
 * DS4016: timers that `on start` sets and that nothing sets again after a crash: a role with `on start` and without
 * `on recover`, whose timers would stand still in a node that comes back.
 */
export function timersLostInCrash(protocol: ProtocolCode): Finding[] {
  const findings: Finding[] = [];
  for (const start of protocol.handlers) {
    if (start.trigger.kind !== 'start') continue;
    const recovers = protocol.handlers.some(({ trigger, role }) => trigger.kind === 'recover' && role === start.role);
    if (recovers) continue;
    const reached = statementsReached(protocol, start.body);
    const timers = [...new Set(reached.flatMap((statement) => (statement.kind === 'set-timer' ? [statement.timer] : [])))];
    if (timers.length === 0) continue;
    findings.push({
      code: 'DS4016',
      severity: 'information',
      span: start.headSpan,
      message: `After a crash nothing sets ${timers.map((timer) => `\`${timer}\``).join(', ')} again: there is no \`on recover\`.`,
      why: 'A crash drops the timers; `on start` runs once, and `on recover` each time that a node comes back.',
      help: 'Write `on recover { … }` that sets them, if nodes of this protocol are meant to come back.',
      numbers: { timers: timers.length },
    });
  }
  return findings;
}
