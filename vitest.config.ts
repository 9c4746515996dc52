import { defineConfig } from 'vitest/config';

// unit and scenarios need no engine; engine and e2e talk to a real one and so run one file after another.
// Deadlines cost nothing while all is well, and a slow machine is no fault.
const patient = { expect: { poll: { timeout: 30_000 } } } as const;
const shared = {
  pool: 'threads',
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  ...patient,
} as const;
// A machine that stalls may break one try there, not two; the report names what needed the second.
const real = {
  pool: 'forks',
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  retry: 1,
  ...patient,
} as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...shared } },
      {
        test: { name: 'scenarios', include: ['test/scenarios/**/*.test.ts'], ...shared },
      },
      { test: { name: 'engine', include: ['test/engine/**/*.test.ts'], ...real } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...real } },
    ],
  },
});
