/** Kinds that are kept for their clients, and that nothing here acts on. */
export const notActedOn: ReadonlySet<string> = new Set([
  'services',
  'modelservers',
  'modelroutes',
  'modelboosters',
  'autoscalingpolicies',
  'autoscalingpolicybindings',
]);
