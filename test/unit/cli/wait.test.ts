import { describe, expect, it } from 'vitest';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';
import { pod, serving } from './sample-objects.js';

const available = 'wait ms/sample --for=condition=Available --timeout 5s';

describe('wait', () => {
  it('ends at once when it is so', async () => {
    const fake = fakeClient({ modelservings: [serving()] });
    expect(await runCommand(available, fake)).toEqual({
      code: 0,
      stdout: 'modelserving/sample condition met\n',
      stderr: '',
    });
    expect(fake.calls).toEqual(['sync', 'close']);
  });

  it('waits for what does not exist yet', async () => {
    const fake = fakeClient();
    const ran = runCommand(available, fake);
    setTimeout(() => fake.put('modelservings', serving()), 5);
    expect((await ran).code).toBe(0);
  });

  it('is not green while the controller has not seen the newest spec', async () => {
    const fake = fakeClient({ modelservings: [serving()] });
    // The sync finds a save: the same object, one generation on, still with the conditions of before.
    fake.onSync = () => fake.put('modelservings', serving({ generation: 3 }));
    const { code, stderr } = await runCommand(
      'wait ms/sample --for=condition=Available --timeout 30ms',
      fake,
    );
    expect(code).toBe(124);
    expect(stderr).toContain('the controller has seen generation 2 of 3');
  });

  it('is green as soon as it has', async () => {
    const fake = fakeClient({ modelservings: [serving({ generation: 3 })] });
    const ran = runCommand(available, fake);
    setTimeout(() => fake.put('modelservings', serving({ generation: 3, observed: 3 })), 5);
    expect((await ran).code).toBe(0);
  });

  it('ends with 65 when the file does not validate, before or while it waits', async () => {
    const invalid = serving({
      annotations: { 'minithena.dev/invalid-spec': 'V4 /w/serving.yaml:5:3 replicas must be ≥ 0' },
    });
    const before = await runCommand(available, fakeClient({ modelservings: [invalid] }));
    expect(before.code).toBe(65);
    expect(before.stderr).toContain('error SpecInvalid: modelserving/sample: V4 /w/serving.yaml:5:3');
    const fake = fakeClient({ modelservings: [serving({ condition: 'Progressing' })] });
    const ran = runCommand(available, fake);
    setTimeout(() => fake.put('modelservings', invalid), 5);
    expect((await ran).code).toBe(65);
  });

  it('waits for deletion, also of what is gone already', async () => {
    const gone = await runCommand('wait pod/x --for=delete', fakeClient());
    expect(gone).toMatchObject({ code: 0, stdout: 'pod/x deleted\n' });
    const fake = fakeClient({ pods: [pod('x')] });
    const ran = runCommand('wait pod/x --for=delete --timeout 5s', fake);
    setTimeout(() => fake.drop('pods', 'x'), 5);
    expect((await ran).code).toBe(0);
  });

  it.each([
    ["jsonpath='{.status.phase}'=Running", 0],
    ['jsonpath={.status.phase}=Running', 0],
    ['jsonpath={.status.podIP}', 0],
    ['jsonpath={.status.phase}=Pending', 124],
    ['jsonpath={.status.nothing}', 124],
    ['condition=Ready', 0],
    ['condition=ready=true', 0],
    ['condition=Ready=False', 124],
    ['create', 0],
  ])('--for=%s → %i', async (wanted, code) => {
    const ran = await runCommand(
      ['wait', 'pod/x', `--for=${wanted}`, '--timeout', '20ms'],
      fakeClient({ pods: [pod('x')] }),
    );
    expect(ran.code).toBe(code);
  });

  it('says what is so when the time is over', async () => {
    const fake = fakeClient({ modelservings: [serving({ condition: 'Progressing' })] });
    const { code, stderr } = await runCommand(
      'wait ms/sample pod/x --for=condition=Available --timeout 20ms',
      fake,
    );
    expect(code).toBe(124);
    expect(stderr).toMatch(/error TimedOut: after \d+s: modelserving\/sample: it has no condition Available/);
    expect(stderr).toContain('pod/x: it does not exist');
  });
});
