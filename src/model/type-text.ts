import type { Type } from './types.ts';

/** A text that two types share exactly when they are the same. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'Optional':
      return `${typeText(type.of)}?`;
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
    case 'Distribution':
      return `${type.kind}<${typeText(type.of)}>`;
    case 'Map':
      return `Map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'Record':
    case 'Enum':
    case 'Message':
    case 'Operation':
    case 'Event':
      return `${type.kind} ${type.name}`;
    case 'Function':
      return `(${type.parameters.map(typeText).join(', ')}) => ${typeText(type.result)}`;
    default:
      return type.kind;
  }
}

/** How a type is named to a user who may see those of several protocols: `List<Store.Put>`. */
export function qualifiedTypeName(type: Type): string {
  return typeText(type).replaceAll(/\b(Record|Enum) /g, '');
}
