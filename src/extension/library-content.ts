import * as vscode from 'vscode';
import { type LibraryTextParams, type LibraryTextResult, libraryScheme, requests } from '../protocol/messages.ts';
import type { Server } from './server.ts';

/** Shows the built-in library's files, which the server holds, as read-only documents: "Go to Definition" leads there. */
export function registerLibraryContent(server: Server): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
    provideTextDocumentContent(uri, token) {
      const params: LibraryTextParams = { uri: uri.toString() };
      return server.request<LibraryTextResult>(requests.libraryText, params, token);
    },
  });
}
