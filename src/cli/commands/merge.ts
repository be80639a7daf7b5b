import { dirname, resolve } from 'node:path';
import { parseSchedule } from '../../model/schedule-text.ts';
import { type CampaignHeader, contentOf, difference, shardText } from '../../pipeline/campaign-file.ts';
import { CampaignRecord } from '../../pipeline/campaign-record.ts';
import { plural } from '../../report/units.ts';
import { varySeries } from '../../report/vary.ts';
import { addCoverage } from '../../simulator/coverage.ts';
import { pathFrom, readCampaign, writeCampaign } from '../campaign-target.ts';
import { Checker } from '../checker.ts';
import type { MergeOptions } from '../command-line.ts';
import { UsageError } from '../exit-code.ts';
import { displayPath, singleFile } from '../files.ts';
import { Output } from '../output.ts';
import { repeatCommand, simulate, simulationPool } from '../simulate.ts';
import type { Terminal } from '../terminal.ts';

/** `dsys merge CAMPAIGN…`: puts the shards of a campaign together and reports what one run of all seeds would. */
export async function merge(terminal: Terminal, paths: readonly string[], options: MergeOptions): Promise<void> {
  const { header, record } = mergedOf(paths);
  const path = options.spec ?? displayPath(singleFileUri(paths[0] as string, header));
  const checker = new Checker([singleFile(path)]);
  const [uri = ''] = checker.uris;
  const constants = checker.override(header.settings);
  const checked = checker.check(uri).systems.find(({ code }) => code.name === header.system);
  if (!checked?.runnable || contentOf(checked.code) !== header.content) {
    throw new UsageError(
      `\`${path}\` or a file that it imports is not the text that \`${paths[0]}\` was made of; name the right one with --spec, or run the seeds again`,
    );
  }
  const output = new Output(terminal, 'run', checker.sources, options);
  if (options.format !== 'text') output.file({ uri, findings: [], cards: [] });
  if (options.out !== undefined) {
    writeCampaign(options.out, { header: { ...header, shard: null, file: pathFrom(options.out, uri) }, record });
  }
  const pool = simulationPool();
  const { firstSeed: seed, runs, settings, coverage } = header;
  const schedule = header.schedule === undefined ? undefined : (parseSchedule(header.schedule) ?? undefined);
  const request = { seed, runs, constants, schedule, coverage, trace: true, campaign: { record, concludeOnly: true } };
  const report = await simulate(terminal, pool, checked.code, header.scenario, request);
  pool.close();
  for (const result of report.results) output.scenario({ result, repeat: repeatCommand(path, result, settings, schedule) });
  const varied = varySeries(report.results);
  if (varied) output.vary(varied);
  output.late(uri, report.findings);
  output.stop(report.stopped);
  process.exitCode = output.finish();
  if (report.stopped === 'cancelled') {
    terminal.complain(`dsys: the campaign is not complete: these files hold ${plural(record.seeds, 'seed')} of it; run the other shards\n`);
  }
}

/** All files' outcomes together. Files of different campaigns, and a seed that two of them hold, are refused. */
function mergedOf(paths: readonly string[]): { readonly header: CampaignHeader; readonly record: CampaignRecord } {
  const record = new CampaignRecord();
  const origin = new Map<string, string>();
  let first: { readonly header: CampaignHeader; readonly path: string } | null = null;
  for (const path of paths) {
    const content = readCampaign(path);
    if (!content) throw new UsageError(`cannot read \`${path}\`: there is no such file`);
    first ??= { header: content.header, path };
    const other = difference(first.header, content.header);
    if (other) throw new UsageError(`\`${first.path}\` and \`${path}\` are not of one campaign (${other})`);
    for (const [variant, part] of content.record.parts) {
      const into = record.part(variant);
      for (const seed of [...part.done.keys(), ...part.lost.map((lost) => lost.seed)]) {
        const before = origin.get(`${seed} ${variant}`);
        if (before !== undefined) {
          throw new UsageError(
            `\`${before}\` and \`${path}\` (${shardText(content.header.shard)}) both hold seed ${seed}: shards must not overlap`,
          );
        }
        origin.set(`${seed} ${variant}`, path);
      }
      for (const [seed, done] of part.done) into.done.set(seed, done);
      into.lost.push(...part.lost);
      if (into.coverage && part.coverage) addCoverage(into.coverage, part.coverage);
      else into.coverage ??= part.coverage;
    }
  }
  if (!first) throw new UsageError('name the campaign files to put together');
  return { header: first.header, record };
}

function singleFileUri(campaign: string, { file }: CampaignHeader): string {
  return singleFile(resolve(dirname(campaign), file));
}
