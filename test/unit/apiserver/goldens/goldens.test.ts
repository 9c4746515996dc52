import { describe, expect, it } from 'vitest';
import { groupVersionOf, servedKinds } from '../../../../src/api/kinds.js';
import { serve } from '../serve.js';
import { kindCases } from './kind-cases.js';
import { replyTeller } from './reply-text.js';
import type { RequestCase } from './request-case.js';
import { doorCases, listCases, namespaceCases, podCases, servingCases } from './server-cases.js';

/** All replies of a table, in order, by a server of their own. */
async function replies(cases: readonly RequestCase[]): Promise<string> {
  const on = await serve();
  const tell = replyTeller();
  const told: string[] = [];
  try {
    for (const each of cases) {
      const { method, path, body, headers = {} } = each;
      const sent = typeof body === 'string' ? { text: body } : { body };
      told.push(tell(each, await on.call(method, path, { ...sent, headers })));
    }
  } finally {
    await on.close();
  }
  return told.join('\n');
}

/** `npx vitest run --project unit test/unit/apiserver/goldens -u` writes them anew: read what changed before it is kept. */
describe('what is answered to', () => {
  it.each(servedKinds.map((facts) => [`${facts.resource} of ${groupVersionOf(facts)}`, facts] as const))(
    '%s',
    async (_name, facts) => {
      const file = `${facts.resource}${facts.group === 'events.k8s.io' ? '-of-events' : ''}.golden.txt`;
      await expect(await replies(kindCases(facts))).toMatchFileSnapshot(file);
    },
  );

  it.each([
    ['the server', doorCases],
    ['lists', listCases],
    ['modelserving-parts', servingCases],
    ['pod-parts', podCases],
    ['namespace-life', namespaceCases],
  ] as const)('%s', async (name, cases) => {
    await expect(await replies(cases)).toMatchFileSnapshot(`${name.replace(' ', '-')}.golden.txt`);
  });
});
