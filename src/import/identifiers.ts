/** Words that the language or its expressions give a meaning of their own. */
const taken: readonly string[] = [
  ...[
    'let',
    'if',
    'else',
    'for',
    'match',
    'return',
    'assert',
    'send',
    'broadcast',
    'reply',
    'set',
    'cancel',
    'emit',
    'call',
    'to',
    'and',
    'or',
  ],
  ...[
    'not',
    'implies',
    'leads_to',
    'in',
    'mod',
    'then',
    'forall',
    'exists',
    'true',
    'false',
    'none',
    'import',
    'as',
    'is',
    'nodes',
    'members',
    'self',
    'peers',
    'n',
  ],
  ...[
    'node',
    'zone',
    'link',
    'channel',
    'timing',
    'faults',
    'run',
    'quorum',
    'slices',
    'system',
    'protocol',
    'seed',
    'scenario',
    'workload',
  ],
  ...['majority', 'atleast', 'weighted', 'grid', 'neighbors', 'on', 'with', 'under', 'expect', 'const', 'outage', 'crash', 'byzantine'],
];

/** Names for a text of the language: valid, each once, as near to what they are made of as may be. */
export class Identifiers {
  private readonly used = new Set<string>(taken);

  /** Lower-case ASCII of the text, with a number when it is taken; `otherwise` where nothing of it is left. */
  unique(text: string, otherwise: string): string {
    const plain = text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 32)
      .replace(/_+$/, '');
    const base = plain === '' ? otherwise : /^[0-9]/.test(plain) ? `${otherwise}_${plain}` : plain;
    let name = base;
    for (let next = 2; this.used.has(name); next++) name = `${base}_${next}`;
    this.used.add(name);
    return name;
  }
}
