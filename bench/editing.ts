// Keystroke to diagnostics over stdio, warm: what a user waits for while typing. Reference: a request that the server
// answers without looking at any text, which is the price of the pipe and of JSON.
import { LspClient } from '../test/support/lsp-client.ts';
import { loaded, specificationOf } from './generated.ts';
import { percentile, report } from './report.ts';

const edits = 120;
const warmUp = 30;

for (const { name, lines, system, atMost } of [
  { name: '150 lines', lines: 150, system: undefined, atMost: 50 },
  { name: '1000 lines', lines: 1000, system: undefined, atMost: 100 },
  { name: '1000 lines with every kind of check', lines: 1000, system: loaded, atMost: 100 },
]) {
  const client = await LspClient.start();
  const uri = `file:///bench/edit-${name.replaceAll(' ', '-')}.dsys`;
  const text = specificationOf(lines, system);
  await client.open(uri, text);
  const typed = 'const pause = 12ms';
  const samples: number[] = [];
  const pings: number[] = [];
  let column = 0;
  for (let edit = 0; edit < edits + warmUp; edit++) {
    // Types a constant letter by letter at the top, again and again: most of the texts on the way are half-typed.
    if (column >= typed.length) {
      await client.change(uri, text);
      column = 0;
    }
    const started = performance.now();
    await client.type(uri, { line: 0, character: column }, typed[column] as string);
    const took = performance.now() - started;
    const pinged = performance.now();
    await client
      .request('textDocument/prepareRename', { textDocument: { uri: 'file:///bench/none.dsys' }, position: { line: 0, character: 0 } })
      .catch(() => undefined);
    const ping = performance.now() - pinged;
    column++;
    if (edit >= warmUp) {
      samples.push(took);
      pings.push(ping);
    }
  }
  await client.stop();
  report({
    name: `edit to diagnostics, ${name}, 95th percentile`,
    value: percentile(samples, 0.95),
    unit: 'ms',
    reference: { name: 'empty request', value: percentile(pings, 0.5) },
    atMost,
  });
  report({
    name: `edit to diagnostics, ${name}, median`,
    value: percentile(samples, 0.5),
    unit: 'ms',
    reference: { name: 'empty request', value: percentile(pings, 0.5) },
  });
}
