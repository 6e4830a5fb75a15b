/**
 * One form for all spellings that differ in case or composition only, in every locale.
 *
 * Final sigma joins the other sigma, as in Unicode case folding: upper case cannot tell them apart.
 * Sharp s stays itself, so this is not full case folding. Composition comes last, because lower
 * case decomposes some letters.
 */
export const foldCase = (text: string): string =>
  text.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
