import { describe, expect, it } from 'vitest';
import type { AnyResource, ResourceName } from '../../../src/api/types/resources.js';
import { objectMatcher } from '../../../src/store/object-matcher.js';

const metadata = { name: 'a', namespace: 'team', labels: { app: 'x' } };
const objects: Partial<Record<ResourceName, object>> = {
  pods: {
    metadata,
    spec: { nodeName: 'laptop', containers: [] },
    status: { phase: 'Running', podIP: '10.0.0.2' },
  },
  events: {
    metadata,
    reason: 'Started',
    type: 'Normal',
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'team', name: 'a-0', uid: 'u' },
    source: { component: 'kubelet' },
  },
  nodes: { metadata: { ...metadata, namespace: '' }, spec: {} },
  namespaces: { metadata: { ...metadata, namespace: '' } },
  secrets: { metadata, type: 'Opaque' },
  services: { metadata, spec: { clusterIP: 'None' } },
  servinggroups: { metadata, spec: { modelServing: 'sample' }, status: { phase: 'Running' } },
  modelservings: { metadata, spec: {} },
};

describe('what a selector means of a kind', () => {
  it.each<[ResourceName, string, boolean]>([
    ['pods', 'metadata.name=a,metadata.namespace=team', true],
    ['pods', 'metadata.namespace!=team', false],
    ['pods', 'spec.nodeName=laptop,status.phase=Running', true],
    ['pods', 'spec.host=laptop', true],
    ['pods', 'spec.restartPolicy=Always,spec.hostNetwork=false', true],
    ['pods', 'status.podIP!=10.0.0.2', false],
    ['pods', 'spec.serviceAccountName=', true],
    ['events', 'involvedObject.kind=Pod,involvedObject.name=a-0,involvedObject.uid=u', true],
    ['events', 'involvedObject.fieldPath=,type!=Warning,reason=Started', true],
    ['events', 'source=kubelet,reportingComponent=scheduler', false],
    ['nodes', 'spec.unschedulable=false', true],
    ['namespaces', 'status.phase=Active', true],
    ['secrets', 'type=Opaque', true],
    ['services', 'spec.clusterIP=None,spec.type=ClusterIP', true],
    ['servinggroups', 'spec.modelServing=sample,status.phase!=Creating', true],
    ['modelservings', 'metadata.name=b', false],
  ])('%s by %s: %s', (resource, fieldSelector, expected) => {
    const object = objects[resource] as AnyResource;
    expect(objectMatcher(resource, { fieldSelector })(object)).toBe(expected);
    expect(objectMatcher(resource, { fieldSelector, labelSelector: 'app=x' })(object)).toBe(expected);
    expect(objectMatcher(resource, { fieldSelector, labelSelector: 'app=y' })(object)).toBe(false);
    expect(objectMatcher(resource, { fieldSelector, namespace: 'other' })(object)).toBe(false);
  });

  it.each<[ResourceName, string]>([
    ['pods', 'spec.image'],
    ['pods', 'constructor'],
    ['pods', 'involvedObject.kind'],
    ['nodes', 'metadata.namespace'],
    ['modelservings', 'spec.replicas'],
    ['configmaps', ''],
  ])('refuses %s by %s, and says by what they can be selected', (resource, field) => {
    expect(() => objectMatcher(resource, { fieldSelector: `${field}=1` })).toThrow(
      expect.objectContaining({
        code: 'Usage',
        message: `field label not supported: ${field}`,
        hint: expect.stringMatching(/are selected by .*metadata.name/),
      }),
    );
  });
});
