/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // It ends what hangs. The longest tests take a quarter of a minute, and a busy machine ten times as long.
  testTimeout: 240_000,
  reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
};
