import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../unit/apiserver/serve.js';

let on: Awaited<ReturnType<typeof serve>>;
let minor = 0;
const kubectl = (...args: string[]) =>
  execa('kubectl', args, {
    env: { ...process.env, KUBECONFIG: on.kubeconfig, HOME: '/nonexistent' },
    reject: false,
    timeout: 150_000,
  });

beforeAll(async () => {
  on = await serve();
  const version = JSON.parse((await kubectl('version', '--client', '-o', 'json')).stdout);
  minor = Number.parseInt(version.clientVersion.minor, 10);
});
afterAll(() => on.close());

it('lists what is served, by group and with short names', async () => {
  const { stdout } = await kubectl('api-resources');
  expect(stdout).toMatch(/modelservings +ms +workload.serving.volcano.sh\/v1alpha1 +true +ModelServing/);
  expect(stdout).toMatch(/scalingoperations +so,op +minithena.dev\/v1alpha1/);
  expect(stdout).toMatch(/customresourcedefinitions +crd,crds +apiextensions.k8s.io\/v1 +false/);
  expect((await kubectl('api-versions')).stdout).toContain('minithena.dev/v1alpha1');
});

it('shows the definitions of kthena’s kinds', async () => {
  const { stdout } = await kubectl('get', 'crd', '-o', 'name');
  expect(stdout).toContain('customresourcedefinition.apiextensions.k8s.io/modelservings.workload');
  const table = (await kubectl('get', 'crd')).stdout;
  expect(table).toMatch(/^NAME +CREATED AT\n/);
  expect(table).toMatch(/\nmodelservings.workload.serving.volcano.sh +\d{4}-\d\d-\d\dT[\d:]+Z/);
});

it('explains a kind, from the version of kubectl on that reads OpenAPI v3', async ({ skip }) => {
  if (minor < 27) skip();
  const roles = await kubectl('explain', 'modelserving.spec.template.roles');
  expect(roles.stderr).toBe('');
  expect(roles.stdout).toMatch(/entryTemplate\s.*-required-/);
  const container = await kubectl('explain', 'pod.spec.containers.livenessProbe');
  expect(container.stdout).toMatch(/httpGet\s+<Object>/);
});

it('tells how the server is', async () => {
  expect((await kubectl('get', '--raw', '/readyz?verbose')).stdout).toContain('readyz check passed');
  expect((await kubectl('get', '--raw', '/metrics')).stdout).toContain('minithena_pods');
});

it('takes a List, and says what of a file it does not know', async () => {
  const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });
  const apply = (file: object) =>
    execa('kubectl', ['apply', '-f', '-'], {
      env: { ...process.env, KUBECONFIG: on.kubeconfig, HOME: '/nonexistent' },
      reject: false,
      input: JSON.stringify(file),
    });
  const items = [object('ConfigMap', 'first'), object('ConfigMap', 'second')];
  const both = await apply({ apiVersion: 'v1', kind: 'List', items });
  expect(both.stdout).toBe('configmap/first created\nconfigmap/second created');
  expect((await apply(object('Widget', 'one'))).stderr).toContain('no matches for kind "Widget"');
});
