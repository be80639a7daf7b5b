import { describe, expect, it } from 'vitest';
import type { Library } from '../../src/language/library.ts';
import { importPath, resolveImport } from '../../src/language/library.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';

const library: Library = {
  list: () => ['test/echo', 'test/both'],
  read: (path) => ({ 'test/echo': 'protocol Echo { }', 'test/both': 'import Echo from "./echo"\nadversary Mute for Echo { }' })[path],
};

function workspace(files: Record<string, string> = {}, onDisk: Record<string, string | { error: string }> = {}): Workspace {
  const made = new Workspace({ library, readText: (uri) => onDisk[uri.replace('file:///', '')] });
  for (const [name, text] of Object.entries(files)) made.setText(`file:///${name}`, text);
  return made;
}

const codes = (made: Workspace, name: string): string[] => made.check(`file:///${name}`).findings.map((finding) => finding.code);

describe('paths of imports', () => {
  it('are resolved against the importing file', () => {
    expect(resolveImport('file:///a/b/main.dsys', './x')).toBe('file:///a/b/x.dsys');
    expect(resolveImport('file:///a/b/main.dsys', '../x.dsys')).toBe('file:///a/x.dsys');
    expect(resolveImport('file:///c%3A/my%20files/main.dsys', './größe')).toBe('file:///c%3A/my%20files/gr%C3%B6%C3%9Fe.dsys');
    expect(resolveImport('untitled:Untitled-1', './x')).toBeUndefined();
    expect(resolveImport('file:///main.dsys', 'x')).toBeUndefined();
  });
  it('of the library are the same everywhere', () => {
    expect(resolveImport('file:///main.dsys', 'dsys/test/echo')).toBe('dsys-library:/test/echo.dsys');
    expect(resolveImport('dsys-library:/test/both.dsys', './echo')).toBe('dsys-library:/test/echo.dsys');
  });
  it('are written as short as possible', () => {
    expect(importPath('file:///a/main.dsys', 'file:///a/b/x.dsys')).toBe('./b/x');
    expect(importPath('file:///a/main.dsys', 'file:///c/x.dsys')).toBe('../c/x');
    expect(importPath('file:///a/main.dsys', 'dsys-library:/test/echo.dsys')).toBe('dsys/test/echo');
  });
});

describe('a workspace', () => {
  it('reads of the library only what is imported', () => {
    const read: string[] = [];
    const counting: Library = {
      list: () => library.list(),
      read: (path) => {
        read.push(path);
        return library.read(path);
      },
    };
    const made = new Workspace({ library: counting, readText: () => undefined });
    made.setText('file:///main.dsys', 'import Echo from "dsys/test/echo"\nadversary Mute for Echo { }');
    expect(made.check('file:///main.dsys').findings).toEqual([]);
    expect(read).toEqual(['test/echo']);
  });
  it('gives the same object as long as nothing changed that matters', () => {
    const made = workspace({
      'main.dsys': 'import P from "./p"\nadversary A for P { }',
      'p.dsys': 'protocol P { }',
      'other.dsys': 'const a = 1',
    });
    const before = made.check('file:///main.dsys');
    expect(made.check('file:///main.dsys')).toBe(before);
    made.setText('file:///other.dsys', 'const b = 2');
    expect(made.check('file:///main.dsys')).toBe(before);
    made.setText('file:///p.dsys', 'protocol P { var x = 1 }');
    const after = made.check('file:///main.dsys');
    expect(after).not.toBe(before);
    expect(after.findings).toEqual([]);
  });

  it('checks importing files anew, through others too', () => {
    const made = workspace({ 'a.dsys': 'import B from "./b"\nsystem S { node n  run B on n }', 'b.dsys': 'protocol B { }' });
    expect(codes(made, 'a.dsys')).toEqual([]);
    made.setText('file:///b.dsys', 'protocol Renamed { }');
    expect(codes(made, 'a.dsys')).toEqual(['DS1202']);
    expect(made.dependants('file:///b.dsys')).toEqual(['file:///a.dsys']);
    made.setText('file:///b.dsys', 'import C from "./c"\nprotocol B(c: Int = C) { }');
    expect(codes(made, 'a.dsys')).toEqual(['DS1206']);
    made.setText('file:///c.dsys', 'const C = 1');
    expect(codes(made, 'a.dsys')).toEqual([]);
    expect(made.dependants('file:///c.dsys')).toEqual(['file:///a.dsys', 'file:///b.dsys']);
  });

  it('reads from the host what nobody has open, until told that it has changed', () => {
    const onDisk: Record<string, string | { error: string }> = {
      'p.dsys': 'protocol P { }',
      'folder.dsys': { error: 'it is a directory' },
    };
    const made = workspace({ 'main.dsys': 'import P from "./p"\nimport X from "./folder"\nadversary A for P { }' }, onDisk);
    expect(codes(made, 'main.dsys')).toEqual(['DS1203']);
    onDisk['p.dsys'] = 'protocol Q { }';
    expect(codes(made, 'main.dsys')).toEqual(['DS1203']);
    made.changed('file:///p.dsys');
    expect(codes(made, 'main.dsys')).toEqual(['DS1202', 'DS1203']);
    made.setText('file:///p.dsys', 'protocol P { }');
    expect(codes(made, 'main.dsys')).toEqual(['DS1203']);
    made.delete('file:///p.dsys');
    expect(codes(made, 'main.dsys')).toEqual(['DS1202', 'DS1203']);
  });

  it('finds circles from wherever one looks, and forgets them when they are gone', () => {
    const made = workspace({ 'a.dsys': 'import B from "./b"\nconst A = B', 'b.dsys': 'import A from "./a"\nconst B = A' });
    expect(codes(made, 'b.dsys')).toEqual(['DS1204']);
    expect(codes(made, 'a.dsys')).toEqual(['DS1204']);
    made.setText('file:///b.dsys', 'const B = 1');
    expect(codes(made, 'a.dsys')).toEqual([]);
  });

  it('reads a chain of many files', () => {
    const made = workspace();
    for (let at = 0; at < 300; at++)
      made.setText(`file:///f${at}.dsys`, at === 299 ? 'const C = 1' : `import C as D from "./f${at + 1}"\nconst C = D + 1`);
    expect(codes(made, 'f0.dsys')).toEqual([]);
  });

  it('knows the library', () => {
    const made = workspace({
      'main.dsys': 'import Echo from "dsys/test/echo"\nimport Mute from "dsys/test/both"\nsystem S { node a  run Echo on a }',
    });
    expect(codes(made, 'main.dsys')).toEqual(['DS1205']);
    expect(made.files).toEqual(['file:///main.dsys']);
    expect(nodeLibrary(import.meta.url).list()).toContain('consensus/raft');
  });

  it('offers the import line for a protocol that some file declares', () => {
    const made = workspace({ 'main.dsys': 'system S { node a  run Echo on a }' });
    const [finding] = made.check('file:///main.dsys').findings;
    expect(finding?.code).toBe('DS1230');
    expect(finding?.fixes?.[0]?.edits[0]?.text).toBe('import Echo from "dsys/test/echo"\n\n');
  });

  it('tells what every name refers to', () => {
    const text =
      'import P as Q from "./p"\nsystem S {\n  node a[2]\n  faults F { crash 1 of a }\n  run Q on a\n  scenario X under F (duration: 1s) { }\n}\n';
    const made = workspace({ 'main.dsys': text, 'p.dsys': 'protocol P { }' });
    const { uses, declarations } = made.check('file:///main.dsys');
    const shown = uses.map(({ span, declaration }) => `${text.slice(span.start, span.end)} → ${declaration.kind} ${declaration.name}`);
    expect(shown.sort()).toEqual([
      'F → fault-model F',
      'P → protocol P',
      'Q → protocol P',
      'a → group a',
      'a → group a',
      'duration → given duration',
    ]);
    expect(declarations.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['system S', 'group a', 'fault-model F', 'scenario X']);
  });

  it('checks half-written text without a crash', () => {
    const full =
      'import Echo from "dsys/test/echo"\nconst k = 2\nsystem S {\n  zone z\n  node a[k] in [z]\n  link ring(a) with (latency: 2ms)\n  faults F { crash 1 of a with (recovers: true) }\n  run Echo on a\n  workload w on a { call Go(unique) to any(a) with (rate: 5/s) }\n  scenario X under F (duration: 1s) {\n    vary k in [1]\n    at 1s lose(a, a, 10%)\n    expect p99(latency(Go)) < 5ms\n    expect linearizable(Spec)\n  }\n}\n';
    const made = workspace();
    for (let end = 0; end <= full.length; end++) {
      made.setText('file:///main.dsys', full.slice(0, end));
      made.check('file:///main.dsys');
      made.setText('file:///main.dsys', full.slice(0, end) + full.slice(end + 5));
      made.check('file:///main.dsys');
    }
  });
});
