import { defineConfig } from 'vitest/config';

// unit and scenarios need no engine; engine and e2e talk to a real one and so run one file after another.
const shared = { pool: 'threads', isolate: false } as const;
// A machine that stalls may break one try there, not two; the report names what needed the second.
const real = {
  pool: 'forks',
  fileParallelism: false,
  testTimeout: 180_000,
  hookTimeout: 180_000,
  retry: 1,
} as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...shared } },
      {
        test: { name: 'scenarios', include: ['test/scenarios/**/*.test.ts'], testTimeout: 60_000, ...shared },
      },
      { test: { name: 'engine', include: ['test/engine/**/*.test.ts'], ...real } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...real } },
    ],
  },
});
