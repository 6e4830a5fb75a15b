/** How faults name characters and quote text. */

/** `U+200B`: at least four digits, upper case. */
export const codePointName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const EXCERPT_LENGTH = 38;

/** The start of `text`, never more than 80 units and never half a character. */
export const excerptOf = (text: string): string => {
  const characters = Array.from(text);
  return characters.length <= EXCERPT_LENGTH
    ? text
    : `${characters.slice(0, EXCERPT_LENGTH).join('')}...`;
};
