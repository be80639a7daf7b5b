import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { compileSpecification } from '../../src/compiler/specification.ts';
import type { Library } from '../../src/language/library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import type { ProtocolCode } from '../../src/model/code.ts';
import { expand } from '../../src/model/expand.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
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

/** The file that declares the protocol of that name. */
function pathOf(name: string): string | undefined {
  return files.find((each) => new RegExp(`^protocol ${name}\\b`, 'm').test(library.read(each) ?? ''));
}

/** A `run` of a protocol on all nodes, each in all of its roles, behind those of what it uses. */
function runsOf(protocol: ProtocolCode): string {
  return [...protocol.uses.map((use) => protocolNamed(use.protocol)), protocol].map(runOf).join(' ');
}

function runOf({ roles, name }: ProtocolCode): string {
  return `run ${name} on ${roles.length === 0 ? 'r' : roles.map((role) => `${role.name}: r`).join(', ')}`;
}

function protocolNamed(name: string): ProtocolCode {
  const { protocols } = new Workspace({ readText: () => undefined, library }).check(`dsys-library:/${pathOf(name)}.dsys`);
  return protocols.find((each) => each.name === name)!;
}

/** Every system and specification of a file; a protocol without system gets one of five nodes. */
function systemsOf(path: string) {
  const uri = 'file:///library.test.dsys';
  const host = { readText: () => undefined, library };
  const checked = new Workspace(host).check(`dsys-library:/${path}.dsys`);
  const deployed = checked.protocols.filter(({ parameters }) => parameters.every(({ value }) => value !== null));
  const workspace = new Workspace(host);
  const names = deployed.map(({ name }) => name);
  const imports = names.length === 0 ? '' : `import ${names.join(', ')} from "dsys/${path}"`;
  const used = [...new Set(deployed.flatMap(({ uses }) => uses.map(({ protocol }) => protocol)))].filter((name) => !names.includes(name));
  const others = used.map((name) => `import ${name} from "dsys/${pathOf(name)}"`).join('\n');
  const systems = deployed.map(
    (protocol) => `system Test${protocol.name} { node r[5] ${runsOf(protocol)} scenario Start (duration: 1ms, seeds: 1) { } }`,
  );
  workspace.setText(uri, `${imports}\n${others}\n${systems.join('\n')}`);
  return { checked, deployed, systems: [...checked.systems, ...workspace.check(uri).systems] };
}

describe('the library', () => {
  it.each(files)('%s compiles, and its nodes start', (path) => {
    const { checked, deployed, systems } = systemsOf(path);
    for (const code of systems) {
      const { system } = expand(code);
      if (system === null) continue;
      if (system.deployments.some(({ uses }) => uses.length > 0)) {
        // What is used must be there: a run brings all together.
        const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
        const result = runOnce(system, programs, system.scenarios[0]!, 1);
        expect([result.error, result.violations.filter(({ kind }) => kind === 'invariant')]).toEqual([null, []]);
        continue;
      }
      for (const { index, members } of system.deployments) {
        const program = compileDeployment(system, index);
        const host = new RecordingHost(system.nodes.length);
        const instances = system.nodes.map((node) => (members.includes(node.index) ? program.instantiate(node.index, host) : undefined));
        for (const instance of instances) instance?.start();
        for (const property of [...program.invariants, ...program.eventualities]) property.check(instances, members, members, -1);
        for (const invariant of program.invariants) expect(invariant.check(instances, members, members, -1)).toBeNull();
      }
    }
    expect(checked.protocols).not.toEqual([]);
    // One that must be given arguments is started by its own tests.
    expect(systems.length).toBeGreaterThanOrEqual(deployed.length);
    for (const specification of checked.specifications) compileSpecification(specification).initial();
  });
});
