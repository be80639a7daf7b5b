import picocolors from 'picocolors';

/** How text looks: colours or none. */
export type Style = ReturnType<typeof picocolors.createColors>;

export const plain: Style = picocolors.createColors(false);
export const coloured: Style = picocolors.createColors(true);
