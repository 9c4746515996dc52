import { groupVersionOf, type KindFacts } from '../../../../src/api/kinds.js';

const template = { spec: { containers: [{ name: 'main', image: 'busybox' }] } };

/** What is right, and one thing that is not, of every kind that can be written. */
interface Sample {
  readonly good: Readonly<Record<string, unknown>>;
  /** A merge patch that changes it. */
  readonly change: Readonly<Record<string, unknown>>;
  /** Merge patches that are refused, by what is wrong. */
  readonly wrong: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const open: Sample = {
  good: { spec: { a: '1' } },
  change: { spec: { a: '2' } },
  wrong: {},
};

const samples: Readonly<Record<string, Sample>> = {
  ModelServing: {
    good: {
      spec: {
        replicas: 1,
        template: {
          roles: [{ name: 'prefill', replicas: 1, workerReplicas: 0, entryTemplate: template }],
        },
      },
    },
    change: { spec: { replicas: 2 } },
    wrong: {
      'no roles': { spec: { template: { roles: [] } } },
      'no template': { spec: { template: null } },
      'a count that is a text': { spec: { replicas: '2' } },
      'a count below 0': { spec: { replicas: -1 } },
      'a word that is none of those known': { spec: { recoveryPolicy: 'Never' } },
      'two roles of one name, without images': {
        spec: {
          template: {
            roles: [
              { name: 'a', workerReplicas: 0, entryTemplate: { spec: { containers: [{ name: 'main' }] } } },
              { name: 'a', workerReplicas: 0, entryTemplate: { spec: { containers: [] } } },
            ],
          },
        },
      },
    },
  },
  Pod: {
    good: template,
    change: { metadata: { annotations: { note: 'new' } } },
    wrong: {
      'another image': { spec: { containers: [{ name: 'main', image: 'other' }] } },
      'no containers': { spec: { containers: [] } },
      'an image that is no text': { spec: { containers: [{ name: 'main', image: 7 }] } },
    },
  },
  ConfigMap: {
    good: { data: { a: '1' } },
    change: { data: { b: '2' } },
    wrong: {
      'a number where a text belongs': { data: { a: 1 } },
      'a key that is no file name': { data: { 'a/b': '1' } },
      'a key that is in both maps': { binaryData: { a: 'AAAA' } },
      'what is not base64': { binaryData: { b: '*' } },
    },
  },
  Secret: {
    good: { type: 'Opaque', stringData: { password: 'x' } },
    change: { stringData: { password: 'y' } },
    wrong: {
      'another type': { type: 'kubernetes.io/tls' },
      'what is not base64': { data: { password: '*' } },
    },
  },
  PersistentVolumeClaim: {
    good: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    change: { metadata: { labels: { team: 'b' } } },
    wrong: {
      'another size': { spec: { resources: { requests: { storage: '2Gi' } } } },
      'no mode': { spec: { accessModes: [] } },
      'a size that is no quantity': { spec: { resources: { requests: { storage: 'much' } } } },
    },
  },
  Service: {
    good: { spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } },
    change: { spec: { selector: { app: 'b' } } },
    wrong: {},
  },
  Event: {
    good: {
      involvedObject: { kind: 'Pod', name: 'one', namespace: 'default' },
      reason: 'Seen',
      message: 'it was seen',
      type: 'Normal',
    },
    change: { count: 2 },
    wrong: { 'a type that is none': { type: 'Loud' }, 'about nothing': { involvedObject: null } },
  },
  Namespace: {
    good: {},
    change: { metadata: { labels: { team: 'b' } } },
    wrong: {},
  },
};

export const sampleOf = ({ kind }: Pick<KindFacts, 'kind'>): Sample => samples[kind] ?? open;

/** A good object of the kind, of this name. */
export const sampleObject = (facts: KindFacts, name: string, metadata: object = {}) => ({
  apiVersion: groupVersionOf(facts),
  kind: facts.kind,
  metadata: { name, ...metadata },
  ...sampleOf(facts).good,
});
