import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'temp/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              // In native ESM `fp-ts/Either` is a directory import and crashes; `fp-ts/lib/Either.js` loads everywhere.
              regex: '^fp-ts(?!/lib/[A-Za-z]+\\.js$)',
              message: 'Import from fp-ts/lib/<Module>.js.',
            },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/array-type': ['error', { default: 'generic', readonly: 'generic' }],
      // Codecs say that a record has no optional fields with `Record<never, never>`.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Two common, harmless forms: `Map<string, X>` generics are clearer than index signatures in places.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
    },
  },
  {
    files: ['**/*.cjs', '**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
      },
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Jest matchers and hostile-input tests are untyped by nature.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // The kit hands out fast-check's own instances, typed in its own words so that its types do without it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
);
