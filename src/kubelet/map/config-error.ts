/** The Pod as written cannot become a container; the container waits with this reason (CreateContainerConfigError) and message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
