/** Files that come with the package, wherever it is installed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) || dirname(folder) === folder
    ? folder
    : rootAbove(dirname(folder));

const root = rootAbove(__dirname);

/** The commands of the demonstration. */
export const demoData = join(root, 'examples', 'data', 'organization.jsonl');

export const packageVersion = (): string => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
};
