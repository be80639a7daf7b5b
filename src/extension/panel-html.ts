import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of the panel: nothing loads but the panel's own script and style sheet. */
export function panelHtml(webview: vscode.Webview, assets: vscode.Uri): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(assets, 'panel.css')).toString();
  const nonce = randomBytes(18).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>dsys run</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
