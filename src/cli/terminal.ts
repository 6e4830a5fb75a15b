/** Writing to a terminal, or to a file or pipe in its place. */
import { styleText } from 'node:util';

export { amountOf, durationOf, grouped } from '../values/amount';

/** Where text goes. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export type Emphasis = 'bold' | 'dim' | 'yellow' | 'green' | 'cyan';

/** Colours text, or leaves it as it is. */
export type Paint = (emphasis: Emphasis, text: string) => string;

/** Some releases of Node look at standard output again, whatever the text is for; the types do not know yet. */
const style = styleText as (
  emphasis: Emphasis,
  text: string,
  options: { readonly validateStream: false },
) => string;

/** Colours for a terminal, none elsewhere or where `NO_COLOR` asks for none. */
export const paintFor = (
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Paint => {
  const wanted = output.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
  return wanted
    ? (emphasis, text) => style(emphasis, text, { validateStream: false })
    : (_, text) => text;
};

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Text out of a file, safe to show: what would steer a terminal or turn a line around is spelt out. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** The one document that `--json` asks for. */
export const printJson = (document: unknown): void => {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
};

const WIDEST = 160;
const NARROWEST = 60;
/** Where nobody says how wide it is, as in a file or a pipe. */
const UNKNOWN_WIDTH = 120;

/** Columns to write in: the terminal's, but not so many that lines are hard to follow. */
export const widthOf = ({ isTTY, columns }: Output): number =>
  isTTY === true && columns !== undefined && columns > 0
    ? Math.max(NARROWEST, Math.min(WIDEST, columns))
    : UNKNOWN_WIDTH;
