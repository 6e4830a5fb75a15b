/**
 * One form for all spellings that differ in case or composition only, in every locale.
 *
 * Final sigma joins the other sigma, as in Unicode case folding: upper case cannot tell them apart.
 * Sharp s stays itself, so this is not full case folding. Lower case may decompose a letter, hence
 * the second NFC.
 */
export const foldCase = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
