import { asTold } from './as-told.js';

const texts = new WeakMap<object, string>();

/** The JSON of an object of the store, made once for all who list and watch it: such objects are frozen. */
export function jsonOf(object: object): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(asTold(object));
  texts.set(object, text);
  return text;
}
