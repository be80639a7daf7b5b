import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { checkFile } from '../src/pipeline/check.ts';
import { loaded, specificationOf } from './generated.ts';

const which = process.argv[2] ?? "plain";
const only = process.argv[3];
const text = specificationOf(1000, which === 'loaded' ? loaded : undefined);
const w = new Workspace({ readText: () => undefined, library: nodeLibrary('/work/wt/faces/package.json') });
const uri = 'file:///x.dsys';
const p = (s: number[], q: number) => [...s].sort((a, b) => a - b)[Math.floor(q * s.length)]!.toFixed(1);
const kinds: Record<string, (k: number) => string> = {
  comment: (k) => `// ${'x'.repeat(k % 50)}\n${text}`,
  typing: (k) => 'const pause = 12ms'.slice(0, k % 19) + text,
  handler: (k) => text.replace("votes = {self}", `votes = {self}  term = term + ${k}`),
  delay: (k) => text.replace(/delay: (150|50)ms/, `delay: ${100 + k}ms`),
  rate: (k) => text.replace(/rate: (40|10)\/s/, `rate: ${10 + k}/s`),
  latency: (k) => text.replace(/normal\((20|2)ms/, `normal(${5 + k * 0.1}ms`),
  crash: (k) => text.replace(/crash 2 of replica/, `crash ${k % 7} of replica`),
  size: (k) => text.replace(/const size = 7/, `const size = ${5 + (k % 8)}`),
};
for (const [name, make] of Object.entries(kinds)) {
  if (only && only !== name) continue;
  const samples: number[] = [];
  const checks: number[] = [];
  for (let k = 0; k < 90; k++) {
    const t1 = make(k);
    w.setText(uri, t1);
    const c0 = process.cpuUsage();
    const t = performance.now();
    w.check(uri);
    const m = performance.now();
    const r = checkFile(w, uri);
    const c = process.cpuUsage(c0);
    if (k === 40 && process.argv[4]) console.log(r.findings.map((f) => f.code).join(' '));
    if (k > 30) {
      samples.push((c.user + c.system) / 1000);
      checks.push(m - t);
    }
  }
  console.log(
    which.padEnd(8),
    name.padEnd(10),
    'cpu p50',
    p(samples, 0.5),
    'p95',
    p(samples, 0.95),
    'max',
    p(samples, 0.999),
    'language p50',
    p(checks, 0.5),
    'p95',
    p(checks, 0.95),
  );
}
