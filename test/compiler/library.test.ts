import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { compileSpecification } from '../../src/compiler/specification.ts';
import type { Library } from '../../src/language/library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { RecordingHost } from '../support/compile-text.ts';

const root = new URL('../../library/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.dsys'))
  .map((path) => path.replace(/\.dsys$/, ''))
  .sort();
const library: Library = {
  list: () => files,
  read: (path) => (files.includes(path) ? readFileSync(new URL(`${path}.dsys`, root), 'utf8') : undefined),
};

/** Every system and specification of a file; a protocol without system gets one of five nodes. */
function systemsOf(path: string) {
  const uri = 'file:///library.test.dsys';
  const host = { readText: () => undefined, library };
  const checked = new Workspace(host).check(`dsys-library:/${path}.dsys`);
  const deployed = checked.protocols.filter(
    ({ roles, parameters }) => roles.length === 0 && parameters.every(({ value }) => value !== null),
  );
  const workspace = new Workspace(host);
  const names = deployed.map(({ name }) => name);
  const imports = names.length === 0 ? '' : `import ${names.join(', ')} from "dsys/${path}"`;
  workspace.setText(uri, `${imports}\n${names.map((name) => `system Test${name} { node r[5] run ${name} on r }`).join('\n')}`);
  return { checked, systems: [...checked.systems, ...workspace.check(uri).systems] };
}

describe('the library', () => {
  it.each(files)('%s compiles, and its nodes start', (path) => {
    const { checked, systems } = systemsOf(path);
    for (const code of systems) {
      const { system } = expand(code);
      if (system === null) continue;
      for (const { index, members } of system.deployments) {
        const program = compileDeployment(system, index);
        const host = new RecordingHost(system.nodes.length);
        const instances = system.nodes.map((node) => (members.includes(node.index) ? program.instantiate(node.index, host) : undefined));
        for (const instance of instances) instance?.start();
        for (const property of [...program.invariants, ...program.eventualities]) property.check(instances, members, members, -1);
        for (const invariant of program.invariants) expect(invariant.check(instances, members, members, -1)).toBeNull();
      }
    }
    expect(systems.length + checked.specifications.length).toBeGreaterThan(0);
    for (const specification of checked.specifications) compileSpecification(specification).initial();
  });
});
