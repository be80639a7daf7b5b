import type { AstNode } from 'langium';
import type { Block, Expression, NameUse } from '../generated/ast.ts';

/** The variable that an assignment's target starts from; null when it starts from none. */
export function rootName(target: Expression): string | null {
  let at: Expression | undefined = target;
  while (at && (at.$type === 'Member' || at.$type === 'Index')) at = at.receiver;
  return at?.$type === 'NameUse' && !at.arguments ? at.name : null;
}

/** What a block may assign: variables by name, and the names of what it calls, which may assign state. */
export function assignedIn(block: Block): { readonly variables: ReadonlySet<string>; readonly calls: ReadonlySet<string> } {
  const variables = new Set<string>();
  const calls = new Set<string>();
  // A stack of our own: nesting is the user's, and this runs before it is counted.
  const stack: AstNode[] = [block];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.$type === 'Assignment' && (node as { operator?: string }).operator !== undefined) {
      const name = rootName((node as AstNode & { target: Expression }).target);
      if (name !== null) variables.add(name);
    }
    if (node.$type === 'NameUse' && (node as NameUse).arguments) calls.add((node as NameUse).name);
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('$')) continue;
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) stack.push(item);
      } else if (isNode(value)) stack.push(value);
    }
  }
  return { variables, calls };
}

const isNode = (value: unknown): value is AstNode => typeof value === 'object' && value !== null && '$type' in value;
