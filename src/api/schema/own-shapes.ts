import { metadataShape } from './metadata-shape.js';
import { integer, list, map, object, oneOf, type Shape, string, told } from './shape.js';

const head = { apiVersion: string, kind: string, metadata: metadataShape };
const texts = list(string);

const modelServing = told('The ModelServing that it belongs to.', string);
const revision = told('The revision of the template that it was made from.', string);

/** Of a ServingGroup or of an instance of a role. */
const standing = (phases: readonly string[]): Shape =>
  object({
    phase: oneOf(...phases),
    reason: told('Why it is not Running, in one word; empty when it is.', string),
    message: told('The same in a sentence.', string),
    readyPods: integer,
    totalPods: integer,
    restarts: told('Of all its containers together.', integer),
  });

const stage = object({
  cells: told(
    'One for each ServingGroup, by its ordinal: ⏳ is worked on, ❎ stands and this operation will still change it, ✅ stands, empty: does not exist.',
    texts,
  ),
  note: string,
  startedAt: string,
});
const hold = object({
  subject: told('G-3 or G-3/prefill-1; empty for the ModelServing itself.', string),
  reason: string,
  message: string,
});

/** What the controller knows beside kthena's kinds, for those who ask for an explanation: nobody writes it. */
export const ownShapes: Readonly<Record<'ServingGroup' | 'Role' | 'ScalingOperation', Shape>> = {
  ServingGroup: told(
    'One copy of what a ModelServing serves: an instance or more of each role. Read-only.',
    object({
      ...head,
      spec: object({
        modelServing,
        ordinal: integer,
        revision,
        counts: told('How many instances of each role it shall have.', map(integer)),
      }),
      status: standing(['Creating', 'Running', 'Scaling', 'Deleting']),
    }),
  ),
  Role: told(
    'An instance of a role: its entry pod and the workers of that. Read-only.',
    object({
      ...head,
      spec: object({
        modelServing,
        group: told('The name of its ServingGroup.', string),
        groupOrdinal: integer,
        role: told('The name of the role.', string),
        roleId: told('The name of the role with the ordinal of the instance.', string),
        ordinal: integer,
        revision,
      }),
      status: standing(['Creating', 'Running', 'Deleting']),
    }),
  ),
  ScalingOperation: told(
    'What one change of a ModelServing caused, from its first stage to its last. Read-only.',
    object({
      ...head,
      spec: object({
        modelServing,
        generation: told('Of the spec that began it.', integer),
        change: told('What was changed, in words.', string),
        kinds: list(oneOf('create', 'up', 'down', 'roles', 'template', 'delete')),
      }),
      status: object({
        phase: oneOf('Running', 'Complete', 'Superseded'),
        stages: told('The rows of the stage board, in their order.', list(stage)),
        holds: told('What it waits for.', list(hold)),
        startedAt: string,
        completedAt: string,
      }),
    }),
  ),
};
