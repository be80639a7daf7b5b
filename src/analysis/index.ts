/** What other layers use of the analysis of requirements and bounds. */
export { codes } from './codes.ts';
export { analyzeSystem, type SystemAnalysis } from './requirements.ts';
export type { ResilienceCard } from './resilience.ts';
