/** `count` times `text`. */
export const n = (count: number, text: string): string => text.repeat(count);

/** Labels of 63, 63, 63 and 46 octets with the dots between them, then `.test`: 243 octets. */
export const longDomain = `${n(3, `${n(63, 'd')}.`)}${n(46, 'd')}.test`;
