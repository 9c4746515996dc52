const longestPart = 63;
const longestPrefix = 253;
const labelText = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const isLabelText = new RegExp(`^${labelText}$`);
const isSubdomain = new RegExp(`^${subdomain}$`);

const partRule = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${labelText}')`;
const valueRule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${labelText})?')`;
const prefixRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;

/** What is wrong with the key of a label or annotation, in Kubernetes' words; empty for a good one. */
export function labelKeyProblems(key: string): string[] {
  const [first = '', second, ...more] = key.split('/');
  if (more.length > 0)
    return [
      `a qualified name ${partRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  return second === undefined ? nameProblems(first) : [...prefixProblems(first), ...nameProblems(second)];
}

/** What is wrong with the value of a label, in Kubernetes' words; empty for a good one. */
export function labelValueProblems(value: string): string[] {
  return [
    ...(value.length > longestPart ? [`must be no more than ${longestPart} characters`] : []),
    ...(value === '' || isLabelText.test(value) ? [] : [valueRule]),
  ];
}

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return [
    ...(prefix.length > longestPrefix
      ? [`prefix part must be no more than ${longestPrefix} characters`]
      : []),
    ...(isSubdomain.test(prefix) ? [] : [`prefix part ${prefixRule}`]),
  ];
}

function nameProblems(name: string): string[] {
  if (name === '') return ['name part must be non-empty', `name part ${partRule}`];
  return [
    ...(name.length > longestPart ? [`name part must be no more than ${longestPart} characters`] : []),
    ...(isLabelText.test(name) ? [] : [`name part ${partRule}`]),
  ];
}
