import { describe, expect, it } from 'vitest';
import { Facts } from '../../../src/analysis/facts.ts';
import { deploymentAvailability } from '../../../src/analysis/probability/deployment.ts';
import { downtimeNs, downtimeText } from '../../../src/analysis/probability/downtime.ts';
import { expand } from '../../../src/model/expand.ts';
import type { System } from '../../../src/model/system.ts';
import { checkText } from '../findings-of.ts';
import { rowsOf } from './vectors.ts';

/** The system of a text, which must have no errors in its language. */
function systemOf(text: string): System {
  const file = checkText(text);
  expect(file.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const [code] = file.systems;
  const system = code === undefined ? null : expand(code).system;
  if (!system) throw new Error('no system');
  return system;
}

function availabilityOf(text: string) {
  const system = systemOf(text);
  const [deployment] = system.deployments;
  if (deployment === undefined) throw new Error('no deployment');
  return deploymentAvailability(new Facts(system, deployment, system.faultModels[0] ?? null));
}

function up(text: string): number {
  const found = availabilityOf(text);
  if (found?.kind !== 'known') throw new Error(`not known: ${found?.kind === 'none' ? found.reasons.join(' ') : 'nothing asked'}`);
  return found.chance.up;
}

function reasons(text: string): readonly string[] {
  const found = availabilityOf(text);
  return found?.kind === 'none' ? found.reasons : [];
}

const store = (clauses: string, system: string): string => `protocol Store {
  quorum Majority = majority(members)
${clauses}
}
system Shop {
${system}
  run Store on replica
}`;

const three = '  node replica[3] (availability: 90%)';
const twoOfThree = 0.9 ** 3 + 3 * 0.9 ** 2 * 0.1;

describe('liveness clauses as conditions on who is up', () => {
  it('a quorum, and the arithmetic that says the same', () => {
    expect(up(store('  requires liveness available(Majority)', three))).toBeCloseTo(twoOfThree, 14);
    expect(up(store('  requires liveness n >= 2 * crashed + 1', three))).toBeCloseTo(twoOfThree, 14);
    expect(up(store('  requires liveness n > 2 * faulty and available(Majority)', three))).toBeCloseTo(twoOfThree, 14);
    expect(up(store('  requires liveness crashed == 0', three))).toBeCloseTo(0.729, 14);
  });

  it('the fault model does not matter: it says what must be survived, not how often it happens', () => {
    const model = `${three}\n  faults Hard { crash 2 of replica }`;
    expect(up(store('  requires liveness available(Majority)', model))).toBeCloseTo(twoOfThree, 14);
  });

  it('weights', () => {
    const weighted = '  node replica[3] (availability: 90%, weight: [3, 1, 1])';
    // The heavy one must be up with any other weight or none: 5 > 2w holds for w of at most 2.
    expect(up(store('  requires liveness weight(members) > 2 * crashed_weight', weighted))).toBeCloseTo(0.9, 14);
    expect(up(store('  requires liveness crashed_weight <= 1', weighted))).toBeCloseTo(0.9 * (1 - 0.01), 14);
  });

  it('either of two, conditions on parameters', () => {
    expect(up(store('  requires liveness available(Majority) or crashed <= 2', three))).toBeCloseTo(1 - 0.001, 14);
    expect(up(store('  requires liveness if n > 2 then available(Majority) else true', three))).toBeCloseTo(twoOfThree, 14);
    expect(up(store('  requires liveness n > 2 implies available(Majority)', three))).toBeCloseTo(twoOfThree, 14);
  });

  it('clauses that no failure changes count as they are', () => {
    expect(availabilityOf(store('  requires liveness n > 2', three))).toBeNull();
    expect(up(store('  requires liveness n > 2\n  requires liveness available(Majority)', three))).toBeCloseTo(twoOfThree, 14);
    expect(reasons(store('  requires liveness n > 3\n  requires liveness available(Majority)', three))).toEqual([
      '`n > 3` does not hold, whoever is up.',
    ]);
    expect(reasons(store('  requires liveness 2 * delay < 1s', three))).toEqual(['`2 * delay < 1s` does not hold, whoever is up.']);
  });

  it('what is no such condition is said to be none', () => {
    expect(reasons(store('  requires liveness not available(Majority)', three))[0]).toMatch(/more failures could make true/);
    expect(reasons(store('  requires liveness crashed != 1', three))[0]).toMatch(/fails with some members faulty and holds with more/);
    expect(reasons(store('  requires liveness crashed >= 1', three))[0]).toMatch(/only when members fail/);
    expect(reasons(store('  requires liveness crashed < 2 and crashed + crashed_weight < 3', three))[0]).toMatch(
      /counts members and weighs/,
    );
  });
});

describe('what a file says of nodes and zones', () => {
  it('MTBF and MTTR', () => {
    const text = store('  requires liveness available(Majority)', '  node replica[1] (mtbf: 99h, mttr: 1h)');
    expect(up(text)).toBeCloseTo(0.99, 14);
  });

  it('zones are a common cause, nested ones too', () => {
    const zoned = `  zone eu (availability: 90%) { zone a (availability: 80%)  zone b }
  zone us (availability: 70%)
  node replica[3] in [a, b, us]`;
    // a up: eu and a; b up: eu; us up: us. Two of three.
    const eu = 0.9 * (0.8 + 0.2 * 0.7);
    expect(up(store('  requires liveness available(Majority)', zoned))).toBeCloseTo(eu, 14);
  });

  it('links: a quorum must hang together, exactly', () => {
    // A line: the middle one up and one of its neighbours at least.
    const line = '  node replica[3] (availability: 90%)\n  link line(replica)';
    expect(up(store('  requires liveness available(Majority)', line))).toBeCloseTo(0.9 * (1 - 0.01), 14);
    const ring = '  node replica[3] (availability: 90%)\n  link ring(replica)';
    expect(up(store('  requires liveness available(Majority)', ring))).toBeCloseTo(twoOfThree, 14);
    // A hub that is no member is needed all the same.
    const hub = '  node replica[3] (availability: 90%)\n  node hub (availability: 50%)\n  link star(hub, replica)';
    expect(up(store('  requires liveness available(Majority)', hub))).toBeCloseTo(0.5 * twoOfThree, 14);
  });

  it('more nodes than can be gone through: links are taken as perfect, and it says so', () => {
    const found = availabilityOf(
      store('  requires liveness available(Majority)', '  node replica[21] (availability: 90%)\n  link ring(replica)'),
    );
    expect(found?.kind === 'known' ? found.needed.links : '').toBe('perfect');
    const mesh = availabilityOf(
      store('  requires liveness available(Majority)', '  node replica[21] (availability: 90%)\n  link mesh(replica)'),
    );
    expect(mesh?.kind === 'known' ? mesh.needed.links : '').toBe('apart');
  });
});

describe('downtime a year of 365 days', () => {
  it('as the usual tables say', () => {
    const table = rowsOf('availability', 'downtime table');
    expect(table.length).toBe(5);
    for (const row of table) {
      const down = downtimeNs({ up: (row.availability_pct as number) / 100, down: 1 - (row.availability_pct as number) / 100 }) / 1e9;
      if (row.per_year_days !== undefined) expect(down / 86_400).toBeCloseTo(row.per_year_days, 6);
      if (row.per_year_hours_365d !== undefined) expect(down / 3_600).toBeCloseTo(row.per_year_hours_365d, 6);
      if (row.per_year_minutes_365d !== undefined) expect(down / 60).toBeCloseTo(row.per_year_minutes_365d, 6);
      if (row.per_year_minutes !== undefined) expect(down / 60).toBeCloseTo(row.per_year_minutes, 2);
      // 31.536 s of 365 days; the table's 31.56 s is a year of 365.25 days.
      if (row.per_year_seconds !== undefined) expect(down * (365.25 / 365)).toBeCloseTo(row.per_year_seconds, 2);
    }
  });

  it('in two units', () => {
    const text = (seconds: number): string => downtimeText({ up: 0, down: seconds / (365 * 86_400) });
    expect([0.315, 59, 61, 3445, 8820, 86_399, 90_000, 172_800].map(text)).toEqual([
      '315 ms',
      '59 s',
      '1 min 1 s',
      '57 min 25 s',
      '2 h 27 min',
      '24 h',
      '1 d 1 h',
      '2 d',
    ]);
  });
});
