/**
 * Lets a plain Node process require the project's TypeScript: `node -r test/support/ts-hook.cjs x.ts`.
 *
 * Tests start hundreds of such processes, so what was compiled is kept on disk, and the compiler is loaded
 * only for what is new. Where nothing can be kept, every process compiles for itself.
 *
 * With SHORTEN_NAMES in the environment it shortens every name that a bundler may shorten, so that what is
 * loaded behaves as in a host's minified bundle.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const KEPT_IN =
  process.env['TS_HOOK_CACHE'] ??
  join(module.path, '..', '..', 'node_modules', '.cache', 'seatledger-ts-hook');

const language = { target: 'es2023', parser: { syntax: 'typescript' } };

const chosen =
  process.env['SHORTEN_NAMES'] === undefined
    ? { sourceMaps: 'inline', jsc: language }
    : {
        minify: true,
        jsc: { ...language, minify: { compress: false, mangle: { toplevel: true } } },
      };

const options = { ...chosen, swcrc: false, module: { type: 'commonjs' } };

/** The last line of whatever is kept whole: power may fail between the name and the bytes. */
const END = '\n// whole\n';

const compiler = `${require('@swc/core/package.json').version} ${JSON.stringify(options)}`;

const kept = (path) => {
  try {
    const code = readFileSync(path, 'utf8');
    return code.endsWith(END) ? code : undefined;
  } catch {
    return undefined;
  }
};

/** Under its name there is all of it or nothing, whoever else compiles it or is killed in between. */
const keep = (path, code) => {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(KEPT_IN, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, path);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {
      // It was never there, or nobody may remove it: either way the code is at hand.
    }
  }
};

const compiled = (filename) => {
  const source = readFileSync(filename, 'utf8');
  const hash = createHash('sha256').update(JSON.stringify([compiler, filename, source]));
  const path = join(KEPT_IN, `${hash.digest('hex')}.js`);
  const known = kept(path);
  if (known !== undefined) return known;
  const { transformSync } = require('@swc/core');
  const code = `${transformSync(source, { ...options, filename }).code}${END}`;
  keep(path, code);
  return code;
};

require.extensions['.ts'] = (loaded, filename) => {
  loaded._compile(compiled(filename), filename);
};
