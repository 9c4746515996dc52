import type { KubeEvent } from '../../api/types/resources.js';

/** What a word of the filter may begin with, and what of an event it then asks about. */
const facts: Readonly<Record<string, (event: KubeEvent) => string>> = {
  kind: ({ involvedObject }) => involvedObject.kind,
  object: ({ involvedObject }) => involvedObject.name,
  reason: ({ reason }) => reason,
  type: ({ type }) => type,
};

/** For the question at the bottom of the screen. */
export const eventFilterHelp = 'kind:Pod, reason:, type:, object: look there; -word leaves out what has it';

/** Whether an event has every word of the filter: anywhere, or in the fact that it names. Case does not count. Pure. */
export function eventFilter(text: string): (event: KubeEvent) => boolean {
  const tests = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map((word) => {
      const isLeftOut = word.startsWith('-');
      const [, fact = '', of = ''] = /^-?(\w+):(.*)$/.exec(word) ?? [];
      const read = facts[fact];
      const wanted = read ? of : word.slice(isLeftOut ? 1 : 0);
      return (event: KubeEvent) => (read ?? wholeText)(event).toLowerCase().includes(wanted) !== isLeftOut;
    });
  return (event) => tests.every((test) => test(event));
}

const wholeText = ({ involvedObject, type, reason, message }: KubeEvent): string =>
  `${involvedObject.kind} ${involvedObject.name} ${type} ${reason} ${message}`;

/** The filter with Normal events left out, or in again. */
export function toggleWarnings(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const others = words.filter((word) => word.toLowerCase() !== warnings);
  return (others.length < words.length ? others : [...others, warnings]).join(' ');
}
const warnings = 'type:warning';
