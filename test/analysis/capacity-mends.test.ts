import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../src/base/finding.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { checkFile } from '../../src/pipeline/check.ts';

/** Changes that capacity findings offer: each mends what it is offered for. */

const library = nodeLibrary(import.meta.url);
const uri = 'file:///mends.dsys';

function findingsOf(text: string): Finding[] {
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, text);
  return checkFile(workspace, uri).findings.filter(({ code }) => code.startsWith('DS36') || code.startsWith('DS1'));
}

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((result, { span, text: added }) => result.slice(0, span.start) + added + result.slice(span.end), text);
}

const serve = 'protocol Serve { operation Ask on op: Ask { reply } }';

describe('mends of an overload', () => {
  const cases: readonly { readonly name: string; readonly code: string; readonly text: string; readonly titles: readonly string[] }[] = [
    {
      name: 'a lower rate or more servers',
      code: 'DS3601',
      titles: ['Raise `server` from 2 to 3 nodes', 'Lower the rate of `Ask` from 100/s to 66/s a client'],
      text: `${serve} system S {
        node server[2] (cpu: 8ms)
        node client[3]
        run Serve on server
        workload asking on client { call Ask() to any(server) with (rate: 100/s) }
      }`,
    },
    {
      name: 'a lower rate where a leader does the work',
      code: 'DS3601',
      titles: ['Lower the rate of `Submit` from 60/s to 41/s a client'],
      text: `import Raft from "dsys/consensus/raft"
      system S {
        node replica[5] (cpu: 1ms)
        node client[2]
        timing partially_synchronous(delay: 20ms, gst: 0s)
        run Raft on replica
        workload writing on client { call Submit(command: unique) to any(replica) with (rate: 60/s) }
      }`,
    },
    {
      name: 'enough after the loss of a zone',
      code: 'DS3602',
      titles: ['Raise `server` from 3 to 4 nodes', 'Lower the rate of `Ask` from 240/s to 160/s a client'],
      text: `${serve} system S {
        zone a zone b zone c
        node server[3] in [a, b, c] (cpu: 10ms)
        node client
        faults One { outage 1 of [c] }
        run Serve on server
        workload asking on client { call Ask() to any(server) with (rate: 240/s, timeout: 1s, retries: 3) }
      }`,
    },
  ];
  for (const { name, code, text, titles } of cases) {
    it(name, () => {
      const finding = findingsOf(text).find((each) => each.code === code);
      expect(finding?.fixes?.map(({ title }) => title)).toEqual(titles);
      for (const fix of finding?.fixes ?? []) {
        const left = findingsOf(applied(text, fix));
        expect(left.filter((each) => each.code === code || each.severity === 'error')).toEqual([]);
      }
    });
  }

  it('are not offered where the rate is a constant of the file and nothing else helps', () => {
    const text = `${serve} const load = 400/s
      system S {
        node server (cpu: 8ms)
        node client
        run Serve on server
        workload asking on client { call Ask() to server with (rate: load) }
      }`;
    const [finding] = findingsOf(text);
    expect(finding?.code).toBe('DS3601');
    expect(finding?.fixes).toEqual([]);
    expect(finding?.help).toBe(
      'Lower the rate, or spread the calls over more nodes, or serve messages faster: a mean `cpu` of 2ms would bring it to 80%.',
    );
  });

  it('fewer members where a protocol says that it scales no further, as long as its requirements hold', () => {
    const text = `protocol Replicate {
        quorum Majority = majority(members)
        requires liveness available(Majority) because "a quorum must be up"
        scales with (serial: 3%, crosstalk: 1%)
      }
      system S {
        node replica[15]
        faults F { crash CRASHES of replica }
        run Replicate on replica
      }`;
    const titles = (crashes: number) => findingsOf(text.replace('CRASHES', `${crashes}`))[0]?.fixes?.map(({ title }) => title);
    expect(titles(2)).toEqual(['Lower `replica` from 15 to 10 nodes']);
    // Eleven are needed to bear five crashes, and ten do most.
    expect(titles(5)).toEqual([]);
  });
});
