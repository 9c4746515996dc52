/** The file that lets kubectl, k9s and our own client in. It holds the token: mode 0600. */
export function makeKubeconfig(of: { url: string; ca: string; token: string; cluster: string }): string {
  const name = `minithena-${of.cluster}`;
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${of.url}
      certificate-authority-data: ${Buffer.from(of.ca).toString('base64')}
users:
  - name: ${name}
    user:
      token: ${of.token}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
      namespace: default
current-context: ${name}
`;
}
