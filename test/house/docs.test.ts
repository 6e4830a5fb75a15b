/**
 * The documents are true: their examples print what they say, their links lead somewhere, and the
 * reference names everything that the code does.
 *
 * How examples are checked. The blocks marked `js` of one page, joined in order, are one program: an ES
 * module that runs from an empty folder and imports `seatledger` by name. Each `// => text` stands for
 * one line that the program prints: the texts, read down the page, are exactly the lines it prints,
 * first to last, no more and no fewer. The blocks marked `typescript` are one program in the same way, which
 * is type-checked strictly as well. Blocks marked otherwise (`ts`, `json`, `sh`, `text`) do not run.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { denial } from '../../src/authorization';
import { type Command, commands } from '../../src/commands';
import { explain } from '../../src/explain';
import type { Rejection } from '../../src/rejection';
import { initialState } from '../../src/seat/state';
import type { Principal } from '../../src/values/principal';

const root = resolve(__dirname, '../..');
const dist = join(root, 'dist');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages: ReadonlyArray<string> = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort(),
];

beforeAll(() => {
  if (existsSync(join(dist, 'src/index.js')) && existsSync(join(dist, 'src/index.d.ts'))) return;
  throw new Error(
    'There is no build to run examples on: run `npm run build` first, or `npm test`.',
  );
});

// Examples:

interface Printed {
  readonly expected: ReadonlyArray<string>;
  readonly printed: ReadonlyArray<string>;
  /** What went to stderr, when the program failed. */
  readonly error: string | undefined;
}

const fence = /^```(\S*)[^\n]*\n(.*?)^```$/gms;

const blocksOf = (markdown: string, wanted: string): ReadonlyArray<string> =>
  [...markdown.matchAll(fence)].flatMap(([, language, code]) =>
    language === wanted && code !== undefined ? [code] : [],
  );

const programOf = (markdown: string): string => blocksOf(markdown, 'js').join('\n');

const typedProgramOf = (markdown: string): string => blocksOf(markdown, 'typescript').join('\n');

const promisedLines = (program: string): ReadonlyArray<string> =>
  [...program.matchAll(/\/\/ =>(?: (.*))?$/gm)].map(([, text = '']) => text);

let workshop = '';
beforeAll(() => {
  const temp = join(root, 'temp');
  mkdirSync(temp, { recursive: true });
  workshop = mkdtempSync(join(temp, 'docs-'));
});
afterAll(() => {
  if (workshop !== '') rmSync(workshop, { recursive: true, force: true });
});

const runProgram = (program: string): Promise<Printed> => {
  const folder = mkdtempSync(join(workshop, 'page-'));
  const file = join(folder, 'page.mjs');
  writeFileSync(file, program);
  return new Promise((done) => {
    execFile(
      process.execPath,
      [file],
      { cwd: folder, encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) => {
        done({
          expected: promisedLines(program),
          printed: stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n'),
          error: error === null ? undefined : stderr || error.message,
        });
      },
    );
  });
};

/** Runs all programs, as many at once as there are processors. */
const runAll = async (
  programs: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Printed>> => {
  const waiting = [...programs];
  const outcomes = new Map<string, Printed>();
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      outcomes.set(next[0], await runProgram(next[1]));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes;
};

const programs = new Map(
  pages.map((page) => [page, programOf(read(page))] as const).filter(([, code]) => code !== ''),
);

const typedPrograms = new Map(
  pages
    .map((page) => [page, typedProgramOf(read(page))] as const)
    .filter(([, code]) => code !== ''),
);

const withoutTypes = (program: string): string =>
  ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  }).outputText;

/** What the compiler has to say to programs of somebody who is as strict as can be. */
const complaints = (
  typed: ReadonlyMap<string, string>,
  resolution: Pick<ts.CompilerOptions, 'module' | 'moduleResolution'>,
): ReadonlyArray<string> => {
  const folder = mkdtempSync(join(workshop, 'typed-'));
  const files = [...typed].map(([page, program], place) => {
    const file = join(folder, `${place}.mts`);
    writeFileSync(file, `// ${page}\n${program}`);
    return file;
  });
  const compiled = ts.createProgram(files, {
    ...resolution,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  });
  return ts
    .getPreEmitDiagnostics(compiled)
    .map(
      ({ file, messageText }) =>
        `${file?.text.split('\n', 1)[0] ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
};

describe('an example in TypeScript', () => {
  it.each([...typedPrograms.keys()])('of %s prints what the page says', async (page) => {
    const program = typedPrograms.get(page) ?? '';
    const { printed, error } = await runProgram(withoutTypes(program));
    expect(error).toBeUndefined();
    expect(printed).toEqual(promisedLines(program));
  });

  it.each([
    ['nodenext', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ['bundler', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ])('type-checks under %s', (_, module, moduleResolution) => {
    expect(typedPrograms.size).toBeGreaterThan(1);
    expect(complaints(typedPrograms, { module, moduleResolution })).toEqual([]);
  });

  it('would be seen not to type-check', () => {
    const wrong = "import { POLICY_VERSION } from 'seatledger'; const no: number = POLICY_VERSION;";
    const settings = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    };
    expect(complaints(new Map([['here', wrong]]), settings).join()).toContain('not assignable');
  });
});

/** Declarations with nothing but what the compiler reads, so that layout and comments do not count. */
const declarationsOf = (source: string): ReadonlyArray<string> => {
  const parsed = ts.createSourceFile('declarations.ts', source, ts.ScriptTarget.ES2023, true);
  const printer = ts.createPrinter({ removeComments: true });
  return parsed.statements
    .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    .map((one) =>
      printer
        .printNode(ts.EmitHint.Unspecified, one, parsed)
        .replace(/^export /, '')
        .replace(/\s+/g, ' '),
    );
};

describe('the guide to writing a store', () => {
  it('declares the port as it is', () => {
    const [port = ''] = blocksOf(read('docs/how-to/write-a-store.md'), 'ts');
    const real = declarationsOf(read('src/application/ports.ts'));
    expect(real.length).toBeGreaterThan(7);
    expect([...declarationsOf(port)].sort()).toEqual([...real].sort());
  });
});

describe('an example', () => {
  let outcomes: ReadonlyMap<string, Printed> = new Map();
  beforeAll(async () => {
    outcomes = await runAll(programs);
  });

  it.each([...programs.keys()])('of %s prints what the page says', (page) => {
    const { expected = [], printed, error } = outcomes.get(page) ?? {};
    expect(error).toBeUndefined();
    expect(printed).toEqual(expected);
  });

  it('stands in the README, the tutorial and the guides', () => {
    expect([...programs.keys()]).toEqual(
      expect.arrayContaining(['README.md', 'docs/tutorial/first-ledger.md']),
    );
    expect(programs.size).toBeGreaterThanOrEqual(8);
    expect([...programs.values()].flatMap(promisedLines).length).toBeGreaterThan(40);
  });

  it.each`
    fault                      | code
    ${'a wrong text'}          | ${'console.log(1 + 1); // => 3'}
    ${'a line that is unsaid'} | ${'console.log("one"); // => one\nconsole.log("two");'}
    ${'a line that is unmade'} | ${'console.log("one"); // => one\n// => two'}
    ${'another order'}         | ${'console.log("b"); // => a\nconsole.log("a"); // => b'}
  `('would be seen to have $fault', async ({ code = '' }: Record<string, string>) => {
    const { expected, printed, error } = await runProgram(
      programOf(`Text.\n\n\`\`\`js\n${code}\n\`\`\`\n`),
    );
    expect(error).toBeUndefined();
    expect(printed).not.toEqual(expected);
  });

  it('would be seen to throw', async () => {
    const { error } = await runProgram("import { noSuchName } from 'seatledger'; noSuchName();");
    expect(error).toContain('noSuchName');
  });
});

// Links:

const prose = (markdown: string): string => markdown.replace(fence, '');

/** As GitHub makes them: lower case, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...prose(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)),
  );

/** Why a link of `page` leads nowhere, for each that does. */
const deadLinks = (page: string, markdown: string): ReadonlyArray<string> =>
  [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      if (path !== '' && !existsSync(join(root, file))) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(path === '' ? markdown : read(file)).has(anchor);
    });

describe('a link', () => {
  it.each(pages)('of %s leads somewhere', (page) => {
    expect(deadLinks(page, read(page))).toEqual([]);
  });

  it('would be seen to lead nowhere', () => {
    const markdown = '# Here\n\n[a](no-such.md) [b](#here) [c](#there) [d](CHANGELOG.md#nowhere)\n';
    expect(deadLinks('README.md', markdown)).toEqual([
      'no-such.md',
      '#there',
      'CHANGELOG.md#nowhere',
    ]);
  });

  it('reaches every page from the README', () => {
    const seen = new Set<string>();
    const follow = (page: string): void => {
      if (seen.has(page)) return;
      seen.add(page);
      for (const [, target = ''] of prose(read(page)).matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)) {
        const next = relative(root, resolve(root, dirname(page), target));
        if (pages.includes(next)) follow(next);
      }
    };
    follow('README.md');
    expect(pages.filter((page) => !seen.has(page))).toEqual([]);
  });
});

// Reference:

interface Field {
  readonly name: string;
  readonly isOptional: boolean;
}

type Members = ReadonlyMap<string, ReadonlyArray<Field>>;

/** Types of the built package, as the compiler sees them. */
class BuiltTypes {
  private readonly files = {
    commands: join(dist, 'src/commands.d.ts'),
    rejections: join(dist, 'src/rejection.d.ts'),
    failures: join(dist, 'src/application/failures.d.ts'),
    events: join(dist, 'src/application/decode-event.d.ts'),
    impact: join(dist, 'src/seat/commands.d.ts'),
    outcome: join(dist, 'src/application/outcome.d.ts'),
    history: join(dist, 'src/application/history.d.ts'),
    views: join(dist, 'projections/index.d.ts'),
    ledger: join(dist, 'src/application/ledger.d.ts'),
    options: join(dist, 'src/application/ledger-options.d.ts'),
    past: join(dist, 'src/application/time/as-of.d.ts'),
    queries: join(dist, 'src/application/view-queries.d.ts'),
    allViews: join(dist, 'src/application/views.d.ts'),
  };
  private readonly program = ts.createProgram(Object.values(this.files), {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: [],
  });
  private readonly checker = this.program.getTypeChecker();

  private typeNamed(file: keyof BuiltTypes['files'], name: string): ts.Type {
    const source = this.program.getSourceFile(this.files[file]);
    const module = source && this.checker.getSymbolAtLocation(source);
    const found =
      module && this.checker.getExportsOfModule(module).find((one) => one.name === name);
    if (found === undefined) throw new Error(`${this.files[file]} exports no type ${name}.`);
    const target =
      found.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(found) : found;
    return this.checker.getDeclaredTypeOfSymbol(target);
  }

  private fieldsOf(type: ts.Type): ReadonlyArray<Field> {
    return this.checker.getPropertiesOfType(type).map((property) => ({
      name: property.name,
      isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
    }));
  }

  private propertyOf(type: ts.Type, name: string): ts.Type {
    const property = this.checker.getPropertyOfType(type, name);
    if (property === undefined) throw new Error(`A member has no ${name}.`);
    return this.checker.getTypeOfSymbol(property);
  }

  fields(file: keyof BuiltTypes['files'], name: string): ReadonlyArray<Field> {
    return this.fieldsOf(this.typeNamed(file, name));
  }

  /** The members of a union by their `type`, with the fields that each has beside it, or in `within`. */
  union(file: keyof BuiltTypes['files'], name: string, within?: string): Members {
    const type = this.typeNamed(file, name);
    const members = type.isUnion() ? type.types : [type];
    return new Map(
      members.map((member) => {
        const tag = this.propertyOf(member, 'type');
        if (!tag.isStringLiteral()) throw new Error(`A member of ${name} has no tag.`);
        const holder = within === undefined ? member : this.propertyOf(member, within);
        return [tag.value, this.fieldsOf(holder).filter((field) => field.name !== 'type')];
      }),
    );
  }
}

/** The parts of a page that are headed by a name in code: `### \`Name\``. */
const sectionsOf = (markdown: string): ReadonlyMap<string, string> =>
  new Map(
    markdown.split(/^(?=#{2,4} )/m).flatMap((part) => {
      const heading = /^#{2,4} `(\w+)`/.exec(part);
      return heading?.[1] === undefined ? [] : [[heading[1], part] as const];
    }),
  );

/** What a page leaves out of `members`, and what it has that is not there. */
const gaps = (members: Members, markdown: string): ReadonlyArray<string> => {
  const sections = sectionsOf(markdown);
  return [
    ...[...members].flatMap(([name, fields]) => {
      const section = sections.get(name);
      if (section === undefined) return [`${name} is missing`];
      return fields
        .filter((field) => !section.includes(`\`${field.name}\``))
        .map((field) => `${name}.${field.name} is missing`);
    }),
    ...[...sections.keys()].filter((name) => !members.has(name)).map((name) => `${name} is extra`),
  ];
};

const without = (members: Members, ...names: ReadonlyArray<string>): Members =>
  new Map(
    [...members].map(([member, fields]) => [
      member,
      fields.filter(({ name }) => !names.includes(name)),
    ]),
  );

/** Commands of the command line. */
const commandNames = [
  'run',
  'export',
  'import',
  'replay',
  'diff',
  'timeline',
  'impact',
  'why',
  'what-if',
  'verify',
  'report',
];

describe('the reference', () => {
  let types: BuiltTypes;
  beforeAll(() => {
    types = new BuiltTypes();
  });

  it('names every command with its fields', () => {
    const found = types.union('commands', 'CommandInput');
    expect([...found.keys()].sort()).toEqual(Object.keys(commands).sort());
    const described = without(found, 'commandId', 'userId');
    const page = read('docs/reference/commands.md');
    expect(gaps(described, page)).toEqual([]);

    const sections = sectionsOf(page);
    const wrong = [...described].flatMap(([command, fields]) =>
      fields
        .filter(({ name, isOptional }) => {
          const row = new RegExp(
            `^\\| \`${name}\`\\s+\\| ${isOptional ? 'no' : 'yes'}\\s+\\|`,
            'm',
          );
          return !row.test(sections.get(command) ?? '');
        })
        .map(({ name }) => `${command}.${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('says who may send each command', () => {
    const sections = sectionsOf(read('docs/reference/commands.md'));
    const wrong = (Object.keys(commands) as ReadonlyArray<Command['type']>)
      .map((command) => [command, `Sent by: ${senders(command)}.`] as const)
      .filter(([command, line]) => !sections.get(command)?.includes(line));
    expect(wrong).toEqual([]);
  });

  it('names every event with its fields', () => {
    const events = types.union('events', 'AnyEvent', 'data');
    expect(events.size).toBeGreaterThan(28);
    expect(gaps(events, read('docs/reference/events.md'))).toEqual([]);
  });

  it('names every event in the event contract of the changelog', () => {
    const changelog = read('CHANGELOG.md');
    const contract = /^### Event contract$(.*?)(?=^##|(?![^]))/ms.exec(changelog)?.[1] ?? '';
    const events = types.union('events', 'AnyEvent', 'data');
    expect([...events.keys()].filter((name) => !contract.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every rejection with its fields, its clause and its remedy', () => {
    const rejections = types.union('rejections', 'Rejection');
    const page = read('docs/reference/rejections.md');
    expect(rejections.size).toBeGreaterThan(30);
    expect(gaps(rejections, page)).toEqual([]);

    const sections = sectionsOf(page);
    const wrong = [...rejections.keys()].filter((type) => {
      const section = (sections.get(type) ?? '').replace(/\s+/g, ' ');
      const { clause, remedy } = explain({ ...everyField, type } as unknown as Rejection);
      return !section.includes(`Clause: ${clause ?? 'none'}`) || !section.includes(remedy);
    });
    expect(wrong).toEqual([]);
  });

  it('names every failure with its fields', () => {
    const failures = new Map([
      ...types.union('failures', 'Failure'),
      ...types.union('failures', 'AppendFailure'),
    ]);
    const page = read('docs/reference/failures.md');
    expect(gaps(without(failures, 'message'), page)).toEqual([]);
  });

  it('names everything that a ledger offers, and that it is opened with', () => {
    const rows = read('docs/reference/library.md').matchAll(/^\| \[?`([\w.]+)/gm);
    const described = new Set([...rows].map(([, name]) => name));
    const namesIn = (file: Parameters<BuiltTypes['fields']>[0], type: string) =>
      types.fields(file, type).map(({ name }) => name);
    const views = namesIn('allViews', 'Views');
    const offered = [
      ...namesIn('options', 'LedgerOptions'),
      ...namesIn('ledger', 'Ledger').map((name) => `ledger.${name}`),
      ...views,
      ...namesIn('queries', 'QueriedCountingView').map((name) => `view.${name}`),
      ...namesIn('past', 'ViewsAsOf')
        .filter((name) => !views.includes(name))
        .map((name) => `past.${name}`),
    ];
    expect(offered.length).toBeGreaterThan(30);
    expect(offered.filter((name) => !described.has(name))).toEqual([]);
  });

  it.each`
    view                  | row
    ${'seats'}            | ${'SeatRow'}
    ${'draftsLost'}       | ${'DraftsLostRow'}
    ${'sequencesStopped'} | ${'SequenceStoppedRow'}
    ${'requests'}         | ${'RequestRow'}
    ${'addresses'}        | ${'AddressRow'}
    ${'auditTrail'}       | ${'AuditRow'}
  `('names every field of the view $view', ({ view = '', row = '' }: Record<string, string>) => {
    const section = sectionsOf(read('docs/reference/views.md')).get(view) ?? '';
    const fields = types.fields('views', row);
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter(({ name }) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it('would be seen to leave out a member, a field, or to keep what is gone', () => {
    const members: Members = new Map([
      ['Kept', [{ name: 'there', isOptional: false }]],
      ['Short', [{ name: 'lost', isOptional: false }]],
      ['Absent', []],
    ]);
    const page = '### `Kept`\n\n`there`\n\n### `Short`\n\nNothing.\n\n### `Gone`\n';
    expect(gaps(members, page)).toEqual([
      'Short.lost is missing',
      'Absent is missing',
      'Gone is extra',
    ]);
  });

  it.each([[['--help']], ...commandNames.map((name) => [[name, '--help']])])(
    'shows what the command line says to %s',
    (asked) => {
      const help = execFileSync(process.execPath, [join(dist, 'src/cli/main.js'), ...asked], {
        encoding: 'utf8',
        env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
      });
      expect(read('docs/reference/cli.md')).toContain(help.trim());
    },
  );

  /** There is no P28, P35 or P37. */
  const clauses = Array.from({ length: 39 }, (_, number) => number + 1).filter(
    (number) => ![28, 35, 37].includes(number),
  );
  const clausesOf = (markdown: string): ReadonlyArray<number> =>
    [...markdown.matchAll(/^- \*\*P(\d+)\.\*\* /gm)].map(([, number]) => Number(number));

  it('names every clause of the policy, in order', () => {
    expect(clausesOf(read('docs/reference/policy.md'))).toEqual(clauses);
  });

  it('would be seen to leave out a clause', () => {
    expect(clausesOf('- **P1.** One.\n- **P3.** Three.\n')).toEqual([1, 3]);
  });

  it('names no clause that there is not', () => {
    const cited = pages.flatMap((page) =>
      [...read(page).matchAll(/\bP(\d+)\b/g)].map(([, number]) => Number(number)),
    );
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter((number) => !clauses.includes(number))).toEqual([]);
  });
});

/** Who may send a command, as the page words it: asked of the table that decides. */
const senders = (type: Command['type']): string => {
  const ids = { orgId: 'acme', agentId: 'sam', systemId: 'platform' };
  const principals = (userId: string) =>
    [
      { role: 'user', orgId: ids.orgId, userId },
      { role: 'admin', orgId: ids.orgId, userId },
      { role: 'support', orgId: ids.orgId, agentId: ids.agentId },
      { role: 'system', orgId: ids.orgId, systemId: ids.systemId },
    ] as unknown as ReadonlyArray<Principal>;
  const command = { type, commandId: 'c', userId: 'ann', requestId: 'r' } as unknown as Command;
  const words = principals('bob').flatMap((stranger, place) => {
    const owner = principals('ann')[place];
    const toOwner = owner === undefined ? undefined : denial(owner, command, initialState);
    if (toOwner?.type === 'CaseIdMissing') return [`${stranger.role} (under a case)`];
    if (toOwner?.type === 'ScopeMissing') return [`${stranger.role} (with the scope contract)`];
    if (toOwner !== undefined) return [];
    const toStranger = denial(stranger, command, initialState);
    return [`${stranger.role} (${toStranger === undefined ? 'any seat' : 'own seat'})`];
  });
  return words.join(', ');
};

const impact = {
  userId: 'ann',
  address: 'ann@acme.example',
  revision: '0',
  drafts: [],
  scheduled: [],
  inFlight: [],
  sequences: [],
  untaggedProspects: [],
  history: 0,
};

/** Every field that any rejection has, so that each can be explained. */
const everyField = {
  userId: 'ann',
  requestId: 'r1',
  status: 'withdrawn',
  role: 'user',
  command: 'LockSeat',
  scope: 'contract',
  accountEmail: 'ann@acme.example',
  sender: 'ann@acme.example',
  text: 'ann',
  fault: { type: 'NothingGiven' },
  which: ['eula'],
  knownAs: 'accountEmail',
  address: 'ann@acme.example',
  limit: 2,
  held: 2,
  reserved: 0,
  kind: 'add',
  found: 'nothing',
  seatState: 'active',
  now: impact,
  acknowledged: impact,
  id: 'm1',
  field: 'address',
  known: 'ann@acme.example',
  mailingId: 'm1',
  sequenceStateId: 's1',
};
