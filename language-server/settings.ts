import { type Connection, DidChangeConfigurationNotification } from 'vscode-languageserver';

/** What the user may set, as far as the server asks for it. */
export class Settings {
  private known: Promise<boolean> | null = null;

  constructor(
    private readonly connection: Connection,
    /** Whether the editor can be asked for settings. */
    private readonly isSupported: () => boolean,
  ) {}

  /** Listens to changes; call once the server is initialised. */
  listen(onChange: () => void): void {
    if (!this.isSupported()) return;
    this.connection.onDidChangeConfiguration(() => {
      this.known = null;
      onChange();
    });
    void this.connection.client.register(DidChangeConfigurationNotification.type, { section: 'dsys' }).catch(() => undefined);
  }

  /** `dsys.inlayHints.resilience`: whether the words behind each `run` are shown. */
  resilienceHints(): Promise<boolean> {
    if (!this.isSupported()) return Promise.resolve(true);
    this.known ??= this.connection.workspace.getConfiguration('dsys.inlayHints').then(
      (value: { readonly resilience?: unknown } | null) => value?.resilience !== false,
      () => true,
    );
    return this.known;
  }
}
