import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { emptyHandler, removal } from './fixes.ts';
import { usesOf } from './uses.ts';

/**
 * DS4001: a message that is sent and that no handler takes.
 * DS4002: a message with a handler that nobody sends.
 * DS4003: a message that is neither sent nor handled.
 */
export function unmatchedMessages(protocol: ProtocolCode): Finding[] {
  const { sent, handledMessages } = usesOf(protocol);
  const findings: Finding[] = [];
  for (const message of protocol.messages) {
    const isSent = sent.has(message.name);
    const isHandled = handledMessages.has(message.name);
    const span = message.nameSpan;
    if (isSent && !isHandled) {
      findings.push({
        code: 'DS4001',
        severity: 'warning',
        span,
        message: `\`${message.name}\` is sent, but no handler takes it.`,
        why: 'A message without a handler is dropped where it arrives.',
        help: `Write \`on m: ${message.name} { … }\`, or do not send it.`,
        fixes: emptyHandler(protocol, null, `on m: ${message.name}`),
      });
    } else if (!isSent && isHandled) {
      findings.push({
        code: 'DS4002',
        severity: 'warning',
        span,
        message: `\`${message.name}\` has a handler, but is never sent.`,
        why: 'A handler that never runs is code that nobody tests; often the `send` was forgotten.',
        help: `Send it, or remove the message with its handler.`,
      });
    } else if (!isSent && !isHandled) {
      findings.push({
        code: 'DS4003',
        severity: 'hint',
        span,
        message: `\`${message.name}\` is neither sent nor handled.`,
        help: 'Remove the message, or write what sends and what takes it.',
        fixes: [removal(`Remove \`${message.name}\``, message.span)],
        tags: ['unnecessary'],
      });
    }
  }
  return findings;
}
