import type { Formula } from './formula.ts';

/**
 * All quorums that a formula spells out, minimal ones among them, each once and ascending; null when there would be more than
 * `most`. For formulas in which no node stands twice these are exactly the minimal quorums.
 */
export function listQuorums(formula: Formula, most: number): number[][] | null {
  if (countQuorums(formula) > most) return null;
  const distinct = new Map<string, number[]>();
  for (const nodes of list(formula)) {
    const quorum = [...new Set(nodes)].sort((a, b) => a - b);
    distinct.set(quorum.join(), quorum);
  }
  return [...distinct.values()];
}

/** An upper bound of how many quorums the formula spells out. */
function countQuorums(formula: Formula): number {
  if (formula.kind === 'node') return 1;
  if (formula.kind === 'weighted') return 2 ** Math.max(0, formula.nodes.length - 1);
  if (formula.count <= 0) return 1;
  // Elementary symmetric polynomial of the parts' counts.
  const ways = new Array<number>(formula.count + 1).fill(0);
  ways[0] = 1;
  for (const part of formula.of) {
    const own = countQuorums(part);
    for (let k = formula.count; k > 0; k--) ways[k] = (ways[k] as number) + (ways[k - 1] as number) * own;
  }
  return ways[formula.count] as number;
}

function list(formula: Formula): number[][] {
  if (formula.kind === 'node') return [[formula.node]];
  if (formula.kind === 'weighted') return listWeighted(formula);
  if (formula.count <= 0) return [[]];
  // chosen[k]: unions of quorums of k of the parts so far.
  let chosen: number[][][] = [[[]], ...Array.from({ length: formula.count }, () => [])];
  for (const part of formula.of) {
    const own = list(part);
    chosen = chosen.map((sets, k) =>
      k === 0 ? sets : [...sets, ...(chosen[k - 1] as number[][]).flatMap((set) => own.map((more) => [...set, ...more]))],
    );
  }
  return chosen[formula.count] as number[][];
}

/** Sets that reach the threshold and would not without their lightest node. */
function listWeighted(formula: Formula & { kind: 'weighted' }): number[][] {
  const order = formula.nodes.map((node, i) => ({ node, weight: formula.weights[i] as number })).sort((a, b) => b.weight - a.weight);
  const found: number[][] = [];
  const taken: number[] = [];
  const visit = (at: number, missing: number): void => {
    if (missing <= 0) {
      found.push([...taken]);
      return;
    }
    const item = order[at];
    if (item === undefined) return;
    taken.push(item.node);
    visit(at + 1, missing - item.weight);
    taken.pop();
    visit(at + 1, missing);
  };
  visit(0, formula.threshold);
  return found;
}
