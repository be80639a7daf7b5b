import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../src/base/source.ts';
import { parseText } from '../../src/language/parser.ts';
import { documentationOf, spanOfProperty, textOf } from '../../src/language/syntax.ts';
import { createLangiumParser } from '../support/langium-parser.ts';
import { samples } from './samples.ts';

/** Processor time of this process, ms: what a busy machine does not stretch. */
const cpu = (): number => process.cpuUsage().user / 1000;

const codes = (text: string): string[] => parseText('file:///a.dsys', text).findings.map((finding) => finding.code);

/** `line:column code underlined text`, counted from 1. */
function places(text: string): string[] {
  const lines = new LineIndex(text);
  return parseText('file:///a.dsys', text).findings.map((finding) => {
    const { line, column } = lines.position(finding.span.start);
    return `${line + 1}:${column + 1} ${finding.code} ${text.slice(finding.span.start, finding.span.end)}`;
  });
}

/** A tree without links to parents and places. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => (!key.startsWith('$') || key === '$type') && value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
}

describe('the tree', () => {
  const langium = createLangiumParser();
  it.each(Object.keys(samples))('is the one that Langium reads: %s', (name) => {
    const text = samples[name] as string;
    const parsed = parseText('file:///a.dsys', text);
    expect(parsed.findings).toEqual([]);
    const reference = langium.parse(text);
    expect(reference.parserErrors).toEqual([]);
    expect(plain(parsed.ast)).toEqual(plain(reference.value));
  });

  it('knows the places of nodes and of their names', () => {
    const text = '/** Two of them. */\nsystem Pair {\n  node replica[2]\n}\n';
    const { ast } = parseText('file:///a.dsys', text);
    const system = ast.declarations[0]!;
    expect(documentationOf(system)).toBe('Two of them.');
    expect(textOf(system)).toBe(text.slice(text.indexOf('system')).trimEnd());
    const group = system.$type === 'System' ? system.members[0]! : system;
    expect(spanOfProperty(group, 'name')).toEqual({ uri: 'file:///a.dsys', start: 41, end: 48 });
  });

  it('binds operators by the ladder', () => {
    const show = (node: unknown): string => {
      const part = node as Record<string, unknown>;
      if (part.$type === 'Binary') return `(${show(part.left)} ${part.operator} ${show(part.right)})`;
      if (part.$type === 'Unary') return `(${part.operator} ${show(part.operand)})`;
      return String(part.name ?? part.text);
    };
    const read = (text: string): string => {
      const constant = parseText('file:///a.dsys', `const x = ${text}`).ast.declarations[0]!;
      return show((constant as unknown as { value: unknown }).value);
    };
    expect(read('a + b * c - d')).toBe('((a + (b * c)) - d)');
    expect(read('not a == b and c or d implies e')).toBe('((((not (a == b)) and c) or d) implies e)');
    expect(read('-a ^ 2 * b')).toBe('((- (a ^ 2)) * b)');
    expect(read('a ^ -b ^ c')).toBe('(a ^ (- (b ^ c)))');
    expect(read('a in b .. c + 1')).toBe('(a in (b .. (c + 1)))');
  });

  it('takes a value of return and reply from their own line only', () => {
    expect(codes('protocol P { on start { reply\n x = 1\n return } }')).toEqual([]);
    expect(places('protocol P { on start {\n return\n x + 1\n} }')).toEqual(['3:2 DS0006 x']);
  });
});

describe('a text that is not worth reading', () => {
  it('is too large', () => {
    const started = cpu();
    expect(codes('x'.repeat(5_000_000))).toEqual(['DS0003']);
    expect(cpu() - started).toBeLessThan(300);
  });
  it('nests 10,000 parentheses', () => expect(codes(`const a = ${'('.repeat(10_000)}1${')'.repeat(10_000)}`)).toEqual(['DS0004']));
  it('nests without brackets', () => {
    expect(codes(`const a = ${'not '.repeat(50_000)}true`)).toEqual(['DS0004']);
    expect(codes(`const a = 1${' + 1'.repeat(50_000)}`)).toEqual(['DS0004']);
    expect(codes(`const a = ${'x => '.repeat(50_000)}1`)).toEqual(['DS0004']);
    expect(codes(`protocol P { on start { ${'if a { } else '.repeat(30_000)} { } } }`)).toEqual(['DS0004']);
  });
  it('nests 200 brackets, which is still read', () => expect(codes(`const a = ${'('.repeat(200)}1${')'.repeat(200)}`)).toEqual([]));
  it('is binary', () => expect(codes('\u007fELF\0\0\0')).toEqual(['DS0005']));
  it('is half a megabyte of signs', () => {
    for (const sign of ['#', '#x ', '{', '}', '{}', '"', '/*', '"\n', 'a ', 'node ', '((', '1.', '=> ', ', ']) {
      const started = cpu();
      parseText('file:///a.dsys', sign.repeat((512 * 1024) / sign.length));
      expect(cpu() - started, sign).toBeLessThan(2_000);
    }
  });
});

describe('places of mistakes', () => {
  it('points at the last token where the file ends too early', () => {
    expect(places('system S {\n  node a[3]\n\n\n')).toEqual(['2:11 DS0002 ]']);
    expect(places('const a =   \n\n')).toEqual(['1:9 DS0002 =']);
  });
  it('finds the block without a closing brace by its indentation', () => {
    expect(places('protocol P {\n  on start {\n    if a {\n      b = 1\n  }\n  timer t\n}\nsystem S { }')).toEqual(['4:11 DS0002 1']);
  });
  it('reports one mistake once', () => {
    expect(places('system S {\n  nod a[3]\n  node b\n}')).toEqual(['2:3 DS0002 nod']);
    expect(places('system S {\n  node a[3 (cpu: 1ms)\n  node b\n}')).toEqual(['2:12 DS0002 (']);
    expect(places('const a = 10mss + 1')).toEqual(['1:11 DS0007 10mss']);
    expect(places('const a =\nconst b = 1')).toEqual(['2:1 DS0002 const']);
  });
  it('reads on behind a mistake', () => {
    const { ast, dropped } = parseText('file:///a.dsys', 'system S {\n  node a[\n  node b\n}\nprotocol P { timer }\nconst c = 1');
    expect(ast.declarations.map((declaration) => declaration.name)).toEqual(['S', 'P', 'c']);
    expect(dropped).toEqual(['a']);
  });
});

describe('any text at all', () => {
  const soundly = (text: string): void => {
    const { findings } = parseText('file:///a.dsys', text);
    for (const { span, message } of findings) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(text.length);
      expect(span.start).toBeLessThanOrEqual(span.end);
      expect(message).not.toMatch(/undefined|\[object/);
    }
  };
  it('is read without a crash', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), soundly), { numRuns: 300 });
  });
  it('made of words of the language is read without a crash', () => {
    const words = [
      ...new Set(
        Object.values(samples)
          .join(' ')
          .split(/\s+|\b/),
      ),
    ].filter((word) => word !== '');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, '\n', '}', '{'), { maxLength: 200 }), (list) => soundly(list.join(' '))),
      {
        numRuns: 300,
      },
    );
  });
  it('cut anywhere is read without a crash', () => {
    for (const text of Object.values(samples)) for (let end = 0; end < text.length; end += 7) soundly(text.slice(0, end));
  });
  it('with a stretch taken out has few mistakes', () => {
    const text = Object.values(samples).join('\n');
    fc.assert(
      fc.property(fc.nat(text.length), fc.integer({ min: 1, max: 12 }), (start, length) => {
        const { findings } = parseText('file:///a.dsys', text.slice(0, start) + text.slice(start + length));
        expect(findings.length).toBeLessThan(6);
      }),
      { numRuns: 300 },
    );
  });
});
