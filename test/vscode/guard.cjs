// Loaded into every Node process of the tested VS Code: a connection to another machine is refused and written down.
'use strict';
const net = require('node:net');
const fs = require('node:fs');

const connect = net.Socket.prototype.connect;
const local = new Set(['localhost', '127.0.0.1', '::1', '::ffff:127.0.0.1', undefined, '']);

net.Socket.prototype.connect = function guarded(...args) {
  // `net.connect` passes one array of normalised arguments, a caller of `socket.connect` the plain ones.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
  const host = options.path ? undefined : typeof options.host === 'string' ? options.host : undefined;
  if (!local.has(host)) {
    const entry = `${host}:${options.port} (process ${process.pid})\n`;
    if (process.env.DSYS_VSCODE_GUARD_LOG) fs.appendFileSync(process.env.DSYS_VSCODE_GUARD_LOG, entry);
    const error = new Error(`the tests allow no connection to another machine: ${entry.trim()}`);
    queueMicrotask(() => this.destroy(error));
    return this;
  }
  return connect.apply(this, args);
};
