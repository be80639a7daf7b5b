import type { Connection } from 'vscode-languageserver';

/** Progress is shown of what takes longer than this, ms. */
const patienceMs = 1_000;

/** Shows in the editor that something goes on, once it takes long. */
export async function withProgress<T>(connection: Connection, isSupported: boolean, title: string, work: () => Promise<T>): Promise<T> {
  if (!isSupported) return work();
  let over = false;
  let end = (): void => undefined;
  const timer = setTimeout(() => {
    connection.window.createWorkDoneProgress().then(
      (progress) => {
        if (over) return;
        progress.begin(title);
        end = () => progress.done();
      },
      // An editor that refuses shows nothing.
      () => undefined,
    );
  }, patienceMs);
  try {
    return await work();
  } finally {
    over = true;
    clearTimeout(timer);
    end();
  }
}
