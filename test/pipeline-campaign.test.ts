import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { emptyLibrary } from '../src/language/library.ts';
import { Workspace } from '../src/language/workspace.ts';
import type { SystemCode } from '../src/model/system-code.ts';
import { defaultLimits, type RunRequest } from '../src/pipeline/api.ts';
import { type CampaignHeader, campaignText, contentOf, difference, parseCampaign } from '../src/pipeline/campaign-file.ts';
import { CampaignRecord } from '../src/pipeline/campaign-record.ts';
import { runInWorkers } from '../src/pipeline/pool.ts';

/* Campaigns: what is kept of them, and that it makes no difference in how many pieces they are run. */

const worker = fileURLToPath(new URL('../dist/worker/worker.cjs', import.meta.url));

const text = `protocol Coins {
  var heads = false
  event Landed(heads: Bool)
  on start { heads = random(0..4) == 0  emit Landed(heads: heads) }
  invariant Tails { forall m in members: not m.heads }
}
system Table {
  const n = 1
  node coin[n]
  run Coins on coin
  scenario Flip (duration: 1s, seeds: 40) {
    vary n in [1, 2]
    expect max(time_to(Landed)) <= 1s
  }
}`;

function codeOf(specification: string, uri = 'file:///coins.dsys'): SystemCode {
  const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
  workspace.setText(uri, specification);
  return workspace.check(uri).systems[0] as SystemCode;
}

const code = codeOf(text);
const request: RunRequest = { code, scenarios: ['Flip'], seed: null, runs: null, trace: false, constants: {}, limits: defaultLimits };
const header: CampaignHeader = {
  tool: '1.2.3',
  file: 'coins.dsys',
  content: contentOf(code),
  system: 'Table',
  scenario: 'Flip',
  settings: [],
  coverage: false,
  firstSeed: null,
  runs: null,
  shard: null,
};

async function recordOf(shard: { readonly index: number; readonly of: number } | null, record = new CampaignRecord()) {
  const report = await runInWorkers(worker, request, { record, shard }, 2);
  return { report, record };
}

describe('a campaign', () => {
  test('in shards gives what it gives in one piece', async () => {
    const whole = await recordOf(null);
    const merged = new CampaignRecord();
    for (const index of [3, 1, 2]) {
      const { record } = await recordOf({ index, of: 3 });
      const kept = parseCampaign(campaignText({ header, record }), '1.2.3').record;
      for (const [variant, { done }] of kept.parts) for (const [seed, outcome] of done) merged.part(variant).done.set(seed, outcome);
    }
    expect(merged.seeds).toBe(80);
    const report = await runInWorkers(worker, request, { record: merged, concludeOnly: true }, 1);
    expect(report.stopped).toBe('no');
    expect(JSON.stringify(report)).toBe(JSON.stringify(whole.report));
    expect(campaignText({ header, record: merged })).toBe(campaignText({ header, record: whole.record }));
  });

  test('goes on where it stopped and gives what it gives in one go', async () => {
    const whole = await recordOf(null);
    const abort = new AbortController();
    const record = new CampaignRecord();
    const onProgress = () => abort.abort();
    const stopped = await runInWorkers(worker, request, { record, signal: abort.signal, graceMs: 5_000, onProgress }, 1);
    expect(stopped.stopped).toBe('cancelled');
    expect(record.seeds).toBeLessThan(80);
    const kept = parseCampaign(campaignText({ header, record }), '1.2.3').record;
    const { report } = await recordOf(null, kept);
    expect(JSON.stringify(report)).toBe(JSON.stringify(whole.report));
  });

  test('that lacks seeds is said to have stopped, and runs none when it is only to be concluded', async () => {
    const { record } = await recordOf({ index: 1, of: 2 });
    const report = await runInWorkers(worker, request, { record, concludeOnly: true }, 1);
    expect(report.stopped).toBe('cancelled');
    expect(record.seeds).toBe(40);
  });
});

describe('a campaign file', () => {
  const written = async () => campaignText({ header, record: (await recordOf({ index: 1, of: 4 })).record });

  test('is refused when it is cut short, wherever', async () => {
    const whole = await written();
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const cut = whole.slice(0, Math.floor(share * (whole.length - 1)));
      expect(() => parseCampaign(cut, '1.2.3'), String(share)).toThrow(/cut short|is not a campaign file/);
    }
    const lines = whole.split('\n');
    expect(() => parseCampaign([...lines.slice(0, 4), ...lines.slice(5)].join('\n'), '1.2.3')).toThrow(/was changed/);
  });

  test('is refused when somebody has edited it', async () => {
    const edited = (await written()).replace('"fails":true', '"fails":false');
    expect(() => parseCampaign(edited, '1.2.3')).toThrow(/was changed after dsys wrote it/);
    const other = (await written()).replace('"scenario":"Flip"', '"scenario":"Flap"');
    expect(() => parseCampaign(other, '1.2.3')).toThrow(/was changed after dsys wrote it/);
  });

  test('is refused when it comes from another version', async () => {
    expect(() => parseCampaign('hello', '1.2.3')).toThrow(/is not a campaign file/);
    const whole = await written();
    expect(() => parseCampaign(whole, '1.3.0')).toThrow(/was written by dsys 1.2.3/);
    expect(() => parseCampaign(whole.replace('"version":1', '"version":2'), '1.2.3')).toThrow(/version 2 of the format/);
  });

  test('is of the text that it was made of, wherever that lies', () => {
    expect(contentOf(codeOf(text, 'file:///elsewhere/coins.dsys'))).toBe(contentOf(code));
    expect(contentOf(codeOf(text.replace('0..4', '0..5')))).not.toBe(contentOf(code));
  });

  test('names what keeps two of them apart', () => {
    expect(difference(header, { ...header, shard: null, file: 'x/coins.dsys' })).toBeNull();
    expect(difference(header, { ...header, scenario: 'Other' })).toBe('another scenario: `Flip` and `Other`');
    expect(difference(header, { ...header, content: '0' })).toMatch(/another text/);
    expect(difference(header, { ...header, settings: ['n=3'] })).toBe('other constants: none set and n=3');
    expect(difference(header, { ...header, runs: 7 })).toMatch(/number of seeds/);
    expect(difference(header, { ...header, firstSeed: 7 })).toMatch(/first seed/);
    const shard = (index: number, of: number) => ({ ...header, shard: { index, of } });
    expect(difference(shard(1, 3), shard(2, 3))).toBeNull();
    expect(difference(shard(1, 3), shard(2, 4))).toMatch(/division into shards/);
  });
});
