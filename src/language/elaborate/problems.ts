import type { Span } from '../../base/source.ts';
import { listed } from '../../base/units.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { isProblem, type ProblemName, problemNames, problems } from '../../model/problems.ts';
import type { Solves } from '../generated/ast.ts';
import { spanOf, spanOfProperty } from '../syntax.ts';
import { type Elaboration, givenDeclaration } from './context.ts';
import { nearest } from './scope.ts';

/** The problems that a protocol says it solves. Unknown ones and repetitions are reported and left out. */
export function elaborateProblems(nodes: readonly Solves[], context: Elaboration): ProtocolCode['solves'] {
  const known = new Map<ProblemName, Span>();
  return nodes.flatMap((node) => {
    const { problem } = node;
    if (!problem) return [];
    const nameSpan = spanOfProperty(node, 'problem');
    if (!isProblem(problem)) {
      reportUnknown(problem, nameSpan, context);
      return [];
    }
    context.use(nameSpan, givenDeclaration(problem, `solves ${problem}`, problems[problem].documentation));
    const earlier = known.get(problem);
    if (earlier !== undefined) {
      context.error('DS1009', nameSpan, `\`${problem}\` is named twice`, { labels: [{ span: earlier, message: 'first here' }] });
      return [];
    }
    known.set(problem, nameSpan);
    return [{ problem, span: spanOf(node), nameSpan }];
  });
}

function reportUnknown(problem: string, span: Span, context: Elaboration): void {
  const near = nearest(problem, problemNames);
  context.error('DS1041', span, `\`${problem}\` is no problem of which anything is known here`, {
    why: 'A protocol names the problem that it solves so that what is proved of that problem can be checked.',
    help: near ? `did you mean \`${near}\`?` : `known are ${listed(problemNames, problemNames.length)}`,
    ...(near ? { fixes: [{ title: `Change \`${problem}\` to \`${near}\``, edits: [{ span, text: near }] }] } : {}),
  });
}
