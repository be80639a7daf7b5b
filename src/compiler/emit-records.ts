import type { FieldType, Type } from '../model/types.ts';
import type { Module } from './context.ts';
import { unqualified } from './declarations.ts';
import { shapeClass } from './emit-class.ts';
import { sizeText } from './emit-sizes.ts';
import { fieldsWriter } from './emit-texts.ts';
import { isIdentical, isPlain } from './layout.ts';

/**
 * A record: its class, equality, order and stand-in key as functions of their own. Records that some assignment writes
 * in place carry a `shared` flag and can be copied; all others never change.
 */
export function emitRecord(index: number, fields: readonly FieldType[], name: string, module: Module): string {
  const written = module.effects.isWrittenInPlace(name);
  const positions = fields.map((_, i) => i);
  const cached = !written && packedKey(fields, module) === null;
  const shape = shapeClass(`R${index}`, fields.length, written ? 'this.shared=0;' : cached ? 'this.k=null;' : '');
  const withCopy = written ? `${shape.slice(0, -1)}${copyMethod(index, fields, module)}}` : shape;
  const equal = positions.map((i) => fieldEquality(fields[i] as FieldType, i, module));
  const compare = positions.map((i) => `r=${fieldComparison(fields[i] as FieldType, i, module)};if(r!==0)return r;`);
  return `${withCopy}
function eq${index}(a,b){return a===b||(${equal.length === 0 ? 'true' : equal.join('&&')});}
function cmp${index}(a,b){let r=0;${compare.join('')}return 0;}
${keyFunction(index, fields, cached, module)}
function size${index}(a){return ${fields.length === 0 ? '0' : fields.map((field, i) => sizeText(`a.f${i}`, field.type, module)).join('+')};}
${fieldsWriter(`write${index}`, fields, `${unqualified(name)}(`, ')', module)}
S.set('R${index}',{values:(a)=>[${positions.map((i) => `a.f${i}`).join(',')}],equals:eq${index},compare:cmp${index},key:key${index},canonical:canonical${index},size:size${index},write:write${index}});`;
}

function copyMethod(index: number, fields: readonly FieldType[], module: Module): string {
  const marks = fields.map((field, i) => {
    if (!isShareable(field.type, module)) return '';
    return `lend(this.f${i},this.shared);`;
  });
  return `copy(){${marks.join('')}return new R${index}(${fields.map((_, i) => `this.f${i}`).join(',')});}`;
}

function isShareable(type: Type, module: Module): boolean {
  if (type.kind === 'Optional') return isShareable(type.of, module);
  if (type.kind === 'Set') return module.layout(type) !== 'mask';
  return type.kind === 'List' || type.kind === 'Map' || (type.kind === 'Record' && module.effects.isWrittenInPlace(type.name));
}

function fieldEquality(field: FieldType, i: number, module: Module): string {
  if (isIdentical(field.type, module.smallNodes)) return `a.f${i}===b.f${i}`;
  if (field.type.kind === 'Record') return `eq${module.declarations.record(field.type.name)}(a.f${i},b.f${i})`;
  return `${module.operations(field.type)}.equals(a.f${i},b.f${i})`;
}

function fieldComparison(field: FieldType, i: number, module: Module): string {
  if (isPlain(field.type)) return `a.f${i}<b.f${i}?-1:a.f${i}>b.f${i}?1:0`;
  if (field.type.kind === 'Record') return `cmp${module.declarations.record(field.type.name)}(a.f${i},b.f${i})`;
  return `${module.operations(field.type)}.compare(a.f${i},b.f${i})`;
}

/** Bits that every value of a type fits in, null for Int (any) and undefined for what does not pack. */
function bitsOf(type: Type, module: Module): number | null | undefined {
  switch (type.kind) {
    case 'Bool':
      return 1;
    case 'Node':
      return bitsFor(module.system.nodes.length);
    case 'Enum':
      return bitsFor(module.protocol.enums[module.declarations.enum(type.name)]?.members.length ?? 1);
    case 'Int':
      return null;
    default:
      return undefined;
  }
}

function bitsFor(count: number): number {
  return count <= 1 ? 1 : 32 - Math.clz32(count - 1);
}

/** Longest canonical text that a record keeps once it was asked for. */
const KEPT_TEXT = 256;

/**
 * Equal records have equal keys and different ones different keys. Small numbers are packed into one, which Map hashes
 * without a string; whatever does not fit gets its canonical text, and no text equals a number. A record that never changes
 * keeps its text (`cached`): the same one is a key at every node that it reaches.
 */
function keyFunction(index: number, fields: readonly FieldType[], cached: boolean, module: Module): string {
  const canonical = `canonical${index}(a)`;
  const texts = fields.map((field, i) =>
    isPlain(field.type) && field.type.kind !== 'String' ? `a.f${i}` : `${module.operations(field.type)}.canonical(a.f${i})`,
  );
  const made = `'['+${texts.length === 0 ? "''" : texts.join(`+','+`)}+']'`;
  const text = cached
    ? `function ${canonical}{if(a.k!==null)return a.k;const t=${made};if(t.length<=${KEPT_TEXT})a.k=t;return t;}`
    : `function ${canonical}{return ${made};}`;
  const packed = packedKey(fields, module);
  if (packed === null) return `${text}function key${index}(a){return ${canonical};}`;
  return `${text}function key${index}(a){return ${packed.tests.length === 0 ? packed.text : `${packed.tests.join('&&')}?${packed.text}:${canonical}`};}`;
}

/** The fields as one number, where the tests hold; null where they do not pack. */
function packedKey(fields: readonly FieldType[], module: Module): { readonly tests: readonly string[]; readonly text: string } | null {
  const bits = fields.map((field) => bitsOf(field.type, module));
  const known = bits.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  const open = bits.filter((each) => each === null).length;
  const share = open === 0 ? 0 : Math.floor((52 - known) / open);
  if (fields.length === 0 || bits.includes(undefined) || known > 52 || (open > 0 && share < 10)) return null;
  const tests = fields.flatMap((_, i) => (bits[i] === null ? [`a.f${i}>=0&&a.f${i}<${2 ** share}`] : []));
  const text = fields.slice(1).reduce((high, _, i) => `(${high})*${2 ** (bits[i + 1] ?? share)}+a.f${i + 1}`, '+a.f0');
  return { tests, text };
}
