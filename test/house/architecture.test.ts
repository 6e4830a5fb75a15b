/**
 * Imports point one way: values <- rooms <- processes <- application <- adapters, cli. The rule is a
 * function of the import graph, so that it can be shown to catch a planted fault.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(__dirname, '../..');

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Where each part may reach. A part that is not named here fails the test, so a new one is thought about. */
const mayImport: Readonly<Record<string, ReadonlyArray<string>>> = {
  values: ['values'],
  core: ['values', 'core'],
  'room:seat': ['values', 'core', 'room:seat'],
  'room:address': ['values', 'core', 'room:address'],
  'room:organization': ['values', 'core', 'room:organization'],
  policy: ['values', 'core', 'policy', 'rooms'],
  processes: ['values', 'core', 'policy', 'rooms', 'processes'],
  projections: ['values', 'core', 'projections', 'room-events'],
  application: ['values', 'core', 'policy', 'rooms', 'processes', 'projections', 'application'],
  adapters: ['values', 'application', 'adapters', 'projections'],
  report: ['values', 'core', 'policy', 'rooms', 'application', 'projections', 'report'],
  testing: ['values', 'core', 'policy', 'rooms', 'application', 'adapters', 'testing', 'door'],
  cli: ['values', 'policy', 'application', 'adapters', 'projections', 'report', 'cli', 'door'],
  door: ['values', 'core', 'policy', 'rooms', 'application', 'adapters', 'door'],
};

const core = ['src/decider', 'src/stored-event'];
const policy = ['src/authorization', 'src/commands', 'src/explain', 'src/rejection'];
const rooms = ['seat', 'address', 'organization'];

const partOf = (file: string): string => {
  const [top = '', room = ''] = file.split('/');
  if (top === 'projections') return 'projections';
  const name = file.replace(/\.ts$/, '');
  if (core.includes(name)) return 'core';
  if (policy.includes(name)) return 'policy';
  if (name === 'src/index') return 'door';
  return rooms.includes(room) ? `room:${room}` : room;
};

const isAllowed = ({ from, to }: Import): boolean => {
  const target = partOf(to);
  return (mayImport[partOf(from)] ?? []).some(
    (allowed) =>
      allowed === target ||
      (allowed === 'rooms' && target.startsWith('room:')) ||
      (allowed === 'room-events' && target.startsWith('room:') && to.endsWith('/events.ts')),
  );
};

const wrong = (imports: ReadonlyArray<Import>): ReadonlyArray<string> =>
  imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`);

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const sources = [...filesBelow('src'), ...filesBelow('projections')];

const importsOf = (file: string): ReadonlyArray<Import> => {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']*)'/g)];
  return specifiers.map(([, specifier = '']) => {
    const target = relative(root, resolve(root, dirname(file), specifier));
    const found = [`${target}.ts`, `${target}/index.ts`, target].find((candidate) =>
      sources.includes(candidate),
    );
    return { from: file, to: found ?? target };
  });
};

describe('the direction of imports', () => {
  it('is kept by every source file', () => {
    const imports = sources.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(200);
    expect(wrong(imports)).toEqual([]);
  });

  it.each`
    from                           | to                            | what
    ${'src/seat/decide.ts'}        | ${'src/address/state.ts'}     | ${'a room imports another'}
    ${'src/values/ids.ts'}         | ${'src/seat/commands.ts'}     | ${'values import a room'}
    ${'src/seat/rules.ts'}         | ${'src/application/ports.ts'} | ${'a room imports the application'}
    ${'projections/seats.ts'}      | ${'src/seat/state.ts'}        | ${'a projection imports a state'}
    ${'src/application/ledger.ts'} | ${'src/cli/main.ts'}          | ${'the application imports the command line'}
    ${'src/new-part/file.ts'}      | ${'src/values/ids.ts'}        | ${'a part that nobody has placed'}
  `('is seen to be broken when $what', ({ from = '', to = '' }: Record<string, string>) => {
    expect(wrong([{ from, to }])).toEqual([`${from} -> ${to}`]);
  });

  it('holds no third-party driver outside the adapters', () => {
    const heavy = /'(node:sqlite|@photostructure\/sqlite|@eventstore\/db-client|@grpc\/[^']*)'/;
    const users = sources.filter((file) => heavy.test(readFileSync(join(root, file), 'utf8')));
    expect(users.filter((file) => !file.startsWith('src/adapters/'))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });
});

describe('a room', () => {
  const parts = ['commands', 'decide', 'events', 'index', 'rejections', 'state'];

  it.each(rooms)('%s has the six files', (room) => {
    const files = filesBelow(`src/${room}`);
    expect(parts.filter((part) => !files.includes(`src/${room}/${part}.ts`))).toEqual([]);
  });

  const impure = /\b(Date\.now|new Date\(\)|Math\.random|randomUUID|console\.|await |throw )/;

  it.each(rooms)('%s reads no clock, makes no id, logs, waits or throws', (room) => {
    const guilty = filesBelow(`src/${room}`).filter((file) =>
      impure.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(guilty).toEqual([]);
  });

  it('would be seen to read a clock', () => {
    expect(impure.test('const now = Date.now();')).toBe(true);
  });
});
