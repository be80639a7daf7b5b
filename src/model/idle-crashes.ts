import type { ProtocolCode } from './code.ts';
import type { ExpandContext } from './expand-context.ts';
import type { FaultAction } from './scenario.ts';
import type { Deployment } from './system.ts';
import type { ActionCode } from './system-code.ts';
import { walkStatements } from './walk.ts';

/** DS2014: what a `crash` or `byzantine` says that can have no effect on its nodes, whatever the run. */
export function reportIdleOptions(
  context: ExpandContext,
  code: ActionCode,
  { action }: FaultAction,
  deployments: readonly Deployment[],
): void {
  const idle = (option: string, message: string, help: string): void => {
    const span = code.options.find(({ name }) => name === option)?.span ?? code.span;
    context.report('DS2014', 'warning', span, message, { help });
  };
  if (action.kind === 'crash') {
    if (code.options.some(({ name }) => name === 'within') && action.afterSends === undefined) {
      idle('within', '`within` says nothing here: these nodes crash at once.', 'Add `after_sends: 1`, say, or remove it.');
    }
    const running = protocolsOn(context, action.nodes, deployments);
    if (action.loses === 'all' && !running.some(({ state }) => state.some(({ durable }) => durable))) {
      idle(
        'loses',
        '`loses` says nothing here: no protocol on these nodes has a `durable` variable.',
        'Remove it: what is `var` is lost anyway.',
      );
    }
    if (action.loses === 'unsynced' && !running.some(saysSync)) {
      idle(
        'loses',
        '`loses: unsynced` says nothing here: no protocol on these nodes says `sync`, so all that is `durable` is written at once.',
        'Let the protocol say `sync` where it needs what it wrote to be safe, or remove it.',
      );
    }
  }
  if (action.kind === 'byzantine' && action.behavior.kind === 'adversary') {
    const adversary = context.code.adversaries[action.behavior.adversary];
    if (adversary && !protocolsOn(context, action.nodes, deployments).some(({ name }) => name === adversary.protocol)) {
      const help = `Name nodes that run \`${adversary.protocol}\`.`;
      idle(
        'behavior',
        `No node of these runs \`${adversary.protocol}\`, which \`${adversary.name}\` is written for: they stay honest.`,
        help,
      );
    }
  }
}

function protocolsOn(context: ExpandContext, nodes: readonly number[], deployments: readonly Deployment[]): ProtocolCode[] {
  const running = deployments.filter(({ members }) => members.some((member) => nodes.includes(member)));
  return running.flatMap(({ protocol }) => context.code.protocols[protocol] ?? []);
}

function saysSync({ handlers, functions }: ProtocolCode): boolean {
  let found = false;
  for (const { body } of [...handlers, ...functions]) {
    walkStatements(body, (statement) => {
      if (statement.kind === 'sync') found = true;
    });
  }
  return found;
}
