/** Bounds on what a file may ask of the tool. Beyond them a file gets one clear finding instead of a long wait. */

/** Characters of a file: four times the size at which editing stays instant. */
export const MAX_FILE_LENGTH = 512 * 1024;
/** Brackets within brackets. */
export const MAX_NESTING = 200;
/** Findings shown for one file; a last one says how many more there are. */
export const MAX_FINDINGS = 1_000;
/** Places where reading a file may go wrong before it is given up. */
export const MAX_SYNTAX_ERRORS = 200;
