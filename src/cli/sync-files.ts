import { isAppError } from '../lib/app-error.js';
import type { CliClient } from './cli-client.js';

/**
 * Makes the daemon look at the watched files now, so that what follows knows the newest save.
 * A plain Kubernetes API has no such call; then nothing is to be done.
 */
export async function syncFiles(client: CliClient): Promise<void> {
  try {
    await client.control.sync();
  } catch (error) {
    if (isAppError(error, 'NotFound') || isAppError(error, 'MethodNotAllowed')) return;
    throw error;
  }
}
