import type { FieldType, Type } from '../model/types.ts';
import type { Module } from './context.ts';
import { unqualified } from './declarations.ts';
import { isPlain } from './layout.ts';

/**
 * Functions that write how values read in the language (`Writer`): a trace asks for a text for every message. Pieces known
 * together become one expression.
 */

/** `function NAME(a,out)`: the fields of a record or payload, `field: value, …`, with `head` before and `tail` behind them. */
export function fieldsWriter(name: string, fields: readonly FieldType[], head: string, tail: string, module: Module): string {
  const text = new Text(module);
  text.literal(head);
  fields.forEach(({ name: field, type }, i) => {
    text.literal(`${i === 0 ? '' : ', '}${field}: `);
    text.value(`a.f${i}`, type);
  });
  text.literal(tail);
  const parts = fields.map((_, i) => `a.f${i}`).join(',');
  return `function ${name}(a,out){const q=out.takeParts();if(q!==null)q.push(${parts});${text.statements()}}`;
}

class Text {
  private readonly done: string[] = [];
  private pieces: string[] = [];

  constructor(private readonly module: Module) {}

  literal(text: string): void {
    if (text !== '') this.pieces.push(JSON.stringify(text));
  }

  /** The value that `path` names. */
  value(path: string, type: Type): void {
    const plain = this.plain(path, type);
    if (plain !== null) this.pieces.push(plain);
    else if (type.kind === 'Record') this.call(`write${this.module.declarations.record(type.name)}(${path},out)`);
    else if (type.kind === 'Signed') {
      this.literal('signed(');
      this.value(`${path}.value`, type.of);
      this.literal(', ');
      this.value(`${path}.signer`, { kind: 'Node' });
      this.literal(')');
    } else this.call(`${this.module.operations(type)}.write(${path},out)`);
  }

  statements(): string {
    this.flush();
    return this.done.join('');
  }

  private plain(path: string, type: Type): string | null {
    if (!isPlain(type)) return null;
    switch (type.kind) {
      case 'Bool':
      case 'Int':
      case 'Real':
        return path;
      case 'Node':
        return `${this.module.constant(nodeNames(this.module))}[${path}]`;
      case 'String':
        return `JSON.stringify(${path})`;
      case 'Enum':
        return `${this.module.constant(memberNames(type.name, this.module))}[${path}]`;
      default:
        return null;
    }
  }

  private call(statement: string): void {
    this.flush();
    // What lies beyond the limit is cut off anyway.
    this.done.push(`${statement};if(out.full)return;`);
  }

  private flush(): void {
    if (this.pieces.length > 0) this.done.push(`out.text+=''+${this.pieces.join('+')};`);
    this.pieces = [];
  }
}

const namesOf = new WeakMap<Module, Map<string, readonly string[]>>();

function known(key: string, module: Module, make: () => readonly string[]): readonly string[] {
  let names = namesOf.get(module);
  if (names === undefined) {
    names = new Map();
    namesOf.set(module, names);
  }
  let list = names.get(key);
  if (list === undefined) {
    list = make();
    names.set(key, list);
  }
  return list;
}

function nodeNames(module: Module): readonly string[] {
  return known('nodes', module, () => module.system.nodes.map(({ name }) => name));
}

function memberNames(name: string, module: Module): readonly string[] {
  const { members } = module.protocol.enums[module.declarations.enum(name)] ?? { members: [] };
  return known(`enum ${name}`, module, () => members.map((member) => `${unqualified(name)}.${member}`));
}
