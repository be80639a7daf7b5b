// Keystroke to diagnostics over stdio, warm: what a user waits for while typing. Reference: a request that the server
// answers without looking at any text, which is the price of the pipe and of JSON.
import { LspClient } from '../test/support/lsp-client.ts';
import { handler, positionOf, type Replaced, typing, values } from './edits.ts';
import { loaded, specificationOf } from './generated.ts';
import { percentile, report } from './report.ts';

const edits = 120;
const warmUp = 30;

for (const { name, lines, system, edit, atMost } of [
  { name: '150 lines', lines: 150, system: undefined, edit: typing, atMost: 50 },
  { name: '1000 lines', lines: 1000, system: undefined, edit: typing, atMost: 100 },
  { name: '1000 lines with every kind of check', lines: 1000, system: loaded, edit: typing, atMost: 100 },
  { name: '1000 lines, values of the system that has every kind of check', lines: 1000, system: loaded, edit: values, atMost: 100 },
  { name: '1000 lines, handlers that this system runs', lines: 1000, system: loaded, edit: handler, atMost: 100 },
]) {
  const client = await LspClient.start();
  const uri = `file:///bench/edit-${name.replaceAll(/[ ,]+/g, '-')}.dsys`;
  const text = specificationOf(lines, system);
  await client.open(uri, text);
  const samples: number[] = [];
  const pings: number[] = [];
  let now = text;
  const changes = edit(text);
  for (let count = 0; count < edits + warmUp; count++) {
    const { at, length, text: put } = changes.next().value as Replaced;
    const range = { start: positionOf(now, at), end: positionOf(now, at + length) };
    now = now.slice(0, at) + put + now.slice(at + length);
    const started = performance.now();
    await client.replace(uri, range, put);
    const took = performance.now() - started;
    const pinged = performance.now();
    await client
      .request('textDocument/prepareRename', { textDocument: { uri: 'file:///bench/none.dsys' }, position: { line: 0, character: 0 } })
      .catch(() => undefined);
    const ping = performance.now() - pinged;
    if (count >= warmUp) {
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
