/**
 * Text of a specification may hold anything; what reaches a terminal or an XML file must not move the cursor, reorder the line or
 * break the format. Control characters become visible, `\t` and `\n` are left to the caller.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) as number;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
  });
}

// C0 but tab and newline, DEL, C1, directional overrides, and surrogates without their partner.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;
