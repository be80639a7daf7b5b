import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/vscode/**'],
    setupFiles: ['test/support/seed.ts'],
    pool: 'forks',
    testTimeout: 30_000,
  },
});
