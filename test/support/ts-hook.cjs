/**
 * Lets a plain Node process require the project's TypeScript: `node -r test/support/ts-hook.cjs x.ts`.
 *
 * With SHORTEN_NAMES in the environment it shortens every name that a bundler may shorten, so that what is
 * loaded behaves as in a host's minified bundle.
 */
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');

const shortening = {
  minify: true,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript' },
    minify: { compress: false, mangle: { toplevel: true } },
  },
};

const plain = {
  sourceMaps: 'inline',
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
};

const chosen = process.env.SHORTEN_NAMES === undefined ? plain : shortening;

require.extensions['.ts'] = (loaded, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...chosen,
    filename,
    swcrc: false,
    module: { type: 'commonjs' },
  });
  loaded._compile(code, filename);
};
