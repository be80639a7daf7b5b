import type { ProtocolCode } from '../model/code.ts';
import { mentioned } from './mentions.ts';

const signing = new WeakMap<ProtocolCode, boolean>();

/** Whether any message, state or expression of the protocol is signed. */
export function usesSignatures(protocol: ProtocolCode): boolean {
  const known = signing.get(protocol);
  if (known !== undefined) return known;
  const found = mentioned(protocol.handlers, 'intrinsic', mentioned(protocol.functions, 'intrinsic')).has('sign');
  const signs = found || JSON.stringify([protocol.messages, protocol.state]).includes('"kind":"Signed"');
  signing.set(protocol, signs);
  return signs;
}
