const types: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  413: 'BadRequestError',
};

/** A request that is answered with vLLM's error object. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }

  body(): object {
    const { message, param, status } = this;
    return { error: { message, type: types[status] ?? 'InternalServerError', param, code: status } };
  }
}

/** What pydantic says of a field that is not there. */
export const missingField = (name: string): RequestError =>
  new RequestError(400, `[{'type': 'missing', 'loc': ('body', '${name}'), 'msg': 'Field required'}]`, name);
