import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All TypeScript files below a folder, generated ones left out, as paths relative to the repository. */
function sources(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'generated') found.push(...sources(path));
    } else if (/\.tsx?$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** The modules that a file imports, as paths relative to the repository; packages by their names. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => {
    const target = match[1] as string;
    return target.startsWith('.') ? relative(root, join(root, file, '..', target)) : target;
  });
}

/** Each layer with those it may import, itself included. Data flows down the architecture, imports never up. */
const layers: Record<string, readonly string[]> = {
  'src/base': ['src/base'],
  'src/model': ['src/model', 'src/base'],
  'src/language': ['src/language', 'src/model', 'src/base'],
  'src/analysis': ['src/analysis', 'src/compiler', 'src/model', 'src/base'],
  'src/compiler': ['src/compiler', 'src/model', 'src/base'],
  'src/import': ['src/import', 'src/model', 'src/base'],
  'src/history': ['src/history', 'src/compiler', 'src/model', 'src/base'],
  'src/simulator': ['src/simulator', 'src/history', 'src/compiler', 'src/model', 'src/base'],
  'src/pipeline': ['src/pipeline', 'src/simulator', 'src/history', 'src/compiler', 'src/analysis', 'src/language', 'src/model', 'src/base'],
  'src/protocol': ['src/protocol', 'src/pipeline', 'src/simulator', 'src/analysis', 'src/model', 'src/base'],
  'src/report': ['src/report', 'src/pipeline', 'src/simulator', 'src/analysis', 'src/model', 'src/base'],
  'src/cli': [
    'src/cli',
    'src/import',
    'src/report',
    'src/pipeline',
    'src/simulator',
    'src/analysis',
    'src/language',
    'src/model',
    'src/base',
  ],
  'language-server': [
    'language-server',
    'src/protocol',
    'src/report',
    'src/pipeline',
    'src/simulator',
    'src/analysis',
    'src/language',
    'src/model',
    'src/base',
  ],
  'src/extension': ['src/extension', 'src/protocol', 'src/panel', 'src/simulator', 'src/base'],
  'src/panel': ['src/panel', 'src/protocol', 'src/simulator', 'src/base'],
};
const core = ['src/base', 'src/model', 'src/analysis', 'src/compiler', 'src/simulator', 'src/history', 'src/import'];

describe('imports point down the architecture', () => {
  for (const [layer, allowed] of Object.entries(layers)) {
    it(`${layer} imports only ${allowed.join(', ')}`, () => {
      const wrong = sources(layer).flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('src/') || target.startsWith('language-server'))
          .filter((target) => !allowed.some((folder) => target.startsWith(`${folder}/`)))
          .map((target) => `${file} → ${target}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  it('the core knows no editor, no LSP and no Langium', () => {
    const wrong = core.flatMap((layer) =>
      sources(layer).flatMap((file) =>
        importsOf(file)
          .filter((target) => /^(vscode|langium)/.test(target))
          .map((target) => `${file} → ${target}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('nothing below the faces needs Node, but the workers of the pipeline and the library on disk', () => {
    const allowed = ['worker', 'pool', 'analysis-worker', 'analyst'].map((name) => `src/pipeline/${name}.ts`);
    allowed.push('src/language/node-library.ts');
    const wrong = [...core, 'src/language', 'src/pipeline']
      .flatMap(sources)
      .filter((file) => !allowed.includes(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('node:'))
          .map((target) => `${file} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe('a run is a function of its seed', () => {
  it('nothing in the core asks the machine for chance or time', () => {
    const wrong = core
      .flatMap(sources)
      .filter((file) => /Math\.random|Date\.now|new Date|performance\.now/.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

describe('protocols are data to the tool', () => {
  it('no protocol of the library is named in code', () => {
    const names = sourcesOfLibrary().flatMap((text) => [...text.matchAll(/^protocol (\w+)/gm)].map((match) => match[1] as string));
    expect(names.length).toBeGreaterThan(3);
    // As they are written: in lower case many are words that messages need as well.
    const pattern = new RegExp(`['"\`](${names.join('|')})['"\`]`);
    const wrong = [...Object.keys(layers)].flatMap(sources).filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

describe('files have one subject', () => {
  it('none is longer than 500 lines', () => {
    const long = Object.keys(layers)
      .flatMap(sources)
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 500);
    expect(long).toEqual([]);
  });
});

describe('every finding has its page', () => {
  it('and every page its finding', () => {
    const inCode = new Set(
      [...Object.keys(layers)]
        .flatMap(sources)
        .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/'(DS\d{4})'/g)].map((match) => match[1] as string)),
    );
    const pages = new Set(readdirSync(join(root, 'docs/checks')).map((name) => name.replace(/\.md$/, '')));
    expect([...inCode].filter((code) => !pages.has(code)).sort()).toEqual([]);
    expect([...pages].filter((code) => !inCode.has(code)).sort()).toEqual([]);
  });
});

function sourcesOfLibrary(folder = 'library'): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? sourcesOfLibrary(path) : [readFileSync(join(root, path), 'utf8')];
  });
}
