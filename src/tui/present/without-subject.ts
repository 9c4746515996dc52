/** What is said of a thing whose name stands before it already, by its first label that the message begins with. */
export function withoutSubject(message: string, ...subjects: readonly string[]): string {
  const said = subjects.find((subject) => subject !== '' && message.startsWith(subject));
  return said === undefined ? message : message.slice(said.length);
}
