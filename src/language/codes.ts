/**
 * Every code of the language stage with the sentence that names it. `docs/checks/<code>.md` explains it. A code is never
 * reused. DS0xxx: text and files; DS1001–DS1199: names and types of protocols, adversaries, specifications and
 * expressions; DS1200–DS1999: systems.
 */
export const codes = {
  DS1001: 'Unknown name',
  DS1002: 'Unknown type',
  DS1003: 'Type mismatch',
  DS1004: 'An optional value where a value is needed',
  DS1005: 'The operator does not fit its operands',
  DS1006: 'Unknown field or method',
  DS1007: 'Wrong number of arguments',
  DS1008: 'Unknown or repeated argument name',
  DS1009: 'Declared twice',
  DS1010: 'A local hides another name',
  DS1011: 'The type cannot be inferred',
  DS1012: 'Not something that can be called',
  DS1013: 'A call is missing its arguments',
  DS1014: 'Not usable here',
  DS1015: 'A name that is not a value',
  DS1016: 'Unknown message',
  DS1017: 'Unknown timer',
  DS1018: 'Unknown operation',
  DS1019: 'Unknown event',
  DS1020: 'Nothing to answer',
  DS1021: 'The answer has the wrong type',
  DS1022: 'Cannot be sent there',
  DS1023: 'Cannot be assigned to',
  DS1024: 'A statement without effect',
  DS1025: 'A path ends without a return',
  DS1026: 'The result type must be written',
  DS1027: 'Two handlers for one trigger',
  DS1028: 'State of another node',
  DS1029: 'A function with effects in a place without',
  DS1030: 'Nested too deep',
  DS1031: 'Unknown enum member',
  DS1032: 'Values that cannot be compared',
  DS1033: 'Wrong number of type arguments',
  DS1034: 'A lambda where none fits',
  DS1035: 'A match that repeats a pattern',
  DS1036: 'Unknown protocol',
  DS1037: 'Misplaced declaration',
  DS1038: 'A record or type that contains itself',
  DS1039: 'A number out of range',
  DS1090: 'Not built yet',
} as const;

export type Code = keyof typeof codes;
