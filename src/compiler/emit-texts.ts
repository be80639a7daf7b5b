import type { FieldType, Type } from '../model/types.ts';
import type { Module } from './context.ts';
import { isPlain } from './layout.ts';

/** Functions that write how values read in the language (`Writer`): a trace asks for a text for every message. */

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
  private words = '';

  constructor(private readonly module: Module) {}

  literal(text: string): void {
    this.words += text;
  }

  /** The value that `path` names. */
  value(path: string, type: Type): void {
    const plain = this.plain(path, type);
    if (plain !== null) {
      this.flush();
      this.done.push(plain);
    } else if (type.kind === 'Record') this.call(`write${this.module.declarations.record(type.name)}(${path},out)`);
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

  /** The statement that writes it, where that is one piece; null for all others. */
  private plain(path: string, type: Type): string | null {
    if (!isPlain(type)) return null;
    const { names } = this.module;
    switch (type.kind) {
      case 'Int':
      case 'Real':
        return `out.number(${path});`;
      case 'Node':
        return `out.piece(${this.module.constant(names.nodes)}[${path}]);`;
      case 'String':
        return `out.quoted(${path});`;
      case 'Enum':
        return `out.piece(${this.module.constant(names.members(type.name))}[${path}]);`;
      default:
        return null;
    }
  }

  private call(statement: string): void {
    this.flush();
    // What lies beyond the limit is cut off anyway.
    this.done.push(`${statement};if(out.full)return;`);
  }

  /** Literals that follow each other are one piece. */
  private flush(): void {
    if (this.words !== '') this.done.push(`out.piece(${this.module.constant(this.module.names.word(this.words))});`);
    this.words = '';
  }
}
