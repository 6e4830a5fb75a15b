/** The doors of the built package: what they offer, what they load, and that ESM can import them by name. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly default: string; readonly types: string }>>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const doors = Object.entries(manifest.exports).filter(([, target]) => typeof target === 'object');
const specifier = (door: string): string => `seatledger${door.slice(1)}`;

const node = (...parameters: ReadonlyArray<string>): string =>
  execFileSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' });

beforeAll(() => {
  if (!existsSync(join(root, 'dist/src/index.js'))) {
    throw new Error('There is no build to look at: run `npm run build` first, or `npm test`.');
  }
});

const compiled = new Map<string, ts.Program>();

/** What the compiler reads to understand a file; once for each. */
const programOf = (file: string): ts.Program => {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const program = ts.createProgram([file], { skipLibCheck: true, types: [] });
  compiled.set(file, program);
  return program;
};

/** Every name that a door offers, values and types, as the compiler sees them. */
const namesOf = (types: string): ReadonlyArray<string> => {
  const file = join(root, types);
  const program = programOf(file);
  const source = program.getSourceFile(file);
  const checker = program.getTypeChecker();
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (symbol === undefined) return [];
  return checker
    .getExportsOfModule(symbol)
    .map((name) => {
      const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
      const typeOnly = name.declarations?.some(ts.isTypeOnlyExportDeclaration) ?? false;
      const isValue = !typeOnly && (target.flags & ts.SymbolFlags.Value) !== 0;
      return `${isValue ? 'value' : 'type '} ${name.name}`;
    })
    .sort();
};

describe('the public names', () => {
  it.each(doors)('of %s are those that were agreed', (_, { types }) => {
    const names = namesOf(types);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toMatchSnapshot();
  });
});

describe('the types', () => {
  /** Files of packages that the host need not install, read to understand a door. */
  const optionalRead = (types: string): ReadonlyArray<string> =>
    programOf(join(root, types))
      .getSourceFiles()
      .map(({ fileName }) => fileName)
      .filter((file) =>
        /node_modules\/(fast-check|@eventstore|@kurrent|@photostructure)\//.test(file),
      );

  it.each(doors)('of %s are understood without any optional package', (_, { types }) => {
    expect(optionalRead(types)).toEqual([]);
  });

  it('would be seen to need one', () => {
    expect(optionalRead('src/testing/arbitraries.ts')).not.toEqual([]);
  });
});

describe('loading', () => {
  it.each(doors)('%s by name from native ESM gives every value', (door, { types }) => {
    const values = namesOf(types)
      .filter((name) => name.startsWith('value '))
      .map((name) => name.slice('value '.length));
    const script =
      `import { ${values.join(', ')} } from '${specifier(door)}';` +
      `console.log([${values.join(', ')}].filter((value) => value === undefined).length);`;
    expect(node('--input-type=module', '--eval', script).trim()).toBe('0');
  });

  const loadedBy = (door: string): ReadonlyArray<string> =>
    JSON.parse(
      node(
        '--eval',
        `const before = new Set(process.moduleLoadList); require('${specifier(door)}');` +
          'console.log(JSON.stringify([...Object.keys(require.cache),' +
          '...process.moduleLoadList.filter((name) => !before.has(name))]))',
      ),
    ) as ReadonlyArray<string>;

  const driver = /sqlite|grpc|eventstore|fast-check|commander|cli-table3|cli-progress/;

  it('the main door loads no database, no gRPC and no command line', () => {
    const loaded = loadedBy('.');
    expect(loaded.length).toBeGreaterThan(10);
    expect(loaded.filter((file) => driver.test(file.replace(root, '')))).toEqual([]);
  });

  it('would be seen to load a database', () => {
    expect(loadedBy('./sqlite').some((file) => driver.test(file.replace(root, '')))).toBe(true);
  });
});
