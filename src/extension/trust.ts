import * as vscode from 'vscode';

let allowed = false;

/**
 * Whether a specification of this workspace may be executed. Checking never executes one; a run does, in a worker with
 * limits, so in a workspace that the user has not trusted it asks first, once in a session.
 */
export async function mayRun(): Promise<boolean> {
  if (vscode.workspace.isTrusted || allowed) return true;
  const runAnyway = 'Run';
  const answer = await vscode.window.showWarningMessage(
    'This workspace is not trusted. Run its simulation?',
    {
      modal: true,
      detail:
        'A simulation executes the handlers of the specification in a worker with a step and memory limit. They reach neither files nor the network.',
    },
    runAnyway,
  );
  allowed = answer === runAnyway;
  return allowed;
}
