/** The image that takes the place of an engine's; it is built on this machine. */
export const standInImage = 'minithena/vllm-standin:latest';
