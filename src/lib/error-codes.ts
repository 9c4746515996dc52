/**
 * Every error code of the program, with what callers do about it.
 * `retry`: never = a person must act; backoff = the same call may succeed later. `http` and `exit` are what the API answers and the CLI exits with.
 */
export const errorCodes = {
  Usage: { retry: 'never', http: 400, exit: 64, title: 'The command line is not understood' },
  SpecInvalid: { retry: 'never', http: 422, exit: 65, title: 'The YAML does not validate' },
  FileMissing: {
    retry: 'never',
    http: 422,
    exit: 65,
    title: 'A file or folder does not exist or cannot be read',
  },
  RecordingInvalid: {
    retry: 'never',
    http: 422,
    exit: 65,
    title: 'The file is no recording that can be shown',
  },
  NotFound: { retry: 'never', http: 404, exit: 1, title: 'No such object' },
  AlreadyExists: { retry: 'never', http: 409, exit: 1, title: 'An object of this name exists' },
  Conflict: { retry: 'backoff', http: 409, exit: 1, title: 'The object or file changed since it was read' },
  Gone: { retry: 'backoff', http: 410, exit: 1, title: 'The watch is too old; list again' },
  Unauthorized: { retry: 'never', http: 401, exit: 69, title: 'The token is missing or wrong' },
  Forbidden: { retry: 'never', http: 403, exit: 1, title: 'The server does not answer such a request' },
  MethodNotAllowed: { retry: 'never', http: 405, exit: 1, title: 'The API does not support this' },
  RequestTooLarge: { retry: 'never', http: 413, exit: 1, title: 'The request is larger than the API takes' },
  UnsupportedMediaType: {
    retry: 'never',
    http: 415,
    exit: 1,
    title: 'The API does not read this form of a body',
  },
  NotAcceptable: { retry: 'never', http: 406, exit: 1, title: 'The API has no such form of its answer' },
  TooManyRequests: { retry: 'backoff', http: 429, exit: 1, title: 'The API does as much as it can already' },
  NotEditable: {
    retry: 'never',
    http: 422,
    exit: 1,
    title: 'The value in the file cannot be edited in place',
  },
  EngineUnreachable: { retry: 'backoff', http: 503, exit: 69, title: 'No Docker engine answers' },
  EnginePermission: { retry: 'never', http: 503, exit: 69, title: 'The engine socket refuses this user' },
  EngineTooOld: {
    retry: 'never',
    http: 503,
    exit: 69,
    title: 'The engine speaks no API version that this program speaks',
  },
  EngineRefused: { retry: 'backoff', http: 500, exit: 1, title: 'The engine refused a request' },
  EngineNotFound: {
    retry: 'never',
    http: 404,
    exit: 1,
    title: 'The engine has no such container, image, network or volume',
  },
  EngineConflict: {
    retry: 'backoff',
    http: 409,
    exit: 1,
    title: 'The engine has this name already, or the thing is in use',
  },
  EngineChanged: {
    retry: 'never',
    http: 409,
    exit: 69,
    title: 'Another engine answers than the one this cluster runs on',
  },
  ForeignCluster: {
    retry: 'never',
    http: 409,
    exit: 69,
    title: 'Containers of another cluster id carry this cluster name',
  },
  ImagePull: { retry: 'backoff', http: 500, exit: 1, title: 'An image could not be pulled' },
  DaemonUnreachable: { retry: 'backoff', http: 503, exit: 69, title: 'The daemon does not answer' },
  DaemonRunning: { retry: 'never', http: 409, exit: 1, title: 'Another daemon holds this cluster' },
  StateNotWritable: { retry: 'backoff', http: 503, exit: 1, title: 'The state directory cannot be written' },
  StateTooNew: { retry: 'never', http: 409, exit: 1, title: 'A newer version wrote the state directory' },
  Failed: { retry: 'never', http: 500, exit: 1, title: 'What was waited for cannot happen any more' },
  TimedOut: { retry: 'never', http: 504, exit: 124, title: 'The time limit passed' },
  Internal: { retry: 'never', http: 500, exit: 1, title: 'A fault of this program' },
} as const satisfies Record<
  string,
  { retry: 'never' | 'backoff'; http: number; exit: number; title: string }
>;

export type ErrorCode = keyof typeof errorCodes;
