import type { ControlHandlers, DownRequest, PlanRequest } from '../api/control-types.js';
import { type DrillRequest, drillKinds, isDrillKind } from '../api/drill.js';
import type { NodeOptions } from '../api/node-options.js';
import { isPullWord } from '../api/pull-override.js';
import { AppError } from '../lib/app-error.js';
import { readBody, sendJson } from './exchange.js';
import type { Route } from './routes.js';

/** The daemon's own calls, beside Kubernetes' API. */
export function controlRoutes(control: ControlHandlers): Route[] {
  const post = (name: string, run: (body: Fields) => unknown): Route => ({
    methods: ['POST'],
    pattern: `/minithena/v1/${name}`,
    async handle({ request, response }) {
      const sent = await readBody(request);
      // Some have nothing to say.
      const body = sent === undefined ? {} : sent;
      if (typeof body !== 'object' || body === null) throw badRequest(name, 'it is no JSON object');
      sendJson(response, 200, (await run(body as Fields)) ?? {});
    },
  });
  return [
    {
      methods: ['GET'],
      pattern: '/minithena/v1/info',
      handle: ({ response }) => sendJson(response, 200, control.info()),
    },
    post('up', ({ files, standIn, node, pull }) => {
      if (!isTexts(files)) throw badRequest('up', 'it names no files');
      if (node !== undefined && !isNodeOptions(node)) throw badRequest('up', 'node is no set of options');
      if (pull !== undefined && !isPullWord(pull)) throw badRequest('up', 'pull is no such word');
      return control.up({
        files,
        ...(typeof standIn === 'boolean' && { standIn }),
        ...(node && { node }),
        ...(pull && { pull }),
      });
    }),
    post('down', (body) => {
      if (body.files !== undefined && !isTexts(body.files))
        throw badRequest('down', 'files is no list of paths');
      return control.down(body as DownRequest);
    }),
    {
      methods: ['GET'],
      pattern: '/minithena/v1/failures',
      handle({ query, response }) {
        const [namespace = '', name = ''] = [query.get('namespace') ?? '', query.get('pod') ?? ''];
        sendJson(response, 200, { items: control.failures({ namespace, name }) });
      },
    },
    post('chaos', (body) => {
      const { kind, namespace, pod } = body;
      if (!isDrillKind(kind) || typeof namespace !== 'string' || typeof pod !== 'string')
        throw badRequest('chaos', `kind is one of ${drillKinds.join(', ')}; namespace and pod are texts`);
      return control.drill(body as unknown as DrillRequest);
    }),
    post('sync', () => control.sync()),
    // Whatever it gives back is not for clients, and may be no JSON.
    post('stop', () => void control.stop()),
    post('plan', (body) => {
      const isWhole = typeof body.text === 'string' && typeof body.file === 'string';
      const isEdit = typeof body.namespace === 'string' && typeof body.name === 'string';
      if (!isWhole && !isEdit)
        throw badRequest('plan', 'it has neither text and file nor namespace and name');
      return control.plan(body as unknown as PlanRequest);
    }),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isNodeOptions = (value: unknown): value is NodeOptions => {
  if (typeof value !== 'object' || value === null) return false;
  const { gpus, gpuSlots, capacity } = value as Fields;
  return (
    (gpus === undefined || typeof gpus === 'string') &&
    (gpuSlots === undefined || typeof gpuSlots === 'number') &&
    (capacity === undefined || isTexts(capacity))
  );
};

const badRequest = (name: string, why: string): AppError =>
  new AppError('Usage', `the ${name} request is not understood: ${why}`);
