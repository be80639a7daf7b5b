import type { Finding, Fix } from '../../base/finding.ts';
import { counted, durationLiteral, formatDuration, formatRatio } from '../../base/units.ts';
import { exceeds, formatDelay, median, supremum } from '../../model/distributions.ts';
import type { System } from '../../model/system.ts';
import { finiteOnes } from '../words.ts';
import { nodeNames } from './names.ts';

/** One in a billion messages. */
const negligible = 1e-9;

/**
 * DS2104: a link whose latency can exceed Δ under `synchronous`.
 * DS2105: a link whose median latency exceeds Δ under `partially_synchronous`, so that Δ is no bound even after GST.
 * Links with the same text share one finding.
 */
export function latencyBeyondDelay(system: System): Finding[] {
  const { timing, network } = system;
  if (timing.delay === null || timing.span === null) return [];
  const delay = timing.delay;
  const examples = exampleLinks(system);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  network.classes.forEach((attributes, index) => {
    const example = examples[index];
    if (!example) return;
    const span = attributes.span ?? timing.span ?? system.nameSpan;
    const key = `${span.uri}#${span.start}`;
    if (seen.has(key)) return;
    const most = supremum(attributes.latency);
    const [from, to] = nodeNames(system, [example.from, example.to]);
    const link = `The latency ${formatDelay(attributes.latency)} of ${counted(example.count, 'link')}, such as \`${from}\` to \`${to}\`,`;
    const witness = { kind: 'nodes', nodes: [from ?? '', to ?? ''] } as const;
    const labels = [{ span: timing.delaySpan ?? timing.span ?? span, message: `Δ is ${formatDuration(delay)} here` }];
    if (timing.model === 'synchronous' && most > delay) {
      seen.add(key);
      const share = exceeds(attributes.latency, delay);
      findings.push({
        code: 'DS2104',
        // A tail that no run will ever see contradicts the model on paper only.
        severity: share >= negligible ? 'error' : 'warning',
        span,
        message: Number.isFinite(most)
          ? `${link} ${attributes.latency.kind === 'constant' ? 'is' : 'reaches'} more than Δ = ${formatDuration(delay)}${attributes.latency.kind === 'constant' ? '' : `: up to ${formatDuration(most)}`}.`
          : `${link} is unbounded: it exceeds Δ = ${formatDuration(delay)} with probability ${share >= negligible ? formatRatio(share) : 'below 1e-9'} a message.`,
        why: 'Under `synchronous` no message takes longer than Δ; a protocol that counts on it errs as soon as one does.',
        help: Number.isFinite(most)
          ? `Raise the delay to ${formatDuration(most)} or more, or use \`partially_synchronous\`.`
          : 'Bound the latency (`uniform(a, b)`), or use `partially_synchronous`, where Δ holds only from some time on.',
        labels,
        witness,
        fixes: Number.isFinite(most) ? raiseDelay(system, most) : [],
        numbers: finiteOnes({ delay, latency_max: most, exceeds: share }),
      });
    } else if (timing.model === 'partially_synchronous' && median(attributes.latency) > delay) {
      seen.add(key);
      const middle = median(attributes.latency);
      findings.push({
        code: 'DS2105',
        severity: 'warning',
        span,
        message: `${link} exceeds Δ = ${formatDuration(delay)} in more than half of the messages: its median is ${formatDuration(middle)}.`,
        why: 'Under `partially_synchronous` messages keep Δ from GST on; a link that usually breaks it makes every conclusion from Δ void.',
        help: `Raise the delay above ${formatDuration(middle)}, to a value that the link keeps almost always.`,
        labels,
        witness,
        fixes: Number.isFinite(most) ? raiseDelay(system, most) : [],
        numbers: { delay, latency_median: middle },
      });
    }
  });
  return findings;
}

function raiseDelay(system: System, to: number): Fix[] {
  const { delaySpan, delayIsLiteral } = system.timing;
  if (!delaySpan || !delayIsLiteral) return [];
  const text = durationLiteral(to);
  return [{ title: `Raise the delay to ${text}`, edits: [{ span: delaySpan, text }] }];
}

/** A first link of each class and how many there are; undefined for classes that no link has. */
function exampleLinks(system: System): ({ from: number; to: number; count: number } | undefined)[] {
  const { network } = system;
  const examples: ({ from: number; to: number; count: number } | undefined)[] = network.classes.map(() => undefined);
  const note = (linkClass: number, from: number, to: number, count: number): void => {
    const known = examples[linkClass];
    if (known) known.count += count;
    else examples[linkClass] = { from, to, count };
  };
  if (!network.complete) {
    for (let i = 0; i < network.from.length; i++) {
      note(network.linkClass[i] as number, network.from[i] as number, network.to[i] as number, 1);
    }
    return examples;
  }
  // Of a complete network only the kinds are compared: a pair of kinds stands for all its nodes.
  const members: number[][] = Array.from({ length: network.kinds }, () => []);
  network.kind.forEach((kind, node) => {
    members[kind]?.push(node);
  });
  for (let a = 0; a < network.kinds; a++) {
    for (let b = a; b < network.kinds; b++) {
      const left = members[a] as number[];
      const right = members[b] as number[];
      const count = a === b ? (left.length * (left.length - 1)) / 2 : left.length * right.length;
      if (count === 0) continue;
      const from = left[0] as number;
      const to = (a === b ? right[1] : right[0]) as number;
      const forward = network.pairClass[a * network.kinds + b] as number;
      const backward = network.pairClass[b * network.kinds + a] as number;
      note(forward, from, to, count);
      if (backward !== forward) note(backward, to, from, count);
    }
  }
  return examples;
}
