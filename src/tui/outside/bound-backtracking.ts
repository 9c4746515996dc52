import { setFlagsFromString } from 'node:v8';

/**
 * From now on a regular expression that backtracks for too long goes on in linear time: what is typed into the log view cannot hold up the screen.
 * V8 does this for expressions without the flags i, u and s, back references and looking around.
 */
export const boundBacktracking = (): void =>
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
