import type { SystemCheck } from '../checks.ts';
import { hollowExpectations } from './hollow-expectations.ts';
import { reachedThresholds } from './reached-thresholds.ts';

/** DS38xx: thresholds, properties and expectations of a system's protocols and scenarios that do not say what they seem to. */
export const systemLintChecks: readonly SystemCheck[] = [reachedThresholds, ({ system }) => hollowExpectations(system)];
