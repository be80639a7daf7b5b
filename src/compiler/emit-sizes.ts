import type { Type } from '../model/types.ts';
import type { Module } from './context.ts';
import { isPlain } from './layout.ts';

/** The bytes on the wire of the value that `text` names (a path of fields), as an expression. */
export function sizeText(text: string, type: Type, module: Module): string {
  if (type.kind === 'String') return `${text}.length`;
  if (isPlain(type)) return '8';
  switch (module.layout(type)) {
    case 'record':
      return `size${module.declarations.record((type as { name: string }).name)}(${text})`;
    case 'signed':
      return `${sizeText(`${text}.value`, (type as { of: Type }).of, module)}+8`;
    case 'optional':
      return `(${text}===null?1:${sizeText(text, (type as { of: Type }).of, module)})`;
    case 'mask':
      return `8*population(${text})`;
    case 'nodes':
      return `8*${text}.size`;
    default:
      return `${module.operations(type)}.size(${text})`;
  }
}
