import { writeFileSync } from 'node:fs';
import type { SystemCode } from '../../model/system-code.ts';
import type { CheckedSystem, CheckReport } from '../../pipeline/api.ts';
import { contentOf } from '../../pipeline/campaign-file.ts';
import { plural } from '../../report/units.ts';
import { type VarySeries, varySeries } from '../../report/vary.ts';
import { varySvg } from '../../report/vary-svg.ts';
import { CampaignTarget } from '../campaign-target.ts';
import { Checker, suggestion, toFileReport } from '../checker.ts';
import type { RunOptions } from '../command-line.ts';
import { UsageError } from '../exit-code.ts';
import { reason, singleFile } from '../files.ts';
import { toolVersion } from '../installation.ts';
import { Output } from '../output.ts';
import { RunTraces } from '../run-traces.ts';
import { repeatCommand, requestOf, retracing, shrunkCommands, simulate, simulationPool } from '../simulate.ts';
import type { Terminal } from '../terminal.ts';

/** `dsys run FILE [SCENARIO]` */
export async function run(terminal: Terminal, file: string, scenario: string | undefined, options: RunOptions): Promise<void> {
  const checker = new Checker([singleFile(file)]);
  const [uri = ''] = checker.uris;
  const constants = checker.override(options.set);
  const checked = checker.check(uri);
  const systems = chosenSystems(checked, scenario, options.system, checker.sources.pathOf(uri));
  const output = new Output(terminal, 'run', checker.sources, options);
  if (systems === null) {
    output.file(toFileReport(checked));
    process.exitCode = output.finish();
    return;
  }
  // In the other formats a run's file is a part of the document even when nothing is to be said of it.
  if (options.format !== 'text') output.file({ uri, findings: [], cards: [] });
  const errors = checked.findings.filter((finding) => finding.severity === 'error').length;
  if (errors > 0 && !options.quiet) {
    terminal.complain(`dsys: the checks report ${plural(errors, 'error')} in this file; \`dsys check ${file}\` shows them\n`);
  }
  // One scenario at a time, so that each is shown as soon as it is done, and stays when the next one is stopped.
  const wanted = systems.flatMap(({ code }) => code.scenarios.map(({ name }) => ({ code, name })));
  const chosen = wanted.filter((candidate) => scenario === undefined || candidate.name === scenario);
  const campaign = campaignOf(uri, chosen, options);
  const traces = new RunTraces(terminal, options, new Set(chosen.map(({ code }) => code)).size);
  const plotted: VarySeries[] = [];
  const pool = simulationPool(options.jobs);
  try {
    for (const { code, name } of chosen) {
      const report = await simulate(terminal, pool, code, name, {
        ...options,
        constants,
        trace: true,
        campaign: campaign ? { record: campaign.record, shard: options.shard ?? null } : undefined,
        onProgress: () => campaign?.progressed(),
      });
      campaign?.save();
      for (const result of report.results) {
        const repeat = repeatCommand(file, result, options.set, options.schedule);
        output.scenario({ result, repeat, shrunk: shrunkCommands(file, result, options.set) });
        const origin = { tool: toolVersion(), file: checker.sources.pathOf(uri), content: contentOf(code), constants: options.set };
        const request = requestOf(code, name, { ...options, campaign: undefined, constants, trace: true, coverage: false });
        const again = retracing(terminal, pool, request, name);
        output.stop(await traces.take({ result, origin, again }));
      }
      const varied = varySeries(report.results);
      if (varied) {
        output.vary(varied);
        plotted.push(varied);
      }
      output.late(uri, report.findings);
      output.stop(report.stopped);
      if (report.stopped === 'cancelled') {
        terminal.complain(howToGoOn(options.campaign, campaign));
        break;
      }
    }
    output.stop(await traces.finish());
  } finally {
    pool.close();
  }
  const exitCode = output.finish();
  if (options.plot !== undefined) writePlot(terminal, options.plot, plotted);
  process.exitCode = exitCode;
}

function writePlot(terminal: Terminal, path: string, series: readonly VarySeries[]): void {
  if (series.length === 0) {
    terminal.complain('dsys: there is nothing to plot: no scenario that ran has a `vary` of two values or more\n');
    return;
  }
  try {
    writeFileSync(path, varySvg(series));
  } catch (error) {
    throw new UsageError(`cannot write the plot to \`${path}\`: ${reason(error)}`);
  }
}

/** The file that keeps what comes of the seeds, when one is asked for. */
function campaignOf(
  uri: string,
  chosen: readonly { readonly code: SystemCode; readonly name: string }[],
  options: RunOptions,
): CampaignTarget | null {
  const { campaign, shard = null, seed = null, runs = null, set: settings, schedule } = options;
  if (campaign === undefined) {
    if (shard) throw new UsageError('--shard needs --campaign FILE, where what comes of its seeds is kept for `dsys merge`');
    return null;
  }
  const [only, other] = chosen;
  if (!only || other) throw new UsageError('a campaign is of one scenario; name the scenario (and the --system, where several have it)');
  const { coverage } = options;
  return new CampaignTarget(campaign, { uri, code: only.code, scenario: only.name, settings, schedule, coverage, seed, runs, shard });
}

function howToGoOn(path: string | undefined, campaign: CampaignTarget | null): string {
  if (!campaign) return 'dsys: stopped; with --campaign FILE the same command would go on from here\n';
  return `dsys: stopped; ${plural(campaign.record.seeds, 'seed')} are kept in \`${path}\`, and the same command goes on from there\n`;
}

/** The systems to run: all that have the scenario, or the one that was named. Null when the checks leave nothing to run. */
function chosenSystems(report: CheckReport, scenario: string | undefined, name: string | undefined, path: string): CheckedSystem[] | null {
  const wanted = report.systems.filter((system) => name === undefined || system.code.name === name);
  const broken = report.findings.some((finding) => finding.severity === 'error') && wanted.every((system) => !system.runnable);
  if (name !== undefined && wanted.length === 0 && !broken) {
    const names = report.systems.map((system) => system.code.name);
    throw new UsageError(`${path} has no system \`${name}\`${suggestion(name, names)}`);
  }
  // A file that is not understood is shown as such: that a scenario is not found in it may be its own fault.
  if (broken) return null;
  const scenarios = wanted.flatMap((system) => system.code.scenarios.map((code) => code.name));
  if (scenario !== undefined && !scenarios.includes(scenario)) {
    throw new UsageError(`${path} has no scenario \`${scenario}\`${suggestion(scenario, scenarios)}`);
  }
  if (scenarios.length === 0) throw new UsageError(`${path} has no scenario to run`);
  const chosen = wanted.filter((system) => system.code.scenarios.some((code) => scenario === undefined || code.name === scenario));
  return chosen.every((system) => system.runnable) ? chosen : null;
}
