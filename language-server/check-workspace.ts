import type { CheckWorkspaceResult } from '../src/protocol/messages.ts';
import type { Session } from './session.ts';

/** Every known file, checked to the end. */
export function checkWorkspace(session: Session): CheckWorkspaceResult {
  const files = [...session.files()].sort().map((uri) => {
    const { findings } = session.report(uri);
    const count = (...severities: string[]) => findings.filter(({ severity }) => severities.includes(severity)).length;
    return { uri, errors: count('error'), warnings: count('warning'), infos: count('information', 'hint') };
  });
  return { files };
}
