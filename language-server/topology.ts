import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { TopologyParams, TopologyResult } from '../src/protocol/messages.ts';
import { topologyView } from '../src/protocol/topology-view.ts';
import type { Session } from './session.ts';

/** Nodes, zones and links of a system, without a run. */
export function topology(session: Session, { uri, system: name }: TopologyParams): TopologyResult {
  const checked = session.report(uri).systems.find(({ code }) => name === undefined || code.name === name);
  if (!checked)
    throw new ResponseError(ErrorCodes.InvalidRequest, name ? `there is no system ${name} in this file` : 'this file has no system');
  if (!checked.system) throw new ResponseError(ErrorCodes.InvalidRequest, `${checked.code.name} has errors that must be mended first`);
  return topologyView(checked.system);
}
